"""Files of many records as one ZIP archive, made while it is sent, with a list of what is in it."""

import csv
import io
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from corpus.errors import MissingFile
from corpus.records import DocumentView, RecordView, VersionView
from corpus.store import FileStore
from portal.addresses import file_url, lasting_url
from portal.downloads import safe_name
from portal.i18n import gettext as _
from portal.takeaway.rewindable import Rewindable
from portal.takeaway.tabular import harmless

CHUNK = 1 << 16
MANIFEST = "manifest.csv"
MEGABYTE = 1_000_000
COLUMNS = (
    "titolo",
    "id",
    "indirizzo",
    "file",
    "sha256",
    "licenza",
    "byte",
    "indirizzo_del_file",
    "nota",
)


@dataclass(frozen=True)
class Item:
    """A record, and its latest file when it has one."""

    record: RecordView
    version: VersionView | None

    @property
    def name(self) -> str:
        """Its name in the archive; the id makes it the only one."""
        if self.version is None:
            return ""
        version = self.version
        return f"file/{self.record.public_id}-{safe_name(version.filename, version.format)}"


@dataclass(frozen=True)
class Contents:
    """What an archive of some records would hold."""

    items: tuple[Item, ...]

    @property
    def files(self) -> int:
        return sum(item.version is not None for item in self.items)

    @property
    def size(self) -> int:
        """Bytes of the files: the archive does not compress them, and is hardly larger."""
        return sum(item.version.size for item in self.items if item.version)

    def fit(self, megabytes: int) -> bool:
        return self.size <= megabytes * MEGABYTE


def contents(records: Iterable[RecordView]) -> Contents:
    return Contents(
        tuple(
            Item(record, record.current if isinstance(record, DocumentView) else None)
            for record in records
        )
    )


def archive(contents: Contents, store: FileStore, site: str, extra: dict[str, str]) -> Rewindable:
    """The archive; ``extra`` are texts that go in beside the list, by name.

    Nothing touches the disk and no file is held in memory. A file that the store cannot give
    whole is left out, and the list says so. The files are not compressed: PDF and office files
    are already, and the length is then known before the first byte.
    """
    from zipstream import ZipStream  # type: ignore[import-untyped]

    present = {
        item.record.public_id
        for item in contents.items
        if item.version and _is_whole(store, item.version)
    }
    zipped = ZipStream(sized=True)
    zipped.add(_manifest(contents, present, site).encode("utf-8-sig"), MANIFEST)
    for name, text in extra.items():
        zipped.add(text.encode(), name)
    for item in contents.items:
        if item.version and item.record.public_id in present:
            zipped.add(_bytes(store, item.version.sha256), item.name, size=item.version.size)
    length = len(zipped)

    def chunks() -> Generator[bytes, None, None]:
        yield from zipped

    return Rewindable(chunks(), length)


def _is_whole(store: FileStore, version: VersionView) -> bool:
    try:
        return store.path(version.sha256).stat().st_size == version.size
    except (MissingFile, FileNotFoundError):
        return False


def _bytes(store: FileStore, sha256: str) -> Generator[bytes, None, None]:
    with store.open(sha256) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _manifest(contents: Contents, present: set[str], site: str) -> str:
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for item in contents.items:
        there = item.record.public_id in present
        writer.writerow(harmless(cell) for cell in _row(item, there, site))
    return output.getvalue()


def _row(item: Item, there: bool, site: str) -> tuple[str, ...]:
    record, version = item.record, item.version
    return (
        record.title,
        record.public_id,
        site + lasting_url(record),
        item.name if there else "",
        version.sha256 if version else "",
        (record.licence or "") if isinstance(record, DocumentView) else "",
        str(version.size) if version else "",
        site + file_url(record.public_id, version.number) if version else "",
        _note(item, there),
    )


def _note(item: Item, there: bool) -> str:
    if there:
        return ""
    if item.version is not None:
        return _("il file in questo momento non si può consegnare: riprova più tardi")
    external = item.record.external_url if isinstance(item.record, DocumentView) else None
    if external:
        return _("pubblicato altrove: %(address)s", address=external)
    return _("scheda senza file")
