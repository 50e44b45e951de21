"""Staff sessions: kept on the server, found by the digest of a secret that only the browser has."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.database import Database
from corpus.models import Account, StaffSession
from corpus.vocabulary import Role

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=1)  # "last seen" is written at most this often

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class SignedIn:
    """The person behind a live session."""

    account: int
    email: str
    name: str
    role: Role
    cities: tuple[str, ...]  # slugs; empty = all of them
    session: str = ""  # names the session, opens nothing
    strong: bool = False  # a second factor was shown, not the password alone
    proved_at: datetime = _LONG_AGO  # when they last showed who they are


@dataclass(frozen=True)
class OpenSession:
    """A signed-in browser, in the list of its person."""

    session: str
    browser: str  # "Firefox su Windows"
    created_at: datetime
    seen_at: datetime


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

    def start(self, account: int, browser: str = "", strong: bool = False) -> str:
        """A new session; returns its ticket, which is not kept. Sessions past their end go.

        ``browser``: how its person will recognise it. ``strong``: a second factor was shown.
        Raises ``LookupError`` for an unknown account.
        """
        ticket = f"{account}-{secrets.token_urlsafe(32)}"
        now = self._now()
        with self._database.transaction() as session:
            holder = session.get(Account, account)
            if holder is None:
                raise LookupError(f"no account {account}")
            holder.signed_in_at = now
            session.execute(
                delete(StaffSession).where(
                    (StaffSession.seen_at < now - IDLE) | (StaffSession.created_at < now - LONGEST)
                )
            )
            session.add(
                StaffSession(
                    digest=_digest(ticket, holder),
                    account_id=account,
                    created_at=now,
                    seen_at=now,
                    proved_at=now,
                    browser=browser,
                    strong=strong,
                )
            )
            audit.append(
                session,
                at=now,
                actor=holder.email,
                action="sign_in",
                details={"account": account, "second_factor": strong},
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
                session=digest,
                strong=row.strong,
                proved_at=row.proved_at,
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

    def of(self, account: int) -> tuple[OpenSession, ...]:
        """The live sessions of an account, last used first."""
        now = self._now()
        query = select(StaffSession).where(
            StaffSession.account_id == account,
            StaffSession.seen_at >= now - IDLE,
            StaffSession.created_at >= now - LONGEST,
        )
        with self._database.session() as session:
            rows = session.scalars(query.order_by(StaffSession.seen_at.desc()))
            return tuple(
                OpenSession(row.digest, row.browser, row.created_at, row.seen_at) for row in rows
            )

    def end_one(self, account: int, name: str) -> None:
        """End the session of this name if it is the account's."""
        with self._database.transaction() as session:
            row = session.get(StaffSession, name)
            if row is not None and row.account_id == account:
                session.delete(row)

    def end_others(self, account: int, name: str) -> None:
        """End every session of the account but the one of this name."""
        others = delete(StaffSession).where(
            StaffSession.account_id == account, StaffSession.digest != name
        )
        with self._database.transaction() as session:
            session.execute(others)

    def prove(self, name: str, strong: bool | None = None) -> None:
        """Note that the person has shown again who they are, and with ``strong`` how well."""
        with self._database.transaction() as session:
            row = session.get(StaffSession, name)
            if row is not None:
                row.proved_at = self._now()
                row.strong = row.strong if strong is None else strong

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
