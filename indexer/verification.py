"""Compares catalogue, files, texts and index, and tells every difference."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from corpus.errors import DamagedFile, MissingFile
from corpus.reader import Reader
from corpus.store import FileStore
from indexer.derived import Derived
from indexer.engine import Engine, EngineUnavailable

Progress = Callable[[int, int], None]  # files done, files in all


class Fault(StrEnum):
    """What may be wrong; the values stand in reports."""

    FILE_DAMAGED = "file danneggiato"
    FILE_MISSING = "file mancante"
    FILE_UNKNOWN = "file fuori dal catalogo"
    LOG_BROKEN = "registro alterato"
    TEXT_DAMAGED = "testo danneggiato"
    TEXT_MISSING = "testo non ancora letto"
    INDEX_DAMAGED = "indice danneggiato"
    INDEX_BEHIND = "indice indietro"
    INDEX_EXCESS = "voce di troppo nell'indice"


# Only a backup, or the original, brings these back; the others are made again.
LOSSES = frozenset({Fault.FILE_DAMAGED, Fault.FILE_MISSING, Fault.LOG_BROKEN})
# Left by an upload that was interrupted before its record: takes room, does no harm.
HARMLESS = frozenset({Fault.FILE_UNKNOWN})


@dataclass(frozen=True)
class Finding:
    """One difference: ``subject`` is a digest, a public id, or what the engine names."""

    fault: Fault
    subject: str


def verify(
    reader: Reader,
    store: FileStore,
    derived: Derived,
    engine: Engine,
    progress: Progress = lambda done, total: None,
) -> Iterator[Finding]:
    """Every difference, reading every byte of the store; damaged texts are dropped on the way."""
    yield from _files(reader, store, progress)
    entry = reader.first_broken_log_entry()
    if entry is not None:
        yield Finding(Fault.LOG_BROKEN, str(entry))
    yield from _texts(reader, derived)
    yield from _index(reader, engine)


def _files(reader: Reader, store: FileStore, progress: Progress) -> Iterator[Finding]:
    wanted = reader.digests()
    for done, sha256 in enumerate(wanted, start=1):
        try:
            store.verify(sha256)
        except MissingFile:
            yield Finding(Fault.FILE_MISSING, sha256)
        except (DamagedFile, OSError):
            yield Finding(Fault.FILE_DAMAGED, sha256)
        progress(done, len(wanted))
    for sha256 in sorted(set(store.digests()) - set(wanted)):
        yield Finding(Fault.FILE_UNKNOWN, sha256)


def _texts(reader: Reader, derived: Derived) -> Iterator[Finding]:
    damaged = set(derived.verify())
    for sha256 in sorted(damaged):
        yield Finding(Fault.TEXT_DAMAGED, sha256)
    tried = derived.tried()
    for sha256 in sorted({sha256 for _, sha256 in reader.published_files()} - tried - damaged):
        yield Finding(Fault.TEXT_MISSING, sha256)


def _index(reader: Reader, engine: Engine) -> Iterator[Finding]:
    try:
        for damage in engine.verify():
            yield Finding(Fault.INDEX_DAMAGED, damage.what)
        indexed = engine.revisions()
    except EngineUnavailable as error:
        yield Finding(Fault.INDEX_DAMAGED, str(error))
        return
    wanted = reader.revisions()
    for id, revision in wanted.items():
        if indexed.get(id) != revision:
            yield Finding(Fault.INDEX_BEHIND, id)
    for id in sorted(indexed.keys() - wanted.keys()):
        yield Finding(Fault.INDEX_EXCESS, id)
