"""The read side for harvesters: every record that is or was public, in order of its last change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from corpus import views
from corpus.errors import RecordNotFound
from corpus.ids import is_public_id
from corpus.models import Document, Record, Version, record_area, record_city
from corpus.reading import DatabaseReader
from corpus.records import DocumentView, RecordView
from corpus.vocabulary import FileFormat, Kind, State

# As in ``corpus.queries.find_public``: what was withdrawn before anybody saw it is not told of.
_HARVESTED = or_(
    Record.state == State.PUBLISHED,
    and_(Record.state == State.WITHDRAWN, Record.published_at.is_not(None)),
)
_ORDER = (Record.updated_at, Record.public_id)


@dataclass(frozen=True)
class Change:
    """A record as harvesters see it; ``record`` is None once it was withdrawn."""

    public_id: str
    at: datetime
    type: str
    kind: Kind
    cities: tuple[str, ...]
    areas: tuple[str, ...]
    record: RecordView | None


@dataclass(frozen=True)
class Selection:
    """Which changes are wanted: since ``start``, before ``end``, of one kind, city, area, type."""

    start: datetime | None = None
    end: datetime | None = None
    kind: Kind | None = None
    city: str | None = None
    area: str | None = None
    type: str | None = None


class HarvestReader(DatabaseReader):
    """Always asked of the database, in a fixed order, oldest change first.

    A record that changes while somebody goes through the list moves to its end: whoever goes on
    behind the last change received may meet it twice and never misses it.
    """

    def changes(
        self, selection: Selection, limit: int, after: tuple[datetime, str] | None = None
    ) -> tuple[Change, ...]:
        """At most ``limit`` changes, from behind ``after`` (time and id of the last one had)."""
        conditions = _conditions(selection)
        if after is not None:
            at, public_id = after
            later = and_(Record.updated_at == at, Record.public_id > public_id)
            conditions.append(or_(Record.updated_at > at, later))
        query = select(Record).where(*conditions).order_by(*_ORDER).limit(limit)
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.ANY))
            return tuple(_change(row) for row in rows)

    def count_changes(self, selection: Selection) -> int:
        """How many changes there are in all."""
        with self._database.session() as session:
            query = select(func.count()).select_from(Record).where(*_conditions(selection))
            return session.scalar(query) or 0

    def change(self, public_id: str) -> Change:
        """One record, withdrawn or not; ``RecordNotFound`` when it never was public."""
        if not is_public_id(public_id):
            raise RecordNotFound(public_id)
        query = select(Record).where(_HARVESTED, Record.public_id == public_id)
        with self._database.session() as session:
            row = session.scalar(query.options(*views.ANY))
            if row is None:
                raise RecordNotFound(public_id)
            return _change(row)

    def earliest_change(self) -> datetime | None:
        """No change is older than this; None when nothing is or was public."""
        with self._database.session() as session:
            return session.scalar(select(func.min(Record.updated_at)).where(_HARVESTED))

    def latest_change(self) -> datetime | None:
        """When something public last changed or was withdrawn; None when nothing ever was."""
        with self._database.session() as session:
            return session.scalar(select(func.max(Record.updated_at)).where(_HARVESTED))

    def first_publication(self) -> datetime | None:
        """When the oldest of what is public now was published."""
        query = select(func.min(Record.published_at)).where(Record.state == State.PUBLISHED)
        with self._database.session() as session:
            return session.scalar(query)

    def open_tables(
        self, formats: Collection[FileFormat], licences: Collection[str]
    ) -> tuple[DocumentView, ...]:
        """Public documents with a file in one of these formats and one of these licences."""
        files = select(Version.document_id).where(
            Version.published_at.is_not(None), Version.format.in_(formats)
        )
        query = (
            select(Document)
            .where(Record.state == State.PUBLISHED, Document.licence.in_(licences))
            .where(Document.id.in_(files))
            .order_by(Record.id)
        )
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.DOCUMENT))
            return tuple(views.document_view(row, public=True) for row in rows)


def _conditions(selection: Selection) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_HARVESTED]
    if selection.start is not None:
        conditions.append(Record.updated_at >= selection.start)
    if selection.end is not None:
        conditions.append(Record.updated_at < selection.end)
    if selection.kind is not None:
        conditions.append(Record.kind == selection.kind)
    if selection.type is not None:
        conditions.append(Record.type == selection.type)
    for table, slug, wanted in (
        (record_city, record_city.c.city_slug, selection.city),
        (record_area, record_area.c.area_slug, selection.area),
    ):
        if wanted is not None:
            conditions.append(Record.id.in_(select(table.c.record_id).where(slug == wanted)))
    return conditions


def _change(row: Record) -> Change:
    public = row.state is State.PUBLISHED
    return Change(
        public_id=row.public_id,
        at=row.updated_at,
        type=row.type,
        kind=row.kind,
        cities=tuple(city.slug for city in row.cities),
        areas=tuple(area.slug for area in row.areas),
        record=views.record_view(row, public=True) if public else None,
    )
