"""A page of a PDF drawn in shades of grey, for the recognition of its text."""

import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

DPI = 200  # where recognition of usual print stops getting better
_INCH = 72.0  # units of a page
MOST_PIXELS = 16_000_000  # A2 at that resolution; a larger page is drawn smaller


def draw(content: bytes, number: int) -> bytes:
    """Page ``number``, from 1, as a PGM image with eight bits a pixel.

    Raises ``corrotto`` where there is no such page or it cannot be drawn.
    """
    try:
        document = PdfDocument(content)
        try:
            page = document[number - 1]
            return _pgm(page.render(scale=_scale(*page.get_size()), grayscale=True))
        finally:
            document.close()
    except (PdfiumError, IndexError) as error:
        raise unreadable(FailureKind.CORRUPT) from error


def _scale(width: float, height: float) -> float:
    """Pixels a unit: those of ``DPI``, or as many as a page of these measures may have."""
    area = max(width, 1.0) * max(height, 1.0)
    return min(DPI / _INCH, float((MOST_PIXELS / area) ** 0.5))


def _pgm(bitmap: pypdfium2.PdfBitmap) -> bytes:
    shades = memoryview(bitmap.buffer).cast("B")
    rows = (
        shades[row * bitmap.stride : row * bitmap.stride + bitmap.width]
        for row in range(bitmap.height)
    )
    return b"".join([b"P5 %d %d 255\n" % (bitmap.width, bitmap.height), *rows])
