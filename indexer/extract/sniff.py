"""What a file is, by its content. The name is believed only between kinds of plain text."""

import re
from pathlib import PurePosixPath

from corpus.vocabulary import FileFormat
from indexer.extract import charset
from indexer.extract.base import FailureKind
from indexer.extract.limits import DEFAULT, Limits
from indexer.extract.package import package_format
from indexer.extract.reasons import unreadable

_HEAD = 1024  # PDF may begin within the first KiB
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|table|ul|ol|span|article|section"
    r"|main|script|style)\b",
    re.I | re.S,
)
_OTHER_MARKUP = re.compile(r"\s*(?:<\?xml|<!DOCTYPE|<svg)\b", re.I)
_CUE = re.compile(
    r"(?:\d+:)?\d{1,2}:\d{2}([.,])\d{3}[ \t]+-->[ \t]+(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}"
)
_MARKDOWN = re.compile(r"^(?:#{1,6} \S|```|\s*[-*+] \S.*\n\s*[-*+] \S|\|? ?:?---)", re.M)
_INLINE_MARKDOWN = re.compile(r"\[[^\]\n]+\]\([^)\n]+\)|\*\*\S")

_PDF_DEBRIS = re.compile(rb"\d+ \d+ obj\b|endobj|endstream|\btrailer\b|startxref")  # no header left

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = (
    "{what}: aprilo con il programma che lo ha creato, salvalo come {target} e caricalo di nuovo."
)
_OLE_STREAMS = (  # a name of a stream in the container, the suffix it had, what to tell
    ("WordDocument", ".doc", "È un documento Word nel vecchio formato .doc", ".docx o PDF"),
    ("PowerPoint Document", ".ppt", "È una presentazione nel vecchio formato .ppt", ".pptx o PDF"),
    ("Workbook", ".xls", "È un foglio di calcolo nel vecchio formato .xls", ".xlsx"),
    ("Book", ".xls", "È un foglio di calcolo nel vecchio formato .xls", ".xlsx"),
)
_SUFFIXES = {
    ".pdf": {FileFormat.PDF},
    ".docx": {FileFormat.DOCX},
    ".odt": {FileFormat.ODT},
    ".pptx": {FileFormat.PPTX},
    ".odp": {FileFormat.ODP},
    ".xlsx": {FileFormat.XLSX},
    ".ods": {FileFormat.ODS},
    ".html": {FileFormat.HTML},
    ".htm": {FileFormat.HTML},
    ".xhtml": {FileFormat.HTML},
    ".md": {FileFormat.MARKDOWN, FileFormat.TEXT},
    ".markdown": {FileFormat.MARKDOWN, FileFormat.TEXT},
    ".txt": {FileFormat.TEXT, FileFormat.MARKDOWN},
    ".vtt": {FileFormat.VTT, FileFormat.SRT},
    ".srt": {FileFormat.SRT, FileFormat.VTT},
}
_MACRO_SUFFIXES = {".docm", ".dotm", ".pptm", ".potm", ".ppsm", ".xlsm", ".xltm", ".xlam"}
_BINARY_SUFFIXES = {".pdf", ".docx", ".odt", ".pptx", ".odp", ".xlsx", ".ods"}
_UNSAFE_NAME = re.compile("[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def sniff(content: bytes, name: str | None = None, limits: Limits = DEFAULT) -> FileFormat:
    """Format of ``content``; ``name`` is what the sender called the file.

    Raises ``Unreadable``: ``vuoto``, ``cifrato``, ``macro``, ``tipo_non_ammesso`` (with how to
    convert old formats), ``tipo_discorde`` when the suffix of ``name`` promises another content,
    ``nome_non_valido`` when the name hides control or direction characters, and for office
    files the refusals of ``Archive``.
    """
    if name is not None and _UNSAFE_NAME.search(name):
        raise unreadable(FailureKind.INVALID_NAME)
    suffix = suffix_of(name)
    if not content:
        raise unreadable(FailureKind.EMPTY)
    if suffix in _MACRO_SUFFIXES:
        raise unreadable(FailureKind.MACRO)
    found = _by_content(content, suffix, limits)
    if suffix in _SUFFIXES and found not in _SUFFIXES[suffix]:
        raise unreadable(FailureKind.TYPE_MISMATCH)
    return found


def suffix_of(name: str | None) -> str:
    """Lower-case suffix of a sender's file name, whatever path it carries."""
    return PurePosixPath((name or "").replace("\\", "/").strip()).suffix.lower()


def _by_content(content: bytes, suffix: str, limits: Limits) -> FileFormat:
    if content.startswith(b"PK\x03\x04"):
        return package_format(content, suffix in _BINARY_SUFFIXES, limits)
    if content.startswith(_OLE):
        raise _ole(content, suffix)
    if content.startswith(b"{\\rtf"):
        raise _refused(suffix, _SAVE_AS.format(what="È un documento RTF", target=".docx o PDF"))
    if b"%PDF-" in content[:_HEAD] and not _HTML.match(content[:_HEAD].decode("latin-1")):
        return FileFormat.PDF
    if suffix == ".pdf" and len(_PDF_DEBRIS.findall(content)) >= 2:
        return FileFormat.PDF
    if charset.is_binary(content):
        raise _refused(suffix)
    return _by_text(content, suffix)


def _by_text(content: bytes, suffix: str) -> FileFormat:
    text = charset.decode(content[: 1 << 16], markup=True).lstrip("\ufeff")
    if _HTML.match(text):
        return FileFormat.HTML
    if _OTHER_MARKUP.match(text):
        if re.search(r"<(?:\w+:)?html\b", text[:4096], re.I):
            return FileFormat.HTML
        raise _refused(suffix)
    if text.startswith("WEBVTT"):
        return FileFormat.VTT
    if cue := _CUE.search(text[:2000]):
        return FileFormat.SRT if cue[1] == "," else FileFormat.VTT
    return _plain(text, suffix)


def _plain(text: str, suffix: str) -> FileFormat:
    """Plain text of which kind: here the content proves nothing and the suffix may decide."""
    if suffix in (".md", ".markdown"):
        return FileFormat.MARKDOWN
    if suffix in (".html", ".htm", ".xhtml") and re.search(r"</?[a-z][^<>]*>", text, re.I):
        return FileFormat.HTML
    if suffix:
        return FileFormat.TEXT
    marks = len(_MARKDOWN.findall(text)) + len(_INLINE_MARKDOWN.findall(text))
    return FileFormat.MARKDOWN if marks >= 3 else FileFormat.TEXT


def _refused(suffix: str, message: str = "") -> Exception:
    if suffix in _SUFFIXES:
        return unreadable(FailureKind.TYPE_MISMATCH)
    return unreadable(FailureKind.TYPE_REFUSED, message)


def _ole(content: bytes, suffix: str) -> Exception:
    """Microsoft's container of the years before 2007, also used to encrypt newer files."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return unreadable(FailureKind.ENCRYPTED)
    for stream, old, what, target in _OLE_STREAMS:
        if suffix == old or stream.encode("utf-16-le") in content:
            message = _SAVE_AS.format(what=what, target=target)
            return unreadable(FailureKind.TYPE_REFUSED, message)
    return _refused(suffix)
