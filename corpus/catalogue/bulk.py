"""One change made to many records in one step, and taken back in one step."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import views
from corpus.catalogue.checks import Problems
from corpus.catalogue.life import GONE, touch
from corpus.catalogue.writing import Write, Writer
from corpus.contents import Content, content_of
from corpus.errors import EditConflict, InvalidRecord, RecordNotFound
from corpus.models import Area, BulkEdit, City, Document, PilotSolution, Record
from corpus.queries import find
from corpus.vocabulary import Kind

MOST = 500  # records in one step


@dataclass(frozen=True)
class BulkChange:
    """What to do to each record; None and empty leave a field as it is."""

    add_cities: tuple[str, ...] = ()
    remove_cities: tuple[str, ...] = ()
    add_areas: tuple[str, ...] = ()
    remove_areas: tuple[str, ...] = ()
    add_topics: tuple[str, ...] = ()
    remove_topics: tuple[str, ...] = ()
    licence: str | None = None
    kind: Kind | None = None  # of documents only

    @property
    def empty(self) -> bool:
        return not any(asdict(self).values())


@dataclass(frozen=True)
class BulkLine:
    """What the change does to one record: ``changes`` field by field, or why it cannot be."""

    public_id: str
    title: str
    revision: int
    changes: Mapping[str, tuple[Any, Any]]
    refused: str | None = None  # gone, cell, kind

    @property
    def before(self) -> Content:
        return {name: old for name, (old, _) in self.changes.items()}

    @property
    def after(self) -> Content:
        return {name: new for name, (_, new) in self.changes.items()}


class BulkWriter(Writer):
    """Changes are shown first (``try_bulk``), then applied to exactly what was shown."""

    def try_bulk(self, public_ids: tuple[str, ...], change: BulkChange) -> tuple[BulkLine, ...]:
        """What the change would do, record by record; nothing is written.

        Raises ``InvalidRecord`` for a value that no record could take, or too many records.
        """
        with self._database.session() as session:
            return _lines(session, public_ids, change)

    def apply_bulk(
        self,
        revisions: Mapping[str, int],
        change: BulkChange,
        *,
        actor: str,
        account: int | None = None,
    ) -> int | None:
        """Apply the change to these records, all or none; the number to undo it by.

        ``revisions``: of each record as it was shown; ``EditConflict`` when one has moved on.
        None when nothing changes.
        """
        with self._write(actor) as write:
            lines = _lines(write.session, tuple(revisions), change)
            for line in lines:
                if line.revision != revisions[line.public_id]:
                    raise EditConflict(line.public_id, line.revision)
            changing = [line for line in lines if line.changes]
            if not changing:
                return None
            edit = BulkEdit(
                at=write.now,
                account_id=account,
                change=_json(change),
                records=[
                    {"public_id": line.public_id, "before": line.before, "after": line.after}
                    for line in changing
                ],
            )
            write.session.add(edit)
            write.session.flush()
            for line in changing:
                _set(write, "bulk_edit", line.public_id, line.before, line.after, edit.id)
            return edit.id

    def undo_bulk(self, edit: int, *, actor: str) -> tuple[int, tuple[str, ...]]:
        """Take the change back; how many records got their old values, and which did not.

        A record whose fields somebody has changed since keeps what it has. Raises
        ``LookupError`` for an unknown edit or one that was taken back already.
        """
        with self._write(actor) as write:
            row = write.session.get(BulkEdit, edit)
            if row is None or row.undone_at is not None:
                raise LookupError(f"no bulk edit {edit} to undo")
            row.undone_at = write.now
            undone, kept = 0, []
            for each in row.records:
                if _undo(write, each, edit):
                    undone += 1
                else:
                    kept.append(each["public_id"])
            return undone, tuple(kept)


def _undo(write: Write, each: Mapping[str, Any], edit: int) -> bool:
    try:
        record = find(write.session, each["public_id"])
    except RecordNotFound:
        return False
    now = content_of(views.record_view(record, public=False))
    if record.state in GONE or any(now[name] != value for name, value in each["after"].items()):
        return False
    _set(write, "bulk_undo", record.public_id, each["after"], each["before"], edit)
    return True


def _lines(
    session: Session, public_ids: tuple[str, ...], change: BulkChange
) -> tuple[BulkLine, ...]:
    problems = Problems()
    if len(public_ids) > MOST:
        problems.add("records", "too-many")
    if change.empty:
        problems.add("change", "required")
    problems.licence("licence", change.licence)
    topics = problems.lines("topics", change.add_topics)
    for field, table, wanted in (
        ("cities", City, change.add_cities),
        ("areas", Area, change.add_areas),
    ):
        if any(not slug.isascii() or session.get(table, slug) is None for slug in wanted):
            problems.add(field, "unknown")
    problems.raise_any()
    return tuple(
        _line(find(session, public_id), change, topics) for public_id in dict.fromkeys(public_ids)
    )


def _line(record: Record, change: BulkChange, topics: list[str]) -> BulkLine:
    changes: dict[str, tuple[Any, Any]] = {}
    refused = "gone" if record.state in GONE else None
    if refused is None:
        now = content_of(views.record_view(record, public=False))
        wanted: dict[str, Any] = {
            "cities": _places(now["cities"], change.add_cities, change.remove_cities),
            "areas": _places(now["areas"], change.add_areas, change.remove_areas),
            "topics": [
                topic
                for topic in dict.fromkeys([*now["topics"], *topics])
                if topic not in change.remove_topics
            ],
        }
        if change.licence is not None and isinstance(record, Document):
            wanted["licence"] = change.licence
        if change.kind is not None and isinstance(record, Document):
            wanted["kind"] = change.kind.value
        changes = {name: (now[name], value) for name, value in wanted.items() if now[name] != value}
        if isinstance(record, PilotSolution) and changes.keys() & {"cities", "areas"}:
            changes, refused = {}, "cell"  # a solution is the one of its city and area
        elif not changes and (change.kind or change.licence) and not isinstance(record, Document):
            refused = "kind"
    return BulkLine(record.public_id, record.title, record.revision, changes, refused)


def _places(now: list[str], added: tuple[str, ...], removed: tuple[str, ...]) -> list[str]:
    return sorted((set(now) | set(added)) - set(removed))


def _set(
    write: Write, action: str, public_id: str, before: Content, after: Content, edit: int
) -> None:
    record = find(write.session, public_id)
    for name, value in after.items():
        if name == "cities":
            record.cities = _rows(write.session, City, value)
        elif name == "areas":
            record.areas = _rows(write.session, Area, value)
        else:
            setattr(record, name, Kind(value) if name == "kind" else value)
    touch(record, write.now)
    write.log(
        action,
        public_id,
        changes={name: [before[name], after[name]] for name in after},
        revision=record.revision,
        edit=edit,
    )


def _rows(session: Session, table: Any, slugs: list[str]) -> Any:
    rows = list(session.scalars(select(table).where(table.slug.in_(slugs))))
    if len(rows) != len(slugs):
        raise InvalidRecord({table.__tablename__: "unknown"})
    return rows


def _json(change: BulkChange) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(change).items()
        if value
    }
