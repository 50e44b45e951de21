"""``users``: who may work on the collection."""

import argparse
from typing import Any

from corpus.errors import InvalidRecord
from corpus.vocabulary import Role
from portal.commands.exits import OK, USAGE, Stop
from portal.commands.house import House, opened
from portal.commands.progress import say
from portal.commands.serving import FIRST_ACCESS
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
        help="elenca e aggiunge gli utenti della redazione",
        description="Gli utenti della redazione. Nessuna password passa di qui: chi è aggiunto"
        " riceve un collegamento, valido una volta sola per 24 ore, con cui scegliersela.",
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
    linking = actions.add_parser("link", help="stampa un collegamento nuovo per un utente")
    linking.add_argument(
        "email", nargs="?", help="di chi; senza, per il primo amministratore se non c'è nessuno"
    )
    parser.set_defaults(run=users)


def users(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as house:
        match arguments.action:
            case "list":
                _list(house)
            case "add":
                _add(house, arguments)
            case "link":
                _link(house, arguments.email)
    return OK


def _list(house: House) -> None:
    accounts = house.services.reader.accounts()
    for account in accounts:
        state = "attivo" if account.active else "disattivato"
        first = "" if account.password else ", deve ancora scegliere la password"
        cities = f", solo {', '.join(account.cities)}" if account.cities else ""
        say(f"{account.email}  {account.name}  {account.role}{cities}  ({state}{first})")
    if not accounts:
        say("Nessun utente: «run.py users link» stampa il collegamento del primo amministratore.")


def _add(house: House, arguments: argparse.Namespace) -> None:
    try:
        account = house.services.catalogue.add_account(
            arguments.email,
            arguments.name,
            Role(arguments.role),
            cities=arguments.city,
            actor=_ACTOR,
        )
    except InvalidRecord as error:
        told = [_PROBLEMS.get(problem, ": ".join(problem)) for problem in error.problems.items()]
        raise Stop(USAGE, f"Utente non aggiunto: {'; '.join(told)}.") from error
    _print_link(house, account)


def _link(house: House, email: str | None) -> None:
    reader = house.services.reader
    if email is None:
        if reader.accounts():
            raise Stop(USAGE, "Un utente c'è già: scrivi di chi vuoi il collegamento.")
        _print_link(house, None)
        return
    account = reader.account(email)
    if account is None or not account.active:
        raise Stop(USAGE, f"Nessun utente attivo ha l'indirizzo {email}.")
    _print_link(house, account.id)


def _print_link(house: House, account: int | None) -> None:
    secret = house.services.catalogue.create_link(FIRST_ACCESS, account, actor=_ACTOR)
    say("Da aprire entro 24 ore, una volta sola:")
    say(f"  {site_address(house.services.settings)}/accedi/primo-accesso/{secret}")
