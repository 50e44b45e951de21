"""One reader a format, chosen by what the file holds."""

from pathlib import Path

from corpus.vocabulary import FileFormat
from indexer.extract import sniff as sniffing
from indexer.extract.allowance import Allowance
from indexer.extract.base import Extract, FailureKind
from indexer.extract.draft import Draft
from indexer.extract.finish import finish
from indexer.extract.limits import DEFAULT, Limits
from indexer.extract.reasons import unreadable

READER_VERSION = 3  # raise it when the same file would be read otherwise


def sniff(path: Path, name: str | None = None) -> FileFormat:
    """Format of the file at ``path`` by its content; see ``indexer.extract.sniff``."""
    return sniffing.sniff(path.read_bytes(), name)


def read(path: Path, name: str | None = None) -> Extract:
    """Read ``path`` in this process, without limits of time and memory.

    For files that one trusts; anything from outside goes through ``Sandbox``. ``name`` is what
    the sender called the file. Raises ``Unreadable``.
    """
    return read_content(path.read_bytes(), name)


def sniff_content(content: bytes, name: str | None, limits: Limits = DEFAULT) -> FileFormat:
    """Format of the bytes of a file, which are not read; raises ``Unreadable``."""
    if len(content) > limits.file_bytes:
        raise unreadable(FailureKind.TOO_MANY_BYTES)
    return sniffing.sniff(content, name, limits)


def read_content(
    content: bytes,
    name: str | None = None,
    limits: Limits = DEFAULT,
    allowance: Allowance | None = None,
    fast: bool = True,
) -> Extract:
    """Read the bytes of a file. ``fast=False`` leaves out PDFium, after it failed on them."""
    file_format = sniff_content(content, name, limits)
    draft = _read(file_format, content, limits, allowance or Allowance(), fast)
    return finish(file_format, draft, limits)


def _read(
    file_format: FileFormat, content: bytes, limits: Limits, allowance: Allowance, fast: bool
) -> Draft:
    match file_format:
        case FileFormat.PDF:
            from indexer.extract import pdf

            return pdf.read(content, limits, allowance, fast)
        case FileFormat.DOCX:
            from indexer.extract import docx

            return docx.read(content, limits)
        case FileFormat.ODT | FileFormat.ODP | FileFormat.ODS:
            from indexer.extract import opendocument

            return opendocument.read(content, file_format, limits)
        case FileFormat.PPTX:
            from indexer.extract import pptx

            return pptx.read(content, limits)
        case FileFormat.XLSX:
            from indexer.extract import xlsx

            return xlsx.read(content, limits)
        case FileFormat.HTML:
            from indexer.extract import html

            return html.read(content, allowance)
        case FileFormat.MARKDOWN:
            from indexer.extract import markdown

            return markdown.read(content, allowance)
        case FileFormat.TEXT:
            from indexer.extract import text

            return text.read(content)
        case FileFormat.VTT | FileFormat.SRT:
            from indexer.extract import subtitles

            return subtitles.read(content)
