"""From rows to frozen views; the rows must come with the relations that the view shows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import selectin_polymorphic, selectinload, with_polymorphic
from sqlalchemy.orm.interfaces import ORMOption

from corpus.models import (
    Account,
    Area,
    AuditEntry,
    BestBet,
    City,
    Course,
    Document,
    Event,
    Passkey,
    PilotSolution,
    Record,
    Synonym,
    Upload,
    Version,
    record_area,
    record_city,
)
from corpus.records import (
    AccountView,
    AreaView,
    AuditView,
    BestBetView,
    CardView,
    CityFigure,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    PasskeyView,
    RecordView,
    SolutionView,
    Source,
    SynonymView,
    UploadView,
    VersionView,
)
from corpus.vocabulary import SourceKind, State

PLACES: tuple[ORMOption, ...] = (
    selectinload(Record.cities).load_only(City.slug, raiseload=True),
    selectinload(Record.areas).load_only(Area.slug, raiseload=True),
)
DOCUMENT: tuple[ORMOption, ...] = (*PLACES, selectinload(Document.versions))
SOLUTION: tuple[ORMOption, ...] = (*PLACES, selectinload(PilotSolution.documents))
ANY: tuple[ORMOption, ...] = (
    selectin_polymorphic(Record, [Document, PilotSolution, Course, Event]),
    *PLACES,
    selectinload(Document.versions),
    selectinload(PilotSolution.documents),
)
# Many records of any type, by their ids: all types in one statement, which is made once.
_EVERY_TYPE = with_polymorphic(Record, [Document, PilotSolution, Course, Event])
RECORDS_BY_ID = (
    select(_EVERY_TYPE)
    .where(_EVERY_TYPE.public_id.in_(bindparam("ids", expanding=True)))
    .options(
        selectinload(_EVERY_TYPE.cities).load_only(City.slug, raiseload=True),
        selectinload(_EVERY_TYPE.areas).load_only(Area.slug, raiseload=True),
        selectinload(_EVERY_TYPE.Document.versions),
        selectinload(_EVERY_TYPE.PilotSolution.documents),
    )
)

_record, _document, _course, _event = (
    model.__table__ for model in (Record, Document, Course, Event)
)
_version, _city, _area = Version.__table__, record_city.c, record_area.c
_ON_EVERY_CARD = (
    *("public_id", "type", "kind", "state", "title", "summary", "language", "authors"),
    *("year", "issued"),
)
# The same for a list of results: only what `CardView` holds, without making an object of each row.
CARDS_BY_ID = (
    select(
        *(_record.c[name] for name in _ON_EVERY_CARD),
        func.coalesce(_course.c.start, _event.c.start).label("start"),
        func.coalesce(_document.c.form, _course.c.form).label("form"),
        _document.c.publisher,
        select(_version.c.format)
        .where(_version.c.document_id == _record.c.id, _version.c.published_at.is_not(None))
        .order_by(_version.c.number.desc())
        .limit(1)
        .scalar_subquery()
        .label("format"),
        select(func.group_concat(_city.city_slug))
        .where(_city.record_id == _record.c.id)
        .scalar_subquery()
        .label("cities"),
        select(func.group_concat(_area.area_slug))
        .where(_area.record_id == _record.c.id)
        .scalar_subquery()
        .label("areas"),
    )
    .select_from(
        _record.outerjoin(_document, _document.c.id == _record.c.id)
        .outerjoin(_course, _course.c.id == _record.c.id)
        .outerjoin(_event, _event.c.id == _record.c.id)
    )
    .where(_record.c.public_id.in_(bindparam("ids", expanding=True)))
)


def city_view(city: City) -> CityView:
    return CityView(
        slug=city.slug,
        name=city.name,
        capital=city.capital,
        region=city.region,
        istat_code=city.istat_code,
        plate=city.plate,
        latitude=city.latitude,
        longitude=city.longitude,
        website=city.website,
        valid_from=city.valid_from,
        valid_to=city.valid_to,
        in_programme=city.in_programme,
        figures=tuple(CityFigure(**figure) for figure in city.figures),
        note=city.note,
    )


def area_view(area: Area) -> AreaView:
    return AreaView(
        slug=area.slug,
        label=area.label,
        short_label=area.short_label,
        label_en=area.label_en,
        description=area.description,
        note=area.note,
        sources=_sources(area.sources),
    )


def version_view(version: Version) -> VersionView:
    return VersionView(
        number=version.number,
        sha256=version.sha256,
        size=version.size,
        format=version.format,
        filename=version.filename,
        note=version.note,
        created_at=version.created_at,
        published_at=version.published_at,
    )


def record_view(record: Record, *, public: bool) -> RecordView:
    """The view of any record; with ``public`` only published versions and documents show."""
    match record:
        case Document():
            return document_view(record, public=public)
        case PilotSolution():
            return solution_view(record, public=public)
        case Course():
            return course_view(record)
        case Event():
            return event_view(record)
    raise TypeError(f"no view for {type(record).__name__}")


def card_view(row: Row[*tuple[Any, ...]], order: Mapping[str, int]) -> CardView:
    """The card of a row of ``CARDS_BY_ID``; ``order``: the positions of cities and areas."""
    return CardView(
        public_id=row.public_id,
        type=row.type,
        kind=row.kind,
        title=row.title,
        summary=row.summary,
        language=row.language,
        authors=tuple(row.authors),
        year=row.year,
        issued=row.issued,
        start=row.start,
        form=row.form,
        publisher=row.publisher,
        format=row.format,
        cities=_in_order(row.cities, order),
        areas=_in_order(row.areas, order),
    )


def document_view(document: Document, *, public: bool) -> DocumentView:
    return DocumentView(
        **_common(document),
        form=document.form,
        publisher=document.publisher,
        licence=document.licence,
        external_url=document.external_url,
        versions=tuple(
            version_view(version)
            for version in document.versions
            if version.published_at is not None or not public
        ),
    )


def solution_view(solution: PilotSolution, *, public: bool) -> SolutionView:
    return SolutionView(
        **_common(solution),
        city=solution.city_slug,
        area=solution.area_slug,
        evidence=solution.evidence,
        problem=solution.problem,
        actions=solution.actions,
        outcome=solution.outcome,
        reusable=solution.reusable,
        contact_office=solution.contact_office,
        partners=tuple(solution.partners),
        facts=tuple(solution.facts),
        documents=tuple(
            document.public_id
            for document in solution.documents
            if document.state is State.PUBLISHED or not public
        ),
    )


def course_view(course: Course) -> CourseView:
    return CourseView(
        **_common(course),
        form=course.form,
        start=course.start,
        end=course.end,
        hours=course.hours,
    )


def event_view(event: Event) -> EventView:
    return EventView(**_common(event), start=event.start, end=event.end, place=event.place)


def best_bet_view(row: BestBet) -> BestBetView:
    return BestBetView(row.id, tuple(row.queries), tuple(row.records))


def synonym_view(row: Synonym) -> SynonymView:
    return SynonymView(row.id, tuple(row.expressions))


def account_view(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        email=account.email,
        name=account.name,
        role=account.role,
        password=account.password,
        active=account.active,
        fs_uniquifier=account.fs_uniquifier,
        cities=tuple(city.slug for city in account.cities),
        created_at=account.created_at,
        signed_in_at=account.signed_in_at,
    )


def passkey_view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.id,
        account=passkey.account_id,
        credential=passkey.credential,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        transports=tuple(passkey.transports),
        name=passkey.name,
        created_at=passkey.created_at,
        used_at=passkey.used_at,
    )


def audit_view(entry: AuditEntry) -> AuditView:
    return AuditView(
        number=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        public_id=entry.record_public_id,
        details=entry.details,
        digest=entry.digest,
    )


def upload_view(upload: Upload) -> UploadView:
    return UploadView(
        id=upload.id,
        account=upload.account_id,
        at=upload.at,
        batch=upload.batch,
        filename=upload.filename,
        size=upload.size,
        sha256=upload.sha256,
        fate=upload.fate,
        reason=upload.reason,
        public_id=upload.record_public_id,
    )


def _in_order(slugs: str | None, order: Mapping[str, int]) -> tuple[str, ...]:
    """The slugs that SQLite has put together with commas; those added just now come last."""
    found = slugs.split(",") if slugs else ()
    return tuple(sorted(found, key=lambda slug: order.get(slug, len(order))))


def _common(record: Record) -> dict[str, Any]:
    return {
        "public_id": record.public_id,
        "type": record.type,
        "kind": record.kind,
        "scope": record.scope,
        "state": record.state,
        "title": record.title,
        "title_is_ours": record.title_is_ours,
        "summary": record.summary,
        "summary_markdown": record.summary_markdown,
        "summary_html": record.summary_html,
        "language": record.language,
        "authors": tuple(record.authors),
        "topics": tuple(record.topics),
        "year": record.year,
        "issued": record.issued,
        "date_note": record.date_note,
        "note": record.note,
        "sources": _sources(record.sources),
        "cities": tuple(city.slug for city in record.cities),
        "areas": tuple(area.slug for area in record.areas),
        "revision": record.revision,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "published_at": record.published_at,
    }


def _sources(rows: list[dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(row["url"], SourceKind(row["kind"]), row["label"]) for row in rows)
