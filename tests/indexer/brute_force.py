"""A search engine that reads everything for every question: slow, obvious, and the oracle."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from indexer.engine import Entry, Facet, PageText, Query, in_span
from indexer.italian import analyse
from indexer.question import Question, Word, parse

_WORDS = [
    "piano",
    "città",
    "comune",
    "regolamento",
    "edilizia",
    "ufficio",
    "mobilità",
    "servizio",
    "gestione",
    "porto",
    "verde",
    "scuola",
    "il",
    "di",
    "e",
    "per",
    "267/2000",
    "co-progettazione",
    "dell'area",
    "D.Lgs.",
    "SUAP",
    "OT11",
]
_VALUES = {
    Facet.CITY: ("bari", "bologna", "genova", "roma"),
    Facet.AREA: ("semplificazione", "gestione-associata"),
    Facet.KIND: ("ricerca", "guida"),
    Facet.YEAR: ("2021", "2022"),
    Facet.LANGUAGE: ("it", "en"),
    Facet.ACCESSIBILITY: ("nessun-problema", "da-migliorare"),
    Facet.FORMAT: ("pdf", "docx"),
}


_ODD = dict.fromkeys(Facet, ("sconosciuto",)) | {Facet.YEAR: ("2019-2021", "2022-", "-2020")}


def answer(entries: Sequence[Entry], query: Query) -> tuple[set[str], dict[Facet, dict[str, int]]]:
    """Ids of the entries with all the words, and the counts, nothing added or relaxed."""
    question = parse(query.text)
    matching = [entry for entry in entries if _answers(entry, question)]
    passing = {entry.id for entry in matching if _passes(entry, query.filters, None)}
    counts = {}
    for facet in Facet:
        found = Counter(
            value
            for entry in matching
            if _passes(entry, query.filters, facet)
            for value in set(entry.facets.get(facet, ()))
        )
        for ticked in query.filters.get(facet, ()):
            if ticked not in found:
                found[ticked] = sum(
                    _passes(entry, {**query.filters, facet: (ticked,)}, None) for entry in matching
                )
        counts[facet] = dict(found)
    return passing, counts


def _passes(entry: Entry, filters: Mapping[Facet, Sequence[str]], ignored: Facet | None) -> bool:
    return all(
        not values or facet is ignored or _lets(facet, values, entry.facets.get(facet, ()))
        for facet, values in filters.items()
    )


def _lets(facet: Facet, ticked: Sequence[str], values: Sequence[str]) -> bool:
    if facet is Facet.YEAR:
        return any(in_span(year, value) for year in values for value in ticked)
    return bool(set(ticked) & set(values))


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.title
    yield entry.summary
    yield " \n".join(entry.headings)
    yield " \n".join(entry.keywords)
    yield from (page.text for page in entry.pages)


def _answers(entry: Entry, question: Question) -> bool:
    texts = [analyse(text) for text in _texts(entry)]
    stems = {token.stem for tokens in texts for token in tokens}
    surfaces = {token.surface for tokens in texts for token in tokens}
    places = [{(token.position, token.surface) for token in tokens} for tokens in texts]

    def has_phrase(phrase: Sequence[str]) -> bool:
        return any(
            all((start + offset, word) in row for offset, word in enumerate(phrase))
            for row in places
            for start, _ in row
        )

    def has(word: Word) -> bool:
        if len(word.parts) > 1 and has_phrase(word.parts):
            return True
        return word.stem in stems if word.stem else word.surface in surfaces

    return (
        all(has(word) for word in question.words)
        and all(has_phrase(phrase) for phrase in question.phrases)
        and not any(has(word) for word in question.excluded)
        and not any(has_phrase(phrase) for phrase in question.excluded_phrases)
    )


def collection(seed: int, size: int) -> list[Entry]:
    """Random entries over a few words and values, so that questions find something."""
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret

    def text(most: int) -> str:
        return " ".join(chance.choices(_WORDS, k=chance.randrange(most)))

    def values(facet: Facet) -> tuple[str, ...]:
        return tuple(chance.sample(_VALUES[facet], chance.choice((0, 1, 1, 2))))

    return [
        Entry(
            id=f"voce{number}",
            title=text(4),
            summary=text(3),
            pages=tuple(PageText(page, text(6)) for page in range(1, chance.randrange(1, 5))),
            headings=(text(2), text(2)),
            keywords=(text(2),),
            facets={facet: values(facet) for facet in Facet},
            issued=chance.choice((None, date(2021, 5, 1), date(2022, 5, 1))),
        )
        for number in range(size)
    ]


def question(seed: int) -> Query:
    """A random query over the same words and values."""
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret
    parts = []
    for _ in range(chance.randrange(4)):
        words = chance.choices(_WORDS, k=chance.choice((1, 1, 1, 2, 3)))
        minus = chance.choice(("", "", "", "-"))
        parts.append(f'{minus}"{" ".join(words)}"' if len(words) > 1 else minus + words[0])
    filters = {
        facet: tuple(chance.sample((*known, *_ODD[facet]), chance.choice((1, 2))))
        for facet, known in _VALUES.items()
        if chance.random() < 0.25
    }
    return Query(" ".join(parts), filters, size=100, expand=False, correct=False, relax=False)
