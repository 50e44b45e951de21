"""What a person asks: words, "exact phrases" and -exclusions read from any string."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from indexer.citations import find_typed
from indexer.italian import Token, analyse, family

LONGEST_TEXT = 1_000  # characters read
MOST_WORDS = 32  # words of a question, those of its phrases included
LONGEST_PHRASE = 12  # words
MOST_EXCLUSIONS = 8  # words or phrases
MOST_REQUIRED = 5  # words that can all be required; a longer question is one in plain language

ASKED_KIND_WEIGHT = 0.5  # "quale religione": the answer names one, and may lack the word
FRAME_WEIGHT = 0.3  # "come si chiama", "che tipo di": words of the question, not of the answer

_INTERROGATIVES = frozenset(
    (
        *("chi", "che", "cosa", "cos", "quale", "quali", "qual", "quanto", "quanta", "quanti"),
        *("quante", "quant", "quando", "dove", "dov", "come", "com", "perche"),
    )
)
_ASKING_KIND = frozenset(("quale", "quali", "quanto", "quanta", "quanti", "quante", "che", "qual"))
_FRAME = frozenset(
    family(word)
    for word in (
        *("fare", "fa", "fanno", "fatto", "tipo", "genere", "nome", "chiamare", "altro", "anno"),
        *("viene", "vengono", "termine", "parola", "ottenere", "persona", "numero", "gia"),
        *("trova", "trovano", "esempio", "diventare", "accade", "successo", "deve", "devono"),
        *("puo", "possono", "significa"),
    )
)

_QUOTED = re.compile(
    r"""
    (?P<minus>(?<!\S)-)?
    (?:
        ["“”„‟«»]  (?P<double>[^"“”„‟«»]*)  ["“”„‟«»]
      | (?<![^\s-])['‘‛](?P<single>[^\W\d_][^'‘’‛]*)['’](?!\S)
    )
    """,
    re.VERBOSE,
)
_EXCLUDED = re.compile(r"(?<!\S)-(?P<word>[^\W_]\S*)")


@dataclass(frozen=True)
class Word:
    """One word of a question. ``stem`` is empty for a stop word: only ``surface`` finds it.

    ``parts`` are the surfaces that a code may also be written with, one after the other:
    "267/2000" also as "267 2000". ``typed`` is the word as the person wrote it. ``weight`` is
    below 1 for words of a question in plain language that its answer need not have.

    A citation of a law is one word: ``act`` is the key of the act, ``by_name`` says that it was
    called by a name ("legge Delrio"), and ``parts`` are the surfaces of its words.
    """

    surface: str
    stem: str
    typed: str
    parts: tuple[str, ...] = ()
    weight: float = 1.0
    act: str = ""
    by_name: bool = False


@dataclass(frozen=True)
class Question:
    """A question without syntax: every word and phrase is wanted, every exclusion is not.

    ``phrases`` and ``excluded_phrases`` are surfaces that must stand one after the other, stop
    words included; a quoted word is a phrase of one. ``truncated`` says that a part of the text
    was not read.
    """

    words: tuple[Word, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[Word, ...] = ()
    excluded_phrases: tuple[tuple[str, ...], ...] = ()
    plain_language: bool = False
    truncated: bool = False

    @property
    def empty(self) -> bool:
        """Nothing is asked and nothing excluded."""
        return not (self.words or self.phrases or self.excluded or self.excluded_phrases)


def parse(text: str) -> Question:
    """Read a question. Any string is accepted, and only ``LONGEST_TEXT`` characters are read.

    Stop words are left out when another word or phrase says what is wanted, and kept when
    nothing else would remain. A quote that is never closed counts for nothing.
    """
    wanted = text[:LONGEST_TEXT]
    phrases: list[tuple[str, ...]] = []
    excluded: list[Word] = []
    excluded_phrases: list[tuple[str, ...]] = []
    if quotes := list(_QUOTED.finditer(wanted)):
        for quoted in quotes:
            surfaces = tuple(_successive(analyse(quoted["double"] or quoted["single"] or "")))
            if surfaces:
                (excluded_phrases if quoted["minus"] else phrases).append(surfaces)
        wanted = _QUOTED.sub(" ", wanted)
    if exclusions := _EXCLUDED.findall(wanted):
        for unwanted_text in exclusions:
            unwanted = [word for word in _words(unwanted_text, analyse(unwanted_text)) if word.stem]
            if len(unwanted) == 1:
                excluded += unwanted
            elif unwanted:
                excluded_phrases.append(tuple(_successive(analyse(unwanted_text))))
        wanted = _EXCLUDED.sub(" ", wanted)
    tokens = analyse(wanted)
    words = _without_stop_words(tuple(_words(wanted, tokens)), bool(phrases))
    sentence = _asks(wanted, tokens)
    return _within_limits(
        Question(
            tuple(_weighed(words, tokens)) if sentence else words,
            tuple(phrases),
            tuple(excluded),
            tuple(excluded_phrases),
            sentence or len(words) > MOST_REQUIRED,
            len(text) > LONGEST_TEXT,
        )
    )


def without_quotes(text: str) -> str:
    """The same words, no longer as exact phrases; ``text`` itself where nothing is quoted."""
    return _spaced(_QUOTED.sub(_unquoted, text)) if _QUOTED.search(text) else text


def without_exclusions(text: str) -> str:
    """What is wanted alone; ``text`` itself where nothing is excluded."""
    kept = _QUOTED.sub(lambda quoted: "" if quoted["minus"] else quoted[0], text)
    kept = _EXCLUDED.sub("", kept)
    return text if kept == text else _spaced(kept)


def _unquoted(quoted: re.Match[str]) -> str:
    words = quoted["double"] or quoted["single"] or ""
    return quoted[0] if quoted["minus"] else f" {words} "


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _asks(text: str, tokens: Sequence[Token]) -> bool:
    """Whether ``text`` is a question by its grammar."""
    return text.rstrip().endswith("?") or any(
        token.surface in _INTERROGATIVES for token in tokens[:3]
    )


def _weighed(words: tuple[Word, ...], tokens: Sequence[Token]) -> Iterator[Word]:
    """The words of a sentence with what they are worth; at least one keeps its whole weight."""
    kinds = {
        following.surface
        for token, following in pairwise(tokens)
        if token.surface in _ASKING_KIND and following.stem
    }
    weights = [
        FRAME_WEIGHT if word.stem in _FRAME else ASKED_KIND_WEIGHT if word.surface in kinds else 1.0
        for word in words
    ]
    for word, weight in zip(words, weights, strict=True):
        yield replace(word, weight=weight) if 1.0 in weights else word


def _words(text: str, tokens: Sequence[Token]) -> Iterator[Word]:
    """Distinct words in the order of their first place; a code is one word with parts."""
    seen: set[str] = set()
    end = 0
    cited = {citation.act_start: citation for citation in find_typed(text)}
    for index, token in enumerate(tokens):
        if token.start < end:
            continue  # a part of the code or the citation before it
        if (citation := cited.get(token.start)) is not None:
            end = citation.act_end
            key = citation.act.key
            if key not in seen:
                seen.add(key)
                typed = text[token.start : end]
                parts = tuple(_successive(_until(end, tokens, index)))
                yield Word(key, key, typed, parts, act=key, by_name=citation.by_name)
            continue
        end = token.end
        if token.surface in seen:
            continue
        seen.add(token.surface)
        parts = tuple([part.surface for part in _until(end, tokens, index + 1)])
        yield Word(token.surface, token.stem, text[token.start : token.end], parts)


def _until(end: int, tokens: Sequence[Token], first: int) -> Sequence[Token]:
    """The tokens from number ``first`` on that begin before the character ``end``."""
    last = first
    while last < len(tokens) and tokens[last].start < end:
        last += 1
    return tokens[first:last]


def _successive(tokens: Sequence[Token]) -> Iterator[str]:
    """One surface a position: of a code, its parts, which stand one after the other."""
    for _, readings in groupby(tokens, key=lambda token: token.position):
        yield list(readings)[-1].surface


def _without_stop_words(words: tuple[Word, ...], other: bool) -> tuple[Word, ...]:
    content = tuple(word for word in words if word.stem)
    return content if content or other else words


def _within_limits(question: Question) -> Question:
    """The same question, cut to what an engine answers in bounded time."""
    left = MOST_WORDS
    phrases: list[tuple[str, ...]] = []
    for phrase in question.phrases:
        kept = phrase[: min(LONGEST_PHRASE, left)]
        left -= len(kept)
        if kept:
            phrases.append(kept)
    cut = replace(
        question,
        words=question.words[:left],
        phrases=tuple(phrases),
        excluded=question.excluded[:MOST_EXCLUSIONS],
        excluded_phrases=tuple(
            phrase[:LONGEST_PHRASE] for phrase in question.excluded_phrases[:MOST_EXCLUSIONS]
        ),
    )
    return question if cut == question else replace(cut, truncated=True)
