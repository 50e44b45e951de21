"""Tables of the catalogue (SQLAlchemy). Only ``corpus`` sees these classes; others get views.

Relationships of records are ``lazy="raise"``: what a query does not name is an error, not one
more query for each row.
"""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from corpus.columns import ClosedList, UtcDateTime
from corpus.vocabulary import Evidence, Fate, FileFormat, Kind, Rhythm, Role, Scope, State, Use


class Base(DeclarativeBase):
    """Explicit constraint names, so that migrations can name what they change."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        dict[str, Any]: JSON,
        list[str]: JSON,
        list[dict[str, Any]]: JSON,
        datetime: UtcDateTime,
        enum.Enum: ClosedList,
    }


record_city = Table(
    "record_city",
    Base.metadata,
    Column("record_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("city_slug", ForeignKey("city.slug"), primary_key=True, index=True),
)
record_area = Table(
    "record_area",
    Base.metadata,
    Column("record_id", ForeignKey("record.id", ondelete="CASCADE"), primary_key=True),
    Column("area_slug", ForeignKey("area.slug"), primary_key=True, index=True),
)
solution_document = Table(
    "solution_document",
    Base.metadata,
    Column("solution_id", ForeignKey("pilot_solution.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
)
account_city = Table(
    "account_city",
    Base.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("city_slug", ForeignKey("city.slug"), primary_key=True),
)


class City(Base):
    """A metropolitan city: data with validity dates, because perimeters change by law."""

    __tablename__ = "city"

    slug: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    name: Mapped[str]
    capital: Mapped[str]
    region: Mapped[str]
    istat_code: Mapped[str | None]
    plate: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    website: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    in_programme: Mapped[bool] = mapped_column(default=True)
    # Each figure: {"key", "value", "date", "source", "to_verify"}; keys are those of CityFigure.
    figures: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    note: Mapped[str | None]


class Area(Base):
    """One of the three intervention areas, with its texts."""

    __tablename__ = "area"

    slug: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    label: Mapped[str]
    short_label: Mapped[str]
    label_en: Mapped[str]
    description: Mapped[str]
    note: Mapped[str | None]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class Record(Base):
    """What every public thing shares; documents, solutions, courses and events extend it."""

    __tablename__ = "record"
    __table_args__ = (Index("ix_record_state_kind", "state", "kind"),)
    __mapper_args__ = {"polymorphic_on": "type", "polymorphic_abstract": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    # Key of the founding collection or of an import manifest: the same key is never added twice.
    source_key: Mapped[str | None] = mapped_column(unique=True)
    type: Mapped[str]
    kind: Mapped[Kind]
    scope: Mapped[Scope] = mapped_column(default=Scope.PROGRAMME)
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    title: Mapped[str]
    title_is_ours: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(default="")
    # As staff wrote it, and as pages show it: made safe when it was saved. None for plain text.
    summary_markdown: Mapped[str | None]
    summary_html: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="it")
    authors: Mapped[list[str]] = mapped_column(default=list)
    topics: Mapped[list[str]] = mapped_column(default=list)
    year: Mapped[int | None]
    issued: Mapped[date | None]
    date_note: Mapped[str | None]
    note: Mapped[str | None]
    # Each source: {"url", "kind" (SourceKind), "label"}.
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)
    indexed_revision: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    # Whose draft it is, and who asked for the review: None for what the program brought in.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    submitted_at: Mapped[datetime | None]
    # When a scheduled record, or the waiting versions of a public one, go public by themselves.
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    trashed_at: Mapped[datetime | None]

    cities: Mapped[list[City]] = relationship(
        secondary=record_city, order_by=City.position, lazy="raise"
    )
    areas: Mapped[list[Area]] = relationship(
        secondary=record_area, order_by=Area.position, lazy="raise"
    )
    successor: Mapped["Record | None"] = relationship(remote_side=[id], lazy="raise")


class Document(Record):
    """Something to read: a file with versions, or a record that links to its owner's site."""

    __tablename__ = "document"
    __mapper_args__ = {"polymorphic_identity": "document"}

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str | None]  # rapporto, dossier, libro, articolo ...
    publisher: Mapped[str | None]
    licence: Mapped[str | None]  # SPDX identifier, None = not stated
    external_url: Mapped[str | None]

    versions: Mapped[list["Version"]] = relationship(
        back_populates="document",
        order_by="Version.number",
        cascade="all, delete-orphan",
        lazy="raise",
    )


class Version(Base):
    """One file of a document. Numbers start at 1; one that readers have seen is never reused."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="CASCADE"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    format: Mapped[FileFormat]
    filename: Mapped[str]  # as the sender wrote it: only ever shown, escaped
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    document: Mapped[Document] = relationship(back_populates="versions", lazy="raise")


class PilotSolution(Record):
    """A pilot solution: at most one for a city and an area (14 x 3 = 42)."""

    __tablename__ = "pilot_solution"
    __mapper_args__ = {"polymorphic_identity": "pilot_solution"}

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    city_slug: Mapped[str] = mapped_column(ForeignKey("city.slug"))
    area_slug: Mapped[str] = mapped_column(ForeignKey("area.slug"))
    # "city/area" while the solution holds its cell; None once withdrawn, so that another may.
    cell: Mapped[str | None] = mapped_column(unique=True)
    evidence: Mapped[Evidence]
    # Empty text means "not known from the sources", and the page says so.
    problem: Mapped[str] = mapped_column(default="")
    actions: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    reusable: Mapped[str] = mapped_column(default="")
    contact_office: Mapped[str] = mapped_column(default="")
    partners: Mapped[list[str]] = mapped_column(default=list)
    facts: Mapped[list[str]] = mapped_column(default=list)

    documents: Mapped[list[Document]] = relationship(
        secondary=solution_document, order_by=Document.title, lazy="raise"
    )


class SolutionGap(Base):
    """A cell of the 42 for which no source was found, with a hint where there is one."""

    __tablename__ = "solution_gap"

    city_slug: Mapped[str] = mapped_column(ForeignKey("city.slug"), primary_key=True)
    area_slug: Mapped[str] = mapped_column(ForeignKey("area.slug"), primary_key=True)
    hint: Mapped[str | None]


class Course(Record):
    """A training unit: distance course, webinar cycle, laboratory."""

    __tablename__ = "course"
    __mapper_args__ = {"polymorphic_identity": "course"}

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str]
    start: Mapped[date | None]
    end: Mapped[date | None]
    hours: Mapped[int | None]


class Event(Record):
    """A dated event; ``start`` is empty where the sources give no sure day."""

    __tablename__ = "event"
    __mapper_args__ = {"polymorphic_identity": "event"}

    id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[date | None] = mapped_column(index=True)
    end: Mapped[date | None]
    place: Mapped[str | None]


class BestBet(Base):
    """Records that staff pin on top of the results of certain questions."""

    __tablename__ = "best_bet"

    id: Mapped[int] = mapped_column(primary_key=True)
    queries: Mapped[list[str]]
    # Public ids in their order. No foreign key: what is not published is simply not shown.
    records: Mapped[list[str]]


class Synonym(Base):
    """Expressions that the search takes for equal, beside those of the founding vocabulary."""

    __tablename__ = "synonym"

    id: Mapped[int] = mapped_column(primary_key=True)
    expressions: Mapped[list[str]]


class UsageCount(Base):
    """How often a record was opened, or its file downloaded, on one day."""

    __tablename__ = "usage_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    # No foreign key: what was counted stays counted when the record goes.
    record_public_id: Mapped[str] = mapped_column(primary_key=True)
    use: Mapped[Use] = mapped_column(primary_key=True)
    total: Mapped[int]


class SearchCount(Base):
    """How often a question was asked on one day, by how many readers, how often in vain."""

    __tablename__ = "search_count"

    day: Mapped[date] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    asked: Mapped[int]
    readers: Mapped[int]
    in_vain: Mapped[int]


class Account(Base):
    """A member of staff."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[Role]
    password: Mapped[str | None]  # argon2 hash; None until the one-time link is used
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime | None]

    cities: Mapped[list[City]] = relationship(
        secondary=account_city, order_by=City.position, lazy="selectin"
    )


class RecordComment(Base):
    """What author and reviewers write to each other about a record; never shown to readers."""

    __tablename__ = "record_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    step: Mapped[str]  # the action that it came with: comment, submit, return_to_draft, ...
    text: Mapped[str]

    account: Mapped["Account | None"] = relationship(lazy="joined")


class PreviewLink(Base):
    """A link that shows one unpublished record to people without an account, for some days.

    Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "preview_link"

    digest: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]  # for whom, in the words of whoever made it
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class BulkEdit(Base):
    """One change made to many records at once, with what is needed to undo it."""

    __tablename__ = "bulk_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    change: Mapped[dict[str, Any]]
    # Each: {"public_id", "before": {field: value}, "after": {field: value}}.
    records: Mapped[list[dict[str, Any]]]
    undone_at: Mapped[datetime | None]


class OneTimeLink(Base):
    """A link that works once; only the SHA-256 of its secret is kept."""

    __tablename__ = "one_time_link"

    digest: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base):
    """A signed-in browser; only the SHA-256 of its secret is kept, and no network address."""

    __tablename__ = "staff_session"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime]  # when the person last showed who they are
    browser: Mapped[str]  # in words, such as "Firefox su Windows"
    strong: Mapped[bool]  # a second factor was shown too


class TotpKey(Base):
    """The shared key of the app that makes a person's one-time codes (RFC 6238)."""

    __tablename__ = "totp_key"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str]
    last_step: Mapped[int]  # the code of this step, and of those before, works no more
    created_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the second factor once; only its SHA-256 is kept."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential: its public half, with the name that its person gave it."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    credential: Mapped[str] = mapped_column(unique=True)  # its id, base64url
    public_key: Mapped[str]  # base64url
    sign_count: Mapped[int]
    transports: Mapped[list[str]]
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SpentToken(Base):
    """The digest of a signed token that works once, kept until it would have expired anyway."""

    __tablename__ = "spent_token"

    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Upload(Base):
    """A file that somebody sent, and what became of it."""

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_account_at", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    batch: Mapped[str] = mapped_column(index=True)  # sent together
    filename: Mapped[str]  # as the sender wrote it: only ever shown, escaped
    size: Mapped[int]
    sha256: Mapped[str | None]
    fate: Mapped[Fate]
    reason: Mapped[str] = mapped_column(default="")  # plain Italian, of a refusal
    # No foreign key: what was sent stays known when the record goes.
    record_public_id: Mapped[str | None]


class AuditEntry(Base):
    """What was done, by whom; each entry carries the digest of the one before."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    record_public_id: Mapped[str | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str] = mapped_column(unique=True)  # the chain cannot fork
    digest: Mapped[str] = mapped_column(unique=True)


class Subscription(Base):
    """Somebody who wants to be told by mail what is new in a search; only what that needs.

    The row goes when the person stops, or does not confirm within some days.
    """

    __tablename__ = "subscription"
    __table_args__ = (UniqueConstraint("address", "search"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    search: Mapped[str]  # as it stands in the address of the search, after the question mark
    rhythm: Mapped[Rhythm]
    language: Mapped[str]  # of the letters: that of the page where they were asked for
    nonce: Mapped[str]  # goes into the links of the letters, which die with the row
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_until: Mapped[datetime | None]  # what was published up to here has been told
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # set once confirmed
