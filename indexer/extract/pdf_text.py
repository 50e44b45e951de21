"""Text of PDF pages through PDFium, the fast reader; an optional package."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from statistics import median

import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError
from pypdfium2.raw import (
    FLAT_NORMALDISPLAY,
    FPDF_ANNOT_FREETEXT,
    FPDF_ANNOT_STAMP,
    FPDF_ANNOT_WIDGET,
    FPDF_ERR_PASSWORD,
    FPDF_ERR_SECURITY,
    FPDF_PAGEOBJ_IMAGE,
    FPDFAnnot_GetSubtype,
    FPDFPage_CloseAnnot,
    FPDFPage_Flatten,
    FPDFPage_GetAnnot,
    FPDFPage_GetAnnotCount,
    FPDFText_CountChars,
    FPDFText_GetCharIndexFromTextIndex,
    FPDFText_GetText,
    FPDFText_GetTextIndexFromCharIndex,
)

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_ALL = 1 << 31
_SHORT = 60  # characters; a page with more is no picture of text
_PICTURE_SHARE = 0.4  # of the page's area
_TITLE_PAGES = 2
_TITLE_CHARACTERS = 3_000
_TITLE_LETTERS = 4
_TITLE_LINES = 4
_OUTSTANDING = 1.15  # times the usual height of letters
_DRAWN_NOTES = {FPDF_ANNOT_FREETEXT, FPDF_ANNOT_STAMP, FPDF_ANNOT_WIDGET}


@dataclass(frozen=True)
class PdfPage:
    """Text of a page, None when it cannot be read; ``picture`` if it is little but an image."""

    text: str | None
    picture: bool = False


class PdfiumReader:
    """The pages of one document. Opening raises ``cifrato`` or ``corrotto``."""

    def __init__(self, content: bytes) -> None:
        try:
            self._document = PdfDocument(content)
        except PdfiumError as error:
            locked = pypdfium2.raw.FPDF_GetLastError() in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY)
            raise unreadable(FailureKind.ENCRYPTED if locked else FailureKind.CORRUPT) from error
        self.page_count = len(self._document)

    def pages(self) -> Iterator[PdfPage]:
        """Every page, in order."""
        for index in range(self.page_count):
            try:
                page = self._document[index]
            except PdfiumError:
                yield PdfPage(None)
                continue
            try:
                if _has_drawn_notes(page):
                    FPDFPage_Flatten(page, FLAT_NORMALDISPLAY)
                    page.close()
                    page = self._document[index]
                yield _read(page)
            except PdfiumError:
                yield PdfPage(None)
            finally:
                page.close()

    def largest_line(self) -> str:
        """The words in the largest letters of the first page that has text: often the title."""
        for index in range(min(self.page_count, _TITLE_PAGES)):
            try:
                page = self._document[index]
                text_page = page.get_textpage()
            except PdfiumError:
                continue
            try:
                if found := _largest_line(text_page):
                    return found
            finally:
                text_page.close()
                page.close()
        return ""

    def metadata(self, key: str) -> str:
        """An entry of the document's information, such as ``Title``; empty when absent."""
        return str(self._document.get_metadata_value(key))

    def close(self) -> None:
        self._document.close()


def _read(page: pypdfium2.PdfPage) -> PdfPage:
    try:
        text_page = page.get_textpage()
    except PdfiumError:
        return PdfPage(None)
    try:
        text = _text(text_page)
    finally:
        text_page.close()
    return PdfPage(text, len(text.strip()) < _SHORT and _is_picture(page))


def _text(text_page: pypdfium2.PdfTextPage, most: int = _ALL) -> str:
    """The first ``most`` characters of a page, in the order of the file.

    The package's own method goes astray on pages with many characters that PDFium leaves out at
    the start or the end: it looks for the first and last real one by recursion.
    """
    first, last = 0, min(FPDFText_CountChars(text_page), most) - 1
    while first <= last and FPDFText_GetTextIndexFromCharIndex(text_page, first) < 0:
        first += 1
    while last >= first and FPDFText_GetTextIndexFromCharIndex(text_page, last) < 0:
        last -= 1
    if last < first:
        return ""
    start = FPDFText_GetTextIndexFromCharIndex(text_page, first)
    size = FPDFText_GetTextIndexFromCharIndex(text_page, last) - start + 1
    buffer = (ctypes.c_ushort * (size + 1))()  # UTF-16 and a zero at the end
    written = FPDFText_GetText(text_page, first, last - first + 1, buffer)
    return bytes(memoryview(buffer)[: max(0, written - 1)]).decode("utf-16-le", errors="ignore")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _largest_line(text_page: pypdfium2.PdfTextPage) -> str:
    """Lines next to each other that share the largest height of letters, joined."""
    lines: list[tuple[float, str]] = []
    start = 0
    for line in _text(text_page, _TITLE_CHARACTERS).split("\r\n"):
        if sum(map(str.isalpha, line)) >= _TITLE_LETTERS:
            first = FPDFText_GetCharIndexFromTextIndex(text_page, start + _indent(line))
            if first >= 0:
                _, bottom, _, top = text_page.get_charbox(first, loose=True)
                lines.append((top - bottom, line.strip()))
        start += len(line) + 2
    if not lines:
        return ""
    largest = max(height for height, _ in lines)
    if largest < _OUTSTANDING * median(height for height, _ in lines):
        return ""
    first = next(at for at, (height, _) in enumerate(lines) if height == largest)
    title = takewhile(lambda line: line[0] > 0.9 * largest, lines[first : first + _TITLE_LINES])
    return " ".join(text for _, text in title)


def _has_drawn_notes(page: pypdfium2.PdfPage) -> bool:
    """Whether filled-in fields, signatures or notes written on the page belong to its text."""
    for index in range(FPDFPage_GetAnnotCount(page)):
        annotation = FPDFPage_GetAnnot(page, index)
        kind = FPDFAnnot_GetSubtype(annotation)
        FPDFPage_CloseAnnot(annotation)
        if kind in _DRAWN_NOTES:
            return True
    return False


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Whether the images of a page, together, cover a good part of it."""
    width, height = page.get_size()
    covered = 0.0
    try:
        for image in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3):
            left, bottom, right, top = image.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    except PdfiumError:
        return False
    return bool(covered > width * height * _PICTURE_SHARE)
