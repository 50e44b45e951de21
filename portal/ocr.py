"""Whether this installation recognises the text of scans, and what hinders it."""

from dataclasses import dataclass

from indexer.extract import tesseract
from indexer.extract.base import RecognitionUnavailable
from portal.settings import Settings


@dataclass(frozen=True)
class Ocr:
    """``program`` is None where nothing is recognised: switched off, or with a ``fault``."""

    program: str | None = None
    fault: str = ""  # in Italian, with what to do
    pages: int = 0  # of each document, at most


def look(settings: Settings) -> Ocr:
    """What the settings want and this machine offers."""
    if not settings.ocr:
        return Ocr()
    try:
        return Ocr(program=tesseract.find(), pages=settings.ocr_pages)
    except RecognitionUnavailable as unavailable:
        return Ocr(fault=str(unavailable), pages=settings.ocr_pages)


def warning(ocr: Ocr) -> str:
    """What is said at the start where recognition is wanted and does not work."""
    return (
        f"METROPOLI_OCR=sì, ma {ocr.fault}. Il portale parte lo stesso e le scansioni restano senza"
        " testo: dopo aver rimediato, riavvialo."
    )
