"""Staff sessions: kept on the server, found by the digest of a secret that only the browser has."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select

from corpus.database import Database
from corpus.models import Account, StaffSession
from corpus.vocabulary import Role

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # "last seen" is written at most this often


@dataclass(frozen=True)
class SignedIn:
    """The person behind a live session."""

    account_id: int
    email: str
    name: str
    role: Role
    cities: tuple[str, ...]  # slugs; empty = all of them


def _now() -> datetime:
    return datetime.now(UTC)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class Sessions:
    """Start, find and end sessions. They end after 60 idle minutes and after 12 hours."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def start(self, account_id: int) -> str:
        """A new session; returns its secret, which is not kept. Old sessions are dropped."""
        secret = secrets.token_urlsafe(32)
        now = self._now()
        with self._database.transaction() as session:
            session.execute(
                delete(StaffSession).where(
                    (StaffSession.seen_at < now - IDLE) | (StaffSession.created_at < now - LONGEST)
                )
            )
            session.add(
                StaffSession(
                    digest=_digest(secret), account_id=account_id, created_at=now, seen_at=now
                )
            )
        return secret

    def find(self, secret: str) -> SignedIn | None:
        """Who holds this secret, or None: unknown, ended, too old, or account switched off."""
        now = self._now()
        with self._database.session() as session:
            row = session.execute(
                select(StaffSession, Account)
                .join(Account, Account.id == StaffSession.account_id)
                .where(StaffSession.digest == _digest(secret), Account.active)
            ).first()
            if row is None:
                return None
            seen, account = row
            if now - seen.seen_at > IDLE or now - seen.created_at > LONGEST:
                return None
            stale = now - seen.seen_at > TOUCH
            signed_in = SignedIn(
                account_id=account.id,
                email=account.email,
                name=account.name,
                role=account.role,
                cities=tuple(city.slug for city in account.cities),
            )
        if stale:
            self._touch(secret, now)
        return signed_in

    def _touch(self, secret: str, now: datetime) -> None:
        with self._database.transaction() as session:
            seen = session.get(StaffSession, _digest(secret))
            if seen is not None:
                seen.seen_at = now

    def end(self, secret: str) -> None:
        """Sign out; an unknown secret changes nothing."""
        with self._database.transaction() as session:
            session.execute(delete(StaffSession).where(StaffSession.digest == _digest(secret)))

    def end_all(self, account_id: int) -> None:
        """Sign the account out everywhere: after a new password, a new role, a switch-off."""
        with self._database.transaction() as session:
            session.execute(delete(StaffSession).where(StaffSession.account_id == account_id))
