"""The read side of the catalogue: frozen views, of published records unless the name says else."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Select, func, select

from corpus import views
from corpus.answer_cache import AnswerCache
from corpus.database import Database
from corpus.desk_reader import DeskReader
from corpus.errors import RecordNotFound
from corpus.harvest_reader import HarvestReader
from corpus.index_reader import IndexReader
from corpus.models import (
    Area,
    BestBet,
    City,
    Course,
    Document,
    Event,
    PilotSolution,
    Record,
    SolutionGap,
    Synonym,
    record_area,
    record_city,
    solution_document,
)
from corpus.queries import find, find_public
from corpus.records import (
    AreaView,
    BestBetView,
    CardView,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    GapView,
    RecordView,
    SolutionView,
    SynonymView,
    VersionView,
)
from corpus.staff_reader import StaffReader
from corpus.upload_reader import UploadReader
from corpus.usage_reader import UsageReader
from corpus.vocabulary import Kind, State

_PUBLIC = Record.state == State.PUBLISHED
_NEWEST_FIRST = (
    Record.year.desc().nulls_last(),
    Record.issued.desc().nulls_last(),
    Record.title,
    Record.public_id,
)

_Arguments = ParamSpec("_Arguments")
_Query = TypeVar("_Query", bound=Select[Any])
_Answer = TypeVar("_Answer")


def _remembered(
    method: Callable[Concatenate["Reader", _Arguments], _Answer],
) -> Callable[Concatenate["Reader", _Arguments], _Answer]:
    """The answers of ``method``, which must be frozen, are kept until somebody writes."""

    @wraps(method)
    def recall(reader: "Reader", /, *args: _Arguments.args, **named: _Arguments.kwargs) -> _Answer:
        key = (method.__name__, args, tuple(sorted(named.items())))
        return reader._cache.get(key, lambda: method(reader, *args, **named))

    return recall


class Reader(HarvestReader, IndexReader, StaffReader, DeskReader, UsageReader, UploadReader):
    """Answers about the collection, always as of the last write of any process.

    Safe to use from several threads. Public answers are kept in memory until somebody writes.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._cache = AnswerCache(database.generation)

    # Records

    def record(self, public_id: str, *, any_state: bool = False) -> RecordView:
        """One record, as the view of its type.

        Raises ``RecordWithdrawn`` when it was public once and is no more, ``RecordNotFound``
        when there is none or it never was public. With ``any_state`` every record is shown as
        staff see it, pending versions included.
        """
        if any_state:
            with self._database.session() as session:
                return views.record_view(find(session, public_id), public=False)
        return self._cache.get(("record", public_id), lambda: self._public_record(public_id))

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

    @_remembered
    def documents(
        self,
        kind: Kind | None = None,
        city: str | None = None,
        area: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[DocumentView, ...]:
        """Public documents, newest first (year, day, then title); filters narrow each other."""
        query = _of(select(Document), kind, city, area).order_by(*_NEWEST_FIRST)
        return self._documents(query.limit(limit).offset(offset))

    @_remembered
    def document_count(self, city: str | None = None, area: str | None = None) -> int:
        """How many ``documents`` there are."""
        query = _of(select(func.count(Document.id)), None, city, area)
        with self._database.session() as session:
            return session.scalar(query) or 0

    @_remembered
    def document_topics(self, area: str) -> Mapping[str, int]:
        """In how many public documents of an area each topic stands."""
        query = _of(select(Document.topics), None, None, area)
        with self._database.session() as session:
            return Counter(topic for topics in session.scalars(query) for topic in topics)

    @_remembered
    def latest(self, limit: int) -> tuple[DocumentView, ...]:
        """Documents by day of publication on this portal, newest first, then as ``documents``."""
        day = func.date(Record.published_at).desc()
        query = select(Document).where(_PUBLIC).order_by(day, *_NEWEST_FIRST)
        return self._documents(query.limit(limit))

    @_remembered
    def documents_of_solution(self, public_id: str) -> tuple[DocumentView, ...]:
        """Public documents of a solution, newest first; none for an unknown id."""
        solution = select(PilotSolution.id).where(PilotSolution.public_id == public_id)
        linked = select(solution_document.c.document_id).where(
            solution_document.c.solution_id.in_(solution)
        )
        query = select(Document).where(_PUBLIC, Document.id.in_(linked)).order_by(*_NEWEST_FIRST)
        return self._documents(query)

    @_remembered
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

    @_remembered
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

    @_remembered
    def courses(self) -> tuple[CourseView, ...]:
        """Public training units, newest first."""
        query = select(Course).where(_PUBLIC).options(*views.PLACES)
        query = query.order_by(
            Record.year.desc().nulls_last(), Course.start.desc().nulls_last(), *_NEWEST_FIRST
        )
        with self._database.session() as session:
            return tuple(views.course_view(row) for row in session.scalars(query))

    @_remembered
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

    @_remembered
    def count(self) -> int:
        """How many records are public."""
        with self._database.session() as session:
            return session.scalar(select(func.count()).select_from(Record).where(_PUBLIC)) or 0

    def public_records(self, public_ids: Iterable[str]) -> tuple[RecordView, ...]:
        """The records among ``public_ids`` that are public, in the order asked; a few queries."""
        wanted = [("record", public_id) for public_id in public_ids]
        found = self._cache.get_many(wanted, self._public_records)
        return tuple(found[key] for key in wanted if key in found)

    def public_cards(self, public_ids: Iterable[str]) -> tuple[CardView, ...]:
        """As ``public_records``, for a list that says little of each: in one quick question."""
        wanted = [("card", public_id) for public_id in public_ids]
        found = self._cache.get_many(wanted, self._public_cards)
        return tuple(found[key] for key in wanted if key in found)

    @_remembered
    def records_by_cell(self) -> Mapping[tuple[str, str], int]:
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
            return MappingProxyType({(c, a): total for c, a, total in session.execute(query)})

    # Places

    @_remembered
    def cities(self) -> tuple[CityView, ...]:
        """Every city, in the programme's order."""
        with self._database.session() as session:
            rows = session.scalars(select(City).order_by(City.position))
            return tuple(views.city_view(row) for row in rows)

    def city(self, slug: str) -> CityView:
        """One city; ``RecordNotFound`` when there is none."""
        for city in self.cities():
            if city.slug == slug:
                return city
        raise RecordNotFound(slug)

    @_remembered
    def areas(self) -> tuple[AreaView, ...]:
        """The intervention areas, in the programme's order."""
        with self._database.session() as session:
            rows = session.scalars(select(Area).order_by(Area.position))
            return tuple(views.area_view(row) for row in rows)

    def area(self, slug: str) -> AreaView:
        """One area; ``RecordNotFound`` when there is none."""
        for area in self.areas():
            if area.slug == slug:
                return area
        raise RecordNotFound(slug)

    # The search desk

    @_remembered
    def best_bets(self) -> tuple[BestBetView, ...]:
        """What staff pin on top of the results, in order of arrival."""
        with self._database.session() as session:
            rows = session.scalars(select(BestBet).order_by(BestBet.id))
            return tuple(views.best_bet_view(row) for row in rows)

    @_remembered
    def synonyms(self) -> tuple[SynonymView, ...]:
        """The expressions that staff made equal, in order of arrival."""
        with self._database.session() as session:
            rows = session.scalars(select(Synonym).order_by(Synonym.id))
            return tuple(views.synonym_view(row) for row in rows)

    def _public_record(self, public_id: str) -> RecordView:
        with self._database.session() as session:
            return views.record_view(find_public(session, public_id), public=True)

    def _public_records(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], RecordView]:
        # The state is looked at here: with it in the question, SQLite reads every published record.
        with self._database.session() as session:
            rows = session.scalars(views.RECORDS_BY_ID, {"ids": [id for _, id in keys]})
            return {
                ("record", row.public_id): views.record_view(row, public=True)
                for row in rows
                if row.state is State.PUBLISHED
            }

    def _public_cards(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], CardView]:
        slugs = [city.slug for city in self.cities()] + [area.slug for area in self.areas()]
        order = {slug: position for position, slug in enumerate(slugs)}
        with self._database.connection() as connection:
            rows = connection.execute(views.CARDS_BY_ID, {"ids": [id for _, id in keys]})
            return {
                ("card", row.public_id): views.card_view(row, order)
                for row in rows
                if row.state is State.PUBLISHED
            }

    def _documents(self, query: Select[Document]) -> tuple[DocumentView, ...]:
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.DOCUMENT))
            return tuple(views.document_view(row, public=True) for row in rows)


class PreviewReader(Reader):
    """Sees one record as readers will once it is published; all the rest as they do now."""

    def __init__(self, reader: Reader, public_id: str) -> None:
        super().__init__(reader._database)
        self._shown = public_id

    def record(self, public_id: str, *, any_state: bool = False) -> RecordView:
        if public_id != self._shown or any_state:
            return super().record(public_id, any_state=any_state)
        with self._database.session() as session:
            record = views.record_view(find(session, public_id), public=False)
        return replace(record, state=State.PUBLISHED)


def _of(query: _Query, kind: Kind | None, city: str | None, area: str | None) -> _Query:
    """The public records of ``query`` that are of this kind, city and area, where given."""
    query = query.where(_PUBLIC)
    if kind is not None:
        query = query.where(Record.kind == kind)
    if city is not None:
        query = query.where(_of_city(city))
    if area is not None:
        query = query.where(_of_area(area))
    return query


def _of_city(slug: str) -> ColumnElement[bool]:
    return Record.id.in_(select(record_city.c.record_id).where(record_city.c.city_slug == slug))


def _of_area(slug: str) -> ColumnElement[bool]:
    return Record.id.in_(select(record_area.c.record_id).where(record_area.c.area_slug == slug))
