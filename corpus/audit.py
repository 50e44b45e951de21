"""The log of what was done: each entry carries the digest of the one before it.

Whoever changes or removes an entry breaks every digest after it. Cutting off the newest entries
leaves a valid shorter chain: to notice that, note the last digest elsewhere (a backup holds it).
Old entries go only through ``forget``, which leaves an entry that says so and holds the chain.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corpus.models import AuditEntry

GENESIS = "0" * 64  # what the first entry carries as the digest before it
FORGET = "forget_log"  # the action of the entry that stands for those forgotten


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    public_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry in the caller's transaction; ``details`` must be JSON values."""
    last = session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1))
    entry = AuditEntry(
        at=at,
        actor=actor,
        action=action,
        record_public_id=public_id,
        details=details or {},
        previous=last or GENESIS,
    )
    entry.digest = _digest(entry)
    session.add(entry)
    session.flush()


def forget(session: Session, *, before: datetime, at: datetime, actor: str) -> int:
    """Remove the entries older than ``before``, in the caller's transaction; how many they were.

    A new entry keeps their number and the last digest among them: the chain now starts there.
    """
    last = session.scalar(
        select(AuditEntry).where(AuditEntry.at < before).order_by(AuditEntry.id.desc()).limit(1)
    )
    if last is None:
        return 0
    old = AuditEntry.id <= last.id
    number = session.scalar(select(func.count()).where(old)) or 0
    digest, until = last.digest, last.id
    append(
        session, at=at, actor=actor, action=FORGET, details={"entries": number, "digest": digest}
    )
    session.execute(delete(AuditEntry).where(AuditEntry.id <= until))
    return number


def first_broken(session: Session) -> int | None:
    """Number of the first entry that does not fit the chain, or None when all of it holds."""
    forgotten = session.scalar(
        select(AuditEntry)
        .where(AuditEntry.action == FORGET)
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    previous = forgotten.details["digest"] if forgotten else GENESIS
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.previous != previous or entry.digest != _digest(entry):
            return entry.id
        previous = entry.digest
    return None


def _digest(entry: AuditEntry) -> str:
    fields = [
        entry.previous,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.record_public_id,
        entry.details,
    ]
    canonical = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
