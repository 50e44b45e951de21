"""Address ↔ Query, without Flask: what a search address means, and the address of a search."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from corpus.vocabulary import FileFormat, Kind
from indexer.accessibility import Level
from indexer.engine import Facet, Query, Sort
from portal import years
from portal.quoting import query_string

PATH = "/ricerca"
TEXT_LIMIT = 256  # letters; the engine reads no more, and says so
VALUES_LIMIT = 40  # ticked values in all: more than any person ticks
LAST_PAGE = 100_000
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")  # as the catalogue writes them
NO = "no"  # switches a default help off


class Problem(StrEnum):
    """What of an address was set aside; the page says it."""

    UNKNOWN_VALUE = "valore-sconosciuto"
    NO_YEAR = "anno-non-letto"
    MONTH = "mese"  # read as its year
    UNKNOWN_SORT = "ordine-sconosciuto"
    BAD_PAGE = "pagina-non-valida"


@dataclass(frozen=True)
class Remark:
    """One part of the address that was set aside: which, and what it said."""

    problem: Problem
    value: str
    facet: Facet | None = None


class TooManyValues(Exception):
    """The address ticks more values than ``VALUES_LIMIT``."""


@dataclass(frozen=True)
class Search:
    """A search as an address says it: the question and what was set aside."""

    query: Query
    remarks: tuple[Remark, ...] = ()

    @property
    def filtered(self) -> bool:
        return bool(self.query.filters)


@dataclass(frozen=True)
class Known:
    """The values that exist now: cities and areas are data, the other lists are closed."""

    cities: frozenset[str]
    areas: frozenset[str]

    def has(self, facet: Facet, value: str) -> bool:
        if facet is Facet.LANGUAGE:
            return LANGUAGE.fullmatch(value) is not None
        if facet is Facet.CITY:
            return value in self.cities
        return value in (self.areas if facet is Facet.AREA else _CLOSED[facet])


_CLOSED: Mapping[Facet, frozenset[str]] = {
    Facet.KIND: frozenset(Kind),
    Facet.FORMAT: frozenset(FileFormat),
    Facet.ACCESSIBILITY: frozenset(Level),
}


def strict_number(text: str, least: int, most: int) -> int | None:
    """The number, or None for anything but at most nine ASCII digits within the range."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        return None
    number = int(text)
    return number if least <= number <= most else None


def printable(text: str) -> str:
    """Typed text without what no person types: NUL, lone surrogates, other controls."""
    return "".join(
        " " if letter < " " or "\x7f" <= letter <= "\x9f" else letter
        for letter in text
        if not "\ud800" <= letter <= "\udfff"
    ).strip()


def parse(arguments: Mapping[str, Sequence[str]], known: Known, size: int) -> Search:
    """The search of an address; ``arguments`` maps each name to its values in order.

    Unknown values and sorts are set aside and reported in ``remarks``; unknown names are
    ignored. Raises ``TooManyValues`` and nothing else.
    """
    remarks: list[Remark] = []
    filters = _filters(arguments, known, remarks)
    query = Query(
        text=printable(_first(arguments, "q")),
        filters=filters,
        sort=_sort(arguments, remarks),
        page=_page(arguments, remarks),
        size=size,
        expand=_first(arguments, "sinonimi") != NO,
        correct=_first(arguments, "correggi") != NO,
        relax=_first(arguments, "parziali") != NO,
    )
    return Search(query, tuple(remarks))


def _first(arguments: Mapping[str, Sequence[str]], name: str) -> str:
    values = arguments.get(name)
    return values[0] if values else ""


def _filters(
    arguments: Mapping[str, Sequence[str]], known: Known, remarks: list[Remark]
) -> dict[Facet, tuple[str, ...]]:
    filters: dict[Facet, tuple[str, ...]] = {}
    total = 0
    for facet in Facet:
        given = {printable(value) for value in arguments.get(facet.value, ())} - {""}
        total += len(given)
        if total > VALUES_LIMIT:
            raise TooManyValues
        if facet is Facet.YEAR:
            accepted = _years(given, remarks)
        else:
            accepted = {value for value in given if known.has(facet, value)}
            remarks += [
                Remark(Problem.UNKNOWN_VALUE, value, facet) for value in sorted(given - accepted)
            ]
        if accepted:
            filters[facet] = tuple(sorted(accepted))
    return filters


def _years(given: Iterable[str], remarks: list[Remark]) -> set[str]:
    """Years and spans, however they are written."""
    accepted: set[str] = set()
    for text in sorted(given):
        found = years.read(text)
        if found is None:
            remarks.append(Remark(Problem.NO_YEAR, text, Facet.YEAR))
        else:
            accepted.update(found.values)
            if found.months:
                remarks.append(Remark(Problem.MONTH, text, Facet.YEAR))
    return accepted


def _sort(arguments: Mapping[str, Sequence[str]], remarks: list[Remark]) -> Sort:
    wanted = printable(_first(arguments, "ordine"))
    try:
        return Sort(wanted) if wanted else Sort.RELEVANCE
    except ValueError:
        remarks.append(Remark(Problem.UNKNOWN_SORT, wanted))
        return Sort.RELEVANCE


def _page(arguments: Mapping[str, Sequence[str]], remarks: list[Remark]) -> int:
    wanted = _first(arguments, "pagina")
    page = strict_number(wanted, 1, LAST_PAGE) if wanted else 1
    if page is None:
        remarks.append(Remark(Problem.BAD_PAGE, printable(wanted)))
        return 1
    return page


def address(query: Query, path: str = PATH) -> str:
    """The one address of a search: names in a fixed order, values sorted, defaults left out."""
    pairs: list[tuple[str, str]] = []
    if query.text:
        pairs.append(("q", query.text))
    if query.filters:
        for facet in Facet:
            pairs += [(facet.value, value) for value in sorted(query.filters.get(facet, ()))]
    if not query.expand:
        pairs.append(("sinonimi", NO))
    if not query.correct:
        pairs.append(("correggi", NO))
    if not query.relax:
        pairs.append(("parziali", NO))
    if query.sort is not Sort.RELEVANCE:
        pairs.append(("ordine", query.sort.value))
    if query.page > 1:
        pairs.append(("pagina", str(query.page)))
    return f"{path}?{query_string(pairs)}" if pairs else path


def with_filters(query: Query, facet: Facet, values: Iterable[str]) -> Query:
    """The same question from its first page, with these values of one facet (none: no filter)."""
    filters = {name: ticked for name, ticked in query.filters.items() if name is not facet}
    chosen = tuple(sorted(values))
    if chosen:
        filters[facet] = chosen
    return replace(query, filters=filters, page=1)


def without_filters(query: Query) -> Query:
    return replace(query, filters={}, page=1)
