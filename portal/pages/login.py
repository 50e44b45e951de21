"""The ways in: password and second step, one-time links, a new password by mail; and out."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from corpus.catalogue import Newcomer
from corpus.errors import InvalidLink, InvalidRecord
from corpus.records import AccountView
from corpus.vocabulary import Refused, Role
from portal.auth import entering, passkeys, passwords, refusals, throttle
from portal.auth.access import Permission, public, requires
from portal.auth.browser import COOKIE, forget
from portal.auth.current import current_account, never_store
from portal.desk import account_letters as letters
from portal.desk.account_forms import AskReset
from portal.desk.account_letters import FIRST_ACCESS, NEW_PASSWORD
from portal.forms import ChoosePassword, FirstAdministrator, SignIn, own_path
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("login", __name__, url_prefix="/accedi")


@blueprint.get("")
@public
def sign_in() -> str | BaseResponse:
    wanted = request.args.get("poi", "")
    if current_account() is not None:
        return redirect(own_path(wanted, url_for(entering.HOME)), 303)
    return render_template("login/sign_in.html", form=SignIn(poi=wanted))


@blueprint.post("")
@public
def check() -> str | BaseResponse:
    """The same answer, after the same work, whether the account or the password is wrong."""
    never_store()
    form = SignIn()
    if not form.validate():
        return _again("login/sign_in.html", form=form)
    email, password = form.email.data or "", form.password.data or ""
    throttle.stop_if_too_many(email)
    account = services().reader.account(email)
    kept = account.password if account is not None and account.active else None
    if not passwords.matches(kept, password) or account is None:
        throttle.note_failure(email)
        refusals.note(account.id if account else None, Refused.PASSWORD)
        form.password.errors = [_("Posta elettronica o password non corrispondono.")]
        return _again("login/sign_in.html", form=form)
    return entering.first_step_done(account, form.poi.data)


@blueprint.post("/secondo-passo")
@public
def second_step() -> str | BaseResponse:
    """A code of the app, or a recovery code, from who has done the first step."""
    never_store()
    throttle.stop_if_too_many()
    halfway = entering.halfway_in(request.form.get("halfway"))
    if halfway is None:
        throttle.note_failure()
        form = SignIn(formdata=None)
        form.email.errors = [_("È passato troppo tempo: accedi di nuovo.")]
        return _again("login/sign_in.html", form=form)
    account, wanted = halfway
    throttle.stop_if_too_many_codes(account.email)
    recovery = request.form.get("recovery", "")
    if recovery:
        good = services().catalogue.use_recovery_code(account.id, recovery, actor=account.email)
        errors = {"recovery": _("Il codice di riserva non è giusto, o è già stato usato.")}
    else:
        good = entering.code_is_good(account, request.form.get("code", ""))
        errors = {"code": _("Il codice non è giusto: scrivi quello che l'app mostra adesso.")}
    if not good:
        throttle.note_wrong_code(account.email)
        refusals.note(account.id, Refused.CODE)
        return entering.second_step_page(account, wanted, errors)
    if recovery:
        letters.notify(services(), account.id, _("Hai usato un codice di riserva per entrare."))
    return entering.enter(account.id, wanted, strong=True)


@blueprint.get("/passkey")
@public
def passkey_question() -> Response:
    """For the page's script: what to ask the device, for the second step or for both at once."""
    never_store()
    throttle.stop_if_too_many()
    halfway = entering.halfway_in(request.args.get("halfway"))
    return jsonify(passkeys.asking(halfway[0] if halfway else None))


@blueprint.post("/passkey")
@public
def passkey() -> str | BaseResponse:
    """The device's answer. Nobody guesses one: only failures of a network are counted."""
    never_store()
    throttle.stop_if_too_many()
    halfway = entering.halfway_in(request.form.get("halfway"))
    account, wanted = halfway or (None, request.form.get("poi", ""))
    found = passkeys.holder(request.form.get("challenge"), request.form.get("credential"), account)
    if found is not None:
        return entering.enter(found.id, wanted, strong=True)
    throttle.note_failure()
    sentence = _("La passkey non è stata riconosciuta, o è passato troppo tempo: riprova.")
    if account is not None:
        return entering.second_step_page(account, wanted, {"passkey": sentence})
    form = SignIn(formdata=None, poi=wanted)
    form.email.errors = [sentence]
    return _again("login/sign_in.html", form=form)


def _again(template: str, **values: Any) -> Response:
    """The form once more, with its errors."""
    return make_response(render_template(template, **values), 422)


@blueprint.get("/primo-accesso/<secret>")
@public
def first_access(secret: str) -> str | BaseResponse:
    return _link_page(secret, FIRST_ACCESS)


@blueprint.post("/primo-accesso/<secret>")
@public
def first_password(secret: str) -> str | BaseResponse:
    return _use_link(secret, FIRST_ACCESS)


@blueprint.get("/nuova-password/<secret>")
@public
def new_password(secret: str) -> str | BaseResponse:
    return _link_page(secret, NEW_PASSWORD)


@blueprint.post("/nuova-password/<secret>")
@public
def put_new_password(secret: str) -> str | BaseResponse:
    return _use_link(secret, NEW_PASSWORD)


def _link_page(secret: str, purpose: str) -> str | Response:
    never_store()
    throttle.stop_if_too_many()
    try:
        account = _holder(secret, purpose)
    except InvalidLink as error:
        return _refused(error)
    form = _password_form(account)
    return render_template("login/choose_password.html", form=form, account=account)


def _use_link(secret: str, purpose: str) -> BaseResponse:
    never_store()
    throttle.stop_if_too_many()
    try:
        account = _holder(secret, purpose)
        form = _password_form(account)
        if form.validate():
            hashed = passwords.hash_of(form.password.data or "")
            number = services().catalogue.accept_invitation(
                secret, purpose, hashed, newcomer=_newcomer(form)
            )
            letters.notify(services(), number, _("La tua password è stata scelta ora."))
            return _come_in(number, purpose)
    except InvalidRecord as error:
        _explain(form, error)
    except InvalidLink as error:
        return _refused(error)
    return _again("login/choose_password.html", form=form, account=account)


def _come_in(number: int, purpose: str) -> Response:
    """A link stands in for the password, never for the second step."""
    account = services().reader.account_by_id(number)
    assert account is not None  # noqa: S101 - it has just been given a password
    said = "accesso-pronto" if purpose == FIRST_ACCESS else "password-scelta"
    return entering.first_step_done(account, url_for(entering.PROFILE, fatto=said))


def _holder(secret: str, purpose: str) -> AccountView | None:
    """The account of a good link, None for the link of the first administrator."""
    number = services().catalogue.check_link(secret, purpose)
    if number is None:
        return None
    account = services().reader.account_by_id(number)
    if account is None or not account.active:
        raise InvalidLink("unknown")
    return account


def _password_form(account: AccountView | None) -> ChoosePassword:
    return FirstAdministrator() if account is None else ChoosePassword()


def _newcomer(form: ChoosePassword) -> Newcomer | None:
    """Who the first administrator says to be."""
    if not isinstance(form, FirstAdministrator):
        return None
    return Newcomer(form.email.data or "", form.name.data or "", Role.ADMINISTRATOR)


def _explain(form: ChoosePassword, error: InvalidRecord) -> None:
    if "email" in error.problems:
        form.email.errors = [_("Scrivi un indirizzo come nome@ente.it, non ancora in uso.")]
    if "name" in error.problems:
        form.name.errors = [_("Scrivi nome e cognome.")]


def _refused(error: InvalidLink) -> Response:
    throttle.note_failure()
    return make_response(render_template("login/link_refused.html", reason=error.reason), 404)


@blueprint.get("/password-dimenticata")
@public
def ask_reset() -> str:
    never_store()
    return render_template("login/ask_reset.html", form=AskReset(), mail=services().mail.enabled)


@blueprint.post("/password-dimenticata")
@public
def send_reset() -> str | BaseResponse:
    """The same answer at the same time for every address: whose it is, is looked up later."""
    never_store()
    mail = services().mail
    form = AskReset()
    if not mail.enabled or not form.validate():
        return _again("login/ask_reset.html", form=form, mail=mail.enabled)
    email = form.email.data or ""
    throttle.count_reset(email)
    mail.post(letters.reset_letter(services(), email))
    return render_template("login/reset_sent.html")


@blueprint.post("/esci")
@requires(Permission.OWN_PROFILE)
def sign_out() -> Response:
    services().sessions.end(request.cookies[COOKIE])
    response = make_response(redirect(url_for("login.sign_in", uscito="sì"), 303))
    forget(response, services().settings.https)
    return response
