"""Imports of a list and a ZIP for the editorial desk: first a trial, then all in one step.

The trial reads every file and says row by row what would happen. After the sender has confirmed,
the same is worked out once more and the good rows enter the catalogue in a single transaction:
whenever it is interrupted, all of them are there or none is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpus.catalogue import Catalogue
from corpus.desk_reader import Sight
from corpus.errors import DuplicateFile, InvalidRecord, NoSpace
from corpus.reader import Reader
from corpus.records import DocumentDraft, NewFile
from corpus.store import FileStore
from indexer.antivirus import Antivirus, AntivirusUnavailable
from indexer.derived import Derived
from indexer.extract.sandbox import Sandbox
from indexer.intake import UNCHECKED, infection
from indexer.jobs import FILES, LIST, PARCEL, Job, Jobs, Line, Stage
from indexer.manifest import Row, UnusableManifest, read_manifest
from indexer.outcomes import Outcome, explained
from indexer.parcel import Parcel, UnusableMember, UnusableParcel, opened
from indexer.pipeline import keep

if TYPE_CHECKING:
    from indexer.proposals.rows import Proposer

MOST_ROWS = 1_000
READ_AT_ONCE = 8  # files between two looks at what readers wait for

_NO_LIST = "Lo ZIP contiene più elenchi CSV: lasciane uno, o invialo a parte."
_NOT_THERE = "Lo ZIP non contiene questo file."
_CHANGED = "Nel frattempo qualcosa è cambiato: guarda di nuovo la prova e conferma."
_FULL = "Sul disco del portale non c'è più spazio: avvisa chi lo gestisce, poi conferma di nuovo."
_NO_ROOM = "Sul disco del portale non c'è spazio per questi file: avvisa chi lo gestisce."
_ELSEWHERE = "Puoi aggiungere documenti soltanto delle tue città."


@dataclass(frozen=True)
class _Planned:
    """A row and what would come of it; ``entry`` where it would be added."""

    line: Line
    entry: tuple[DocumentDraft, NewFile] | None = None
    path: Path | None = None


@dataclass(frozen=True)
class _Found:
    """A file of the ZIP, taken out and known by its digest."""

    path: Path
    sha256: str
    name: str


class DeskImports:
    """Works on the imports that staff asked for, a step at a time."""

    def __init__(
        self,
        jobs: Jobs,
        reader: Reader,
        catalogue: Catalogue,
        store: FileStore,
        derived: Derived,
        sandbox: Sandbox,
        antivirus: Antivirus | None,
    ) -> None:
        self.jobs = jobs
        self._reader = reader
        self._catalogue = catalogue
        self._store = store
        self._derived = derived
        self._sandbox = sandbox
        self._antivirus = antivirus

    def work(self) -> bool:
        """Do the next step of the oldest import under way; whether there was one."""
        waiting = [job for job in reversed(self.jobs.all()) if job.stage.under_way]
        if not waiting:
            return False
        job = waiting[0]
        try:
            self._step(job)
        except (UnusableParcel, UnusableManifest) as refused:
            self.jobs.refuse(job, str(refused))
            self.jobs.forget_files(job)
        except AntivirusUnavailable:
            self._put_off(job, UNCHECKED, UNCHECKED)
        except NoSpace:
            self._put_off(job, _NO_ROOM, _FULL)
        except FileNotFoundError:
            self.jobs.refuse(job, "I file di questa importazione non ci sono più: inviali ancora.")
        return True

    def _put_off(self, job: Job, trial: str, confirmed: str) -> None:
        """What fails now may go well later: a trial is to be sent again, or only confirmed."""
        if job.stage is Stage.CONFIRMED:
            self.jobs.put(replace(job, stage=Stage.TRIED, problem=confirmed))
        else:
            self.jobs.refuse(job, trial)
            self.jobs.forget_files(job)

    def _step(self, job: Job) -> None:
        folder = self.jobs.place(job.id)
        with opened(folder / PARCEL) as parcel:
            if not self._store.has_room(2 * parcel.expanded):  # taken out, then in the store
                raise UnusableParcel(_NO_ROOM)
            rows, unknown = _rows(folder, parcel)
            found = self._take_out(folder, parcel, rows)
        unread = {
            each.path: each
            for each in found.values()
            if isinstance(each, _Found) and not self._derived.knows(each.sha256)
        }
        if unread:
            self._read(list(unread.values())[:READ_AT_ONCE])
            left = max(0, len(unread) - READ_AT_ONCE)
            self.jobs.put(replace(job, done=len(rows) - left, total=len(rows)))
            return
        planned = self._plan(job, rows, found)
        job = replace(job, done=len(rows), total=len(rows), unknown_columns=unknown)
        if job.stage is Stage.CONFIRMED:
            self._add(job, planned)
        else:
            self.jobs.finish(job, tuple(each.line for each in planned), Stage.TRIED)

    def _add(self, job: Job, planned: Sequence[_Planned]) -> None:
        """Add the good rows in one step, or go back to the trial when the world has changed.

        Raises ``NoSpace``.
        """
        good = [each for each in planned if each.entry is not None and each.path is not None]
        try:
            for each in good:
                if each.path is not None:
                    with each.path.open("rb") as stream:
                        self._store.receive(stream, self._sandbox.limits.file_bytes)
            entries = [each.entry for each in good if each.entry is not None]
            ids = self._catalogue.add_all(entries, actor=job.email, owner=job.account)
        except (DuplicateFile, InvalidRecord):
            self.jobs.finish(job, tuple(each.line for each in planned), Stage.TRIED)
            self.jobs.put(replace(job, stage=Stage.TRIED, problem=_CHANGED))
            return
        added = {each.line.file: public_id for each, public_id in zip(good, ids, strict=True)}
        lines = tuple(
            replace(each.line, public_id=added.get(each.line.file, each.line.public_id))
            for each in planned
        )
        self.jobs.finish(job, lines, Stage.DONE)
        self.jobs.forget_files(job)

    def _take_out(
        self, folder: Path, parcel: Parcel, rows: Sequence[Row]
    ) -> dict[str, _Found | str]:
        """Every file that a row names, taken out and checked once; or why it cannot be, in words.

        Raises ``AntivirusUnavailable`` and ``NoSpace``.
        """
        names = _by_name(member.name for member in parcel.members)
        taken = folder / FILES
        taken.mkdir(exist_ok=True)
        found: dict[str, _Found | str] = {}
        for row in rows:
            name = names.get(row.file) or names.get(row.file.replace("\\", "/").lstrip("./"))
            if name is None:
                found[row.file] = _NOT_THERE
                continue
            path = taken / hashlib.sha256(name.encode()).hexdigest()[:32]
            try:
                if not path.exists():
                    arriving = path.with_suffix(".new")
                    arriving.unlink(missing_ok=True)
                    parcel.take_out(name, arriving, self._sandbox.limits.file_bytes)
                    if problem := infection(self._antivirus, arriving):
                        arriving.unlink()
                        raise UnusableMember(problem)
                    arriving.replace(path)
                with path.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found[row.file] = _Found(path, digest, PurePosixPath(name).name)
            except UnusableMember as refused:
                found[row.file] = str(refused)
        return found

    def _read(self, files: Sequence[_Found]) -> None:
        digests = {each.path: each.sha256 for each in files}
        for outcome in self._sandbox.read_many([(each.path, each.name) for each in files]):
            keep(self._derived, digests[outcome.path], outcome)

    def _plan(
        self, job: Job, rows: Sequence[Row], found: Mapping[str, _Found | str]
    ) -> list[_Planned]:
        from indexer.proposals.rows import Proposer  # many patterns, for imports alone

        proposer = Proposer(self._reader.cities(), self._reader.areas())
        known = self._reader.source_keys()
        seen: dict[str, int] = {}
        planned = []
        for row in rows:
            file = found[row.file]
            if isinstance(file, str):
                planned.append(_refused(row, file))
                continue
            one = self._plan_row(job, row, file, proposer, known)
            if one.entry is not None and file.sha256 in seen:
                reason = f"È lo stesso file della riga {seen[file.sha256]}."
                one = _Planned(Line(row.line, row.file, Outcome.DUPLICATE, reason=reason))
            seen.setdefault(file.sha256, row.line)
            planned.append(one)
        return planned

    def _plan_row(
        self, job: Job, row: Row, file: _Found, proposer: "Proposer", known: Mapping[str, str]
    ) -> _Planned:
        if row["sha256"] and row["sha256"].lower() != file.sha256:
            return _refused(row, "Il file non ha l'impronta SHA-256 scritta nell'elenco.")
        key = row.source_key(file.sha256)
        if key in known:
            return _Planned(Line(row.line, row.file, Outcome.PRESENT, public_id=known[key]))
        twin = self._reader.twin(file.sha256)
        if twin is not None:
            return _Planned(
                Line(
                    row.line,
                    row.file,
                    Outcome.DUPLICATE,
                    reason="Un documento del portale ha già questo stesso file.",
                    public_id=twin if self._sees(job, twin) else None,
                )
            )
        extract = self._derived.get(file.sha256)
        if extract is None:
            failure = self._derived.failure(file.sha256)
            return _refused(row, failure.message if failure else "Il file non si legge.")
        proposal = proposer.propose(row, extract, key)
        draft = proposal.draft
        problems = self._catalogue.problems_of(draft)
        if problems:
            return _refused(row, explained(problems))
        if job.cities and not set(draft.cities) <= set(job.cities):
            return _refused(row, _ELSEWHERE)
        line = Line(
            row.line,
            row.file,
            Outcome.ADDED,
            title=draft.title,
            warnings=(*proposal.warnings, *extract.warnings),
        )
        new = NewFile(file.sha256, file.path.stat().st_size, extract.format, file.name)
        return _Planned(line, (draft, new), file.path)

    def _sees(self, job: Job, public_id: str) -> bool:
        """Whether the sender may know of the document."""
        sight = Sight(job.account, job.cities)
        return bool(self._reader.desk_rows((public_id,), sight))


def _rows(folder: Path, parcel: Parcel) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The rows of the list, sent apart or in the ZIP; without a list, one for each file."""
    listed = folder / LIST
    inside = [
        member.name
        for member in parcel.members
        if member.name.lower().endswith(".csv") and member.name.count("/") <= 1
    ]
    if not listed.exists() and inside:
        if len(inside) > 1:
            raise UnusableManifest(_NO_LIST)
        try:
            parcel.take_out(inside[0], listed, 20 << 20)
        except UnusableMember as refused:
            raise UnusableManifest(str(refused)) from refused
    if not listed.exists():
        names = sorted(member.name for member in parcel.members)
        rows: tuple[Row, ...] = tuple(Row(0, name, {}) for name in names)
        unknown: tuple[str, ...] = ()
    else:
        manifest = read_manifest(listed)
        rows, unknown = manifest.rows, manifest.unknown_columns
    if not rows:
        raise UnusableManifest("L'elenco non ha righe con il nome di un file.")
    if len(rows) > MOST_ROWS:
        raise UnusableManifest(f"L'elenco ha più di {MOST_ROWS} righe: dividilo in più parti.")
    return rows, unknown


def _by_name(members: Iterable[str]) -> dict[str, str]:
    """Members by the names that a list may use: whole, or without a folder around all of them."""
    names = list(members)
    found = {name: name for name in names}
    heads = {name.split("/", 1)[0] for name in names}
    if len(heads) == 1 and all("/" in name for name in names):
        found |= {name.split("/", 1)[1]: name for name in names}
    return found


def _refused(row: Row, reason: str) -> _Planned:
    return _Planned(Line(row.line, row.file, Outcome.REFUSED, reason=reason))
