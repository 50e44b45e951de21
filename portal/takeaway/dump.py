"""The whole published collection as files: JSON Lines, CSV, their checksums, what they hold.

Made each night by the worker and by ``run.py dump``. The files of one making lie in a folder of
their own and replace those of the night before in one step, so that they always belong together.
"""

import csv
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from corpus.reader import Reader
from corpus.records import RecordView
from indexer.ownership import ownership
from portal.api import presenting
from portal.api.answers import plain
from portal.api.describing import VERSION
from portal.clock import ROME
from portal.takeaway import tabular

JSON_LINES, CSV, SUMS, ABOUT = "schede.jsonl", "schede.csv", "SHA256SUMS", "descrizione.json"
NAMES = (JSON_LINES, CSV, SUMS, ABOUT)
CONTENT_TYPES = {
    JSON_LINES: "application/jsonl; charset=utf-8",
    CSV: "text/csv; charset=utf-8",
    SUMS: "text/plain; charset=utf-8",
    ABOUT: "application/json",
}
NIGHT = time(2)  # not before this hour, as clocks show it in Italy
STALE = timedelta(hours=26)

_CURRENT = "current"  # a link to the folder that counts
_IDS = "ids"  # which records the files hold: asked before they are handed out
_LOCK = "lock"
_BATCH = 100


@dataclass(frozen=True)
class DumpFile:
    """One of the data files."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Dump:
    """A making of the files: when, of which records, where they lie."""

    folder: Path
    made_at: datetime
    ids: frozenset[str]
    files: tuple[DumpFile, ...]

    def file(self, name: str) -> DumpFile:
        """One of the data files, by its name."""
        return next(file for file in self.files if file.name == name)

    def stale(self, now: datetime) -> bool:
        """True when a night has passed without a new one."""
        return now - self.made_at > STALE


class Dumps:
    """The dumps of a data folder. Safe to use from several threads and processes."""

    def __init__(self, folder: Path, reader: Reader, site: str) -> None:
        """``site``: the address of the portal, for the addresses inside the files."""
        self._folder = folder
        self._reader = reader
        self._site = site
        self._known: Dump | None = None
        self._checked: tuple[object, bool] = (None, False)

    def current(self) -> Dump | None:
        """The dump that counts; None when none was made yet."""
        link = self._folder / _CURRENT
        try:
            folder = self._folder / os.readlink(link)
            if self._known is None or self._known.folder != folder:
                self._known = _read(folder)
        except (OSError, ValueError, KeyError):  # not there, or not whole: the next making mends it
            self._known = None
        return self._known

    def still_public(self, dump: Dump) -> bool:
        """False when something in it was withdrawn since: it is then not to be handed out."""
        asked = (dump.folder, self._reader.generation())
        known, answer = self._checked
        if known != asked:
            answer = dump.ids <= set(self._reader.public_ids())
            self._checked = (asked, answer)
        return answer

    def make_if_due(self, now: datetime | None = None) -> bool:
        """Make a dump when the night has come or something must leave it; whether it was made.

        Raises as ``make`` does.
        """
        current = self.current()
        if current is not None:
            night = _night_between(current.made_at, now or datetime.now(UTC))
            if not night and self.still_public(current):
                return False
        self.make(now)
        return True

    def make(self, now: datetime | None = None) -> Dump:
        """Write the files anew and let them count; those of before are removed.

        Raises ``Owned`` while another process makes them. On any error those of before stay.
        """
        with ownership(self._folder / _LOCK):
            return self._make(now or datetime.now(UTC))

    def _make(self, made_at: datetime) -> Dump:
        name = f"{made_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        folder = self._folder / name
        folder.mkdir(mode=0o700, parents=True)
        try:
            _write(folder, self._records(), self._site, made_at)
            link = self._folder / f"{name}.link"
            link.symlink_to(name)
            os.replace(link, self._folder / _CURRENT)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._discard_others(name)
        dump = self.current()
        assert dump is not None  # noqa: S101  just made
        return dump

    def _records(self) -> Iterator[RecordView]:
        ids = self._reader.public_ids()
        for start in range(0, len(ids), _BATCH):
            yield from self._reader.public_records(ids[start : start + _BATCH])

    def _discard_others(self, kept: str) -> None:
        for path in self._folder.iterdir():
            if path.is_dir() and not path.is_symlink() and path.name != kept:
                shutil.rmtree(path, ignore_errors=True)  # who is downloading keeps the open file


def _night_between(made_at: datetime, now: datetime) -> bool:
    """Whether the hour of the dump has struck in Italy since ``made_at``."""
    local = now.astimezone(ROME)
    night = datetime.combine(local.date(), NIGHT, ROME)
    if night > local:
        night -= timedelta(days=1)
    return made_at < night


def _write(folder: Path, records: Iterator[RecordView], site: str, made_at: datetime) -> None:
    ids: list[str] = []
    with (
        (folder / JSON_LINES).open("w", encoding="utf-8") as lines,
        # The mark at the start tells spreadsheet programs that the text is UTF-8.
        (folder / CSV).open("w", encoding="utf-8-sig", newline="") as table,
    ):
        writer = csv.DictWriter(table, [column.name for column in tabular.COLUMNS])
        writer.writeheader()
        for record in records:
            ids.append(record.public_id)
            lines.write(json.dumps(plain(presenting.record(record, site)), ensure_ascii=False))
            lines.write("\n")
            row = tabular.row(record, site)
            writer.writerow({name: tabular.harmless(cell) for name, cell in row.items()})
    files = [_measured(folder / name) for name in (JSON_LINES, CSV)]
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
    (folder / SUMS).write_text(sums, encoding="ascii")
    about = {
        "versione_schema": VERSION,
        "fatto_il": made_at.isoformat(timespec="seconds"),
        "schede": len(ids),
        "sito": site,
        "file": [{"nome": file.name, "byte": file.size, "sha256": file.sha256} for file in files],
        "colonne": {column.name: str(column.meaning) for column in tabular.COLUMNS},
        "json": f"{site}/api/v1/openapi.json#/components/schemas/Scheda",
    }
    (folder / _IDS).write_text("\n".join(ids), encoding="ascii")
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")
    for name in (*NAMES, _IDS):
        _settle(folder / name)


def _measured(path: Path) -> DumpFile:
    with path.open("rb") as file:
        return DumpFile(
            path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
        )


def _settle(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(folder: Path) -> Dump:
    about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return Dump(
        folder=folder,
        made_at=datetime.fromisoformat(about["fatto_il"]),
        ids=frozenset((folder / _IDS).read_text(encoding="ascii").split()),
        files=tuple(DumpFile(file["nome"], file["byte"], file["sha256"]) for file in about["file"]),
    )
