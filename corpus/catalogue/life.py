"""Small steps that the writers of records share."""

from datetime import datetime

from sqlalchemy.orm import Session

from corpus.catalogue.checks import Problems
from corpus.catalogue.writing import Write
from corpus.errors import InvalidTransition
from corpus.models import Document, PilotSolution, Record, RecordComment, Version
from corpus.queries import find, holder_of
from corpus.vocabulary import State

GONE = {State.WITHDRAWN, State.TRASHED}
DISCARD = "discard_version"  # in the log: its file goes as those of the trash do


def living(session: Session, public_id: str, wanted: str) -> Record:
    """The record, unless it was withdrawn or lies in the trash (``InvalidTransition``)."""
    record = find(session, public_id)
    if record.state in GONE:
        raise InvalidTransition(public_id, record.state.value, wanted)
    return record


def touch(record: Record, now: datetime) -> None:
    """The record has changed: the index must look at it again."""
    record.revision += 1
    record.updated_at = now


def waiting(record: Record) -> list[Version]:
    """Versions that readers cannot see yet."""
    if not isinstance(record, Document):
        return []
    return [version for version in record.versions if version.published_at is None]


def make_public(record: Record, now: datetime) -> list[int]:
    """Date the first publication and the waiting versions; returns their numbers."""
    record.state = State.PUBLISHED
    record.publish_at = None
    record.published_at = record.published_at or now
    fresh = waiting(record)
    for version in fresh:
        version.published_at = now
    return [version.number for version in fresh]


def call_off(write: Write, record: Record) -> None:
    """What was to go public by itself waits for a decision again; nothing if nothing was."""
    if record.publish_at is None:
        return
    record.publish_at = None
    if record.state is State.SCHEDULED:
        record.state = State.IN_REVIEW
        touch(record, write.now)
    write.log("unschedule", record.public_id)


def take_cell(session: Session, solution: PilotSolution, city: str, area: str) -> bool:
    """Give the solution its cell of the 42; False when another one holds it."""
    cell = f"{city}/{area}"
    with session.no_autoflush:
        holder = holder_of(session, cell)
    if holder not in (None, solution.id):
        return False
    solution.city_slug, solution.area_slug, solution.cell = city, area, cell
    return True


def remark(
    write: Write, record: Record, step: str, text: str | None, account: int | None
) -> str | None:
    """Add a comment to the record's thread, if there is one to add; returns it cleaned.

    Raises ``InvalidRecord`` when it is too long.
    """
    problems = Problems()
    cleaned = problems.text("comment", text or "")
    problems.raise_any()
    if not cleaned:
        return None
    write.session.add(
        RecordComment(
            record_id=record.id, account_id=account, at=write.now, step=step, text=cleaned
        )
    )
    return cleaned
