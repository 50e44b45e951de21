"""The search desk: what readers look for, and the best bets and synonyms that answer them."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, make_response, render_template, request
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from corpus.errors import DeskEntryNotFound, InvalidRecord, RecordNotFound
from corpus.ids import is_public_id
from corpus.records import BestBetView, RecordView, SynonymView
from indexer.desk import made
from indexer.engine import Desk, Query
from portal import clock, search_url
from portal.auth.access import Permission, requires
from portal.desk import staff
from portal.desk.record_forms import reference
from portal.desk.search_changes import Change, changes
from portal.filters import clean
from portal.forms import REQUIRED, Confirm
from portal.i18n import lazy_gettext as _l
from portal.services import services

blueprint = Blueprint("staff_search", __name__, url_prefix="/redazione/ricerca")

WINDOW = timedelta(days=90)
SHOWN = 50  # questions of a list
READERS = 2  # a question of one reader alone stays unseen: it may tell who asked it
DEPTH = 10  # results that a preview compares
QUESTIONS = 5  # that a preview compares
NEW = 0  # number of an entry that is not kept yet

PROBLEMS = {
    "queries": {
        "required": _l("Scrivi almeno una domanda, per esempio «suap»."),
        "too-long": _l("Una domanda ha al massimo 256 caratteri: accorciala."),
        "too-many": _l("Al massimo venti domande: togline qualcuna o fai due voci."),
    },
    "records": {
        "required": _l("Scegli almeno una scheda fra i risultati, oppure scrivine l'indirizzo."),
        "unknown": _l("Uno degli indirizzi non è di una scheda della raccolta: controllalo."),
        "too-many": _l("Al massimo venti schede: togline qualcuna."),
    },
    "expressions": {
        "required": _l("Servono almeno due espressioni diverse, una per riga."),
        "too-long": _l("Un'espressione ha al massimo 256 caratteri: accorciala."),
        "too-many": _l("Al massimo venti espressioni: fai due voci."),
    },
}


def _clean(text: str | None) -> str:
    """What was typed without characters that no page can show."""
    return clean(text or "")


class BestBetForm(FlaskForm):  # type: ignore[misc]
    queries = TextAreaField(_l("Domande, una per riga"), [REQUIRED], filters=[_clean])
    chosen = SelectMultipleField(
        _l("Schede fra i risultati di oggi"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    records = TextAreaField(_l("Altre schede, una per riga"), filters=[_clean])

    def ids(self) -> list[str]:
        """Public ids in their order: those written, then those ticked."""
        written = [reference(line) for line in _lines(self.records.data)]
        return list(dict.fromkeys([*written, *(self.chosen.data or ())]))


class SynonymForm(FlaskForm):  # type: ignore[misc]
    expressions = TextAreaField(
        _l("Espressioni uguali, una per riga"), [REQUIRED], filters=[_clean]
    )


@dataclass(frozen=True)
class Preview:
    """A question, and what the change does to its first results."""

    question: str
    address: str
    total_before: int
    total_after: int
    changes: tuple[Change, ...]
    records: dict[str, RecordView]


@blueprint.get("")
@requires(Permission.SEARCH_DESK)
def index() -> str:
    reader = services().reader
    since = clock.today() - WINDOW
    bets = reader.best_bets()
    return render_template(
        "staff/search/index.html",
        days=WINDOW.days,
        least=READERS,
        in_vain=reader.questions(since, READERS, SHOWN, in_vain=True),
        frequent=reader.questions(since, READERS, SHOWN),
        bets=bets,
        titles=_titles(id for bet in bets for id in bet.records),
        synonyms=reader.synonyms(),
        address=lambda text: search_url.address(Query(text)),
    )


@blueprint.get("/in-evidenza/<int:number>")
@requires(Permission.SEARCH_DESK)
def best_bet(number: int) -> str:
    """One best bet, or a new one (number 0) for the question in the address."""
    asked = search_url.printable(request.args.get("domanda", ""))
    bet = _bet(number) if number else BestBetView(NEW, (asked,) if asked else (), ())
    form = BestBetForm(queries="\n".join(bet.queries), records="\n".join(bet.records))
    return _best_bet_page(form, number)


@blueprint.post("/in-evidenza/<int:number>")
@requires(Permission.SEARCH_DESK)
def put_best_bet(number: int) -> Response:
    form = BestBetForm()
    if number:
        _bet(number)
    bet = BestBetView(number, tuple(_lines(form.queries.data)), tuple(form.ids()))
    if "anteprima" in request.form:
        reader = services().reader
        after = made((*(b for b in reader.best_bets() if b.id != number), bet), reader.synonyms())
        page = _best_bet_page(form, number, _previews(bet.queries, after))
        return make_response(page)
    try:
        services().catalogue.put_best_bet(
            bet.queries, bet.records, actor=staff.person().email, id=number or None
        )
    except InvalidRecord as error:
        return make_response(_best_bet_page(_refused(form, error), number), 422)
    return staff.done("in-evidenza", "staff_search.index")


@blueprint.get("/sinonimi/<int:number>")
@requires(Permission.SEARCH_DESK)
def synonym(number: int) -> str:
    """One group of synonyms, or a new one (number 0) for the question in the address."""
    asked = search_url.printable(request.args.get("domanda", ""))
    group = _group(number).expressions if number else (asked,)
    return _synonym_page(SynonymForm(expressions="\n".join(group)), number)


@blueprint.post("/sinonimi/<int:number>")
@requires(Permission.SEARCH_DESK)
def put_synonym(number: int) -> Response:
    form = SynonymForm()
    if number:
        _group(number)
    group = tuple(_lines(form.expressions.data))
    if "anteprima" in request.form:
        reader = services().reader
        others = (s for s in reader.synonyms() if s.id != number)
        after = made(reader.best_bets(), (*others, SynonymView(number, group)))
        return make_response(_synonym_page(form, number, _previews(group, after)))
    try:
        services().catalogue.put_synonym(group, actor=staff.person().email, id=number or None)
    except InvalidRecord as error:
        return make_response(_synonym_page(_refused(form, error), number), 422)
    return staff.done("sinonimo", "staff_search.index")


@blueprint.get("/in-evidenza/<int:number>/togli")
@requires(Permission.SEARCH_DESK)
def ask_best_bet_removal(number: int) -> str:
    return _removal(_bet(number).queries, "staff_search.remove_best_bet", number)


@blueprint.post("/in-evidenza/<int:number>/togli")
@requires(Permission.SEARCH_DESK)
def remove_best_bet(number: int) -> Response:
    services().catalogue.remove_best_bet(number, actor=staff.person().email)
    return staff.done("tolta-evidenza", "staff_search.index")


@blueprint.get("/sinonimi/<int:number>/togli")
@requires(Permission.SEARCH_DESK)
def ask_synonym_removal(number: int) -> str:
    return _removal(_group(number).expressions, "staff_search.remove_synonym", number)


@blueprint.post("/sinonimi/<int:number>/togli")
@requires(Permission.SEARCH_DESK)
def remove_synonym(number: int) -> Response:
    services().catalogue.remove_synonym(number, actor=staff.person().email)
    return staff.done("tolto-sinonimo", "staff_search.index")


def _bet(number: int) -> BestBetView:
    """Raises ``DeskEntryNotFound``."""
    for bet in services().reader.best_bets():
        if bet.id == number:
            return bet
    raise DeskEntryNotFound(number)


def _group(number: int) -> SynonymView:
    """Raises ``DeskEntryNotFound``."""
    for group in services().reader.synonyms():
        if group.id == number:
            return group
    raise DeskEntryNotFound(number)


def _best_bet_page(form: BestBetForm, number: int, previews: Sequence[Preview] = ()) -> str:
    """The form, with the first results of its questions as boxes to tick."""
    found: dict[str, None] = {}
    for question in _lines(form.queries.data)[:QUESTIONS]:
        found |= dict.fromkeys(_first(question)[1])
    titles = _titles(found)
    written = {reference(line) for line in _lines(form.records.data)}
    form.chosen.choices = [(id, titles[id]) for id in found if id in titles and id not in written]
    form.chosen.data = [id for id in form.chosen.data or () if id not in written]
    return render_template(
        "staff/search/best_bet.html",
        form=form,
        number=number,
        previews=previews,
        titles=_titles(written),
    )


def _synonym_page(form: SynonymForm, number: int, previews: Sequence[Preview] = ()) -> str:
    return render_template("staff/search/synonym.html", form=form, number=number, previews=previews)


def _removal(words: Iterable[str], endpoint: str, number: int) -> str:
    return render_template(
        "staff/search/remove.html",
        words=tuple(words),
        endpoint=endpoint,
        number=number,
        form=Confirm(),
    )


def _previews(questions: Sequence[str], after: Desk) -> list[Preview]:
    previews = []
    for question in questions[:QUESTIONS]:
        total_before, before = _first(question)
        total_after, then = _first(question, after)
        ids = {*before, *then}
        records = {record.public_id: record for record in services().reader.public_records(ids)}
        moved = tuple(change for change in changes(before, then) if change.id in records)
        address = search_url.address(Query(question))
        previews.append(Preview(question, address, total_before, total_after, moved, records))
    return previews


def _first(question: str, desk: Desk | None = None) -> tuple[int, list[str]]:
    """How many results, and the first of them, as a reader gets them."""
    query = replace(Query(question), size=DEPTH, facets=False, passages=0)
    page = services().engine.search(query, desk)
    return page.total, [hit.id for hit in page.hits]


def _titles(ids: Iterable[str]) -> dict[str, str]:
    """The titles of those ids that are records, published or not."""
    titles = {}
    for id in filter(is_public_id, dict.fromkeys(ids)):
        with suppress(RecordNotFound):
            titles[id] = services().reader.record(id, any_state=True).title
    return titles


def _refused(form: Any, error: InvalidRecord) -> Any:
    for field, code in error.problems.items():
        words = PROBLEMS.get(field, {}).get(code, _l("Questo valore non va bene: correggilo."))
        form[field].errors = [str(words)]
    return form


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
