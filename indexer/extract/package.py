"""Which office format a ZIP archive holds."""

from corpus.vocabulary import MEDIA_TYPES, FileFormat
from indexer.extract import markup
from indexer.extract.archive import Archive
from indexer.extract.base import FailureKind
from indexer.extract.limits import Limits
from indexer.extract.reasons import unreadable

_CONTENT_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_MAIN_TYPES = {
    "wordprocessingml.document.main+xml": FileFormat.DOCX,
    "wordprocessingml.template.main+xml": FileFormat.DOCX,
    "presentationml.presentation.main+xml": FileFormat.PPTX,
    "presentationml.slideshow.main+xml": FileFormat.PPTX,
    "presentationml.template.main+xml": FileFormat.PPTX,
    "spreadsheetml.sheet.main+xml": FileFormat.XLSX,
    "spreadsheetml.template.main+xml": FileFormat.XLSX,
}
_OPEN_DOCUMENT = {
    MEDIA_TYPES[known].encode(): known for known in (FileFormat.ODT, FileFormat.ODP, FileFormat.ODS)
}
_MACRO_PLACES = ("basic/", "scripts/")
_LIBRARY_LISTS = ("script-lb.xml", "script-lc.xml")


def package_format(content: bytes, promised: bool, limits: Limits) -> FileFormat:
    """Format of an archive; ``promised`` says that its name has the suffix of an office file.

    Raises ``Unreadable``: what ``Archive`` refuses, ``macro``, ``cifrato``, and for any other
    archive ``tipo_discorde`` if promised, else ``tipo_non_ammesso``.
    """
    with Archive(content, limits) as archive:
        if _CONTENT_TYPES in archive:
            found = _office(archive)
        elif "mimetype" in archive:
            found = _open_document(archive)
        else:
            found = None
    if found is None:
        kind = FailureKind.TYPE_MISMATCH if promised else FailureKind.TYPE_REFUSED
        raise unreadable(kind)
    return found


class _Types(markup.Handler):
    def __init__(self) -> None:
        self.types: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.types.append(attributes.get("ContentType", ""))


def _office(archive: Archive) -> FileFormat | None:
    handler = _Types()
    archive.walk(_CONTENT_TYPES, handler)
    if any("macroenabled" in found.lower() for found in handler.types):
        raise unreadable(FailureKind.MACRO)
    for found in handler.types:
        for ending, file_format in _MAIN_TYPES.items():
            if found.endswith(ending):
                return file_format
    return None


class _Encryption(markup.Handler):
    found = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.found |= name.endswith(" encryption-data")


def _open_document(archive: Archive) -> FileFormat | None:
    declared = archive.open("mimetype").read(200).strip()
    declared = declared.removesuffix(b"-template")
    for name in archive.names:
        low = name.lower()
        if low.startswith(_MACRO_PLACES) and not low.endswith(("/", *_LIBRARY_LISTS)):
            raise unreadable(FailureKind.MACRO)
    if _MANIFEST in archive:
        handler = _Encryption()
        archive.walk(_MANIFEST, handler)
        if handler.found:
            raise unreadable(FailureKind.ENCRYPTED)
    return _OPEN_DOCUMENT.get(declared)
