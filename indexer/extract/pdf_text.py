"""Text of PDF pages through PDFium, the fast reader; an optional package."""

from collections.abc import Iterator
from dataclasses import dataclass

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
)

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_SHORT = 60  # characters; a page with more is no picture of text
_PICTURE_SHARE = 0.4  # of the page's area
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
        text = str(text_page.get_text_range())
    finally:
        text_page.close()
    return PdfPage(text, len(text.strip()) < _SHORT and _is_picture(page))


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
