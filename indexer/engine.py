"""The contract of every search engine: plain values in, plain values out.

One test class (``tests/indexer/engine_contract.py``) holds each promise below for each engine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol


class Facet(StrEnum):
    """Filters that count their values; the values stand in addresses."""

    CITY = "citta"
    AREA = "area"
    KIND = "tipo"
    YEAR = "anno"  # a filter may hold spans, too: see ``in_span``
    FORMAT = "formato"
    LANGUAGE = "lingua"
    ACCESSIBILITY = "accessibilita"


def in_span(year: str, value: str) -> bool:
    """Whether a value of ``Facet.YEAR`` in a filter lets a year (of four digits) through.

    Such a value is a year, "2023", or a span with both ends in it: "2021-2023", "2019-", "-2015".
    """
    first, dash, last = value.partition("-")
    return (first or year) <= year <= (last or year) if dash else year == value


class Sort(StrEnum):
    RELEVANCE = "rilevanza"
    NEWEST = "recenti"
    OLDEST = "meno-recenti"
    TITLE = "titolo"


@dataclass(frozen=True)
class PageText:
    """Text of one page, slide, sheet or stretch of time; ``number`` starts at 1."""

    number: int
    text: str
    label: str = ""  # what the reader sees: "12", "iv", "00:04:30"; empty = the number


@dataclass(frozen=True)
class Entry:
    """One published record as the index holds it. Facet values are slugs or plain text.

    Of two entries with the same id in one call the later counts.
    """

    id: str
    title: str
    summary: str = ""
    pages: tuple[PageText, ...] = ()
    headings: tuple[str, ...] = ()  # outline of the file
    keywords: tuple[str, ...] = ()  # topics, authors, cities, areas: found and suggested, not shown
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    issued: date | None = None  # for sorting; a year alone counts as its 1 January
    revision: int = 1


@dataclass(frozen=True)
class Query:
    """A question. ``text`` is what the person typed: words, "phrases", -exclusions.

    No string is refused and none has engine syntax. ``page`` starts at 1. With no text, every
    entry that passes the filters answers, newest first unless ``sort`` says otherwise.
    """

    text: str = ""
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    size: int = 10
    expand: bool = True  # add synonyms and acronyms of the vocabulary
    correct: bool = True  # at zero results, answer the corrected question and say so
    relax: bool = True  # at zero results for all words, answer for some of them and say so
    facets: bool = True  # count facet values
    passages: int = 3  # at most this many passages a hit


class Run(NamedTuple):
    """A stretch of text, matched or not; never HTML."""

    text: str
    matched: bool = False


class Passage(NamedTuple):
    """A stretch of one page around matching words; ``page`` is None for title or summary."""

    runs: tuple[Run, ...]
    page: int | None = None
    label: str = ""
    follows: bool = False  # the page has text before it
    goes_on: bool = False  # and after it


class Hit(NamedTuple):
    id: str
    score: float
    title: tuple[Run, ...]
    passages: tuple[Passage, ...]
    pinned: bool = False  # a best bet of the staff
    missing: tuple[str, ...] = ()  # words of a relaxed question that it lacks, as typed


@dataclass(frozen=True)
class Correction:
    """A better spelling and how many results it has under the same filters."""

    text: str
    total: int


@dataclass(frozen=True)
class Expansion:
    """What the vocabulary added to a word of the question."""

    word: str
    added: tuple[str, ...]


@dataclass(frozen=True)
class Notices:
    """Everything the engine did beyond the literal question; the page must say each of them."""

    expansions: tuple[Expansion, ...] = ()
    relaxed: bool = False  # some hits lack some of the words; each says which
    complete: int = 0  # of a relaxed question: how many results have all the words
    dropped: tuple[str, ...] = ()  # words that no entry has
    corrected_from: str | None = None  # the question as typed, when ``did_you_mean`` was answered
    did_you_mean: Correction | None = None
    near: tuple[Correction, ...] = ()  # at zero results: with near words, counted without filters
    truncated: bool = False  # the question was longer than the engine reads
    without_filter: Mapping[Facet, int] = field(default_factory=dict)  # at zero results
    reduced: bool = False  # the index is damaged or being rebuilt: answers may be incomplete


@dataclass(frozen=True)
class Page:
    """One page of answers. A page beyond the last has no hits and still knows ``total``.

    ``counts`` answers, for each facet and value, "how many results if I also tick this": it
    ignores the facet's own ticks and keeps the others'. Values without results are left out,
    except ticked ones, which are always there (0 included).
    """

    hits: tuple[Hit, ...]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    notices: Notices = Notices()


@dataclass(frozen=True)
class Suggestion:
    """What to propose while somebody types; ``id`` is set when it leads to one record."""

    text: str
    kind: str  # "titolo", "citta", "argomento"
    id: str | None = None


@dataclass(frozen=True)
class Damage:
    """One difference between the index and what it should hold."""

    what: str
    id: str | None = None


@dataclass(frozen=True)
class BestBet:
    """Staff pin these records on top when the whole question equals one of ``queries``."""

    queries: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """What staff set for the search. Ids that the index does not hold are passed over.

    ``synonyms`` are groups of expressions that count as equal, beside the engine's own.
    """

    bets: tuple[BestBet, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()


class EngineUnavailable(Exception):
    """The engine cannot answer now; never to be shown as "no results"."""


class Engine(Protocol):
    """Search over published records. All methods are safe to call from several threads."""

    @property
    def needs_rebuild(self) -> bool:
        """The index is missing, was damaged, or was made by other rules of analysis.

        Whoever keeps the index current then calls ``rebuild``; until that, what is left answers.
        """
        ...

    def search(self, query: Query, desk: Desk | None = None) -> Page:
        """Answer in bounded time. Raises ``EngineUnavailable``, nothing else.

        With ``desk`` the answer is as if staff had set that (to see a change before making it).
        """
        ...

    def generation(self) -> object:
        """Equal to an earlier value only if the index has not changed in between; very cheap."""
        ...

    def apply(self, entries: Sequence[Entry], removed: Sequence[str] = ()) -> None:
        """Add or replace ``entries`` and drop the ids in ``removed``: all or nothing.

        On any error the answers stay those of before. Replacing never doubles; removing an
        unknown id does nothing. Visible to the next search of this process when it returns, and
        to other processes at their next search.
        """
        ...

    def rebuild(
        self,
        entries: Iterable[Entry],
        catch_up: Callable[[], tuple[Sequence[Entry], Sequence[str]]] | None = None,
    ) -> None:
        """Build a new generation beside the old, then switch in one step.

        ``catch_up`` is called once before the switch and returns what changed meanwhile. The
        old generation answers until the switch and is kept for a return.
        """
        ...

    def revisions(self) -> Mapping[str, int]:
        """Revision of every entry in the index, by id."""
        ...

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Titles, cities and topics of indexed entries that fit what is being typed."""
        ...

    def similar(self, id: str, limit: int = 4) -> tuple[str, ...]:
        """Ids of the entries most like this one, best first; empty for an unknown id."""
        ...

    def highlight(self, text: str, page_text: str) -> tuple[Run, ...]:
        """Split ``page_text`` into runs, marking what the question ``text`` matches.

        Joining the runs gives ``page_text`` back. Same analysis as ``search``.
        """
        ...

    def matching_pages(self, id: str, text: str) -> tuple[int, ...]:
        """Numbers of the pages of one entry that match the question, ascending."""
        ...

    def use(self, desk: Callable[[], Desk]) -> None:
        """Answer from now on with what ``desk`` gives, which is asked at every question.

        It must be cheap, and give the same object until something changes.
        """
        ...

    def verify(self) -> tuple[Damage, ...]:
        """Check the index against its own manifest of checksums; empty = sound."""
        ...

    def close(self) -> None: ...
