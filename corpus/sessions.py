"""Staff sessions: kept on the server, found by the digest of a secret that only the browser has."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from corpus.database import Database
from corpus.models import Account, StaffSession
from corpus.vocabulary import Role

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # "last seen" is written at most this often


@dataclass(frozen=True)
class SignedIn:
    """The person behind a live session."""

    account: int
    email: str
    name: str
    role: Role
    cities: tuple[str, ...]  # slugs; empty = all of them


def _now() -> datetime:
    return datetime.now(UTC)


class Sessions:
    """Start, find and end sessions. They end after 60 idle minutes and after 12 hours.

    A ticket is the account's number and a random secret. The digest kept covers the account's
    ``fs_uniquifier`` too, so that a new password, role or state ends every session by itself.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def start(self, account: int) -> str:
        """A new session; returns its ticket, which is not kept. Sessions past their end go.

        Raises ``LookupError`` for an unknown account.
        """
        ticket = f"{account}-{secrets.token_urlsafe(32)}"
        now = self._now()
        with self._database.transaction() as session:
            holder = session.get(Account, account)
            if holder is None:
                raise LookupError(f"no account {account}")
            session.execute(
                delete(StaffSession).where(
                    (StaffSession.seen_at < now - IDLE) | (StaffSession.created_at < now - LONGEST)
                )
            )
            digest = _digest(ticket, holder)
            session.add(
                StaffSession(digest=digest, account_id=account, created_at=now, seen_at=now)
            )
        return ticket

    def find(self, ticket: str) -> SignedIn | None:
        """Who holds this ticket, or None: unknown, ended, too old, or account switched off."""
        now = self._now()
        with self._database.session() as session:
            holder = _holder(session, ticket)
            if holder is None or not holder.active:
                return None
            row = session.get(StaffSession, _digest(ticket, holder))
            if row is None or now - row.seen_at > IDLE or now - row.created_at > LONGEST:
                return None
            digest, stale = row.digest, now - row.seen_at > TOUCH
            signed_in = SignedIn(
                account=holder.id,
                email=holder.email,
                name=holder.name,
                role=holder.role,
                cities=tuple(city.slug for city in holder.cities),
            )
        if stale:
            self._touch(digest, now)
        return signed_in

    def end(self, ticket: str) -> None:
        """Sign out; an unknown ticket changes nothing."""
        with self._database.transaction() as session:
            holder = _holder(session, ticket)
            row = session.get(StaffSession, _digest(ticket, holder)) if holder else None
            if row is not None:
                session.delete(row)

    def _touch(self, digest: str, now: datetime) -> None:
        with self._database.transaction() as session:
            row = session.get(StaffSession, digest)
            if row is not None:
                row.seen_at = now


def _holder(session: Session, ticket: str) -> Account | None:
    number = ticket.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    return session.get(Account, int(number))


def _digest(ticket: str, holder: Account) -> str:
    kept = f"{ticket}:{holder.fs_uniquifier}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(kept).hexdigest()
