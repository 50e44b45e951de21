"""The board of the editorial desk: what waits for the person who has signed in."""

from flask import Blueprint, render_template

from corpus.desk_reader import ContentsFilter
from corpus.records import DeskRow
from corpus.vocabulary import State
from portal import labels
from portal.auth.access import Permission, allows, requires
from portal.desk import staff
from portal.services import services

blueprint = Blueprint("staff_board", __name__, url_prefix="/redazione")

COMMENTS = 5
SHOWN = 8  # of each list; the rest is one link away


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    rules = staff.desk()
    me, reader = rules.person, services().reader

    def rows(**wanted: object) -> tuple[tuple[DeskRow, ...], int]:
        return reader.contents(ContentsFilter(**wanted), rules.sight, SHOWN)  # type: ignore[arg-type]

    return render_template(
        "staff/board.html",
        person=me,
        drafts=rows(states=(State.DRAFT,), owner=me.account),
        sent=rows(states=(State.IN_REVIEW,), owner=me.account),
        reviews=rows(states=(State.IN_REVIEW,)) if allows(me.role, Permission.REVIEW) else None,
        versions=rows(waiting=True) if allows(me.role, Permission.REVIEW) else None,
        scheduled=rows(states=(State.SCHEDULED,)),
        comments=reader.recent_comments(
            rules.sight, COMMENTS, own=not allows(me.role, Permission.REVIEW)
        ),
        unread=_unread(rules.sight.cities),
        counts=reader.counts(rules.sight),
        states=labels.STATES,
        kinds=labels.KIND,
        types=labels.TYPES,
    )


def _unread(cities: tuple[str, ...]) -> tuple[DeskRow, ...]:
    """Public documents whose file could not be read."""
    house = services()
    failures = house.derived.failures()
    failed = dict.fromkeys(
        public_id
        for public_id, sha256 in (house.reader.published_files() if failures else ())
        if sha256 in failures
    )
    rows = house.reader.desk_rows(tuple(failed))
    return tuple(row for row in rows if not cities or set(row.cities) & set(cities))[:SHOWN]
