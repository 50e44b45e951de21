"""``users``: who may work on the collection."""

import argparse
from typing import Any

from corpus.errors import InvalidRecord, LastAdministrator
from corpus.records import AccountView
from corpus.vocabulary import Role
from portal.commands.exits import OK, USAGE, Stop
from portal.commands.house import House, opened
from portal.commands.progress import say
from portal.desk.account_letters import first_administrator_link, link_for
from portal.settings import Settings, site_address

_ACTOR = "riga di comando"
_PROBLEMS = {
    ("email", "taken"): "quell'indirizzo di posta ha già un utente",
    ("email", "format"): "l'indirizzo di posta non è scritto bene",
    ("name", "required"): "manca il nome",
    ("cities", "unknown"): "una delle città non esiste: si scrivono come in «reggio-calabria»",
}


def add_users(commands: Any) -> None:
    parser = commands.add_parser(
        "users",
        help="gli utenti della redazione: elenco, inviti, ruoli, accessi",
        description="Gli utenti della redazione. Nessuna password passa di qui: chi è aggiunto"
        " riceve un collegamento, valido una volta sola, con cui scegliersela.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="AZIONE")
    actions.add_parser("list", help="elenca gli utenti")
    adding = actions.add_parser("add", help="aggiunge un utente e stampa il suo collegamento")
    adding.add_argument("email", help="indirizzo di posta elettronica")
    adding.add_argument("name", help="nome e cognome")
    adding.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.EDITOR.value,
        help="ruolo (redattore se non si dice altro)",
    )
    adding.add_argument(
        "--city",
        action="append",
        default=[],
        metavar="CITTÀ",
        help="limita a questa città, scritta come nel suo indirizzo; si può ripetere",
    )
    linking = actions.add_parser("link", help="stampa il collegamento del primo amministratore")
    linking.add_argument("email", nargs="?", help="di chi; senza, se non c'è ancora nessuno")
    ranking = _about_one(actions, "role", "cambia ruolo e città di un utente")
    ranking.add_argument("role", choices=[role.value for role in Role], help="il ruolo nuovo")
    ranking.add_argument(
        "--city",
        action="append",
        default=None,
        metavar="CITTÀ",
        help="limita a questa città; si può ripetere. Senza, le città restano quelle di prima",
    )
    ranking.add_argument("--all-cities", action="store_true", help="toglie il limite alle città")
    _about_one(actions, "deactivate", "toglie l'accesso a un utente, senza cancellare nulla")
    _about_one(actions, "activate", "ridà l'accesso a un utente")
    _about_one(actions, "reset", "stampa un collegamento con cui scegliere una nuova password")
    _about_one(actions, "remove-second-factor", "toglie codice del telefono, passkey e riserve")
    parser.set_defaults(run=users)


def _about_one(actions: Any, name: str, purpose: str) -> Any:
    action = actions.add_parser(name, help=purpose)
    action.add_argument("email", help="indirizzo di posta elettronica dell'utente")
    return action


def users(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as house:
        match arguments.action:
            case "list":
                _list(house)
            case "add":
                _add(house, arguments)
            case "link" if arguments.email is None:
                _first_link(house)
            case "link" | "reset":
                _print_link(house, _active(house, arguments.email))
            case _:
                _change(house, arguments)
    return OK


def _change(house: House, arguments: argparse.Namespace) -> None:
    account = _known(house, arguments.email)
    catalogue = house.services.catalogue
    try:
        match arguments.action:
            case "role":
                cities = () if arguments.all_cities else arguments.city
                catalogue.change_account(
                    account.id, role=Role(arguments.role), cities=cities, actor=_ACTOR
                )
            case "deactivate" | "activate":
                catalogue.change_account(
                    account.id, active=arguments.action == "activate", actor=_ACTOR
                )
            case "remove-second-factor":
                catalogue.remove_second_factors(account.id, actor=_ACTOR)
    except InvalidRecord as error:
        raise Stop(USAGE, f"Utente non cambiato: {_told(error)}.") from error
    except LastAdministrator as error:
        raise Stop(
            USAGE,
            f"{error.email} è l'ultima persona che può amministrare tutto il portale: prima serve"
            " un altro amministratore, per tutte le città, che sia già entrato.",
        ) from error
    say("Fatto. Gli accessi aperti di questa persona sono chiusi.")


def _list(house: House) -> None:
    accounts = house.services.reader.accounts()
    safe = house.services.reader.with_second_factor()
    for account in accounts:
        state = "attivo" if account.active else "disattivato"
        entered = account.password is not None or account.signed_in_at is not None
        first = "" if entered else ", deve ancora scegliere la password"
        second = ", secondo passo" if account.id in safe else ""
        cities = f", solo {', '.join(account.cities)}" if account.cities else ""
        say(f"{account.email}  {account.name}  {account.role}{cities}  ({state}{first}{second})")
    if not accounts:
        say("Nessun utente: «run.py users link» stampa il collegamento del primo amministratore.")


def _add(house: House, arguments: argparse.Namespace) -> None:
    try:
        house.services.catalogue.add_account(
            arguments.email,
            arguments.name,
            Role(arguments.role),
            cities=arguments.city,
            actor=_ACTOR,
        )
    except InvalidRecord as error:
        raise Stop(USAGE, f"Utente non aggiunto: {_told(error)}.") from error
    _print_link(house, _known(house, arguments.email))


def _told(error: InvalidRecord) -> str:
    told = [_PROBLEMS.get(problem, ": ".join(problem)) for problem in error.problems.items()]
    return "; ".join(told)


def _first_link(house: House) -> None:
    if house.services.reader.accounts():
        raise Stop(USAGE, "Un utente c'è già: scrivi di chi vuoi il collegamento.")
    _say_link(house, first_administrator_link(house.services, _ACTOR), "24 ore")


def _print_link(house: House, account: AccountView) -> None:
    path = link_for(house.services, account, _ACTOR)
    _say_link(house, path, "24 ore" if account.password else "7 giorni")


def _say_link(house: House, path: str, life: str) -> None:
    say(f"Da aprire entro {life}, una volta sola:")
    say(f"  {site_address(house.services.settings)}{path}")


def _known(house: House, email: str) -> AccountView:
    account = house.services.reader.account(email)
    if account is None:
        raise Stop(USAGE, f"Nessun utente ha l'indirizzo {email}.")
    return account


def _active(house: House, email: str) -> AccountView:
    account = _known(house, email)
    if not account.active:
        raise Stop(USAGE, f"{email} è disattivato: prima «run.py users activate {email}».")
    return account
