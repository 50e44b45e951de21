"""From text to tokens: one set of rules for documents and for questions.

A text is cut at white space into chunks, and each distinct chunk is analysed once a process:
natural text repeats itself, so indexing costs little more than a dictionary lookup a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from indexer.italian.stemmer import stem
from indexer.italian.words import ARTICLE_SUFFIXES, JOINED_PREFIXES, PROTECTED, STOP_WORDS

LONGEST_WORD = 40  # letters; what is beyond them tells no two words apart
_LONGEST_CHUNK = 100  # characters; longer chunks are analysed each time and not remembered
_MOST_CHUNKS = 300_000  # the memory of chunks is emptied when it holds more: about 150 MB

# Soft hyphens, joiners and combining accents belong to the word around them.
_MARKS = "\u00ad\u200c\u200d\u2060\ufeff\u0300-\u036f"
# The modifier apostrophe counts as a letter in Unicode; here it parts words like the others.
_LETTER = "[^\\W_ʼ]"
_WORD = rf"{_LETTER}(?:{_LETTER}|[{_MARKS}])*"
_HYPHEN = "[-‐‑–/]"
_SHAPES = re.compile(
    rf"""
    (?P<thousands>\d{{1,3}}(?:\.\d{{3}})+(?:,\d+)?(?!\w|[.,/-]\d))      # 5.110.000
    | (?P<decimal>\d+[.,]\d+(?!\w|[.,/-]\d))                            # 3,5
    | (?P<version>\d+(?:\.\d+)+)                                        # 3.1.1
    | (?P<abbreviation>[^\W\d_](?:\.[^\W\d_]{{1,3}}(?![^\W_]))+)        # D.Lgs.
    | (?P<compound>{_WORD}(?:{_HYPHEN}{_WORD})+)                        # 267/2000, e-mail
    | (?P<word>{_WORD})
    """,
    re.VERBOSE,
)
_WORDS = re.compile(_WORD)
_CHUNK = re.compile(r"\S+")
_MIXED = re.compile(r"([^\W\d_]+)(\d+)|(\d+)([^\W\d_]+)")
_ENDS = ".,;:!?)»”’'"  # that may follow a word and belong to no other shape
_ORDINALS = str.maketrans("", "", "ºª°")


class Token(NamedTuple):
    """One word of a text.

    ``surface`` is the folded word (lower case, no accents), ``stem`` its family, empty for stop
    words. Tokens at the same ``position`` are readings of one place: the whole code "267/2000"
    stands where its first part stands, and before it. ``start`` and ``end`` are characters of
    the text as given.
    """

    stem: str
    surface: str
    position: int
    start: int
    end: int


class Postings(NamedTuple):
    """Ascending positions of every stem and every surface of a text; ``end`` is one past the last.

    Stop words have surfaces only.
    """

    stems: dict[str, list[int]]
    surfaces: dict[str, list[int]]
    end: int


def fold(text: str) -> str:
    """Lower case without accents, ligatures, invisible characters or punctuation."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text.translate(_ORDINALS)).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if sign.isalnum())


def family(surface: str) -> str:
    """The stem of a folded word: empty for a stop word, itself for names, acronyms and codes."""
    if surface in STOP_WORDS:
        return ""
    if surface in PROTECTED or not surface.isalpha():
        return surface
    return stem(surface)


def analyse(text: str) -> list[Token]:
    """Tokens of ``text`` in order of position; empty when it has no letter or digit."""
    tokens: list[Token] = []
    position = 0
    for chunk in _CHUNK.finditer(text):
        parts = _MEMORY[chunk.group()]
        begin = chunk.start()
        for part in parts:
            tokens.append(
                Token(
                    part.stem,
                    part.surface,
                    position + part.position,
                    begin + part.start,
                    begin + part.end,
                )
            )
        if parts:
            position += parts[-1].position + 1
    return tokens


def analyse_chunk(chunk: str) -> tuple[Token, ...]:
    """The same for a text without white space."""
    return _MEMORY[chunk]


def postings(text: str, start: int = 0) -> Postings:
    """The same tokens for an index, without characters: positions count from ``start``."""
    stems: dict[str, list[int]] = {}
    surfaces: dict[str, list[int]] = {}
    memory = _MEMORY
    position = start
    for chunk in text.split():
        parts = memory[chunk]
        if not parts:
            continue
        for stem_, surface, offset, _, _ in parts:
            place = position + offset
            if surface in surfaces:
                surfaces[surface].append(place)
            else:
                surfaces[surface] = [place]
            if stem_:
                if stem_ in stems:
                    stems[stem_].append(place)
                else:
                    stems[stem_] = [place]
        position = place + 1
    return Postings(stems, surfaces, position)


class _Chunks(dict[str, tuple[Token, ...]]):
    """Tokens of each chunk met, with positions and characters counted from the chunk's start."""

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        tokens = tuple(_tokens(chunk))
        if len(chunk) <= _LONGEST_CHUNK:
            if len(self) >= _MOST_CHUNKS:
                self.clear()
            self[chunk] = tokens
        return tokens


_MEMORY = _Chunks()


def _tokens(chunk: str) -> Iterator[Token]:
    word = chunk.rstrip(_ENDS)
    if word.isascii() and word.isalpha():  # most chunks; the rules below say the same
        surface = word.lower()[:LONGEST_WORD]
        yield Token(family(surface), surface, 0, 0, len(word))
        return
    position = 0
    for match in _SHAPES.finditer(chunk):
        readings = _SHAPE_READERS[match.lastgroup or "word"](match)
        for reading in readings:
            surface = reading.surface[:LONGEST_WORD]
            yield Token(
                family(surface),
                surface,
                position + reading.position,
                reading.start,
                reading.end,
            )
        if readings:
            position += readings[-1].position + 1


class _Reading(NamedTuple):
    surface: str
    position: int
    start: int
    end: int


def _one(match: re.Match[str], surface: str) -> list[_Reading]:
    return [_Reading(surface, 0, match.start(), match.end())] if surface else []


def _thousands(match: re.Match[str]) -> list[_Reading]:
    return _one(match, fold(match.group().replace(".", "")).replace(",", "."))


def _decimal(match: re.Match[str]) -> list[_Reading]:
    return _one(match, match.group().replace(",", "."))


def _abbreviation(match: re.Match[str]) -> list[_Reading]:
    return _one(match, fold(match.group().replace(".", "")))


def _version(match: re.Match[str]) -> list[_Reading]:
    return _code(match, match.group())


def _word(match: re.Match[str]) -> list[_Reading]:
    surface = fold(match.group())
    mixed = _MIXED.fullmatch(surface)
    if mixed is None or len(surface) != match.end() - match.start():
        return _one(match, surface)
    start, end = match.span()
    first, second = (half for half in mixed.groups() if half)
    middle = start + len(first)
    return [
        _Reading(surface, 0, start, end),
        _Reading(first, 0, start, middle),
        _Reading(second, 1, middle, end),
    ]


def _compound(match: re.Match[str]) -> list[_Reading]:
    text = match.group()
    words = [fold(word.group()) for word in _WORDS.finditer(text)]
    if len(words) == 2 and "/" not in text:
        first, second = words
        if first in JOINED_PREFIXES and second.isalpha() and len(second) > 2:
            return _one(match, first + second)
        if first.isdigit() and second in ARTICLE_SUFFIXES:
            return _code(match, first + second)
    if any(sign.isdigit() for sign in text):
        return _code(match, text)
    return _parts(match)


def _code(match: re.Match[str], whole: str) -> list[_Reading]:
    """The whole code, then its parts one position after the other."""
    signs = re.sub("[‐‑–]", "-", whole)
    folded = "".join(sign if sign in "-./" else fold(sign) for sign in signs)
    return [_Reading(folded, 0, match.start(), match.end()), *_parts(match)]


def _parts(match: re.Match[str]) -> list[_Reading]:
    begin = match.start()
    words = ((word, fold(word.group())) for word in _WORDS.finditer(match.group()))
    return [
        _Reading(surface, position, begin + word.start(), begin + word.end())
        for position, (word, surface) in enumerate(pair for pair in words if pair[1])
    ]


_SHAPE_READERS = {
    "thousands": _thousands,
    "decimal": _decimal,
    "version": _version,
    "abbreviation": _abbreviation,
    "compound": _compound,
    "word": _word,
}
