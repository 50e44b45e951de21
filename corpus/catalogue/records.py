"""Writing records: their life from draft to withdrawal, their versions, their index marks."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from corpus import views
from corpus.catalogue.checks import LINE, Problems
from corpus.catalogue.drafts import Draft, checked_columns, record_class
from corpus.catalogue.writing import Write, Writer
from corpus.errors import (
    DamagedFile,
    DuplicateFile,
    InvalidRecord,
    InvalidTransition,
    RecordNotFound,
)
from corpus.ids import random_id
from corpus.models import Area, Base, City, Document, PilotSolution, Record, Version
from corpus.queries import find, find_twin
from corpus.records import NewFile, SolutionDraft
from corpus.texts import clean_filename, clean_line, clean_text
from corpus.vocabulary import State

Row = TypeVar("Row", City, Area, Document)

_RECORD = Base.metadata.tables["record"]


class RecordWriter(Writer):
    """Records of the four types.

    A record goes from bozza to in-revisione to pubblicato to ritirato; a reviewer may send it
    back with a comment, publish a bozza at once, or withdraw it from any state. Nothing comes
    back from ritirato. Who may do what is decided by the caller.
    """

    def add(
        self,
        draft: Draft,
        file: NewFile | None = None,
        *,
        actor: str,
        state: State = State.DRAFT,
    ) -> str:
        """Add a record, with its first version when ``file`` is given; returns its public id.

        A ``source_key`` already in the catalogue changes nothing and returns the id it has.
        Raises ``InvalidRecord``, ``DuplicateFile`` when the bytes belong to a document already,
        and ``MissingFile`` or ``DamagedFile`` when they are not in the store as ``file`` says.
        """
        with self._write(actor) as write:
            known = _by_source_key(write.session, draft.source_key)
            if known is not None:
                return known
            problems = Problems()
            columns = checked_columns(draft, problems)
            if state is State.WITHDRAWN:
                problems.add("state", "fixed")
            record = record_class(draft)(**columns)
            record.public_id = _free_id(write.session, draft.public_id, problems)
            record.source_key = draft.source_key
            record.revision = 1
            record.created_at = record.updated_at = write.now
            _place(write.session, record, draft, problems)
            if file is not None and not isinstance(record, Document):
                problems.add("file", "fixed")
            problems.raise_any()
            if isinstance(record, Document):
                record.versions = []
                if file is not None:
                    self._attach(write, record, file)
            record.state = state
            if state is State.PUBLISHED:
                _publish(record, write.now)
            write.session.add(record)
            write.session.flush()
            write.log(
                "add",
                record.public_id,
                state=state.value,
                title=record.title,
                sha256=file.sha256 if file else None,
            )
            return record.public_id

    def add_version(self, public_id: str, file: NewFile, *, actor: str) -> int:
        """Add a file as the next version and return its number; readers see it once published.

        Raises as ``add`` does, ``InvalidRecord`` for a record that is no document,
        ``InvalidTransition`` for a withdrawn one.
        """
        with self._write(actor) as write:
            record = _living(write.session, public_id, "add_version")
            if not isinstance(record, Document):
                raise InvalidRecord({"file": "fixed"})
            version = self._attach(write, record, file)
            _touch(record, write.now)
            write.log("add_version", public_id, number=version.number, sha256=version.sha256)
            return version.number

    def revise(self, public_id: str, draft: Draft, *, actor: str) -> None:
        """Give the record the content of ``draft``; readers of a public one see it at once.

        Its id, source key, type, state and files stay. Nothing is written when nothing changes.
        Raises ``InvalidRecord``, ``RecordNotFound``, and ``InvalidTransition`` when withdrawn.
        """
        with self._write(actor) as write:
            record = _living(write.session, public_id, "revise")
            problems = Problems()
            columns = checked_columns(draft, problems)
            if record_class(draft) is not type(record):
                raise InvalidRecord({"type": "fixed"})
            if draft.public_id not in (None, public_id):
                problems.add("public_id", "fixed")
            if draft.source_key not in (None, record.source_key):
                problems.add("source_key", "fixed")
            before = _content(record)
            for name, value in columns.items():
                setattr(record, name, value)
            _place(write.session, record, draft, problems)
            problems.raise_any()
            changes = _changes(before, _content(record))
            if changes:
                _touch(record, write.now)
                write.log("revise", public_id, changes=changes)

    def submit(self, public_id: str, *, actor: str, comment: str | None = None) -> None:
        """A bozza goes in-revisione; ``InvalidTransition`` from any other state."""
        self._step(public_id, State.IN_REVIEW, {State.DRAFT}, "submit", actor, comment)

    def return_to_draft(self, public_id: str, *, actor: str, comment: str | None = None) -> None:
        """What is in-revisione goes back to its author; ``InvalidTransition`` else."""
        self._step(public_id, State.DRAFT, {State.IN_REVIEW}, "return_to_draft", actor, comment)

    def publish(self, public_id: str, *, actor: str, comment: str | None = None) -> None:
        """Make a bozza or an in-revisione public, and with it every version that waits.

        A public record may be published again when versions wait; else ``InvalidTransition``.
        """
        with self._write(actor) as write:
            record = find(write.session, public_id)
            if record.state is State.WITHDRAWN or (
                record.state is State.PUBLISHED and not _waiting(record)
            ):
                raise InvalidTransition(public_id, record.state.value, State.PUBLISHED.value)
            versions = _publish(record, write.now)
            record.state = State.PUBLISHED
            _touch(record, write.now)
            write.log("publish", public_id, versions=versions, comment=_comment(comment))

    def withdraw(
        self, public_id: str, *, actor: str, reason: str, successor_id: str | None = None
    ) -> None:
        """Take the record away for good; its address tells the reason and the successor.

        Files stay in the store. ``reason`` is required; the successor must be another record,
        not withdrawn. Raises ``InvalidRecord``, ``RecordNotFound``, ``InvalidTransition``.
        """
        with self._write(actor) as write:
            record = find(write.session, public_id)
            if record.state is State.WITHDRAWN:
                raise InvalidTransition(public_id, record.state.value, State.WITHDRAWN.value)
            problems = Problems()
            record.withdrawal_reason = problems.text("reason", reason, required=True)
            record.successor_id = _successor(write.session, record, successor_id, problems)
            problems.raise_any()
            record.state = State.WITHDRAWN
            record.withdrawn_at = write.now
            if isinstance(record, PilotSolution):
                record.cell = None
            _touch(record, write.now)
            write.log(
                "withdraw", public_id, reason=record.withdrawal_reason, successor=successor_id
            )

    def mark_indexed(self, revisions: Mapping[str, int]) -> None:
        """Note which revision of each record the index holds now.

        A record that has moved on meanwhile stays behind. No line in the log: the index is not
        part of the collection.
        """
        if not revisions:
            return
        rows = [{"key": key, "applied": applied} for key, applied in revisions.items()]
        with self._database.transaction() as session:
            session.connection().execute(
                update(_RECORD)
                .where(
                    _RECORD.c.public_id == bindparam("key"),
                    _RECORD.c.revision >= bindparam("applied"),
                )
                .values(indexed_revision=bindparam("applied")),
                rows,
            )

    def forget_index(self) -> None:
        """Note that the index holds nothing: every record is behind until it is marked again."""
        with self._database.transaction() as session:
            session.execute(update(Record).values(indexed_revision=None))

    def _step(
        self,
        public_id: str,
        wanted: State,
        allowed: set[State],
        action: str,
        actor: str,
        comment: str | None,
    ) -> None:
        with self._write(actor) as write:
            record = find(write.session, public_id)
            if record.state not in allowed:
                raise InvalidTransition(public_id, record.state.value, wanted.value)
            record.state = wanted
            _touch(record, write.now)
            write.log(action, public_id, comment=_comment(comment))

    def _attach(self, write: Write, document: Document, file: NewFile) -> Version:
        if self._store.path(file.sha256).stat().st_size != file.size:
            raise DamagedFile(file.sha256)
        twin = find_twin(write.session, file.sha256)
        if twin is not None:
            raise DuplicateFile(twin, file.sha256)
        version = Version(
            number=max((version.number for version in document.versions), default=0) + 1,
            sha256=file.sha256,
            size=file.size,
            format=file.format,
            filename=clean_filename(file.filename),
            note=clean_text(file.note or "") or None,
            created_at=write.now,
        )
        document.versions.append(version)
        return version


def _by_source_key(session: Session, source_key: str | None) -> str | None:
    if source_key is None:
        return None
    if clean_line(source_key) != source_key or not 0 < len(source_key) <= LINE:
        raise InvalidRecord({"source_key": "format"})
    return session.scalar(select(Record.public_id).where(Record.source_key == source_key))


def _free_id(session: Session, wanted: str | None, problems: Problems) -> str:
    taken = select(Record.id)
    if wanted is not None:
        if session.scalar(taken.where(Record.public_id == wanted)) is not None:
            problems.add("public_id", "taken")
        return wanted
    while session.scalar(taken.where(Record.public_id == (chosen := random_id()))) is not None:
        continue
    return chosen


def _living(session: Session, public_id: str, wanted: str) -> Record:
    record = find(session, public_id)
    if record.state is State.WITHDRAWN:
        raise InvalidTransition(public_id, record.state.value, wanted)
    return record


def _touch(record: Record, now: datetime) -> None:
    record.revision += 1
    record.updated_at = now


def _waiting(record: Record) -> list[Version]:
    if not isinstance(record, Document):
        return []
    return [version for version in record.versions if version.published_at is None]


def _publish(record: Record, now: datetime) -> list[int]:
    """Date the first publication and the waiting versions; returns their numbers."""
    record.published_at = record.published_at or now
    waiting = _waiting(record)
    for version in waiting:
        version.published_at = now
    return [version.number for version in waiting]


def _place(session: Session, record: Record, draft: Draft, problems: Problems) -> None:
    """Link the record to its cities, areas and documents; unknown ones go to ``problems``."""
    record.cities = _rows(session, City, City.slug, draft.cities, "cities", problems)
    record.areas = _rows(session, Area, Area.slug, draft.areas, "areas", problems)
    if isinstance(record, PilotSolution) and isinstance(draft, SolutionDraft):
        record.documents = _rows(
            session, Document, Document.public_id, draft.documents, "documents", problems
        )
        if len(record.cities) == len(record.areas) == 1:
            _take_cell(session, record, problems)


def _rows(
    session: Session,
    table: type[Row],
    key: InstrumentedAttribute[str],
    wanted: Iterable[str],
    field: str,
    problems: Problems,
) -> list[Row]:
    keys = set(wanted)
    known = [name for name in keys if name.isascii()]  # others cannot even be asked for
    rows = list(session.scalars(select(table).where(key.in_(known)))) if known else []
    if len(rows) != len(keys):
        problems.add(field, "unknown")
    return rows


def _take_cell(session: Session, solution: PilotSolution, problems: Problems) -> None:
    (city,), (area,) = solution.cities, solution.areas
    cell = f"{city.slug}/{area.slug}"
    with session.no_autoflush:
        holder = session.scalar(select(PilotSolution.id).where(PilotSolution.cell == cell))
    if holder not in (None, solution.id):
        problems.add("areas", "taken")
        return
    solution.city_slug, solution.area_slug, solution.cell = city.slug, area.slug, cell


def _successor(
    session: Session, record: Record, successor_id: str | None, problems: Problems
) -> int | None:
    if successor_id is None:
        return None
    try:
        successor = find(session, successor_id)
    except RecordNotFound:
        successor = record
    if successor is record or successor.state is State.WITHDRAWN:
        problems.add("successor_id", "unknown")
    return successor.id


def _comment(comment: str | None) -> str | None:
    return clean_text(comment or "") or None


def _content(record: Record) -> dict[str, Any]:
    """What a draft may change, as JSON values, for comparing and for the log."""
    fields = asdict(views.record_view(record, public=False))
    for name in ("revision", "created_at", "updated_at", "published_at", "versions"):
        fields.pop(name, None)
    for name in ("cities", "areas", "documents"):
        if name in fields:
            fields[name] = sorted(fields[name])
    return {name: _json(value) for name, value in fields.items()}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}
