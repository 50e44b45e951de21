"""Frozen views of the catalogue: the only shape in which records leave this floor."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from corpus.vocabulary import Evidence, Fate, FileFormat, Kind, Role, Scope, SourceKind, State


@dataclass(frozen=True)
class Source:
    """Where a statement comes from."""

    url: str
    kind: SourceKind
    label: str = ""


@dataclass(frozen=True)
class CityFigure:
    """One figure of a city's identity card, always with its source and date."""

    key: str  # municipalities, population, population_2011, area_km2, legal_basis, established, ...
    value: str
    date: str
    source: str
    to_verify: bool = False


@dataclass(frozen=True)
class CityView:
    slug: str
    name: str
    capital: str
    region: str
    istat_code: str | None
    plate: str | None
    latitude: float | None
    longitude: float | None
    website: str | None
    valid_from: date | None
    valid_to: date | None
    in_programme: bool
    figures: tuple[CityFigure, ...]
    note: str | None


@dataclass(frozen=True)
class AreaView:
    slug: str
    label: str
    short_label: str
    label_en: str
    description: str
    note: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class RecordView:
    """What every record has; the four kinds below add their own fields."""

    public_id: str
    type: str  # document, pilot_solution, course, event
    kind: Kind
    scope: Scope
    state: State
    title: str
    title_is_ours: bool
    summary: str  # plain text, whatever it was written in
    language: str
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    year: int | None
    issued: date | None
    date_note: str | None
    note: str | None
    sources: tuple[Source, ...]
    cities: tuple[str, ...]  # slugs
    areas: tuple[str, ...]  # slugs
    revision: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    summary_markdown: str | None = None  # as staff wrote it, None for plain text
    summary_html: str | None = None  # safe to show: made so when it was saved


@dataclass(frozen=True)
class PageView:
    """The page of a public record in few words: for lists of all of them."""

    public_id: str
    type: str
    title: str
    updated_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class VersionView:
    number: int
    sha256: str
    size: int
    format: FileFormat
    filename: str
    note: str | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class DocumentView(RecordView):
    form: str | None = None
    publisher: str | None = None
    licence: str | None = None
    external_url: str | None = None
    versions: tuple[VersionView, ...] = ()  # readers get published versions only, oldest first

    @property
    def current(self) -> VersionView | None:
        """The newest version the viewer may see, or None for a record without a file."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True)
class SolutionView(RecordView):
    city: str = ""
    area: str = ""
    evidence: Evidence = Evidence.THIN
    problem: str = ""
    actions: str = ""
    outcome: str = ""
    reusable: str = ""
    contact_office: str = ""
    partners: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()  # public ids

    @property
    def to_complete(self) -> bool:
        """Announced but not described by any source: shown as "scheda da completare"."""
        return self.evidence is Evidence.THIN


@dataclass(frozen=True)
class CourseView(RecordView):
    form: str = ""
    start: date | None = None
    end: date | None = None
    hours: int | None = None


@dataclass(frozen=True)
class EventView(RecordView):
    start: date | None = None
    end: date | None = None
    place: str | None = None


@dataclass(frozen=True)
class CardView:
    """What a list of results says of a public record: few columns of any type, read at once."""

    public_id: str
    type: str
    kind: Kind
    title: str
    summary: str
    language: str
    authors: tuple[str, ...]
    year: int | None
    issued: date | None
    start: date | None  # of courses and events
    form: str | None  # of documents and courses
    publisher: str | None  # of documents
    format: FileFormat | None  # of the newest published version
    cities: tuple[str, ...]  # slugs
    areas: tuple[str, ...]  # slugs


@dataclass(frozen=True)
class GapView:
    """A cell of the 42 without a published solution."""

    city: str
    area: str
    hint: str | None


@dataclass(frozen=True)
class BestBetView:
    """Records pinned on top where the whole question is one of ``queries``."""

    id: int
    queries: tuple[str, ...]
    records: tuple[str, ...]  # public ids, in their order; not all of them need be public


@dataclass(frozen=True)
class SynonymView:
    """Expressions that the search takes for equal."""

    id: int
    expressions: tuple[str, ...]


@dataclass(frozen=True)
class UsageView:
    """Uses of a record in a month ("2026-11")."""

    month: str
    public_id: str
    views: int
    downloads: int


@dataclass(frozen=True)
class Asked:
    """A question and its counts: of one day when written, of a stretch of days when read."""

    question: str
    asked: int
    readers: int
    in_vain: int
    day: date  # the last one


@dataclass(frozen=True)
class AccountView:
    """A member of staff, for the sign-in pages only."""

    id: int
    email: str
    name: str
    role: Role
    password: str | None = field(repr=False)  # argon2 hash; None until one is chosen
    active: bool
    fs_uniquifier: str = field(repr=False)
    cities: tuple[str, ...]  # slugs; empty = all of them
    created_at: datetime
    signed_in_at: datetime | None = None  # the last time


@dataclass(frozen=True)
class PasskeyView:
    """A WebAuthn credential of a member of staff; binary parts in base64url."""

    id: int
    account: int
    credential: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SecondFactors:
    """What an account proves itself with besides its password."""

    totp: str | None = field(default=None, repr=False)  # the key of the app
    passkeys: tuple[PasskeyView, ...] = ()
    codes_left: int = 0  # recovery codes not used yet

    def __bool__(self) -> bool:
        return self.totp is not None or bool(self.passkeys)


@dataclass(frozen=True)
class AuditView:
    """One line of the log: what was done, by whom."""

    number: int
    at: datetime
    actor: str
    action: str
    public_id: str | None
    details: dict[str, Any]
    digest: str


@dataclass(frozen=True)
class Colleague:
    """A member of staff, as the pages of the desk name them."""

    id: int
    name: str
    email: str


@dataclass(frozen=True)
class CommentView:
    """What somebody wrote about a record, and the step that it came with."""

    at: datetime
    author: Colleague | None
    step: str
    text: str


@dataclass(frozen=True)
class RecentComment:
    """A comment and the record that it is about."""

    public_id: str
    title: str
    comment: CommentView


@dataclass(frozen=True)
class PreviewView:
    """A preview link as staff see it: its secret is kept nowhere."""

    digest: str
    public_id: str
    purpose: str
    maker: Colleague | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class Dossier:
    """All that staff know of a record. Never given to a public page: it holds what is not public.

    ``record`` shows every version, ``waiting`` those that readers cannot see yet.
    """

    record: RecordView
    owner: Colleague | None
    submitted_by: Colleague | None
    submitted_at: datetime | None
    publish_at: datetime | None
    trashed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    successor_id: str | None  # public id
    comments: tuple[CommentView, ...]  # oldest first
    waiting: tuple[VersionView, ...] = ()
    waiting_from: frozenset[int] = frozenset()  # accounts that added the waiting versions


@dataclass(frozen=True)
class DeskRow:
    """One line of the desk's list of contents."""

    public_id: str
    type: str
    kind: Kind
    state: State
    title: str
    cities: tuple[str, ...]
    owner: Colleague | None
    updated_at: datetime
    publish_at: datetime | None
    waiting: int  # versions that readers cannot see yet


@dataclass(frozen=True)
class BulkEditView:
    """A change made to many records at once."""

    id: int
    at: datetime
    author: Colleague | None
    change: dict[str, Any]
    records: tuple[dict[str, Any], ...]  # each: public_id, before, after
    undone_at: datetime | None


@dataclass(frozen=True)
class UploadView:
    """A file that somebody sent, and what became of it; ``reason`` is plain Italian."""

    id: int
    account: int
    at: datetime
    batch: str
    filename: str
    size: int
    sha256: str | None
    fate: Fate
    reason: str
    public_id: str | None  # of the document that it became, or whose twin it is


@dataclass(frozen=True)
class NewUpload:
    """What to note of a file that somebody sent."""

    account: int
    batch: str
    filename: str
    size: int
    fate: Fate
    sha256: str | None = None
    reason: str = ""
    public_id: str | None = None


@dataclass(frozen=True)
class RecordDraft:
    """What a caller may set on a record; checked by ``Catalogue`` before anything is written."""

    kind: Kind
    title: str
    summary: str = ""
    summary_markdown: str | None = None
    summary_html: str | None = None  # must have passed the portal's allow-lists
    scope: Scope = Scope.PROGRAMME
    title_is_ours: bool = False
    language: str = "it"
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    year: int | None = None
    issued: date | None = None
    date_note: str | None = None
    note: str | None = None
    sources: tuple[Source, ...] = ()
    source_key: str | None = None
    public_id: str | None = None  # only the founding collection chooses it


@dataclass(frozen=True)
class DocumentDraft(RecordDraft):
    form: str | None = None
    publisher: str | None = None
    licence: str | None = None
    external_url: str | None = None


@dataclass(frozen=True)
class SolutionDraft(RecordDraft):
    """City and area are the single values of ``cities`` and ``areas``."""

    evidence: Evidence = Evidence.THIN
    problem: str = ""
    actions: str = ""
    outcome: str = ""
    reusable: str = ""
    contact_office: str = ""
    partners: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class CourseDraft(RecordDraft):
    form: str = ""
    start: date | None = None
    end: date | None = None
    hours: int | None = None


@dataclass(frozen=True)
class EventDraft(RecordDraft):
    start: date | None = None
    end: date | None = None
    place: str | None = None


@dataclass(frozen=True)
class NewFile:
    """A file already in the store, to become a version of a document."""

    sha256: str
    size: int
    format: FileFormat
    filename: str
    note: str | None = field(default=None)
