"""PDF: text by page from the fast reader, structure and difficult pages from pypdf.

Each of the two suffices alone: without pypdfium2 everything comes from pypdf, and a structure
that pypdf cannot read costs the facts, not the text.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.extract.allowance import Allowance, OutOfTime
from indexer.extract.base import Accessibility, FailureKind, Unreadable
from indexer.extract.draft import Draft
from indexer.extract.limits import Limits
from indexer.extract.pdf_streams import refuse_bombs
from indexer.extract.reasons import shortened, unreadable
from indexer.extract.repeated import without_running_lines

if TYPE_CHECKING:
    from indexer.extract.pdf_structure import PypdfReader, Structure
    from indexer.extract.pdf_text import PdfiumReader

_STRUCTURE_SECONDS = 4.0
_PAGE_SECONDS = 5.0
_SECOND_LOOK_PAGES = 5


def read(content: bytes, limits: Limits, allowance: Allowance, fast: bool = True) -> Draft:
    """Read a PDF; ``fast=False`` leaves PDFium out.

    Raises ``cifrato``, ``corrotto``, ``limite_pagine``, ``limite_espansione``, ``limite_tempo``.
    Pages that cannot be read are empty and named in a warning.
    """
    refuse_bombs(content, limits.stream_bytes)
    found = _read_fast(content, limits, allowance) if fast else _Found()
    slow = _Slow(content, allowance, found.locked)
    if not found.texts:
        found.texts = [None] * slow.page_count(limits)
    _fill(found.texts, slow, allowance)
    if not _any_text(found.texts) and not found.pictures:
        _look_again(found.texts, content, slow, allowance)
    facts = slow.structure(len(found.texts))
    missing = [number for number, text in enumerate(found.texts, start=1) if text is None]
    title = facts.title or found.title
    return Draft(
        pages=without_running_lines([text or "" for text in found.texts]),
        unit="pagina",
        labels=list(facts.labels),
        titles=[title],
        headlines=[found.largest_line],
        authors=[facts.author or found.author],
        issued=facts.created,
        outline=facts.outline,
        accessibility=Accessibility(
            tagged=facts.tagged,
            language=facts.language,
            title=bool(title.strip()),
            bookmarks=bool(facts.outline),
            alternative_texts=facts.described,
        ),
        warnings=[_missing_pages(missing)] if missing else [],
        drawn=True,
        pictures=found.pictures,
    )


@dataclass
class _Found:
    """What PDFium read: nothing where it could not open the file."""

    texts: list[str | None] = field(default_factory=list)  # None for a page that failed
    pictures: list[int] = field(default_factory=list)
    title: str = ""
    largest_line: str = ""
    author: str = ""
    locked: bool = False


def _read_fast(content: bytes, limits: Limits, allowance: Allowance) -> _Found:
    found = _Found()
    try:
        from indexer.extract.pdf_text import PdfiumReader
    except ImportError:
        return found
    try:
        reader = PdfiumReader(content)
    except Unreadable as error:
        found.locked = error.kind is FailureKind.ENCRYPTED
        return found
    try:
        found.title, found.author = reader.metadata("Title"), reader.metadata("Author")
        found.largest_line = reader.largest_line()
        _collect(reader, found, limits, allowance)
    finally:
        reader.close()
    return found


def _collect(reader: "PdfiumReader", found: _Found, limits: Limits, allowance: Allowance) -> None:
    if reader.page_count > limits.pages:
        raise unreadable(FailureKind.TOO_MANY_PAGES)
    found.texts = [None] * reader.page_count
    characters = 0
    for index, page in enumerate(reader.pages()):
        found.texts[index] = page.text
        if page.picture:
            found.pictures.append(index + 1)
        characters += len(page.text or "")
        if characters > limits.characters:
            raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
        if allowance.spent:
            break


def _fill(texts: list[str | None], slow: "_Slow", allowance: Allowance) -> None:
    """Ask pypdf for the pages that are still missing, while there is time."""
    for index, text in enumerate(texts):
        if text is None and not allowance.spent:
            texts[index] = slow.text(index, len(texts))


def _any_text(texts: list[str | None]) -> bool:
    return any(text and not text.isspace() for text in texts)


def _look_again(
    texts: list[str | None], content: bytes, slow: "_Slow", allowance: Allowance
) -> None:
    """Neither text nor pictures: read by pypdf, or tell locked and broken files from blank ones.

    Raises ``cifrato``, ``corrotto`` or ``limite_tempo``; a sound file without text passes.
    """
    if slow.is_locked():
        raise unreadable(FailureKind.ENCRYPTED)
    for index in range(min(len(texts), _SECOND_LOOK_PAGES)):
        texts[index] = slow.text(index, len(texts)) or texts[index]
    if not _any_text(texts) and (
        all(text is None for text in texts) or _is_cut(content) or not slow.is_sound()
    ):
        raise unreadable(FailureKind.TOO_MUCH_TIME if allowance.spent else FailureKind.CORRUPT)


class _Slow:
    """pypdf, opened at first need and held to its share of the time."""

    def __init__(self, content: bytes, allowance: Allowance, locked: bool) -> None:
        self._content = content
        self._allowance = allowance
        self._locked = locked  # PDFium asked for a password
        self._opened: PypdfReader | None = None

    def page_count(self, limits: Limits) -> int:
        """Raises ``cifrato``, ``corrotto``, ``limite_pagine`` or ``limite_tempo``."""
        try:
            with self._allowance.at_most(_STRUCTURE_SECONDS):
                count = self._reader().page_count()
        except OutOfTime as error:
            raise unreadable(FailureKind.TOO_MUCH_TIME) from error
        except Unreadable:
            if self._locked:
                raise unreadable(FailureKind.ENCRYPTED) from None
            raise
        if count > limits.pages:
            raise unreadable(FailureKind.TOO_MANY_PAGES)
        if not count:
            raise unreadable(FailureKind.CORRUPT)
        return count

    def text(self, index: int, page_count: int) -> str | None:
        """None also when pypdf counts other pages: it would be the text of a different one."""
        try:
            with self._allowance.at_most(_PAGE_SECONDS):
                reader = self._reader()
                return reader.text(index) if reader.page_count() == page_count else None
        except (OutOfTime, Unreadable):
            return None

    def is_locked(self) -> bool:
        """Whether the file asks for a password, or for a protection that pypdf does not know."""
        try:
            with self._allowance.at_most(_STRUCTURE_SECONDS):
                self._reader()
        except Unreadable as error:
            return error.kind is FailureKind.ENCRYPTED
        except OutOfTime:
            return False
        return False

    def is_sound(self) -> bool:
        """Whether a strict reading finds nothing broken."""
        from indexer.extract.pdf_structure import is_sound

        try:
            with self._allowance.at_most(_STRUCTURE_SECONDS):
                return is_sound(self._content)
        except OutOfTime:
            return False

    def structure(self, page_count: int) -> "Structure":
        from indexer.extract.pdf_structure import Structure

        try:
            with self._allowance.at_most(_STRUCTURE_SECONDS):
                return self._reader().structure(page_count)
        except (OutOfTime, Unreadable, MemoryError):
            return Structure()

    def _reader(self) -> "PypdfReader":
        from indexer.extract.pdf_structure import PypdfReader

        if self._opened is None:
            self._opened = PypdfReader(self._content)
        return self._opened


def _is_cut(content: bytes) -> bool:
    """Whether the end that every whole PDF has is missing."""
    return b"startxref" not in content[-2048:] and b"%%EOF" not in content[-2048:]


def _missing_pages(numbers: list[int]) -> str:
    shown = shortened(numbers)
    if len(numbers) == 1:
        return f"La pagina {shown} non è leggibile: il suo testo manca."
    return f"Le pagine {shown} non sono leggibili: il loro testo manca."
