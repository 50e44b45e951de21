"""What waits for somebody to decide: records to review, new versions, scheduled publications."""

from flask import Blueprint, render_template

from corpus.desk_reader import ContentsFilter
from corpus.records import DeskRow
from corpus.vocabulary import State
from portal import labels
from portal.auth.access import Permission, requires
from portal.desk import staff
from portal.services import services

blueprint = Blueprint("staff_review", __name__, url_prefix="/redazione/da-rivedere")

SHOWN = 100


@blueprint.get("")
@requires(Permission.REVIEW)
def index() -> str:
    rules = staff.desk()

    def rows(wanted: ContentsFilter) -> tuple[DeskRow, ...]:
        return services().reader.contents(wanted, rules.sight, SHOWN)[0]

    return render_template(
        "staff/review.html",
        reviews=rows(ContentsFilter(states=(State.IN_REVIEW,))),
        versions=rows(ContentsFilter(waiting=True)),
        scheduled=rows(ContentsFilter(states=(State.SCHEDULED,))),
        two_persons=rules.two_persons,
        kinds=labels.KIND,
        types=labels.TYPES,
        names=staff.place_names(),
    )
