"""How accessible a file is, by what its reader found: checks, and one level for badge and facet.

No program can say that a file is accessible; it can say what is certainly missing.
"""

from dataclasses import dataclass
from enum import StrEnum

from corpus.vocabulary import FileFormat
from indexer.derived import FileFacts

_LONG = 20  # pages from which a reader needs bookmarks
_SECTIONED = 2  # sections of some hundred words from which a text needs headings


class Check(StrEnum):
    """What is looked at; the portal has the words and the advice."""

    TEXT = "text"  # words, not pictures of words
    TAGGED = "tagged"  # a PDF with structure
    HEADINGS = "headings"
    SLIDE_TITLES = "slide-titles"
    LANGUAGE = "language"
    TITLE = "title"
    BOOKMARKS = "bookmarks"
    ALTERNATIVES = "alternatives"  # texts for pictures


class Level(StrEnum):
    """The values stand in addresses."""

    GOOD = "nessun-problema"
    PARTIAL = "da-migliorare"
    POOR = "non-accessibile"


@dataclass(frozen=True)
class Checked:
    """One check of one file."""

    check: Check
    passed: bool


_GRAVE = {Check.TEXT, Check.TAGGED}  # without them a screen reader has nothing to hold on to
_PLAIN = {FileFormat.TEXT, FileFormat.MARKDOWN, FileFormat.VTT, FileFormat.SRT}
_SLIDES = {FileFormat.PPTX, FileFormat.ODP}
_TEXTS = {FileFormat.DOCX, FileFormat.ODT, FileFormat.HTML}


def checks(facts: FileFacts) -> tuple[Checked, ...]:
    """Every check that makes sense for the file and that its reader could answer."""
    said = facts.accessibility
    found: dict[Check, bool | None] = {Check.TEXT: not facts.without_text}
    if facts.format in _PLAIN:
        return tuple(Checked(check, bool(passed)) for check, passed in found.items())
    if facts.format is FileFormat.PDF:
        found[Check.TAGGED] = said.tagged
        if facts.page_count >= _LONG:
            found[Check.BOOKMARKS] = said.bookmarks
    if facts.format in _TEXTS and facts.page_count >= _SECTIONED:
        found[Check.HEADINGS] = said.headings
    if facts.format in _SLIDES:
        found[Check.SLIDE_TITLES] = said.bookmarks
    found[Check.LANGUAGE] = bool(said.language)
    found[Check.TITLE] = said.title
    found[Check.ALTERNATIVES] = said.alternative_texts
    return tuple(Checked(check, passed) for check, passed in found.items() if passed is not None)


def level(facts: FileFacts) -> Level:
    """One word for all the checks."""
    failed = {checked.check for checked in checks(facts) if not checked.passed}
    if failed & _GRAVE:
        return Level.POOR
    return Level.PARTIAL if failed else Level.GOOD
