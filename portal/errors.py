"""One table: domain error → HTTP answer. Error pages have the site's frame and words that help."""

from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from corpus.errors import (
    CatalogueUnavailable,
    DamagedFile,
    DeskEntryNotFound,
    EditConflict,
    ImportNotFound,
    InvalidTransition,
    MissingFile,
    NoSpace,
    RecordNotFound,
    RecordWithdrawn,
    SamePerson,
    UploadNotFound,
)
from corpus.records import RecordView
from indexer.engine import EngineUnavailable
from portal import labels, problems
from portal.auth.current import current_account
from portal.auth.rights import NotAllowed
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.services import services


@dataclass(frozen=True)
class Words:
    """Title of an error page and what the person can do."""

    title: str
    text: str


WORDS: dict[int, Words] = {
    400: Words(
        _l("Richiesta non comprensibile"),
        _l("L'indirizzo o il modulo inviato contiene qualcosa che il portale non sa leggere."),
    ),
    403: Words(
        _l("Pagina riservata"),
        _l("Questa pagina è riservata a chi ne ha il permesso."),
    ),
    404: Words(
        _l("Pagina non trovata"),
        _l("A questo indirizzo non c'è nulla: forse è stato scritto con un errore."),
    ),
    405: Words(
        _l("Operazione non prevista"),
        _l("Questa pagina esiste, ma non accetta l'operazione richiesta."),
    ),
    413: Words(
        _l("Invio troppo grande"),
        _l("Quello che è stato inviato supera la dimensione ammessa."),
    ),
    414: Words(
        _l("Indirizzo troppo lungo"),
        _l("L'indirizzo richiesto è troppo lungo: riprova con meno parole o meno filtri."),
    ),
    416: Words(
        _l("Parte del file inesistente"),
        _l("Il file è più corto della parte richiesta: scaricalo di nuovo per intero."),
    ),
    429: Words(
        _l("Troppe richieste"),
        _l(
            "Dal tuo indirizzo di rete sono arrivate molte richieste in poco tempo. "
            "Tra un minuto il portale risponderà di nuovo."
        ),
    ),
    507: Words(
        _l("Spazio esaurito"),
        _l("Il portale non ha spazio per quello che è stato inviato. La redazione può rimediare."),
    ),
    500: Words(
        _l("Errore del portale"),
        _l("Qualcosa non ha funzionato, e non dipende da te. Riprova tra qualche minuto."),
    ),
    503: Words(
        _l("Servizio momentaneamente non disponibile"),
        _l("Riprova tra qualche minuto: le altre pagine del portale restano consultabili."),
    ),
}
ENGINE_DOWN = Words(
    _l("Ricerca momentaneamente non disponibile"),
    _l(
        "L'indice della ricerca non risponde. "
        "Nel frattempo si possono sfogliare le città e le soluzioni."
    ),
)
DESK_ENTRY_GONE = Words(
    _l("Voce non trovata"),
    _l("Questa voce non c'è più: forse l'ha tolta un collega. Torna all'elenco."),
)
MOVED_ON = Words(
    _l("La scheda intanto è cambiata"),
    _l(
        "Un'altra persona l'ha modificata o ha deciso qualcosa mentre guardavi, e non è stato "
        "fatto nulla. Torna alla scheda e guarda com'è adesso."
    ),
)
FILE_LOST = Words(
    _l("File momentaneamente non disponibile"),
    _l(
        "Il portale conosce questo file ma ora non riesce a consegnarlo integro. "
        "La redazione può rimediare: riprova più tardi."
    ),
)
READ_ONLY = Words(
    _l("Modifiche momentaneamente non possibili"),
    _l("In questo momento il portale si può solo consultare. Riprova tra qualche minuto."),
)
HOST_REFUSED = Words(
    _l("Nome del sito non riconosciuto"),
    _l("Questo portale non risponde al nome con cui è stato chiamato."),
)

DESK = ("/redazione", "/accedi/profilo")  # whoever works there keeps the menu of the desk

LAST_RESORT = """<!DOCTYPE html>
<html lang="it"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p></body></html>
"""
CASES: dict[str, Words] = {  # descriptions that our own checks give to ``abort``
    "host": HOST_REFUSED,
    "origin": Words(
        _l("Modulo non accettato"),
        _l(
            "Il modulo non risulta inviato da una pagina di questo sito. Aprila di nuovo e riprova."
        ),
    ),
    "token": Words(
        _l("Modulo scaduto"),
        _l("Il modulo è di un accesso precedente. Torna indietro, ricarica la pagina e riprova."),
    ),
    "archive": Words(
        _l("Archivio troppo grande"),
        _l(
            "I file insieme superano la dimensione massima di un archivio. Restringi la ricerca o "
            "scegli meno schede; la tabella CSV dà l'indirizzo e l'impronta di ogni file."
        ),
    ),
    "upload": Words(
        _l("Invio troppo grande"),
        _l(
            "I file di questo invio pesano insieme più di quanto il portale prende in una volta: "
            "inviali in più volte."
        ),
    ),
    "values": Words(
        _l("Troppi filtri insieme"),
        _l("La ricerca accetta al massimo quaranta valori scelti nei filtri: togline qualcuno."),
    ),
    "dump": Words(
        _l("File in preparazione"),
        _l("I file con l'intera raccolta si stanno rifacendo. Riprova tra qualche minuto."),
    ),
    "own-account": Words(
        _l("È il tuo accesso"),
        _l(
            "Ruolo, città e stato del tuo accesso li cambia un'altra persona che amministra: "
            "così nessuno si chiude fuori per sbaglio."
        ),
    ),
    "sign-in": Words(
        _l("Troppi tentativi di accesso"),
        _l("Per sicurezza l'accesso si riapre tra un quarto d'ora."),
    ),
}


def register(app: Flask) -> None:
    """Answer every error, expected or not, with a page."""
    app.register_error_handler(RecordNotFound, lambda error: _page(404))
    app.register_error_handler(DeskEntryNotFound, lambda error: _page(404, DESK_ENTRY_GONE))
    app.register_error_handler(ImportNotFound, lambda error: _page(404))
    app.register_error_handler(UploadNotFound, lambda error: _page(404))
    app.register_error_handler(RecordWithdrawn, _withdrawn)
    for moved_on in (InvalidTransition, EditConflict, SamePerson):
        app.register_error_handler(moved_on, lambda error: _page(409, MOVED_ON))
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(EngineUnavailable, lambda error: _page(503, ENGINE_DOWN))
    app.register_error_handler(MissingFile, lambda error: _page(503, FILE_LOST))
    app.register_error_handler(DamagedFile, lambda error: _page(503, FILE_LOST))
    app.register_error_handler(CatalogueUnavailable, lambda error: _page(503, READ_ONLY))
    app.register_error_handler(NoSpace, lambda error: _page(507))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _unexpected)


def _unexpected(error: Exception) -> Response:
    """The last resort holds even when templates are what is broken."""
    try:
        return _page(500)
    except Exception:
        current_app.logger.exception("the error page itself failed")
        words = WORDS[500]
        plain = LAST_RESORT.format(title=escape(words.title), text=escape(words.text))
        return _finish(Response(plain, 500))


def _http(error: HTTPException) -> Response:
    """Keep what the exception says in headers (Allow, Content-Range, Location)."""
    original = error.get_response()
    if original.status_code < 400:
        return make_response(original)
    words = CASES.get(error.description or "")
    response = _page(original.status_code, words)
    for name in ("Allow", "Content-Range", "Accept-Ranges"):
        if name in original.headers:
            response.headers[name] = original.headers[name]
    return response


def _not_allowed(error: NotAllowed) -> Response:
    if not error.limits:
        return _page(403)
    own = [city.capital for city in services().reader.cities() if city.slug in error.limits]
    text = _(
        "Il tuo accesso vale solo per ciò che riguarda: %(cities)s. "
        "Per il resto chiedi a chi amministra il portale.",
        cities=", ".join(own),
    )
    return _page(403, Words(_("Fuori dalle tue città"), text), limits=True)


def _withdrawn(error: RecordWithdrawn) -> Response:
    successor = None
    if error.successor_id is not None:
        try:
            successor = services().reader.record(error.successor_id)
        except (RecordNotFound, RecordWithdrawn):
            successor = None
    if problems.wanted():
        return _finish(_withdrawn_problem(error, successor))
    page = render_template("errors/withdrawn.html", withdrawn=error, successor=successor)
    return _finish(make_response(page, 410))


def _withdrawn_problem(error: RecordWithdrawn, successor: RecordView | None) -> Response:
    more = {"successore": successor.public_id} if successor else {}
    return problems.problem(410, _("Scheda ritirata"), error.reason, **more)


def _page(status: int, words: Words | None = None, *, limits: bool = False) -> Response:
    """``limits``: it is the cities of the person that do not reach, not their role."""
    known = words or WORDS.get(status) or WORDS[500 if status >= 500 else 400]
    if problems.wanted():
        return _finish(problems.problem(status, str(known.title), str(known.text)))
    person = current_account() if status < 500 and request.path.startswith(DESK) else None
    if person is None:
        page = render_template("errors/page.html", status=status, words=known)
    else:
        role = labels.ROLES[person.role]
        page = render_template(
            "staff/error.html", status=status, words=known, limits=limits, role=role
        )
    return _finish(make_response(page, status))


def _finish(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code in (429, 503):
        response.headers["Retry-After"] = str(
            60 if response.status_code == 429 else problems.RETRY_AFTER
        )
    if request.method == "HEAD":
        response.set_data(b"")
    return response
