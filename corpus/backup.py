"""Copies the collection to a folder, while it is in use, and brings it back from there.

Only the truth travels: catalogue and files. Texts and index are made again from them.
"""

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from corpus.errors import CorpusError, DamagedFile, MissingFile
from corpus.home import DataHome
from corpus.store import FileStore

Progress = Callable[[int, int], None]  # files done, files in all

_NOTE = "backup.json"
_FORMAT = 1


@dataclass
class NotEmpty(CorpusError):
    """The folder holds something that must not be written over."""

    path: str


@dataclass
class NotABackup(CorpusError):
    """The folder holds no whole backup; ``reason`` is "missing", "changed" or "unknown format"."""

    path: str
    reason: str


@dataclass(frozen=True)
class Copied:
    """What a backup or a restore did. ``lost`` are digests that the source no longer has whole."""

    files: int
    lost: tuple[str, ...] = ()


def backup(home: DataHome, target: Path, progress: Progress = lambda done, total: None) -> Copied:
    """Copy the collection into ``target``, which is empty or holds an earlier backup.

    An earlier backup is brought up to date: files that it has are not copied again. The catalogue
    is copied as it stands at one moment; files never change, so they belong to it. Every file is
    compared with its digest on the way. Raises ``NotEmpty`` for a folder with anything else.
    """
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(target.iterdir()) and not (target / _NOTE).is_file():
        raise NotEmpty(str(target))
    kept = DataHome(target)
    arriving = target / "catalogue.new"
    _copy_catalogue(home.catalogue, arriving)
    digests = _digests(arriving)
    lost = tuple(_copy_files(FileStore(home), kept, digests, progress))
    note = {
        "format": _FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": len(digests) - len(lost),
        "catalogue_sha256": _sha256(arriving),
    }
    arriving.replace(kept.catalogue)
    _write(target / _NOTE, json.dumps(note, indent=2))
    return Copied(len(digests) - len(lost), lost)


def restore(source: Path, home: DataHome, progress: Progress = lambda done, total: None) -> Copied:
    """Make the data folder anew from a backup; every byte is compared with its digest.

    Raises ``NotEmpty`` unless the data folder is empty or missing, and ``NotABackup``. The
    catalogue comes last: an interrupted restore leaves a folder that refuses to start.
    """
    if home.path.exists() and any(home.path.iterdir()):
        raise NotEmpty(str(home.path))
    kept = DataHome(source)
    _check_note(kept)
    digests = _digests(kept.catalogue)
    home.create()
    lost = tuple(_copy_files(FileStore(kept), home, digests, progress))
    arriving = home.path / "catalogue.new"
    shutil.copyfile(kept.catalogue, arriving)
    arriving.chmod(0o600)
    _sync(arriving)
    arriving.replace(home.catalogue)
    _sync(home.path)
    return Copied(len(digests) - len(lost), lost)


def _copy_catalogue(catalogue: Path, target: Path) -> None:
    """A consistent copy in one file, whatever is being written meanwhile."""
    target.unlink(missing_ok=True)
    address = f"file:{quote(str(catalogue.absolute()))}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        # The index does not travel with the catalogue, so nothing is indexed there.
        copy.execute("UPDATE record SET indexed_revision = NULL")
        copy.commit()
    target.chmod(0o600)
    _sync(target)


def _digests(catalogue: Path) -> tuple[str, ...]:
    address = f"file:{quote(str(catalogue.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        rows = database.execute("SELECT DISTINCT sha256 FROM version ORDER BY sha256")
        return tuple(sha256 for (sha256,) in rows)


def _copy_files(
    store: FileStore, target: DataHome, digests: tuple[str, ...], progress: Progress
) -> Iterator[str]:
    """Copy what ``target`` lacks; yields the digests that ``store`` no longer has whole."""
    copies = FileStore(target, reserve=0)
    present = set(copies.digests())
    for done, sha256 in enumerate(digests, start=1):
        try:
            if sha256 not in present:
                store.verify(sha256)
                with store.open(sha256) as stream:
                    copies.receive(stream, limit=1 << 62)
        except (MissingFile, DamagedFile):
            yield sha256
        progress(done, len(digests))


def _check_note(kept: DataHome) -> None:
    try:
        note = json.loads((kept.path / _NOTE).read_text(encoding="utf-8"))
        known, wanted = note["format"] == _FORMAT, note["catalogue_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotABackup(str(kept.path), "missing") from error
    if not known:
        raise NotABackup(str(kept.path), "unknown format")
    if not kept.catalogue.is_file() or _sha256(kept.catalogue) != wanted:
        raise NotABackup(str(kept.path), "changed")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, text: str) -> None:
    """Replace the file in one step, on disk when this returns."""
    arriving = path.with_name(path.name + ".new")
    arriving.write_text(text, encoding="utf-8")
    _sync(arriving)
    arriving.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
