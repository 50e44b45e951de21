"""Writing records: their content, their versions, their index marks."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from corpus import views
from corpus.catalogue.checks import LINE, Problems
from corpus.catalogue.drafts import checked_columns, record_class
from corpus.catalogue.life import DISCARD, call_off, living, make_public, take_cell, touch
from corpus.catalogue.writing import Write, Writer
from corpus.contents import CHANGING, Draft, changes, content_of
from corpus.errors import (
    DamagedFile,
    DuplicateFile,
    EditConflict,
    InvalidRecord,
    InvalidTransition,
    RecordNotFound,
)
from corpus.ids import random_id
from corpus.models import Area, AuditEntry, Base, City, Document, PilotSolution, Record, Version
from corpus.queries import find_twin
from corpus.records import NewFile, SolutionDraft
from corpus.texts import clean_filename, clean_line, clean_text
from corpus.vocabulary import State

Row = TypeVar("Row", City, Area, Document)

_RECORD = Base.metadata.tables["record"]
_NOT_INDEXED = 0  # revisions start at 1


class RecordWriter(Writer):
    """Records of the four types.

    Their life from bozza to ritirato is in ``corpus.catalogue.steps``. Who may do what is decided
    by the caller.
    """

    def add(
        self,
        draft: Draft,
        file: NewFile | None = None,
        *,
        actor: str,
        state: State = State.DRAFT,
        owner: int | None = None,
        twins_allowed: bool = False,
    ) -> str:
        """Add a record, with its first version when ``file`` is given; returns its public id.

        ``owner``: the account whose draft it is. ``state``: bozza, in-revisione or pubblicato.
        ``twins_allowed``: somebody knows that the bytes belong to a document already.
        A ``source_key`` already in the catalogue changes nothing and returns the id it has.
        Raises ``InvalidRecord``, ``DuplicateFile`` when the bytes belong to a document already,
        and ``MissingFile`` or ``DamagedFile`` when they are not in the store as ``file`` says.
        """
        with self._write(actor) as write:
            return self._add(write, draft, file, state, owner, twins_allowed)

    def add_all(
        self, entries: Iterable[tuple[Draft, NewFile]], *, actor: str, owner: int | None = None
    ) -> tuple[str, ...]:
        """Add many drafts with their files, all or none; returns their public ids, in order.

        Raises as ``add`` does.
        """
        with self._write(actor) as write:
            return tuple(
                self._add(write, draft, file, State.DRAFT, owner, twins_allowed=False)
                for draft, file in entries
            )

    def problems_of(self, draft: Draft) -> dict[str, str]:
        """What ``add`` would refuse in this draft, by field; nothing is written."""
        problems = Problems()
        checked_columns(draft, problems)
        with self._database.session() as session:
            _rows(session, City, City.slug, draft.cities, "cities", problems)
            _rows(session, Area, Area.slug, draft.areas, "areas", problems)
        return problems.found

    def add_version(
        self,
        public_id: str,
        file: NewFile,
        *,
        actor: str,
        account: int | None = None,
        twins_allowed: bool = False,
    ) -> int:
        """Add a file as the next version and return its number; readers see it once published.

        A publication that was scheduled is called off.

        Raises as ``add`` does, ``InvalidRecord`` for a record that is no document,
        ``InvalidTransition`` for a withdrawn one or one in the trash.
        """
        with self._write(actor) as write:
            record = _living_document(write.session, public_id, "add_version")
            version = self._attach(write, record, file, account, twins_allowed)
            if record.state is not State.PUBLISHED:  # readers of a public one see no change yet
                touch(record, write.now)
            call_off(write, record)  # whoever decided has not looked at this file
            write.log("add_version", public_id, number=version.number, sha256=version.sha256)
            return version.number

    def note_version(self, public_id: str, number: int, note: str, *, actor: str) -> None:
        """Say in a few words what a version is or changes; an empty note takes the old one away.

        Raises ``InvalidRecord``, and ``RecordNotFound`` when there is no such version.
        """
        with self._write(actor) as write:
            record = _living_document(write.session, public_id, "note_version")
            version = _version(record, number)
            problems = Problems()
            text = problems.optional_line("note", note)
            problems.raise_any()
            if text == version.note:
                return
            before, version.note = version.note, text
            if version.published_at is not None:
                touch(record, write.now)
            write.log("note_version", public_id, number=number, note=[before, text])

    def discard_version(self, public_id: str, number: int, *, actor: str) -> None:
        """Take away a version that readers never saw; its bytes follow as those of the trash do.

        Raises ``InvalidTransition`` for a public one or the only one, ``RecordNotFound``.
        """
        with self._write(actor) as write:
            record = _living_document(write.session, public_id, DISCARD)
            version = _version(record, number)
            if version.published_at is not None or len(record.versions) == 1:
                raise InvalidTransition(public_id, record.state.value, DISCARD)
            record.versions.remove(version)
            if record.state is not State.PUBLISHED:
                touch(record, write.now)
            call_off(write, record)  # nothing waits any more, or not what was looked at
            write.log(DISCARD, public_id, number=number, sha256=version.sha256)

    def revise(
        self,
        public_id: str,
        draft: Draft,
        *,
        actor: str,
        seen: int | None = None,
        restored: int | None = None,
    ) -> None:
        """Give the record the content of ``draft``; readers of a public one see it at once.

        Its id, source key, type, state and files stay. Nothing is written when nothing changes.
        ``seen``: the revision that the writer started from; raises ``EditConflict`` when somebody
        has changed the content since. ``restored``: number of the log entry that is taken back.
        Raises ``InvalidRecord``, ``RecordNotFound``, and ``InvalidTransition`` when withdrawn or
        in the trash.
        """
        with self._write(actor) as write:
            record = living(write.session, public_id, "revise")
            if seen is not None and _changed_since(write.session, record, seen):
                raise EditConflict(public_id, record.revision)
            problems = Problems()
            columns = checked_columns(draft, problems)
            if record_class(draft) is not type(record):
                raise InvalidRecord({"type": "fixed"})
            if draft.public_id not in (None, public_id):
                problems.add("public_id", "fixed")
            if draft.source_key not in (None, record.source_key):
                problems.add("source_key", "fixed")
            before = content_of(views.record_view(record, public=False))
            for name, value in columns.items():
                setattr(record, name, value)
            _place(write.session, record, draft, problems)
            problems.raise_any()
            changed = changes(before, content_of(views.record_view(record, public=False)))
            if changed:
                touch(record, write.now)
                back = {} if restored is None else {"restored": restored}
                write.log("revise", public_id, changes=changed, revision=record.revision, **back)

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

    def put_behind(self, public_ids: Iterable[str]) -> None:
        """Note that the index lacks these records, until ``mark_indexed`` says otherwise."""
        self.mark_indexed(dict.fromkeys(public_ids, _NOT_INDEXED))

    def _add(
        self,
        write: Write,
        draft: Draft,
        file: NewFile | None,
        state: State,
        owner: int | None,
        twins_allowed: bool,
    ) -> str:
        known = _by_source_key(write.session, draft.source_key)
        if known is not None:
            return known
        problems = Problems()
        columns = checked_columns(draft, problems)
        if state not in (State.DRAFT, State.IN_REVIEW, State.PUBLISHED):
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
                self._attach(write, record, file, owner, twins_allowed)
        record.state = state
        record.owner_id = owner
        if state is State.PUBLISHED:
            make_public(record, write.now)
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

    def _attach(
        self,
        write: Write,
        document: Document,
        file: NewFile,
        account: int | None,
        twins_allowed: bool,
    ) -> Version:
        if self._store.path(file.sha256).stat().st_size != file.size:
            raise DamagedFile(file.sha256)
        twin = None if twins_allowed else find_twin(write.session, file.sha256)
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
            added_by_id=account,
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


def _living_document(session: Session, public_id: str, wanted: str) -> Document:
    record = living(session, public_id, wanted)
    if not isinstance(record, Document):
        raise InvalidRecord({"file": "fixed"})
    return record


def _version(document: Document, number: int) -> Version:
    for version in document.versions:
        if version.number == number:
            return version
    raise RecordNotFound(document.public_id)


def _changed_since(session: Session, record: Record, revision: int) -> bool:
    """Whether the content, not only the state, has changed after this revision."""
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.record_public_id == record.public_id, AuditEntry.action.in_(CHANGING))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return any(entry.details.get("revision", 0) > revision for entry in entries)


def _place(session: Session, record: Record, draft: Draft, problems: Problems) -> None:
    """Link the record to its cities, areas and documents; unknown ones go to ``problems``."""
    record.cities = _rows(session, City, City.slug, draft.cities, "cities", problems)
    record.areas = _rows(session, Area, Area.slug, draft.areas, "areas", problems)
    if isinstance(record, PilotSolution) and isinstance(draft, SolutionDraft):
        record.documents = _rows(
            session, Document, Document.public_id, draft.documents, "documents", problems
        )
        if len(record.cities) == len(record.areas) == 1:
            (city,), (area,) = record.cities, record.areas
            if not take_cell(session, record, city.slug, area.slug):
                problems.add("areas", "taken")


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
