"""The read side of the catalogue: frozen views, of published records unless the name says else."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, func, or_, select

from corpus import audit, views
from corpus.database import Database
from corpus.errors import RecordNotFound
from corpus.models import (
    Account,
    Area,
    AuditEntry,
    City,
    Course,
    Document,
    Event,
    PilotSolution,
    Record,
    SolutionGap,
    Version,
    record_area,
    record_city,
    solution_document,
)
from corpus.queries import find, find_public, find_twin
from corpus.records import (
    AccountView,
    AreaView,
    AuditView,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    GapView,
    RecordView,
    SolutionView,
    VersionView,
)
from corpus.vocabulary import Kind, State

_PUBLIC = Record.state == State.PUBLISHED
_NEWEST_FIRST = (
    Record.year.desc().nulls_last(),
    Record.issued.desc().nulls_last(),
    Record.title,
    Record.public_id,
)


class Reader:
    """Answers about the collection. Safe to use from several threads; each call reads anew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Records

    def record(self, public_id: str, *, any_state: bool = False) -> RecordView:
        """One record, as the view of its type.

        Raises ``RecordWithdrawn`` when it was public once and is no more, ``RecordNotFound``
        when there is none or it never was public. With ``any_state`` every record is shown as
        staff see it, pending versions included.
        """
        with self._database.session() as session:
            if any_state:
                return views.record_view(find(session, public_id), public=False)
            return views.record_view(find_public(session, public_id), public=True)

    def file_of(self, public_id: str, number: int | None = None) -> VersionView:
        """A published version of a public document; without ``number`` the newest.

        Raises as ``record`` does, and ``RecordNotFound`` when there is no such version.
        """
        record = self.record(public_id)
        versions = record.versions if isinstance(record, DocumentView) else ()
        for version in reversed(versions):
            if number is None or version.number == number:
                return version
        raise RecordNotFound(public_id)

    def documents(
        self,
        kind: Kind | None = None,
        city: str | None = None,
        area: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[DocumentView, ...]:
        """Public documents, newest first (year, day, then title); filters narrow each other."""
        query = select(Document).where(_PUBLIC).order_by(*_NEWEST_FIRST)
        if kind is not None:
            query = query.where(Record.kind == kind)
        if city is not None:
            query = query.where(_of_city(city))
        if area is not None:
            query = query.where(_of_area(area))
        return self._documents(query.limit(limit).offset(offset))

    def latest(self, limit: int) -> tuple[DocumentView, ...]:
        """Documents by day of publication on this portal, newest first, then as ``documents``."""
        day = func.date(Record.published_at).desc()
        query = select(Document).where(_PUBLIC).order_by(day, *_NEWEST_FIRST)
        return self._documents(query.limit(limit))

    def documents_of_solution(self, public_id: str) -> tuple[DocumentView, ...]:
        """Public documents of a solution, newest first; none for an unknown id."""
        solution = select(PilotSolution.id).where(PilotSolution.public_id == public_id)
        linked = select(solution_document.c.document_id).where(
            solution_document.c.solution_id.in_(solution)
        )
        query = select(Document).where(_PUBLIC, Document.id.in_(linked)).order_by(*_NEWEST_FIRST)
        return self._documents(query)

    def solutions(
        self, city: str | None = None, area: str | None = None
    ) -> tuple[SolutionView, ...]:
        """Public solutions in the order of the cities, then of the areas."""
        query = (
            select(PilotSolution)
            .join(City, City.slug == PilotSolution.city_slug)
            .join(Area, Area.slug == PilotSolution.area_slug)
            .where(_PUBLIC)
            .order_by(City.position, Area.position, Record.public_id)
            .options(*views.SOLUTION)
        )
        if city is not None:
            query = query.where(PilotSolution.city_slug == city)
        if area is not None:
            query = query.where(PilotSolution.area_slug == area)
        with self._database.session() as session:
            return tuple(views.solution_view(row, public=True) for row in session.scalars(query))

    def solution(self, city: str, area: str) -> SolutionView | None:
        """The public solution of a cell, or None when the cell is empty."""
        found = self.solutions(city, area)
        return found[0] if found else None

    def gaps(self) -> tuple[GapView, ...]:
        """Cells without a public solution, with a hint where one was noted.

        Every city of the programme has one cell for each area, in the order of the lists.
        """
        with self._database.session() as session:
            taken = {
                (city, area)
                for city, area in session.execute(
                    select(PilotSolution.city_slug, PilotSolution.area_slug).where(_PUBLIC)
                )
            }
            cells = session.execute(
                select(City.slug, Area.slug, SolutionGap.hint)
                .select_from(City)
                .join(Area, Area.slug.is_not(None))
                .outerjoin(
                    SolutionGap,
                    (SolutionGap.city_slug == City.slug) & (SolutionGap.area_slug == Area.slug),
                )
                .where(City.in_programme)
                .order_by(City.position, Area.position)
            )
            return tuple(
                GapView(city, area, hint) for city, area, hint in cells if (city, area) not in taken
            )

    def courses(self) -> tuple[CourseView, ...]:
        """Public training units, newest first."""
        query = select(Course).where(_PUBLIC).options(*views.PLACES)
        query = query.order_by(
            Record.year.desc().nulls_last(), Course.start.desc().nulls_last(), *_NEWEST_FIRST
        )
        with self._database.session() as session:
            return tuple(views.course_view(row) for row in session.scalars(query))

    def events(self) -> tuple[EventView, ...]:
        """Public events, newest first; those without a sure day stand among their year."""
        query = select(Event).where(_PUBLIC).options(*views.PLACES)
        query = query.order_by(
            Record.year.desc().nulls_last(), Event.start.desc().nulls_last(), *_NEWEST_FIRST
        )
        with self._database.session() as session:
            return tuple(views.event_view(row) for row in session.scalars(query))

    def public_ids(self) -> tuple[str, ...]:
        """Ids of every public record, in order of arrival."""
        with self._database.session() as session:
            return tuple(
                session.scalars(select(Record.public_id).where(_PUBLIC).order_by(Record.id))
            )

    def count(self) -> int:
        """How many records are public."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(Record).where(_PUBLIC)) or 0

    def public_records(self, public_ids: Iterable[str]) -> tuple[RecordView, ...]:
        """The records among ``public_ids`` that are public, in the order asked; a few queries."""
        wanted = tuple(public_ids)
        with self._database.session() as session:
            query = select(Record).where(_PUBLIC, Record.public_id.in_(wanted))
            rows = session.scalars(query.options(*views.ANY)).all()
            found = {row.public_id: views.record_view(row, public=True) for row in rows}
        return tuple(found[public_id] for public_id in wanted if public_id in found)

    def records_by_cell(self) -> dict[tuple[str, str], int]:
        """How many public records name a city and an area together, by (city, area) slugs."""
        city, area = record_city.c, record_area.c
        query = (
            select(city.city_slug, area.area_slug, func.count())
            .join_from(record_city, record_area, city.record_id == area.record_id)
            .join(Record, Record.id == city.record_id)
            .where(_PUBLIC)
            .group_by(city.city_slug, area.area_slug)
        )
        with self._database.session() as session:
            return {(c, a): total for c, a, total in session.execute(query)}

    # Places

    def cities(self) -> tuple[CityView, ...]:
        """Every city, in the programme's order."""
        with self._database.session() as session:
            rows = session.scalars(select(City).order_by(City.position))
            return tuple(views.city_view(row) for row in rows)

    def city(self, slug: str) -> CityView:
        """One city; ``RecordNotFound`` when there is none."""
        with self._database.session() as session:
            row = session.get(City, slug)
            if row is None:
                raise RecordNotFound(slug)
            return views.city_view(row)

    def areas(self) -> tuple[AreaView, ...]:
        """The intervention areas, in the programme's order."""
        with self._database.session() as session:
            rows = session.scalars(select(Area).order_by(Area.position))
            return tuple(views.area_view(row) for row in rows)

    def area(self, slug: str) -> AreaView:
        """One area; ``RecordNotFound`` when there is none."""
        with self._database.session() as session:
            row = session.get(Area, slug)
            if row is None:
                raise RecordNotFound(slug)
            return views.area_view(row)

    # For the indexer

    def behind(self, limit: int, after: str | None = None) -> tuple[tuple[str, int, bool], ...]:
        """Records that the index does not hold as they are: (public id, revision, is public).

        Oldest record first. ``after``: go on behind this public id, to step over records that
        the caller could not index.
        """
        query = (
            select(Record.public_id, Record.revision, Record.state)
            .where(
                or_(
                    Record.indexed_revision.is_(None),
                    Record.indexed_revision != Record.revision,
                )
            )
            .order_by(Record.id)
            .limit(limit)
        )
        if after is not None:
            start = select(Record.id).where(Record.public_id == after).scalar_subquery()
            query = query.where(Record.id > start)
        with self._database.session() as session:
            return tuple(
                (public_id, revision, state is State.PUBLISHED)
                for public_id, revision, state in session.execute(query)
            )

    def revisions(self) -> dict[str, int]:
        """Revision of every public record by public id: what the index should hold."""
        with self._database.session() as session:
            query = select(Record.public_id, Record.revision).where(_PUBLIC).order_by(Record.id)
            return dict(session.execute(query).all())

    def published_files(self) -> tuple[tuple[str, str], ...]:
        """Every version that readers can open: (public id of its document, digest)."""
        query = (
            select(Record.public_id, Version.sha256)
            .join(Document, Document.id == Record.id)
            .join(Version, Version.document_id == Document.id)
            .where(_PUBLIC, Version.published_at.is_not(None))
            .order_by(Record.id, Version.number)
        )
        with self._database.session() as session:
            return tuple((public_id, sha256) for public_id, sha256 in session.execute(query))

    def source_keys(self) -> dict[str, str]:
        """Public id of every record, in any state, that came with a source key."""
        query = select(Record.source_key, Record.public_id).where(Record.source_key.is_not(None))
        with self._database.session() as session:
            return {key: public_id for key, public_id in session.execute(query) if key}

    # For staff

    def twin(self, sha256: str) -> str | None:
        """The document, in any state but withdrawn, that has these very bytes in a version."""
        with self._database.session() as session:
            return find_twin(session, sha256)

    def in_states(self, *states: State) -> tuple[RecordView, ...]:
        """Records in these states as staff see them, last changed first."""
        query = select(Record).where(Record.state.in_(states))
        query = query.order_by(Record.updated_at.desc(), Record.id.desc())
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.ANY)).all()
            return tuple(views.record_view(row, public=False) for row in rows)

    def digests(self) -> tuple[str, ...]:
        """Digest of every file that a version names, each once, in order."""
        with self._database.session() as session:
            return tuple(
                session.scalars(select(Version.sha256).distinct().order_by(Version.sha256))
            )

    def log(self, public_id: str | None = None, limit: int = 100) -> tuple[AuditView, ...]:
        """What was done, newest first; with ``public_id`` to that record only."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if public_id is not None:
            query = query.where(AuditEntry.record_public_id == public_id)
        with self._database.session() as session:
            return tuple(views.audit_view(row) for row in session.scalars(query))

    def first_broken_log_entry(self) -> int | None:
        """Number of the first log entry that was tampered with; None when the chain holds."""
        with self._database.session() as session:
            return audit.first_broken(session)

    def account(self, email: str) -> AccountView | None:
        """The account with this address, upper and lower case alike."""
        return self._account(Account.email == email.strip().lower())

    def account_by_id(self, account: int) -> AccountView | None:
        return self._account(Account.id == account)

    def account_by_uniquifier(self, uniquifier: str) -> AccountView | None:
        return self._account(Account.fs_uniquifier == uniquifier)

    def accounts(self) -> tuple[AccountView, ...]:
        """Every account, by address."""
        with self._database.session() as session:
            rows = session.scalars(select(Account).order_by(Account.email))
            return tuple(views.account_view(row) for row in rows)

    def _account(self, condition: ColumnElement[bool]) -> AccountView | None:
        with self._database.session() as session:
            row = session.scalar(select(Account).where(condition))
            return None if row is None else views.account_view(row)

    def _documents(self, query: Select[Document]) -> tuple[DocumentView, ...]:
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.DOCUMENT))
            return tuple(views.document_view(row, public=True) for row in rows)


def _of_city(slug: str) -> ColumnElement[bool]:
    return Record.id.in_(select(record_city.c.record_id).where(record_city.c.city_slug == slug))


def _of_area(slug: str) -> ColumnElement[bool]:
    return Record.id.in_(select(record_area.c.record_id).where(record_area.c.area_slug == slug))
