"""What happened to a record: every change with before and after, and the way back."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response as BaseResponse

from corpus.contents import CHANGING, Content, changes, content_of, draft_of, rewound
from corpus.errors import EditConflict, InvalidRecord, RecordNotFound
from corpus.records import AuditView, Dossier
from portal import labels
from portal.auth.access import Permission, requires
from portal.auth.rights import NotAllowed
from portal.desk import differences, staff
from portal.desk.rules import Desk, Step
from portal.desk.step_forms import Ask
from portal.services import services

blueprint = Blueprint(
    "staff_history", __name__, url_prefix="/redazione/contenuti/<public_id>/storia"
)

LONGEST = 2_000  # entries of one record


@dataclass(frozen=True)
class Line:
    """One entry of the log, in words."""

    entry: AuditView
    what: str
    differences: tuple[differences.Difference, ...]
    moment: datetime | None  # for which a publication was scheduled


@blueprint.get("")
@requires(Permission.EDIT)
def index(public_id: str) -> str:
    dossier, rules = staff.opened(public_id)
    shown = differences.Shown(staff.place_names())
    return render_template(
        "staff/history.html",
        dossier=dossier,
        lines=[
            Line(
                entry,
                str(labels.ACTIONS.get(entry.action, entry.action)),
                shown.differences(entry.details.get("changes", {})),
                _moment(entry.details.get("publish_at")),
            )
            for entry in services().reader.log(public_id, LONGEST)
        ],
        people={account.email: account.name for account in services().reader.accounts()},
        may_restore=Step.EDIT in rules.steps(dossier),
        converses=rules.converses(dossier),
    )


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None


@blueprint.get("/<int:number>/torna")
@requires(Permission.EDIT)
def ask(public_id: str, number: int) -> str:
    dossier, _rules, old = _earlier(public_id, number)
    return _question(dossier, old, Ask())


@blueprint.post("/<int:number>/torna")
@requires(Permission.EDIT)
def restore(public_id: str, number: int) -> BaseResponse:
    dossier, rules, old = _earlier(public_id, number)
    draft = draft_of(dossier.record.type, old)
    if not rules.may_name(draft.cities):
        raise NotAllowed(rules.person.cities)
    try:
        services().catalogue.revise(
            public_id,
            draft,
            actor=rules.person.email,
            seen=dossier.record.revision,
            restored=number,
        )
    except (InvalidRecord, EditConflict):
        return make_response(_question(dossier, old, Ask(), refused=True), 409)
    return staff.done("tornata", "staff_record.page", public_id=public_id)


def _earlier(public_id: str, number: int) -> tuple[Dossier, Desk, Content]:
    """The record, the rules, and its content as it was before that entry of the log."""
    dossier, rules = staff.opened(public_id)
    if Step.EDIT not in rules.steps(dossier):
        raise NotAllowed(rules.person.cities)
    entries = services().reader.log(public_id, LONGEST)
    if not any(each.number == number and each.action in CHANGING for each in entries):
        raise RecordNotFound(public_id)
    return dossier, rules, rewound(content_of(dossier.record), entries, number)


def _question(dossier: Dossier, old: Content, form: Ask, refused: bool = False) -> str:
    shown = differences.Shown(staff.place_names())
    return render_template(
        "staff/history_restore.html",
        dossier=dossier,
        form=form,
        differences=shown.differences(changes(content_of(dossier.record), old)),
        refused=refused,
    )
