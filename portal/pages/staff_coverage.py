"""The coverage desk: the 42 cells, and what in the collection wants mending."""

from flask import Blueprint, render_template

from corpus.records import DocumentView, SolutionView
from corpus.vocabulary import State
from portal import labels
from portal.auth.access import Permission, requires
from portal.cells import count_states, grid
from portal.desk import coverage, staff
from portal.services import services

blueprint = Blueprint("staff_coverage", __name__, url_prefix="/redazione/copertura")


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    reader, derived = services().reader, services().derived
    records = reader.in_states(State.PUBLISHED)
    unfinished = reader.in_states(State.DRAFT, State.IN_REVIEW, State.SCHEDULED)
    digests = {r.current.sha256 for r in records if isinstance(r, DocumentView) and r.current}
    rows = grid(
        [city for city in reader.cities() if city.in_programme],
        reader.areas(),
        (record for record in records if isinstance(record, SolutionView)),
        reader.gaps(),
        reader.records_by_cell(),
    )
    named = coverage.addresses(records)
    checks = services().links.all()
    return render_template(
        "staff/coverage.html",
        areas=reader.areas(),
        own=staff.person().cities or {city.slug for city in reader.cities()},
        rows=rows,
        states=count_states(rows),
        waiting={
            (record.city, record.area): record
            for record in unfinished
            if isinstance(record, SolutionView)
        },
        total=len(records),
        gap_labels=labels.GAPS,
        incomplete=coverage.incomplete(records),
        weak=coverage.weak_files(
            records,
            {sha: facts for sha in digests if (facts := derived.facts(sha))},
            derived.failures(),
        ),
        broken=[
            (checks[url], found)
            for url, found in named.items()
            if url in checks and checks[url].problem
        ],
        checked=sum(url in checks for url in named),
        addresses=len(named),
        checking=services().settings.check_links,
    )
