"""Signing in and out, the first password, one's own account."""

from typing import Any, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import InvalidLink, InvalidRecord
from corpus.records import AccountView
from corpus.vocabulary import Role
from portal import labels
from portal.auth import passwords, throttle
from portal.auth.access import Permission, public, requires
from portal.auth.browser import COOKIE, forget, remember
from portal.auth.current import current_account, never_store, signed_in
from portal.forms import (
    ChangePassword,
    ChoosePassword,
    FirstAdministrator,
    SignIn,
    SignOut,
    own_path,
)
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("login", __name__, url_prefix="/accedi")

FIRST_ACCESS = "first-access"  # purpose of the one-time links
HOME = "login.profile"


@blueprint.get("")
@public
def sign_in() -> str | BaseResponse:
    if current_account() is not None:
        return redirect(url_for(HOME), 303)
    return render_template("login/sign_in.html", form=SignIn(poi=request.args.get("poi", "")))


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
        form.password.errors = [_("Posta elettronica o password non corrispondono.")]
        return _again("login/sign_in.html", form=form)
    return _signed_in(account.id, own_path(form.poi.data, url_for(HOME)))


def _again(template: str, **values: Any) -> Response:
    """The form once more, with its errors."""
    return make_response(render_template(template, **values), 422)


def _signed_in(account: int, target: str) -> Response:
    """A fresh session, never one that the browser brought along."""
    response = make_response(redirect(target, 303))
    remember(response, services().sessions.start(account), services().settings.https)
    return response


@blueprint.get("/primo-accesso/<secret>")
@public
def first_access(secret: str) -> str | BaseResponse:
    never_store()
    throttle.stop_if_too_many()
    try:
        account = _invited(secret)
    except InvalidLink as error:
        return _refused(error)
    return render_template("login/first_access.html", form=_first_form(account), account=account)


@blueprint.post("/primo-accesso/<secret>")
@public
def first_password(secret: str) -> str | BaseResponse:
    never_store()
    throttle.stop_if_too_many()
    try:
        account = _invited(secret)
        form = _first_form(account)
        if form.validate():
            number = account.id if account else _first_administrator(cast(FirstAdministrator, form))
            if number is not None:
                services().catalogue.use_link(secret, FIRST_ACCESS)
                services().catalogue.set_password_hash(
                    number, passwords.hash_of(form.password.data or ""), actor=str(number)
                )
                return _signed_in(number, url_for(HOME))
    except InvalidLink as error:
        return _refused(error)
    return _again("login/first_access.html", form=form, account=account)


def _invited(secret: str) -> AccountView | None:
    """The account of a good link, None for the link of the first administrator."""
    number = services().catalogue.check_link(secret, FIRST_ACCESS)
    return None if number is None else services().reader.account_by_id(number)


def _first_form(account: AccountView | None) -> ChoosePassword:
    return FirstAdministrator() if account is None else ChoosePassword()


def _first_administrator(form: FirstAdministrator) -> int | None:
    """The new account, still without a password; None when the form's fields were refused."""
    try:
        return services().catalogue.add_account(
            form.email.data or "", form.name.data or "", Role.ADMINISTRATOR
        )
    except InvalidRecord as error:
        if "email" in error.problems:
            form.email.errors = [_("Scrivi un indirizzo come nome@ente.it, non ancora in uso.")]
        if "name" in error.problems:
            form.name.errors = [_("Scrivi nome e cognome.")]
        return None


def _refused(error: InvalidLink) -> Response:
    throttle.note_failure()
    return make_response(render_template("login/link_refused.html", reason=error.reason), 404)


@blueprint.get("/profilo")
@requires(Permission.OWN_PROFILE)
def profile() -> str:
    return render_template("login/profile.html", **_sheet(ChangePassword()))


def _sheet(form: ChangePassword) -> dict[str, Any]:
    person = signed_in()
    return {
        "person": person,
        "role": labels.ROLES[person.role],
        "form": form,
        "sign_out": SignOut(),
        "changed": request.args.get("cambiata") == "si",
    }


@blueprint.post("/password")
@requires(Permission.OWN_PROFILE)
def change_password() -> str | BaseResponse:
    person = signed_in()
    form = ChangePassword()
    if not form.validate():
        return _again("login/profile.html", **_sheet(form))
    throttle.stop_if_too_many(person.email)
    account = services().reader.account(person.email)
    if not passwords.matches(account.password if account else None, form.current.data or ""):
        throttle.note_failure(person.email)
        form.current.errors = [_("Non è la tua password attuale.")]
        return _again("login/profile.html", **_sheet(form))
    services().catalogue.set_password_hash(
        person.account, passwords.hash_of(form.password.data or ""), actor=person.email
    )
    # Every session has ended, this one too: the browser gets a new one.
    return _signed_in(person.account, url_for(HOME, cambiata="si"))


@blueprint.post("/esci")
@requires(Permission.OWN_PROFILE)
def sign_out() -> Response:
    services().sessions.end(request.cookies[COOKIE])
    response = make_response(redirect("/", 303))
    forget(response, services().settings.https)
    return response
