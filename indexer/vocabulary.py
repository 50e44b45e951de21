"""Other words for what was asked: acronyms, full names and word families of the field.

An alternative never replaces words of the question. It is a second way, of lower weight, to
satisfy them, and the page says which ones were added.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from corpus import seed
from indexer.engine import Expansion
from indexer.italian import analyse
from indexer.question import Question, Word

if TYPE_CHECKING:
    from corpus.seed.acronyms import Lexicon

FULL_NAME_WEIGHT = 0.8  # an acronym and its full name mean the same
FAMILY_WEIGHT = 0.6  # expressions that are used as equal
RELATED_WEIGHT = 0.4  # "also searched as": near, sometimes wider
MOST_ALTERNATIVES = 24  # of a question
_LOOSE_WORDS = 2  # positions that may stand between the words of an expression

# Acronyms that are Italian words in lower case: they are read only when typed in capitals, and
# never added to a question, where they would match the common word.
_COMMON_WORDS = frozenset({"via", "aia", "sua", "sue", "os", "cm", "sit", "scia", "dara", "pola"})


@dataclass(frozen=True)
class Alternative:
    """Another way to satisfy the words of a question at the places ``covers``.

    It holds where all ``stems`` stand within ``window`` successive positions. ``text`` is what
    the notice shows; ``weight`` is between 0 and 1, where 1 is the word as asked.
    """

    covers: tuple[int, ...]
    stems: tuple[str, ...]
    window: int
    text: str
    weight: float


class Synonym(NamedTuple):
    """``wanted`` may be added to a question that holds ``asked``."""

    asked: str
    wanted: str
    weight: float


class Thesaurus:
    """Finds in a question the expressions that have synonyms. Immutable once made."""

    def __init__(self, synonyms: Iterable[Synonym]) -> None:
        self._rules: dict[str, dict[tuple[str, ...], list[Synonym]]] = defaultdict(dict)
        for synonym in synonyms:
            asked, wanted = _stems(synonym.asked), _stems(synonym.wanted)
            if _tells_something(asked) and _tells_something(wanted) and asked != wanted:
                self._rules[asked[0]].setdefault(asked, []).append(synonym)

    def alternatives(self, question: Question) -> tuple[Alternative, ...]:
        """What may be added to the words of ``question``, longest expressions first.

        Phrases in quotes are never expanded.
        """
        words = question.words
        found: dict[tuple[str, ...], Alternative] = {}
        for covers, synonym in sorted(self._expressions(words), key=lambda pair: -len(pair[0])):
            alternative = _alternative(covers, synonym)
            if {words[place].stem for place in covers} <= set(alternative.stems):
                continue  # whoever has the longer expression has the words asked
            known = found.get(alternative.stems)
            if known is None or (known.covers == covers and known.weight < alternative.weight):
                found[alternative.stems] = alternative
        return tuple(found.values())[:MOST_ALTERNATIVES]

    def _expressions(self, words: Sequence[Word]) -> Iterator[tuple[tuple[int, ...], Synonym]]:
        for place, word in enumerate(words):
            for asked, rules in self._rules.get(word.stem, {}).items():
                there = words[place : place + len(asked)]
                if tuple(word.stem for word in there) == asked:
                    covers = tuple(range(place, place + len(asked)))
                    yield from ((covers, rule) for rule in rules if _typed_as(rule, there))


def notices(question: Question, alternatives: Iterable[Alternative]) -> tuple[Expansion, ...]:
    """What the page must say: for each expression of the question, the words added."""
    added: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for alternative in alternatives:
        if alternative.text not in added[alternative.covers]:
            added[alternative.covers].append(alternative.text)
    return tuple(
        Expansion(" ".join(question.words[place].typed for place in covers), tuple(texts))
        for covers, texts in added.items()
    )


@lru_cache(8)
def thesaurus(groups: tuple[tuple[str, ...], ...] = ()) -> Thesaurus:
    """The acronyms and word families of the founding collection, and these ``groups`` of equals."""
    return Thesaurus(chain(synonyms(seed.lexicon()), _equals(groups, FULL_NAME_WEIGHT)))


def synonyms(lexicon: "Lexicon") -> Iterator[Synonym]:
    """The synonyms that a lexicon allows; an ambiguous acronym is never expanded."""
    ambiguous = lexicon.ambiguous
    for entry in lexicon.acronyms:
        related = [text for text in entry.also if _is_precise(text)]
        if entry.acronym not in ambiguous:
            yield from _meaning(entry.acronym, entry.expansion, related)
        if entry.acronym.lower() not in _COMMON_WORDS:
            yield Synonym(entry.expansion, entry.acronym, FULL_NAME_WEIGHT)
            if entry.acronym not in ambiguous:
                yield from (Synonym(text, entry.acronym, RELATED_WEIGHT) for text in related)
        yield from (Synonym(text, entry.expansion, RELATED_WEIGHT) for text in related)
    yield from _equals(lexicon.families, FAMILY_WEIGHT)


def _equals(groups: Iterable[Sequence[str]], weight: float) -> Iterator[Synonym]:
    for members in groups:
        for asked in members:
            yield from (Synonym(asked, wanted, weight) for wanted in members if wanted != asked)


def _meaning(acronym: str, expansion: str, related: Iterable[str]) -> Iterator[Synonym]:
    yield Synonym(acronym, expansion, FULL_NAME_WEIGHT)
    for text in related:
        yield Synonym(acronym, text, RELATED_WEIGHT)


def _is_precise(text: str) -> bool:
    """Several words or another acronym: a single common word would widen the question."""
    return len(_stems(text)) > 1 or text.isupper()


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem for stem, _ in _places(text))


def _places(text: str) -> list[tuple[str, int]]:
    """Stems of ``text`` with their positions, one reading a place (of a code, the whole)."""
    places: list[tuple[str, int]] = []
    end = 0
    for token in analyse(text):
        if token.start >= end:
            end = token.end
            if token.stem:
                places.append((token.stem, token.position))
    return places


def _tells_something(stems: tuple[str, ...]) -> bool:
    return any(not stem.isdigit() for stem in stems)


def _typed_as(rule: Synonym, words: Sequence[Word]) -> bool:
    return rule.asked.lower() not in _COMMON_WORDS or all(word.typed.isupper() for word in words)


def _alternative(covers: tuple[int, ...], synonym: Synonym) -> Alternative:
    places = _places(synonym.wanted)
    stems = tuple(stem for stem, _ in places)
    window = places[-1][1] - places[0][1] + 1
    return Alternative(
        covers,
        stems,
        window + _LOOSE_WORDS if len(stems) > 1 else window,
        synonym.wanted,
        synonym.weight,
    )
