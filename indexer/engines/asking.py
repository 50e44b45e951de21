"""From a question to the patterns that answer it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from indexer import citations
from indexer.engine import Expansion
from indexer.engines.ranking import Ranking
from indexer.engines.snapshot import Slot
from indexer.engines.whoosh_segments import Cited, Near, Pattern, Phrase, Stem
from indexer.question import LONGEST_TEXT, Question, Word, parse
from indexer.vocabulary import Alternative, Thesaurus, notices

_NUMBER_AND_YEAR = re.compile(r"(\d{1,5})/((?:19|20)\d\d)", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """What must be found and what must not. ``words`` are the places as typed, for notices."""

    slots: tuple[Slot, ...]
    words: tuple[str, ...]
    excluded: tuple[Pattern, ...]
    expansions: tuple[Expansion, ...] = ()
    some_suffice: bool = False  # a question in plain language: its answer need not have all words

    @cached_property
    def patterns(self) -> tuple[tuple[int, Pattern], ...]:
        """Every pattern to mark, with the number of its slot."""
        return tuple(
            (number, pattern)
            for number, slot in enumerate(self.slots)
            for pattern, _ in slot.patterns
        )


def understood(text: str, thesaurus: Thesaurus | None, ranking: Ranking) -> tuple[Question, Asked]:
    """What a text asks. Facets and pages repeat a text, so the last ones are remembered."""
    # A character beyond what is read keeps the notice that the question was cut.
    return _understood(text[: LONGEST_TEXT + 1], thesaurus, ranking)


@lru_cache(1_000)
def _understood(text: str, thesaurus: Thesaurus | None, ranking: Ranking) -> tuple[Question, Asked]:
    question = parse(text)
    return question, asked(question, thesaurus, ranking)


def asked(question: Question, thesaurus: Thesaurus | None, ranking: Ranking) -> Asked:
    """The patterns of a question, with the synonyms of a thesaurus where one is given."""
    expand = thesaurus is not None
    alternatives = thesaurus.alternatives(question) if thesaurus is not None else ()
    slots = [
        _slot(word, [other for other in alternatives if place in other.covers], expand)
        for place, word in enumerate(question.words)
    ]
    slots += [Slot(((Phrase(forms), ranking.phrase),)) for forms in question.phrases]
    return Asked(
        tuple(slots),
        (
            *(word.typed for word in question.words),
            *(" ".join(forms) for forms in question.phrases),
        ),
        (
            *(_word(word) for word in question.excluded),
            *(Phrase(forms) for forms in question.excluded_phrases),
        ),
        (*notices(question, alternatives), *(_named(question) if expand else ())),
        question.plain_language,
    )


def _named(question: Question) -> Iterator[Expansion]:
    """Which acts were sought for their names."""
    for word in question.words:
        if word.by_name:
            yield Expansion(word.typed, (citations.label_of(word.act),))


def _word(word: Word) -> Pattern:
    if word.act:
        return Cited(word.act)
    return Stem(word.stem) if word.stem else Phrase((word.surface,))


def _slot(word: Word, alternatives: list[Alternative], expand: bool) -> Slot:
    if word.act:  # without the vocabulary a name is nothing but its words
        literal = word.by_name and not expand
        return Slot(((Phrase(word.parts) if literal else Cited(word.act), word.weight),))
    patterns: list[tuple[Pattern, float]] = [(_word(word), word.weight)]
    if len(word.parts) > 1:
        patterns.append((Phrase(word.parts), word.weight))
    if numbers := _NUMBER_AND_YEAR.fullmatch(word.surface):
        number, year = map(int, numbers.groups())
        patterns += [(Cited(key), word.weight) for key in citations.keys_of_numbers(year, number)]
    patterns += [(_pattern(other), word.weight * other.weight) for other in alternatives]
    return Slot(tuple(patterns), word.surface if word.stem else "")


def _pattern(alternative: Alternative) -> Pattern:
    if len(alternative.stems) == 1:
        return Stem(alternative.stems[0])
    return Near(alternative.stems, alternative.window)
