"""PDF: text by page from the fast reader, structure and difficult pages from pypdf.

Each of the two suffices alone: without pypdfium2 everything comes from pypdf, and a structure
that pypdf cannot read costs the facts, not the text.
"""

from typing import TYPE_CHECKING

from indexer.extract.allowance import Allowance, OutOfTime
from indexer.extract.base import Accessibility, FailureKind, Unreadable
from indexer.extract.draft import Draft
from indexer.extract.limits import Limits
from indexer.extract.pdf_streams import refuse_bombs
from indexer.extract.reasons import unreadable
from indexer.extract.repeated import without_running_lines

if TYPE_CHECKING:
    from indexer.extract.pdf_structure import PypdfReader, Structure
    from indexer.extract.pdf_text import PdfiumReader

_STRUCTURE_SECONDS = 4.0
_PAGE_SECONDS = 5.0


def read(content: bytes, limits: Limits, allowance: Allowance, fast: bool = True) -> Draft:
    """Read a PDF; ``fast=False`` leaves PDFium out.

    Raises ``cifrato``, ``corrotto``, ``limite_pagine``, ``limite_espansione``, ``limite_tempo``.
    Pages that cannot be read are empty and named in a warning.
    """
    refuse_bombs(content, limits.stream_bytes)
    texts = _fast_texts(content, limits, allowance) if fast else None
    slow = _Slow(content, allowance)
    if texts is None:
        texts = [None] * slow.page_count(limits)
    _fill(texts, slow, allowance)
    missing = [number for number, text in enumerate(texts, start=1) if text is None]
    if len(missing) == len(texts) or (not any(texts) and _is_cut(content)):
        raise unreadable(FailureKind.TOO_MUCH_TIME if allowance.spent else FailureKind.CORRUPT)
    facts = slow.structure(len(texts))
    return Draft(
        pages=without_running_lines([text or "" for text in texts]),
        unit="pagina",
        labels=list(facts.labels),
        titles=[facts.title],
        authors=[facts.author],
        issued=facts.created,
        outline=facts.outline,
        accessibility=Accessibility(
            tagged=facts.tagged,
            language=facts.language,
            title=bool(facts.title.strip()),
            bookmarks=bool(facts.outline),
        ),
        warnings=[_missing_pages(missing)] if missing else [],
    )


def _fast_texts(content: bytes, limits: Limits, allowance: Allowance) -> list[str | None] | None:
    """Texts of the pages, None for pages that failed; None in all when PDFium cannot help."""
    try:
        from indexer.extract.pdf_text import PdfiumReader
    except ImportError:
        return None
    try:
        reader = PdfiumReader(content)
    except Unreadable:
        return None
    try:
        return _collect(reader, limits, allowance)
    finally:
        reader.close()


def _collect(
    reader: "PdfiumReader", limits: Limits, allowance: Allowance
) -> list[str | None] | None:
    if reader.page_count > limits.pages:
        raise unreadable(FailureKind.TOO_MANY_PAGES)
    if not reader.page_count:
        return None
    texts: list[str | None] = [None] * reader.page_count
    characters = 0
    for index, text in enumerate(reader.texts()):
        texts[index] = text
        characters += len(text or "")
        if characters > limits.characters:
            raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
        if allowance.spent:
            break
    return texts


def _fill(texts: list[str | None], slow: "_Slow", allowance: Allowance) -> None:
    """Ask pypdf for the pages that are still missing, while there is time."""
    for index, text in enumerate(texts):
        if text is None and not allowance.spent:
            texts[index] = slow.text(index)


class _Slow:
    """pypdf, opened at first need and held to its share of the time."""

    def __init__(self, content: bytes, allowance: Allowance) -> None:
        self._content = content
        self._allowance = allowance
        self._opened: PypdfReader | None = None

    def page_count(self, limits: Limits) -> int:
        """Raises ``cifrato``, ``corrotto``, ``limite_pagine`` or ``limite_tempo``."""
        try:
            with self._allowance.at_most(_STRUCTURE_SECONDS):
                count = self._reader().page_count()
        except OutOfTime as error:
            raise unreadable(FailureKind.TOO_MUCH_TIME) from error
        if count > limits.pages:
            raise unreadable(FailureKind.TOO_MANY_PAGES)
        if not count:
            raise unreadable(FailureKind.CORRUPT)
        return count

    def text(self, index: int) -> str | None:
        try:
            with self._allowance.at_most(_PAGE_SECONDS):
                return self._reader().text(index)
        except (OutOfTime, Unreadable):
            return None

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
    shown = ", ".join(map(str, numbers[:20])) + (" e altre" if len(numbers) > 20 else "")
    if len(numbers) == 1:
        return f"La pagina {shown} non è leggibile: il suo testo manca."
    return f"Le pagine {shown} non sono leggibili: il loro testo manca."
