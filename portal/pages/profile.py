"""One's own account: password, second step, open sessions."""

from typing import Any

from flask import Blueprint, abort, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import InvalidRecord
from portal import labels
from portal.auth import entering, passkeys, passwords, tokens, totp
from portal.auth.access import Permission, requires
from portal.auth.current import signed_in
from portal.desk import account_letters as letters
from portal.desk import staff
from portal.desk.account_forms import (
    AddPasskey,
    NewOwnPassword,
    OneTimeCode,
    RenamePasskey,
    SteppedUp,
)
from portal.filters import clean
from portal.forms import Confirm
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("profile", __name__, url_prefix="/accedi/profilo")

PAGE = "profile.page"
TOTP_KEY = "totp-key"  # purpose of the token that carries a key just drawn
DRAWN = 20 * 60  # seconds for setting up the app


@blueprint.get("")
@requires(Permission.OWN_PROFILE)
def page() -> str:
    person = signed_in()
    cities = {city.slug: city.capital for city in services().reader.cities()}
    return render_template(
        "profile/page.html",
        person=person,
        role=labels.ROLES[person.role],
        cities=[cities.get(slug, slug) for slug in person.cities],
        factors=services().reader.second_factors(person.account),
        sessions=services().sessions.of(person.account),
        due=person.role in services().settings.second_factor and not person.strong,
        form=Confirm(formdata=None),
    )


def _again(template: str, **values: Any) -> Response:
    return make_response(render_template(template, **values), 422)


@blueprint.get("/password")
@requires(Permission.OWN_PROFILE)
def password() -> str:
    return render_template("profile/password.html", form=NewOwnPassword())


@blueprint.post("/password")
@requires(Permission.OWN_PROFILE)
def change_password() -> Response:
    person = signed_in()
    form = NewOwnPassword()
    if not form.may_go_on():
        return _again("profile/password.html", form=form)
    services().catalogue.set_password_hash(
        person.account, passwords.hash_of(form.password.data or ""), actor=person.email
    )
    letters.notify(services(), person.account, _("La tua password è cambiata."))
    # Every session has ended, this one too: the browser gets a new one.
    target = staff.done("password", PAGE).headers["Location"]
    return entering.enter(person.account, target, strong=person.strong)


@blueprint.get("/codice")
@requires(Permission.OWN_PROFILE)
def totp_set_up() -> str:
    return render_template("profile/totp.html", **_app(OneTimeCode(formdata=None)))


@blueprint.post("/codice")
@requires(Permission.OWN_PROFILE)
def set_totp() -> Response:
    """Keep the key that the page has drawn, once a code of it proves that the app has read it."""
    person = signed_in()
    form = OneTimeCode()
    secret = _drawn_key(form.key.data)
    step = totp.step_of(secret, form.code.data or "") if secret else None
    if form.code.data and step is None:
        form.validate()
        form.code.errors = [_("Il codice non è giusto: scrivi quello che l'app mostra adesso.")]
        return _again("profile/totp.html", **_app(form))
    if not form.may_go_on() or secret is None or step is None:
        return _again("profile/totp.html", **_app(form))
    services().catalogue.set_totp(person.account, secret, step, actor=person.email)
    letters.notify(services(), person.account, _("Hai attivato il codice del telefono."))
    services().sessions.prove(person.session, strong=True)
    return _first_codes()


def _app(form: OneTimeCode) -> dict[str, Any]:
    """The same key again while the form is being mended, else a new one."""
    person = signed_in()
    secret = _drawn_key(form.key.data) or totp.new_secret()
    form.key.data = tokens.sign(TOTP_KEY, account=person.account, secret=secret)
    address = totp.address(secret, person.email, services().settings.brand)
    return {"form": form, "drawing": totp.drawing(address), "secret": secret, "address": address}


def _drawn_key(token: str | None) -> str | None:
    values = tokens.read(TOTP_KEY, token, DRAWN)
    if values is None or values["account"] != signed_in().account:
        return None
    return str(values["secret"])


def _first_codes() -> Response:
    """After a new second factor: recovery codes, unless the person has some already."""
    if services().reader.second_factors(signed_in().account).codes_left:
        return staff.done("secondo-passo", PAGE)
    return _show_new_codes()


def _show_new_codes() -> Response:
    person = signed_in()
    codes = services().catalogue.new_recovery_codes(person.account, actor=person.email)
    return make_response(render_template("profile/codes.html", codes=codes))


@blueprint.get("/codice/togli")
@requires(Permission.OWN_PROFILE)
def ask_totp_removal() -> str:
    return render_template("profile/remove_totp.html", form=SteppedUp())


@blueprint.post("/codice/togli")
@requires(Permission.OWN_PROFILE)
def remove_totp() -> Response:
    person = signed_in()
    form = SteppedUp()
    if not form.may_go_on():
        return _again("profile/remove_totp.html", form=form)
    services().catalogue.remove_totp(person.account, actor=person.email)
    letters.notify(services(), person.account, _("Hai tolto il codice del telefono."))
    return staff.done("tolto-codice", PAGE)


@blueprint.get("/passkey")
@requires(Permission.OWN_PROFILE)
def new_passkey() -> str:
    return render_template("profile/new_passkey.html", form=AddPasskey(formdata=None))


@blueprint.get("/passkey/domanda")
@requires(Permission.OWN_PROFILE)
def passkey_question() -> Response:
    """For the page's script: what to ask the device."""
    return jsonify(passkeys.creation(signed_in()))


@blueprint.post("/passkey")
@requires(Permission.OWN_PROFILE)
def add_passkey() -> Response:
    person = signed_in()
    form = AddPasskey()
    if not form.may_go_on():
        return _again("profile/new_passkey.html", form=form)
    made = passkeys.made(
        person, form.challenge.data, form.credential.data, clean(form.name.data or "")
    )
    if made is None:
        form.form_errors.append(_("Il dispositivo non ha creato la passkey: riprova."))
        return _again("profile/new_passkey.html", form=form)
    try:
        services().catalogue.add_passkey(person.account, made, actor=person.email)
    except InvalidRecord as error:
        _explain(form, error)
        return _again("profile/new_passkey.html", form=form)
    letters.notify(services(), person.account, _("Hai aggiunto una passkey."))
    services().sessions.prove(person.session, strong=True)
    return _first_codes()


def _explain(form: AddPasskey | RenamePasskey, error: InvalidRecord) -> None:
    if "name" in error.problems:
        form.name.errors = [_("Scrivi un nome che ti dica quale dispositivo è.")]
    elif "passkeys" in error.problems:
        form.form_errors.append(_("Hai già venti passkey: togline una che non usi."))
    else:
        form.form_errors.append(_("Questa passkey è già registrata."))


@blueprint.get("/passkey/<int:number>")
@requires(Permission.OWN_PROFILE)
def passkey(number: int) -> str:
    return render_template("profile/passkey.html", **_passkey_sheet(number))


@blueprint.post("/passkey/<int:number>/nome")
@requires(Permission.OWN_PROFILE)
def rename_passkey(number: int) -> Response:
    person = signed_in()
    sheet = _passkey_sheet(number)
    form = sheet["naming"] = RenamePasskey()
    if form.validate():
        try:
            services().catalogue.rename_passkey(
                person.account, number, clean(form.name.data or ""), actor=person.email
            )
        except InvalidRecord as error:
            _explain(form, error)
        else:
            return staff.done("passkey", PAGE)
    return _again("profile/passkey.html", **sheet)


@blueprint.post("/passkey/<int:number>/togli")
@requires(Permission.OWN_PROFILE)
def remove_passkey(number: int) -> Response:
    person = signed_in()
    sheet = _passkey_sheet(number)
    form = sheet["removing"] = SteppedUp()
    if not form.may_go_on():
        return _again("profile/passkey.html", **sheet)
    services().catalogue.remove_passkey(person.account, number, actor=person.email)
    letters.notify(services(), person.account, _("Hai tolto una passkey."))
    return staff.done("tolta-passkey", PAGE)


def _passkey_sheet(number: int) -> dict[str, Any]:
    """Two forms on one page; each is given its own data by the view that it is sent to."""
    factors = services().reader.second_factors(signed_in().account)
    found = next((each for each in factors.passkeys if each.id == number), None)
    if found is None:
        abort(404)
    return {
        "passkey": found,
        "naming": RenamePasskey(formdata=None, name=found.name),
        "removing": SteppedUp(formdata=None),
    }


@blueprint.get("/codici-di-riserva")
@requires(Permission.OWN_PROFILE)
def ask_new_codes() -> str:
    return render_template("profile/new_codes.html", form=SteppedUp())


@blueprint.post("/codici-di-riserva")
@requires(Permission.OWN_PROFILE)
def new_codes() -> Response:
    form = SteppedUp()
    if not form.may_go_on():
        return _again("profile/new_codes.html", form=form)
    try:
        return _show_new_codes()
    except InvalidRecord:
        form.form_errors.append(_("Prima attiva il codice del telefono o una passkey."))
        return _again("profile/new_codes.html", form=form)


@blueprint.post("/sessioni/chiudi")
@requires(Permission.OWN_PROFILE)
def end_session() -> Response:
    services().sessions.end_one(signed_in().account, request.form.get("which", ""))
    return staff.done("sessione-chiusa", PAGE)


@blueprint.post("/sessioni/chiudi-altre")
@requires(Permission.OWN_PROFILE)
def end_other_sessions() -> Response:
    services().sessions.end_others(signed_in().account, signed_in().session)
    return staff.done("altre-chiuse", PAGE)
