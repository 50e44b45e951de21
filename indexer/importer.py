"""Takes a folder of files into the collection: read in parallel, added one by one, resumable.

A file is acknowledged (its ``Result`` comes out of ``Importer.run``) when its bytes and its record
are on disk. Running again skips what is there and reads nothing twice: texts are kept by digest.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import DuplicateFile, FileTooLarge, InvalidRecord
from corpus.reader import Reader
from corpus.records import NewFile
from corpus.store import FileStore
from corpus.vocabulary import State
from indexer.derived import Derived
from indexer.extract.base import Extract, FailureKind
from indexer.extract.sandbox import Sandbox
from indexer.manifest import Row
from indexer.outcomes import Outcome, explained
from indexer.pipeline import keep
from indexer.proposals.rows import Defaults, Proposer

# These depend on the name as well, so they say nothing of the same bytes under another.
_OF_THE_NAME = {FailureKind.TYPE_MISMATCH, FailureKind.INVALID_NAME}

_AT_ONCE = 500  # rows looked at before their files are read


@dataclass(frozen=True)
class Result:
    """One file of the import. ``reason`` and ``warnings`` are plain Italian."""

    file: str
    outcome: Outcome
    public_id: str | None = None
    reason: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices:
    """How an import is done."""

    actor: str
    state: State = State.DRAFT
    defaults: Defaults = field(default_factory=Defaults)
    retry: bool = False  # read again what failed before
    workers: int | None = None  # None: one for each core


@dataclass(frozen=True)
class _Candidate:
    row: Row
    path: Path
    sha256: str
    source_key: str


class Importer:
    """Adds files to the collection. Indexing is left to ``indexer.pipeline``."""

    def __init__(
        self,
        reader: Reader,
        catalogue: Catalogue,
        store: FileStore,
        derived: Derived,
        sandbox: Sandbox,
        choices: Choices,
    ) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._store = store
        self._derived = derived
        self._sandbox = sandbox
        self._choices = choices
        self._proposer = Proposer(reader.cities(), reader.areas(), choices.defaults)

    def run(self, folder: Path, rows: Sequence[Row]) -> Iterator[Result]:
        """Import the files that ``rows`` name inside ``folder``; one result a row, as they come.

        Raises what stops everything: ``NoSpace``, ``CatalogueUnavailable``, ``OSError`` of the
        store.
        """
        known = self._reader.source_keys()
        for start in range(0, len(rows), _AT_ONCE):
            unread: dict[Path, list[_Candidate]] = {}
            for row in rows[start : start + _AT_ONCE]:
                found = self._look(folder.resolve(), row, known)
                if isinstance(found, Result):
                    yield found
                else:
                    unread.setdefault(found.path, []).append(found)
            yield from self._read(unread)

    def _read(self, unread: dict[Path, list[_Candidate]]) -> Iterator[Result]:
        """Read each file once, also when several rows name it."""
        files = [(path, path.name) for path in unread]
        for outcome in self._sandbox.read_many(files, self._choices.workers):
            for candidate in unread[outcome.path]:
                if outcome.failure is None or outcome.failure.kind not in _OF_THE_NAME:
                    keep(self._derived, candidate.sha256, outcome)
                if outcome.extract is not None:
                    yield self._add(candidate, outcome.extract)
                elif outcome.failure is not None:
                    yield _refused(candidate.row.file, outcome.failure.message)

    def _look(self, folder: Path, row: Row, known: dict[str, str]) -> Result | _Candidate:
        path = inside(folder, row.file)
        if path is None:
            return _refused(row.file, "Il percorso esce dalla cartella che si importa.")
        try:
            with path.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return _refused(row.file, "Il file non si trova o non si può leggere.")
        if row["sha256"] and row["sha256"].lower() != sha256:
            return _refused(row.file, "Il file non ha l'impronta SHA-256 scritta nell'elenco.")
        key = row.source_key(sha256)
        if key in known:
            return Result(row.file, Outcome.PRESENT, known[key])
        twin = self._reader.twin(sha256)
        if twin is not None:
            return _duplicate(row.file, twin)
        candidate = _Candidate(row, path, sha256, key)
        if (extract := self._derived.get(sha256)) is not None:
            return self._add(candidate, extract)
        failure = self._derived.failure(sha256)
        if failure is not None and not self._choices.retry:
            return _refused(row.file, failure.message)
        return candidate

    def _add(self, candidate: _Candidate, extract: Extract) -> Result:
        file = candidate.row.file
        proposal = self._proposer.propose(candidate.row, extract, candidate.source_key)
        try:
            with candidate.path.open("rb") as stream:
                stored = self._store.receive(stream, self._sandbox.limits.file_bytes)
            if stored.sha256 != candidate.sha256:
                return _refused(file, "Il file è cambiato durante l'importazione: ripetila.")
            public_id = self._catalogue.add(
                proposal.draft,
                NewFile(stored.sha256, stored.size, extract.format, candidate.path.name),
                actor=self._choices.actor,
                state=self._choices.state,
            )
        except DuplicateFile as duplicate:
            return _duplicate(file, duplicate.public_id)
        except FileTooLarge:
            return _refused(file, "Il file è troppo grande.")
        except InvalidRecord as invalid:
            return _refused(file, explained(invalid.problems))
        warnings = (*proposal.warnings, *extract.warnings)
        return Result(file, Outcome.ADDED, public_id, warnings=warnings)


def files_in(folder: Path) -> tuple[Row, ...]:
    """A row for every file of the folder and its subfolders, hidden ones left out, in order."""
    paths = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return tuple(Row(number, path.as_posix(), {}) for number, path in enumerate(paths, start=1))


def inside(folder: Path, file: str) -> Path | None:
    """The path of ``file`` where it lies inside ``folder``, links followed; None elsewhere."""
    try:
        path = (folder / file).resolve()
    except (OSError, ValueError, RuntimeError):
        return None
    return path if path.is_relative_to(folder) else None


def _refused(file: str, reason: str) -> Result:
    return Result(file, Outcome.REFUSED, reason=reason)


def _duplicate(file: str, public_id: str) -> Result:
    return Result(
        file, Outcome.DUPLICATE, public_id, f"Il documento {public_id} ha gli stessi byte."
    )
