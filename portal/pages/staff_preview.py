"""Previews for staff, and the links that show them to people without an account."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, make_response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import InvalidLink, InvalidRecord, RecordNotFound
from corpus.records import Dossier
from corpus.vocabulary import State
from portal.addresses import canonical_url
from portal.auth.access import Permission, requires
from portal.auth.rights import NotAllowed
from portal.desk import preview, staff
from portal.desk.rules import Step
from portal.desk.step_forms import Ask, AskPreview, show_refusal
from portal.services import services

blueprint = Blueprint(
    "staff_preview", __name__, url_prefix="/redazione/contenuti/<public_id>/anteprima"
)


@blueprint.get("")
@requires(Permission.EDIT)
def index(public_id: str) -> str:
    return _page(_opened(public_id), AskPreview())


@blueprint.post("")
@requires(Permission.EDIT)
def create(public_id: str) -> BaseResponse | str:
    """Make a link and show it, this once: nobody can read it again."""
    dossier = _opened(public_id)
    form = AskPreview()
    me = staff.person()
    if form.validate():
        try:
            secret = services().catalogue.create_preview(
                public_id,
                form.purpose.data or "",
                timedelta(days=int(form.days.data)),
                actor=me.email,
                account=me.account,
            )
        except InvalidRecord as refusal:
            show_refusal(form, refusal.problems)
        else:
            link = canonical_url(url_for("preview.show", secret=secret))
            return _page(dossier, AskPreview(formdata=None), link)
    return make_response(_page(dossier, form), 422)


@blueprint.post("/revoca/<digest>")
@requires(Permission.EDIT)
def revoke(public_id: str, digest: str) -> BaseResponse:
    _opened(public_id)
    try:
        services().catalogue.revoke_preview(public_id, digest, actor=staff.person().email)
    except InvalidLink:
        raise RecordNotFound(public_id) from None
    return staff.done("revocato", "staff_preview.index", public_id=public_id)


@blueprint.get("/pagina", defaults={"rest": ""})
@blueprint.get("/pagina/<path:rest>")
@requires(Permission.EDIT)
def show(public_id: str, rest: str) -> BaseResponse:
    """The public page as it will be, for whoever may see the record."""
    dossier, _rules = staff.opened(public_id)
    if dossier.record.state in (State.WITHDRAWN, State.TRASHED):
        raise RecordNotFound(public_id)
    back = url_for("staff_record.page", public_id=public_id)
    return preview.show(dossier.record, rest, preview.staff_prefix(public_id), back)


def _opened(public_id: str) -> Dossier:
    dossier, rules = staff.opened(public_id)
    if Step.PREVIEW not in rules.steps(dossier):
        raise NotAllowed(rules.person.cities)
    return dossier


def _page(dossier: Dossier, form: AskPreview, link: str | None = None) -> str:
    now = datetime.now(UTC)
    links = services().reader.previews(dossier.record.public_id)
    return render_template(
        "staff/preview.html",
        dossier=dossier,
        form=form,
        link=link,
        links=[(each, each.revoked_at is None and each.expires_at > now) for each in links],
        token=Ask,
        show=preview.staff_prefix(dossier.record.public_id),
    )
