"""The read side for the editorial desk: what staff know of a record, and lists of records."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from corpus import views
from corpus.contents import CHANGING
from corpus.models import (
    Account,
    AuditEntry,
    BulkEdit,
    Document,
    PreviewLink,
    Record,
    RecordComment,
    Version,
    record_area,
    record_city,
)
from corpus.queries import find
from corpus.reading import DatabaseReader
from corpus.records import (
    AuditView,
    BulkEditView,
    Colleague,
    CommentView,
    DeskRow,
    Dossier,
    PreviewView,
    RecentComment,
)
from corpus.vocabulary import Kind, State

_WAITING = Version.published_at.is_(None)
_ORDERS = {
    "updated": (Record.updated_at.desc(), Record.id.desc()),
    "title": (func.lower(Record.title), Record.id),
    "state": (Record.state, Record.updated_at.desc(), Record.id.desc()),
}


@dataclass(frozen=True)
class Sight:
    """Whose eyes: unpublished records of other cities and other people stay out of sight.

    ``cities``: the limits of the account, empty = all cities.
    """

    account: int
    cities: tuple[str, ...] = ()


@dataclass(frozen=True)
class ContentsFilter:
    """Which records the desk's list shows; filters narrow each other."""

    words: str = ""  # all of them in the title, in any order, accents and case alike
    states: tuple[State, ...] = ()
    kind: Kind | None = None
    type: str | None = None
    city: str | None = None
    area: str | None = None
    owner: int | None = None
    waiting: bool = False  # only public documents with a version that waits
    order: str = "updated"


@dataclass(frozen=True)
class LogFilter:
    """Which lines of the log to show; filters narrow each other."""

    actor: str = ""
    action: str = ""
    public_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


class DeskReader(DatabaseReader):
    """Shows what readers may not see: the caller decides who may ask. Nothing is kept."""

    def dossier(self, public_id: str) -> Dossier:
        """All that staff know of a record, in any state; ``RecordNotFound``."""
        with self._database.session() as session:
            record = find(session, public_id)
            comments = session.scalars(
                select(RecordComment)
                .where(RecordComment.record_id == record.id)
                .order_by(RecordComment.id)
            )
            waiting = [
                version
                for version in (record.versions if isinstance(record, Document) else ())
                if version.published_at is None
            ]
            successor = session.get(Record, record.successor_id) if record.successor_id else None
            return Dossier(
                record=views.record_view(record, public=False),
                owner=_colleague(session, record.owner_id),
                submitted_by=_colleague(session, record.submitted_by_id),
                submitted_at=record.submitted_at,
                publish_at=record.publish_at,
                trashed_at=record.trashed_at,
                withdrawn_at=record.withdrawn_at,
                withdrawal_reason=record.withdrawal_reason,
                successor_id=successor.public_id if successor else None,
                comments=tuple(
                    CommentView(row.at, _name(row.account), row.step, row.text) for row in comments
                ),
                waiting=tuple(views.version_view(version) for version in waiting),
                waiting_from=frozenset(v.added_by_id for v in waiting if v.added_by_id is not None),
            )

    def contents(
        self, wanted: ContentsFilter, sight: Sight, limit: int, offset: int = 0
    ) -> tuple[tuple[DeskRow, ...], int]:
        """One page of the desk's list, and how many records it has in all."""
        query = select(Record.id).where(*_conditions(wanted, sight))
        with self._database.session() as session:
            if wanted.words.strip():
                ids = _with_words(session, query, wanted)
                return _rows(session, ids[offset : offset + limit]), len(ids)
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            ordered = query.order_by(*_ORDERS.get(wanted.order, _ORDERS["updated"]))
            page = list(session.scalars(ordered.limit(limit).offset(offset)))
            return _rows(session, page), total

    def desk_rows(
        self, public_ids: Collection[str], sight: Sight | None = None
    ) -> tuple[DeskRow, ...]:
        """The lines of these records, in the order given; unknown ones are left out.

        With ``sight`` so are those that this person may not know of.
        """
        query = select(Record.public_id, Record.id).where(Record.public_id.in_(public_ids))
        if sight is not None and sight.cities:
            query = query.where(_in_sight(sight))
        with self._database.session() as session:
            found = dict(session.execute(query).all())
            return _rows(session, [found[key] for key in public_ids if key in found])

    def counts(self, sight: Sight) -> dict[State, int]:
        """How many records of each state this person can see."""
        query = select(Record.state, func.count()).where(*_conditions(ContentsFilter(), sight))
        with self._database.session() as session:
            return dict(session.execute(query.group_by(Record.state)).all())

    def recent_comments(
        self, sight: Sight, limit: int, *, own: bool = False
    ) -> tuple[RecentComment, ...]:
        """What others have written of late about the records that this person sees.

        ``own``: only about the person's own records.
        """
        wanted = ContentsFilter(owner=sight.account if own else None)
        query = (
            select(RecordComment, Record.public_id, Record.title)
            .join(Record, Record.id == RecordComment.record_id)
            .where(
                RecordComment.account_id.is_distinct_from(sight.account),
                Record.state != State.TRASHED,
                *_conditions(wanted, sight),
            )
            .order_by(RecordComment.id.desc())
            .limit(limit)
        )
        with self._database.session() as session:
            return tuple(
                RecentComment(
                    public_id, title, CommentView(row.at, _name(row.account), row.step, row.text)
                )
                for row, public_id, title in session.execute(query)
            )

    def changes_since(self, public_id: str, revision: int) -> tuple[AuditView, ...]:
        """Changes of the record's content after this revision, oldest first."""
        query = (
            select(AuditEntry)
            .where(AuditEntry.record_public_id == public_id, AuditEntry.action.in_(CHANGING))
            .order_by(AuditEntry.id)
        )
        with self._database.session() as session:
            return tuple(
                views.audit_view(row)
                for row in session.scalars(query)
                if row.details.get("revision", 0) > revision
            )

    def previews(self, public_id: str) -> tuple[PreviewView, ...]:
        """Every preview link of the record, newest first."""
        query = (
            select(PreviewLink, Account)
            .join(Record, Record.id == PreviewLink.record_id)
            .outerjoin(Account, Account.id == PreviewLink.account_id)
            .where(Record.public_id == public_id)
            .order_by(PreviewLink.created_at.desc())
        )
        with self._database.session() as session:
            return tuple(
                PreviewView(
                    digest=link.digest,
                    public_id=public_id,
                    purpose=link.purpose,
                    maker=_name(maker),
                    created_at=link.created_at,
                    expires_at=link.expires_at,
                    revoked_at=link.revoked_at,
                )
                for link, maker in session.execute(query)
            )

    def bulk_edits(self, limit: int = 20) -> tuple[BulkEditView, ...]:
        """Changes made to many records at once, newest first."""
        query = (
            select(BulkEdit, Account)
            .outerjoin(Account, Account.id == BulkEdit.account_id)
            .order_by(BulkEdit.id.desc())
            .limit(limit)
        )
        with self._database.session() as session:
            return tuple(_bulk_view(row, author) for row, author in session.execute(query))

    def bulk_edit(self, number: int) -> BulkEditView:
        """One change made to many records; ``LookupError`` for an unknown number."""
        with self._database.session() as session:
            row = session.get(BulkEdit, number)
            if row is None:
                raise LookupError(f"no bulk edit {number}")
            author = session.get(Account, row.account_id) if row.account_id else None
            return _bulk_view(row, author)

    def log_page(
        self, wanted: LogFilter, limit: int, offset: int = 0
    ) -> tuple[tuple[AuditView, ...], int]:
        """One page of the log, newest first, and how many lines it has in all."""
        query = _log(select(AuditEntry), wanted)
        with self._database.session() as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            rows = session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit).offset(offset))
            return tuple(views.audit_view(row) for row in rows), total

    def log_actions(self) -> tuple[str, ...]:
        """Every kind of action that the log knows, in order."""
        with self._database.session() as session:
            return tuple(
                session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
            )


def _log(query: Select[AuditEntry], wanted: LogFilter) -> Select[AuditEntry]:
    if wanted.actor:
        query = query.where(
            func.lower(AuditEntry.actor).contains(wanted.actor.lower(), autoescape=True)
        )
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.public_id:
        query = query.where(AuditEntry.record_public_id == wanted.public_id)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return query


def _conditions(wanted: ContentsFilter, sight: Sight) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(Record.state.in_(wanted.states))
    if wanted.kind is not None:
        conditions.append(Record.kind == wanted.kind)
    if wanted.type is not None:
        conditions.append(Record.type == wanted.type)
    if wanted.city is not None:
        conditions.append(
            Record.id.in_(
                select(record_city.c.record_id).where(record_city.c.city_slug == wanted.city)
            )
        )
    if wanted.area is not None:
        conditions.append(
            Record.id.in_(
                select(record_area.c.record_id).where(record_area.c.area_slug == wanted.area)
            )
        )
    if wanted.owner is not None:
        conditions.append(Record.owner_id == wanted.owner)
    if wanted.waiting:
        conditions.append(
            and_(
                Record.state == State.PUBLISHED,
                Record.id.in_(select(Version.document_id).where(_WAITING)),
            )
        )
    if sight.cities:
        conditions.append(_in_sight(sight))
    return conditions


def _in_sight(sight: Sight) -> ColumnElement[bool]:
    """Everything that is or was public, one's own, and what only names one's own cities."""
    elsewhere = aliased(record_city)
    named = select(record_city.c.record_id)
    other = select(elsewhere.c.record_id).where(elsewhere.c.city_slug.not_in(sight.cities))
    return or_(
        Record.published_at.is_not(None),
        Record.owner_id == sight.account,
        and_(Record.id.in_(named), Record.id.not_in(other)),
    )


def _with_words(session: Session, query: Select[int], wanted: ContentsFilter) -> list[int]:
    """Ids of the records whose title has all the words; databases do not fold accents alike."""
    words = _folded(wanted.words).split()
    ordered = query.add_columns(Record.title).order_by(
        *_ORDERS.get(wanted.order, _ORDERS["updated"])
    )
    return [
        id
        for id, title in session.execute(ordered)
        if all(word in _folded(title) for word in words)
    ]


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _rows(session: Session, ids: Iterable[int]) -> tuple[DeskRow, ...]:
    wanted = list(ids)
    records = {
        record.id: record
        for record in session.scalars(
            select(Record).where(Record.id.in_(wanted)).options(selectinload(Record.cities))
        )
    }
    owners = {
        account.id: account
        for account in session.scalars(
            select(Account).where(
                Account.id.in_({record.owner_id for record in records.values()} - {None})
            )
        )
    }
    waiting = dict(
        session.execute(
            select(Version.document_id, func.count())
            .where(_WAITING, Version.document_id.in_(wanted))
            .group_by(Version.document_id)
        ).all()
    )
    return tuple(
        DeskRow(
            public_id=record.public_id,
            type=record.type,
            kind=record.kind,
            state=record.state,
            title=record.title,
            cities=tuple(city.slug for city in record.cities),
            owner=_name(owners.get(record.owner_id or 0)),
            updated_at=record.updated_at,
            publish_at=record.publish_at,
            waiting=waiting.get(record.id, 0),
        )
        for record in (records[id] for id in wanted)
    )


def _colleague(session: Session, account: int | None) -> Colleague | None:
    return _name(session.get(Account, account)) if account is not None else None


def _name(account: Account | None) -> Colleague | None:
    return None if account is None else Colleague(account.id, account.name, account.email)


def _bulk_view(row: BulkEdit, author: Account | None) -> BulkEditView:
    return BulkEditView(
        id=row.id,
        at=row.at,
        author=_name(author),
        change=row.change,
        records=tuple(row.records),
        undone_at=row.undone_at,
    )
