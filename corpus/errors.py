"""Errors of the collection: they carry data, know no HTTP and no sentence for the reader."""

from dataclasses import dataclass
from datetime import datetime


class CorpusError(Exception):
    """Base of every error that this floor raises on purpose."""


@dataclass
class RecordNotFound(CorpusError):
    """No record has this public id, or the caller may not know that it exists."""

    public_id: str


@dataclass
class RecordWithdrawn(CorpusError):
    """The record was public and has been withdrawn."""

    public_id: str
    title: str
    reason: str
    successor_id: str | None
    withdrawn_at: datetime | None = None


@dataclass
class DuplicateFile(CorpusError):
    """The same bytes already belong to a document."""

    public_id: str
    sha256: str


@dataclass
class InvalidRecord(CorpusError):
    """A field refuses its value: ``problems`` maps field name to a code or message."""

    problems: dict[str, str]


@dataclass
class DeskEntryNotFound(CorpusError):
    """No best bet, or no synonym, has this number: somebody removed it meanwhile."""

    id: int


@dataclass
class InvalidTransition(CorpusError):
    """The record's state does not allow this step."""

    public_id: str
    state: str
    wanted: str


@dataclass
class EditConflict(CorpusError):
    """Somebody else has changed the content meanwhile; ``revision`` is the present one."""

    public_id: str
    revision: int


@dataclass
class SamePerson(CorpusError):
    """Who asked for the review may not be the one who publishes."""

    public_id: str


@dataclass
class FileTooLarge(CorpusError):
    """More bytes arrived than ``limit`` allows."""

    limit: int


@dataclass
class NoSpace(CorpusError):
    """The disk has no room for what was asked: bytes free and bytes needed."""

    free: int
    needed: int


@dataclass
class DamagedFile(CorpusError):
    """The stored bytes no longer have the digest they are named by."""

    sha256: str


@dataclass
class MissingFile(CorpusError):
    """The store has no file with this digest."""

    sha256: str


@dataclass
class SchemaMismatch(CorpusError):
    """The catalogue was written by another version; ``found`` is None for an unknown schema."""

    found: str | None
    expected: str


@dataclass
class IncompleteHome(CorpusError):
    """The data folder holds files but no catalogue: starting would hide a loss."""

    path: str


@dataclass
class CatalogueUnavailable(CorpusError):
    """The catalogue cannot be written now; ``reason`` is "busy", "read-only" or "disk"."""

    reason: str


@dataclass
class ImportNotFound(CorpusError):
    """No import has this name, or the caller may not know that it exists."""

    name: str


@dataclass
class UploadNotFound(CorpusError):
    """No upload has this number, or the caller may not know that it exists."""

    upload: int


@dataclass
class InvalidLink(CorpusError):
    """A one-time link that does not work; ``reason`` is "unknown", "used" or "expired"."""

    reason: str


@dataclass
class LastAdministrator(CorpusError):
    """The change would leave nobody who can administer everything; ``email``: whose account."""

    email: str
