"""Pages from which one takes records away: a selection, and the results of a search."""

from flask import Blueprint, Response, make_response, render_template, request

from corpus.records import RecordView, SolutionView
from portal import labels, search_url
from portal.addresses import COMPARISON, SELECTION, selection_url
from portal.auth.access import public
from portal.search_words import summary
from portal.services import services
from portal.takeaway.archive import MEGABYTE, contents
from portal.takeaway.bibliography import coins
from portal.takeaway.citation import reference_of
from portal.takeaway.citation_styles import apa, italian
from portal.takeaway.collecting import (
    CHOSEN,
    LIMIT,
    Found,
    asked_records,
    choice,
    chosen_records,
)
from portal.takeaway.comparing import MOST

blueprint = Blueprint("takeaway", __name__)


@blueprint.get(SELECTION)
@public
def selection() -> Response:
    found = chosen_records()
    chosen = choice(request.args.getlist("id"))
    ids = [record.public_id for record in found.records]
    references = [reference_of(record) for record in found.records]
    return _unlisted(
        render_template(
            "takeaway/selection.html",
            removals=[
                (record, selection_url(other for other in ids if other != record.public_id))
                for record in found.records
            ],
            missing=len(chosen.ids) - len(ids),
            beyond=chosen.beyond,
            most=CHOSEN,
            comparison=COMPARISON,
            comparable=_comparable(found.records),
            italian=[italian(reference) for reference in references],
            contexts=[coins(reference) for reference in references],
            apa=[apa(reference) for reference in references],
            **_offer(found),
        )
    )


def _comparable(records: tuple[RecordView, ...]) -> str | None:
    """Where the solutions of a selection are compared: two of them, or as many as fit."""
    solutions = [record.public_id for record in records if isinstance(record, SolutionView)]
    return selection_url(solutions[:MOST], COMPARISON) if len(solutions) > 1 else None


@blueprint.get("/ricerca/porta-via")
@public
def results() -> Response:
    found = asked_records()
    reader = services().reader
    names = labels.facet_labels(reader.cities(), reader.areas())
    return _unlisted(
        render_template(
            "takeaway/results.html",
            summary=summary(found.answer, found.query, names) if found.answer else "",
            follow=search_url.address(found.query, "/segui"),
            **_offer(found),
        )
    )


def _offer(found: Found) -> dict[str, object]:
    """What can be taken away and in which forms, with sizes told before the click."""
    inside = contents(found.records)
    limit = services().settings.zip_limit
    return {
        "found": found,
        "limit": LIMIT,
        "inside": inside,
        "zip_limit": limit * MEGABYTE,
        "fits": inside.fit(limit),
    }


def _unlisted(page: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
