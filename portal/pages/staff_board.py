"""The board of the editorial desk: what waits for the person who has signed in."""

from flask import Blueprint, render_template

from corpus.vocabulary import State
from portal import labels
from portal.auth.access import Permission, requires
from portal.services import services

blueprint = Blueprint("staff_board", __name__, url_prefix="/redazione")

SHOWN = 10  # of each list; the rest is one link away


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    reader = services().reader
    return render_template(
        "staff/board.html",
        drafts=reader.in_states(State.DRAFT)[:SHOWN],
        reviews=reader.in_states(State.IN_REVIEW)[:SHOWN],
        kinds=labels.KIND,
    )
