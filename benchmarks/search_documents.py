"""Documents and questions for the search benchmark, the same for every engine."""

import gzip
import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import accumulate
from pathlib import Path

from benchmarks.search_contenders import Question
from indexer.engine import Entry, Facet, PageText
from indexer.italian import analyse

FACETS = {
    Facet.CITY: (
        *("bari", "bologna", "cagliari", "catania", "firenze", "genova", "messina", "milano"),
        *("napoli", "palermo", "reggio-calabria", "roma", "torino", "venezia"),
    ),
    Facet.AREA: ("semplificazione", "pianificazione-strategica", "gestione-associata"),
    Facet.KIND: ("ricerca", "soluzione-pilota", "formazione", "guida", "articolo", "evento"),
    Facet.YEAR: tuple(str(year) for year in range(2015, 2027)),
    Facet.FORMAT: ("pdf", "docx", "odt", "html"),
}
WARM_UP = 30  # questions beyond those that are measured
_WORDS_A_PARAGRAPH = 120
_VOCABULARY = 40_000
_STOP_WORDS = "di e il la che in a per del un della con non le si da una i alla nel".split()  # noqa: SIM905


def paragraphs(seed: int) -> Iterator[str]:
    """Italian paragraphs without end: made of sentences of the test material where it is named
    (``METROPOLI_TEST_DATA``), else of invented words that are as frequent as words are."""
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret
    folder = os.environ.get("METROPOLI_TEST_DATA")
    if folder:
        path = Path(folder) / "ricerca-it" / "documents.jsonl.gz"
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            words = [word for line in lines for word in json.loads(line)["testo"].split()]
        while True:
            stretches = (chance.randrange(len(words) - 30) for _ in range(_WORDS_A_PARAGRAPH // 30))
            yield " ".join(" ".join(words[start : start + 30]) for start in stretches)
    syllables = [first + second for first in "bcdfglmnprstvz" for second in "aeio"]
    vocabulary = _STOP_WORDS + [
        "".join(chance.choices(syllables, k=chance.choice((2, 3, 3, 4, 5))))
        for _ in range(_VOCABULARY)
    ]
    # Zipf's law with the exponent of natural text.
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(vocabulary))))
    while True:
        words = chance.choices(vocabulary, cum_weights=weights, k=_WORDS_A_PARAGRAPH)
        yield " ".join(words) + "."


def documents(count: int, pages: int = 1, seed: int = 1) -> Iterator[Entry]:
    """``count`` entries; of one page they have about 120 words, of several about 480 a page."""
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret
    texts = paragraphs(seed)
    for number in range(count):
        body = tuple(
            PageText(page, " ".join(next(texts) for _ in range(1 if pages == 1 else 4)))
            for page in range(1, pages + 1)
        )
        facets = {facet: (chance.choice(values),) for facet, values in FACETS.items()}
        if chance.random() < 0.15:
            facets[Facet.CITY] = tuple(chance.sample(FACETS[Facet.CITY], 3))
        year = int(facets[Facet.YEAR][0])
        yield Entry(
            id=f"doc{number:06d}",
            title=" ".join(body[0].text.split()[4:11]),
            pages=body,
            facets=facets,
            issued=date(year, chance.randrange(1, 13), chance.randrange(1, 29)),
        )


def questions(entries: Sequence[Entry], count: int, seed: int = 2) -> dict[str, list[Question]]:
    """``count`` questions of each kind and some to warm up, none of them twice.

    Their words stand near each other in some entry.
    """
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret

    def near_words(wanted: int) -> str:
        while True:
            words = _telling_words(chance.choice(chance.choice(entries).pages).text)
            if len(words) > 20:
                start = chance.randrange(len(words) - 12)
                return " ".join(chance.sample(words[start : start + 12], wanted))

    def stretch() -> str:
        words = chance.choice(chance.choice(entries).pages).text.replace('"', " ").split()
        start = chance.randrange(len(words) - 3)
        return '"' + " ".join(words[start : start + 3]) + '"'

    def distinct(make: Callable[[], str]) -> list[str]:
        made: dict[str, None] = {}
        while len(made) < count + WARM_UP:
            made[make()] = None
        return list(made)

    filters = {Facet.CITY: ("bari", "roma"), Facet.YEAR: ("2020", "2021", "2022")}
    return {
        "una parola": [Question(text) for text in distinct(lambda: near_words(1))],
        "due parole": [Question(text) for text in distinct(lambda: near_words(2))],
        "tre parole": [Question(text) for text in distinct(lambda: near_words(3))],
        "otto parole": [
            Question(text, some_suffice=True) for text in distinct(lambda: near_words(8))
        ],
        "frase esatta": [Question(text) for text in distinct(stretch)],
        "con filtri": [Question(text, filters) for text in distinct(lambda: near_words(2))],
        "sfogliare": [Question(page=1 + number % 60) for number in range(count + WARM_UP)],
    }


def prefixes(entries: Sequence[Entry], count: int, seed: int = 3) -> list[str]:
    """The first letters of words of titles, as they are typed."""
    chance = random.Random(seed)  # noqa: S311 repeatable, not secret
    found: list[str] = []
    while len(found) < count + WARM_UP:
        words = _telling_words(chance.choice(entries).title)
        if words:
            word = chance.choice(words)
            found.append(word[: chance.choice((3, 4, 5))])
    return found


def _telling_words(text: str) -> list[str]:
    return [
        text[token.start : token.end]
        for token in analyse(text)
        if token.stem and token.surface.isalpha() and len(token.surface) > 3
    ]
