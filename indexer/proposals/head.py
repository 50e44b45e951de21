"""The beginning of a file, where it says what it is: its lines, without what every page repeats."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from indexer.extract.base import Extract
from indexer.italian import analyse

LINES = 40
_LONGEST_LINE = 1_000  # characters; some formats keep a whole paragraph on its line
_MOST_TEXT = 50_000  # of a page
_FILLERS = re.compile(r"\.{4,}.*$|(?:\s\.){4,}.*$")
_INDEX = re.compile(r"^\s*(?:indice|sommario|table of contents|contents)\b[\s\w]{0,20}$", re.I)


@dataclass(frozen=True)
class Line:
    """A line of the first pages; ``place`` counts from 0 over all of them."""

    text: str
    page: int
    place: int


def first_lines(extract: Extract, most: int = LINES, pages: int = 2) -> tuple[Line, ...]:
    """The first lines that say something, up to an index and without its dots."""
    found: list[Line] = []
    begun = 0
    for page in extract.pages:
        if not page.text.strip():
            continue
        begun += 1
        for text in page.text[:_MOST_TEXT].split("\n"):
            if _INDEX.match(text):
                if found:
                    return tuple(found)
                continue
            line = _FILLERS.sub("", text[:_LONGEST_LINE]).strip()
            if line:
                found.append(Line(line, page.number, len(found)))
            if len(found) >= most:
                return tuple(found)
        if begun == pages:
            break
    return tuple(found)


def beginning(extract: Extract, characters: int) -> str:
    """The first ``characters`` of the text."""
    parts: list[str] = []
    room = characters
    for page in extract.pages:
        parts.append(page.text[:room])
        room -= len(parts[-1]) + 1
        if room <= 0:
            break
    return "\n".join(parts)


def words_of_name(name: str) -> str:
    """The words of a file name: camel case, underscores and dots parted, the suffix left out."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    return re.sub(r"(?<=[a-zà-ù])(?=[A-Z])|[_.\-]+", " ", stem).strip()


def stems(text: str) -> frozenset[str]:
    """Words that carry meaning, in the form that the search compares."""
    return frozenset(
        stem
        for token in analyse(text[:_MOST_TEXT])
        if len(stem := token.stem) > 1 and not stem.isdigit()
    )
