"""Questions that the read side and the write side both ask."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import views
from corpus.errors import RecordNotFound, RecordWithdrawn
from corpus.ids import is_public_id
from corpus.models import Document, PilotSolution, Record, Version
from corpus.vocabulary import State


def find(session: Session, public_id: str) -> Record:
    """The record with everything that its view needs, in any state; ``RecordNotFound``."""
    if not is_public_id(public_id):  # whatever a stranger typed never reaches the database
        raise RecordNotFound(public_id)
    record = session.scalar(views.RECORDS_BY_ID, {"ids": [public_id]})
    if record is None:
        raise RecordNotFound(public_id)
    return record


def find_public(session: Session, public_id: str) -> Record:
    """The record as a reader may see it; ``RecordNotFound``, ``RecordWithdrawn``."""
    record = find(session, public_id)
    if record.state is State.PUBLISHED:
        return record
    if record.state is State.WITHDRAWN and record.published_at is not None:
        raise RecordWithdrawn(
            public_id=public_id,
            title=record.title,
            reason=record.withdrawal_reason or "",
            successor_id=_shown_successor(session, record),
            withdrawn_at=record.withdrawn_at,
        )
    raise RecordNotFound(public_id)


def find_twin(session: Session, sha256: str) -> str | None:
    """The document, neither withdrawn nor in the trash, that has these bytes in a version."""
    return session.scalar(
        select(Document.public_id)
        .join(Version, Version.document_id == Document.id)
        .where(
            Version.sha256 == sha256,
            Document.state.not_in((State.WITHDRAWN, State.TRASHED)),
        )
        .order_by(Document.id)
        .limit(1)
    )


def holder_of(session: Session, cell: str) -> int | None:
    """The solution, by its number, that holds this cell of the 42."""
    return session.scalar(select(PilotSolution.id).where(PilotSolution.cell == cell))


def _shown_successor(session: Session, record: Record) -> str | None:
    # A successor that never was public is not given away.
    if record.successor_id is None:
        return None
    return session.scalar(
        select(Record.public_id).where(
            Record.id == record.successor_id, Record.published_at.is_not(None)
        )
    )
