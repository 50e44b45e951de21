"""The desk of who administers: who works here, with which role, and how they come back in."""

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import InvalidRecord, LastAdministrator
from corpus.records import AccountView, CityView
from corpus.vocabulary import Role
from portal import labels
from portal.auth import rights
from portal.auth.access import Permission, requires
from portal.auth.current import signed_in
from portal.desk import account_letters as letters
from portal.desk import staff
from portal.desk.account_forms import AccountForm, DeskStep, Invite
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("staff_accounts", __name__, url_prefix="/redazione/utenti")

INDEX = "staff_accounts.index"
SHEET = "staff_accounts.sheet"


@blueprint.get("")
@requires(Permission.ACCOUNTS)
def index() -> str:
    reader = services().reader
    person = signed_in()
    return render_template(
        "staff/accounts/index.html",
        accounts=[
            account
            for account in reader.accounts()
            if account.id == person.account
            or rights.may(person, Permission.ACCOUNTS, account.cities)
        ],
        roles=labels.ROLES,
        cities=_names(reader.cities()),
        safe=reader.with_second_factor(),
        me=person.account,
    )


@blueprint.get("/nuovo")
@requires(Permission.ACCOUNTS)
def invitation() -> str:
    return render_template("staff/accounts/invite.html", form=Invite(_offered()))


@blueprint.post("/nuovo")
@requires(Permission.ACCOUNTS)
def invite() -> Response:
    person = signed_in()
    form = Invite(_offered())
    if form.may_go_on() and _within_own_cities(form):
        try:
            number = services().catalogue.add_account(
                form.email.data or "",
                form.name.data or "",
                Role(form.role.data),
                cities=form.cities.data or (),
                actor=person.email,
            )
        except InvalidRecord as error:
            _explain(form, error)
        else:
            return _show_link(_colleague(number))
    return _again("staff/accounts/invite.html", form=form)


@blueprint.get("/<int:number>")
@requires(Permission.ACCOUNTS)
def sheet(number: int) -> str:
    account = _colleague(number)
    return render_template("staff/accounts/sheet.html", **_sheet(account, _form(account)))


@blueprint.post("/<int:number>")
@requires(Permission.ACCOUNTS)
def change(number: int) -> Response:
    account = _somebody_else(number)
    form = _form(account)
    if form.may_go_on() and _within_own_cities(form):
        try:
            services().catalogue.change_account(
                number,
                name=form.name.data,
                role=Role(form.role.data),
                cities=form.cities.data or (),
                actor=signed_in().email,
            )
        except InvalidRecord as error:
            _explain(form, error)
        except LastAdministrator:
            form.role.errors = [_last_administrator()]
        else:
            return staff.done("utente-cambiato", SHEET, number=number)
    return _again("staff/accounts/sheet.html", **_sheet(account, form))


@blueprint.get("/<int:number>/<any(disattiva,riattiva,collegamento,'secondo-passo'):action>")
@requires(Permission.ACCOUNTS)
def ask(number: int, action: str) -> str:
    account = _somebody_else(number)
    return render_template(
        "staff/accounts/ask.html", account=account, action=action, form=DeskStep()
    )


@blueprint.post("/<int:number>/<any(disattiva,riattiva,collegamento,'secondo-passo'):action>")
@requires(Permission.ACCOUNTS)
def act(number: int, action: str) -> Response:
    account = _somebody_else(number)
    form = DeskStep()
    if form.may_go_on():
        try:
            return _do(action, account)
        except LastAdministrator:
            form.form_errors.append(_last_administrator())
    return _again("staff/accounts/ask.html", account=account, action=action, form=form)


def _do(action: str, account: AccountView) -> Response:
    catalogue, actor = services().catalogue, signed_in().email
    match action:
        case "collegamento":
            if not account.active:
                abort(404)
            return _show_link(account)
        case "secondo-passo":
            catalogue.remove_second_factors(account.id, actor=actor)
            letters.notify(services(), account.id, _("Il secondo passo del tuo accesso è tolto."))
        case _:
            catalogue.change_account(account.id, active=action == "riattiva", actor=actor)
    return staff.done(f"utente-{action}", SHEET, number=account.id)


def _show_link(account: AccountView) -> Response:
    """The one-time link: on screen now and never again, and by mail where there is mail."""
    path = letters.link_for(services(), account, signed_in().email)
    mail = services().mail
    mail.post(letters.link_letter(services(), account, path))
    page = render_template(
        "staff/accounts/link.html",
        account=account,
        link=request.host_url.rstrip("/") + path,
        mailed=mail.enabled,
    )
    return make_response(page)


def _again(template: str, **values: Any) -> Response:
    return make_response(render_template(template, **values), 422)


def _colleague(number: int) -> AccountView:
    """The account, if the person of this request may see to it."""
    account = services().reader.account_by_id(number)
    if account is None:
        abort(404)
    if account.id != signed_in().account:
        rights.require(signed_in(), Permission.ACCOUNTS, account.cities)
    return account


def _somebody_else(number: int) -> AccountView:
    """Nobody shuts themselves out by mistake: of one's own account a colleague takes care."""
    account = _colleague(number)
    if account.id == signed_in().account:
        abort(403, description="own-account")
    return account


def _offered() -> tuple[CityView, ...]:
    own = signed_in().cities
    return tuple(city for city in services().reader.cities() if not own or city.slug in own)


def _form(account: AccountView) -> AccountForm:
    return AccountForm(_offered(), account)


def _within_own_cities(form: AccountForm) -> bool:
    good = rights.may(signed_in(), Permission.ACCOUNTS, form.cities.data or ())
    if not good:
        form.cities.errors = [_("Scegli almeno una delle tue città: per tutte non puoi decidere.")]
    return good


def _explain(form: AccountForm, error: InvalidRecord) -> None:
    sentences = {
        ("email", "taken"): _("Questo indirizzo ha già un accesso."),
        ("email", "format"): _("Scrivi un indirizzo come nome@ente.it."),
        ("name", "required"): _("Scrivi nome e cognome."),
        ("name", "too-long"): _("Il nome è troppo lungo."),
        ("cities", "unknown"): _("Una delle città non esiste più: ricarica la pagina."),
    }
    for problem in error.problems.items():
        form[problem[0]].errors = [sentences[problem]]


def _last_administrator() -> str:
    return _(
        "È l'ultima persona che può amministrare tutto il portale: "
        "prima dai questo ruolo, per tutte le città, a un'altra che sia già entrata."
    )


def _sheet(account: AccountView, form: AccountForm) -> dict[str, Any]:
    reader = services().reader
    return {
        "account": account,
        "form": form,
        "own": account.id == signed_in().account,
        "factors": reader.second_factors(account.id),
        "role": labels.ROLES[account.role],
        "cities": _names(reader.cities()),
    }


def _names(cities: tuple[CityView, ...]) -> dict[str, str]:
    return {city.slug: city.capital for city in cities}
