"""Text of PDF pages through PDFium, the fast reader; an optional package."""

from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import PdfDocument, PdfiumError

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5  # FPDF_ERR_SECURITY


class PdfiumReader:
    """The pages of one document. Opening raises ``cifrato`` or ``corrotto``."""

    def __init__(self, content: bytes) -> None:
        try:
            self._document = PdfDocument(content)
        except PdfiumError as error:
            locked = pypdfium2.raw.FPDF_GetLastError() in (_PASSWORD, _SECURITY)
            raise unreadable(FailureKind.ENCRYPTED if locked else FailureKind.CORRUPT) from error
        self.page_count = len(self._document)

    def texts(self) -> Iterator[str | None]:
        """Text of each page in order; None for a page that cannot be read."""
        for index in range(self.page_count):
            try:
                page = self._document[index]
            except PdfiumError:
                yield None
                continue
            yield self._text(page)
            page.close()

    def _text(self, page: pypdfium2.PdfPage) -> str | None:
        try:
            text_page = page.get_textpage()
        except PdfiumError:
            return None
        try:
            return str(text_page.get_text_range())
        finally:
            text_page.close()

    def close(self) -> None:
        self._document.close()
