"""What the pages of the editorial desk share: their menu, their messages, who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from corpus.errors import RecordNotFound
from corpus.records import Dossier
from portal.auth.access import Permission, allows, mark_of
from portal.auth.current import current_account, signed_in
from portal.auth.rights import opens
from portal.desk.rules import Desk, is_alone
from portal.forms import SignOut
from portal.i18n import lazy_gettext as _l
from portal.i18n import plural
from portal.search_url import strict_number
from portal.services import services

# Endpoint and label. An entry shows when the endpoint exists and the person may open it,
# so that a section appears in the menu by registering its blueprint.
MENU: tuple[tuple[str, str], ...] = (
    ("staff_board.index", _l("Bacheca")),
    ("staff_contents.index", _l("Contenuti")),
    ("staff_upload.index", _l("Carica")),
    ("staff_processing.index", _l("File inviati")),
    ("staff_review.index", _l("Da rivedere")),
    ("staff_import.index", _l("Importa")),
    ("staff_search.index", _l("Ricerca")),
    ("staff_coverage.index", _l("Copertura")),
    ("staff_accounts.index", _l("Utenti")),
    ("staff_audit.index", _l("Registro")),
)

# What the page after an action says: the code travels in the address, as «?fatto=…». Two
# sentences, for one and for many, where a number comes along in «quanti».
DONE: Mapping[str, str | tuple[str, str]] = {
    "creata": _l("La bozza è salvata: la vedi tu e chi lavora nella redazione, i lettori no."),
    "salvata": _l("Le modifiche sono salvate."),
    "invia": _l("La scheda è stata inviata a chi la rivede."),
    "riprendi": _l("La scheda è di nuovo una bozza."),
    "rimanda": _l("La scheda è tornata a chi l'ha scritta, con il tuo commento."),
    "pubblica": _l("La scheda è pubblicata: i lettori la vedono già."),
    "programma": _l("La pubblicazione è programmata: avverrà da sola."),
    "annulla-programma": _l("La pubblicazione programmata è annullata."),
    "ritira": _l("La scheda è ritirata: al suo indirizzo si legge il motivo."),
    "cestino": _l("La scheda è nel cestino: si può ripristinare per trenta giorni."),
    "ripristina": _l("La scheda è di nuovo una bozza."),
    "affida": _l("La scheda è affidata alla persona che hai scelto."),
    "commento": _l("Il commento è stato aggiunto."),
    "nota": _l("La nota della versione è salvata."),
    "scartata": _l("La versione mai pubblicata è stata scartata."),
    "tornata": _l("La scheda ha di nuovo il contenuto di allora."),
    "revocato": _l("Il collegamento di anteprima non funziona più."),
    "modificate": (_l("%(num)s scheda modificata."), _l("%(num)s schede modificate.")),
    "annullate": (
        _l("%(num)s scheda ha di nuovo i valori di prima."),
        _l("%(num)s schede hanno di nuovo i valori di prima."),
    ),
    "accesso-pronto": _l("Il tuo accesso è pronto. Qui sotto lo proteggi con un secondo passo."),
    "password-scelta": _l("La nuova password è salvata."),
    "password": _l("La password è cambiata. Gli altri accessi aperti sono stati chiusi."),
    "secondo-passo": _l("Fatto: dal prossimo accesso ti sarà chiesto il secondo passo."),
    "tolto-codice": _l("Fatto: il codice del telefono non serve più."),
    "passkey": _l("Fatto: la passkey ha il nuovo nome."),
    "tolta-passkey": _l("Fatto: quella passkey non funziona più."),
    "sessione-chiusa": _l("Fatto: quell'accesso è chiuso."),
    "altre-chiuse": _l("Fatto: resta aperto solo questo accesso."),
    "utente-cambiato": _l("Fatto. Se la persona era al lavoro, dovrà accedere di nuovo."),
    "utente-disattiva": _l("Fatto: la persona non può più accedere."),
    "utente-riattiva": _l("Fatto: la persona può accedere di nuovo."),
    "utente-secondo-passo": _l("Fatto: alla persona basterà la password."),
    "in-evidenza": _l("Fatto: le schede sono in evidenza già dalla prossima ricerca."),
    "tolta-evidenza": _l("Fatto: le schede non sono più in evidenza."),
    "sinonimo": _l("Fatto: le espressioni valgono come uguali già dalla prossima ricerca."),
    "tolto-sinonimo": _l("Fatto: le espressioni non valgono più come uguali."),
    "riprova": _l("Il file verrà letto di nuovo tra poco."),
    "invio-annullato": _l("L'invio è annullato: nel portale non è cambiato nulla."),
    "versione-aggiunta": _l("Il file è la nuova versione del documento; chi rivede la pubblica."),
    "importazione-annullata": _l("L'importazione è stata tolta."),
    "bozza-a-parte": _l("Il file è una bozza a parte."),
}

# Blueprints whose pages belong to another section of the menu.
WITHIN: Mapping[str, str] = {
    "staff_record": "staff_contents",
    "staff_history": "staff_contents",
    "staff_preview": "staff_contents",
    "staff_bulk": "staff_contents",
}
MOST = 1_000_000


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the desk's menu."""

    url: str
    label: str
    current: bool


person = signed_in  # who is at the desk; only for views whose mark lets nobody else in


def desk(dossier: Dossier | None = None) -> Desk:
    """The rules for the person of this request, on that record."""
    me, house = person(), services()
    two = house.settings.two_persons
    if dossier is None or not two or not allows(me.role, Permission.REVIEW):
        return Desk(me, two)
    cities = dossier.record.cities
    return Desk(me, two, is_alone(me, house.reader.accounts(), cities))


def opened(public_id: str) -> tuple[Dossier, Desk]:
    """All that staff know of a record, and the rules for the person of this request.

    Raises ``RecordNotFound`` also for what this person may not see.
    """
    dossier = services().reader.dossier(public_id)
    rules = desk(dossier)
    if not rules.sees(dossier):
        raise RecordNotFound(public_id)
    return dossier, rules


def place_names() -> dict[str, str]:
    """The short name of every city and area, by slug."""
    reader = services().reader
    return {city.slug: city.capital for city in reader.cities()} | {
        area.slug: area.short_label for area in reader.areas()
    }


def menu() -> tuple[MenuEntry, ...]:
    """The sections that the person of this request may open; none for a reader."""
    account = current_account()
    if account is None:
        return ()
    entries = []
    for endpoint, label in MENU:
        view = current_app.view_functions.get(endpoint)
        mark = mark_of(view) if view is not None else None
        if mark is not None and opens(account, mark):
            section = endpoint.partition(".")[0]
            here = WITHIN.get(request.blueprint or "", request.blueprint)
            entries.append(MenuEntry(url_for(endpoint), label, section == here))
    return tuple(entries)


def may(permission: str) -> bool:
    """True when the person of this request is granted ``permission``; for templates."""
    account = current_account()
    return account is not None and opens(account, permission)


def message() -> str | None:
    """What was just done, in words, from the address; None without a code that we know."""
    sentence = DONE.get(request.args.get("fatto", ""))
    if isinstance(sentence, tuple):
        number = strict_number(request.args.get("quanti", ""), 0, MOST)
        return None if number is None else plural(*sentence, number) % {"num": number}
    return None if sentence is None else str(sentence)


def done(code: str, endpoint: str, /, **values: str | int | tuple[str, ...] | None) -> Response:
    """Send the browser to ``endpoint``, whose page will say the sentence of ``code``."""
    return redirect(url_for(endpoint, fatto=code, **values), 303)  # type: ignore[arg-type]


def register(app: Flask) -> None:
    """Give templates ``staff_menu()``, ``staff_message()``, ``staff_person()``, ``may(…)``."""
    app.jinja_env.globals.update(
        staff_menu=menu,
        staff_message=message,
        staff_person=current_account,
        staff_sign_out=partial(SignOut, formdata=None),  # what was sent may be too large to read
        may=may,
    )
    app.jinja_env.tests["endpoint"] = lambda name: name in app.view_functions
