"""The search page: reads the address, asks the engine, says in words what was done."""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, render_template, request

from corpus.records import CardView
from indexer.engine import Facet, Hit, Page, Passage, Query, Run
from indexer.question import without_exclusions, without_quotes
from portal import facets, labels, passages, search_url
from portal.addresses import part_url, reading_url, record_url
from portal.asking import asked_search
from portal.auth.access import public
from portal.finished import Finished, finished
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.paging import last_page, paging
from portal.search_words import summary, words_of
from portal.services import services
from portal.takeaway.citation import context_of
from portal.usage import note_search

blueprint = Blueprint("search", __name__)

BROKEN_LINES = {"pagina", "tempo"}  # units whose lines end where the page or the screen ends
PLACES = 3  # cities named on a card; the others are counted


@dataclass(frozen=True)
class PassageLink:
    """A passage and, where its text can be read, its place in words and the address of it."""

    runs: tuple[Run, ...]
    place: str
    address: str


@dataclass(frozen=True)
class Result:
    """One hit with what the catalogue says of it now."""

    card: CardView
    title: tuple[Run, ...]
    address: str
    passages: tuple[PassageLink, ...]
    places: str
    format: str
    pinned: bool
    context: str  # the reference as programs read it of a list (COinS)
    missing: tuple[str, ...]


@dataclass(frozen=True)
class WayOut:
    """Another search that gives ``total`` results, and what it is called."""

    name: str
    total: int
    address: str


@blueprint.get(search_url.PATH)
@public
def results() -> Response:
    search = asked_search(services().settings.page_size)
    page = finished(lambda: _made(search))
    if search.query.text and search.query.page == 1:
        note_search(search.query.text, page.found)
    response = make_response(page.html, page.status)
    if page.noindex:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _made(search: search_url.Search) -> Finished:
    query = search.query
    reader = services().reader
    names = labels.facet_labels(reader.cities(), reader.areas())
    page = services().engine.search(query)
    last = last_page(page.total, query.size)
    active = facets.active(query, names)
    asked = bool(query.text or query.filters)
    html = render_template(
        "search/fragment.html" if "frammento" in request.args else "search/results.html",
        query=query,
        remarks=search.remarks,
        remark_words=remark_words,
        page=page,
        results=answer(page, query, names),
        groups=facets.groups(query, page, names),
        facet_names=labels.FACETS,
        unread_year=unread_year(search.remarks),
        active=active,
        summary=summary(page, query, names),
        clear=search_url.address(search_url.without_filters(query)),
        ways_out=() if page.total else ways_out(page, query),
        near=near(page, query),
        literal=search_url.address(replace(query, correct=False, page=1)),
        unexpanded=search_url.address(replace(query, expand=False, page=1)),
        expanded=search_url.address(replace(query, expand=True, page=1)),
        strict=search_url.address(replace(query, relax=False, page=1)),
        relaxed=search_url.address(replace(query, relax=True, page=1)),
        suggestion=suggestion(page, query),
        sorts=labels.SORTS,
        paging=paging(
            query.page, last, lambda number: search_url.address(replace(query, page=number))
        ),
        last_address=search_url.address(replace(query, page=last)),
        canonical=search_url.address(query),
        kept=kept(query),
        feed=search_url.address(replace(query, page=1), "/ricerca.atom"),
        follow=search_url.address(replace(query, page=1), "/segui"),
        followed=words_of(query, names),
        takeaway=search_url.address(replace(query, page=1), "/ricerca/porta-via"),
        asked=asked,
        noindex=asked or query.page > 1,
    )
    return Finished(
        html=html.encode(),
        # A page beyond the last does not exist, but its answer still helps.
        status=404 if query.page > last else 200,
        found=0 if page.notices.corrected_from else page.total,
        noindex=asked or query.page > 1 or "frammento" in request.args,
    )


def answer(page: Page, query: Query, names: facets.Labels) -> tuple[Result, ...]:
    """The hits that the catalogue still shows; the index may be some moments behind."""
    hits = {hit.id: hit for hit in page.hits}
    cards = services().reader.public_cards(hits)
    return tuple(_result(hits[card.public_id], card, query, names) for card in cards)


def _result(hit: Hit, card: CardView, query: Query, names: facets.Labels) -> Result:
    fresh = "".join(run.text for run in hit.title) == card.title
    return Result(
        card=card,
        title=hit.title if fresh else (Run(card.title),),
        address=record_url(card),
        passages=tuple(_passage(passage, card, query.text) for passage in _telling(hit.passages)),
        places=_places(card, names),
        format=card.format.upper() if card.format else "",
        pinned=hit.pinned,
        context=context_of(card),
        missing=hit.missing,
    )


def _telling(found: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The passages without those of a table of contents, unless there are no others."""
    return tuple(one for one in found if not passages.is_index(one.runs)) or found


def _passage(passage: Passage, card: CardView, text: str) -> PassageLink:
    """Where the passage stands: a page of the file, or a part of a solution's sheet."""
    unit = labels.UNITS.get(card.format, "sezione") if card.format else "sezione"
    broken = passage.page is not None and unit in BROKEN_LINES
    runs = passages.tidy(passage, lines=not broken)
    if passage.page is None:
        return PassageLink(runs, "", "")
    if card.format:
        place = labels.place(unit, passage.page, passage.label)
        return PassageLink(runs, place, reading_url(card.public_id, passage.page, text))
    # The label is the heading of that part of the sheet, and speaks the reader's language.
    return PassageLink(runs, _(passage.label), part_url(card, passage.page))


def _places(card: CardView, names: facets.Labels) -> str:
    """Its cities, or its areas when it is of no city alone; many are counted."""
    slugs, facet = (card.cities, Facet.CITY) if card.cities else (card.areas, Facet.AREA)
    words = [names[facet].get(slug, slug) for slug in slugs[:PLACES]]
    rest = len(slugs) - len(words)
    if rest:
        words[-1] += " " + ngettext("e un'altra", "e altre %(num)s", rest)
    return ", ".join(words)


def remark_words(remark: search_url.Remark) -> str:
    """What was set aside of an address, and what happens instead."""
    if remark.problem is search_url.Problem.UNKNOWN_SORT:
        return _(
            "L'ordine «%(value)s» non esiste: i risultati sono in ordine di pertinenza.",
            value=remark.value,
        )
    if remark.problem is search_url.Problem.BAD_PAGE:
        return _("«%(value)s» non è un numero di pagina: ecco la prima.", value=remark.value)
    if remark.problem is search_url.Problem.NO_YEAR:
        return _(
            "«%(value)s» non è un anno che il filtro sa leggere: "
            "scrivi per esempio 2023, 2021-2023, dal 2019 o fino al 2015.",
            value=remark.value,
        )
    if remark.problem is search_url.Problem.MONTH:
        return _(
            "Il filtro distingue gli anni e non i mesi: per «%(value)s» vale tutto l'anno.",
            value=remark.value,
        )
    facet = labels.FACETS[remark.facet] if remark.facet else ""
    return _(
        "Il filtro %(facet)s non conosce il valore «%(value)s», che è stato lasciato da parte.",
        facet=facet,
        value=remark.value,
    )


def unread_year(remarks: tuple[search_url.Remark, ...]) -> str:
    """What was written as a year and could not be read: it stays in its field."""
    return next((r.value for r in remarks if r.problem is search_url.Problem.NO_YEAR), "")


def ways_out(page: Page, query: Query) -> tuple[WayOut, ...]:
    """What to leave out for results: each filter, quotes, exclusions; the most generous first."""
    found = [
        WayOut(
            _("senza il filtro %(name)s", name=labels.FACETS[facet]),
            total,
            search_url.address(search_url.with_filters(query, facet, ())),
        )
        for facet, total in page.notices.without_filter.items()
        if facet in query.filters
    ]
    found.append(_with_text(_("senza virgolette"), without_quotes(query.text), query))
    found.append(_with_text(_("senza parole escluse"), without_exclusions(query.text), query))
    return tuple(sorted((way for way in found if way.total), key=lambda way: -way.total))


def _with_text(name: str, text: str, query: Query) -> WayOut:
    """The same search with a simpler text; without results where the text is no other one."""
    other = replace(query, text=text, page=1)
    if not text or text == query.text:
        return WayOut(name, 0, "")
    total = services().engine.search(replace(other, size=0, facets=False)).total
    return WayOut(name, total, search_url.address(other))


def near(page: Page, query: Query) -> tuple[WayOut, ...]:
    """At zero results: searches without filters for words like those that nothing has."""
    plain = search_url.without_filters(query)
    return tuple(
        WayOut(one.text, one.total, search_url.address(replace(plain, text=one.text)))
        for one in page.notices.near
    )


def suggestion(page: Page, query: Query) -> WayOut | None:
    """The better spelling that the engine proposes, with its number of results."""
    better = page.notices.did_you_mean
    if better is None:
        return None
    return WayOut(
        better.text, better.total, search_url.address(replace(query, text=better.text, page=1))
    )


def kept(query: Query) -> tuple[tuple[str, str], ...]:
    """What the form carries along: helps that the reader has switched off."""
    switches = (
        ("sinonimi", query.expand),
        ("correggi", query.correct),
        ("parziali", query.relax),
    )
    return tuple((name, search_url.NO) for name, on in switches if not on)
