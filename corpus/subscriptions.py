"""Who follows which search by mail: asked, confirmed, told, ended. Nothing else is kept of them."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select

from corpus.database import Database
from corpus.models import Subscription
from corpus.vocabulary import Rhythm

UNCONFIRMED = timedelta(days=7)  # after which a request that nobody confirms is forgotten
AGAIN = timedelta(hours=24)  # a request for the same search sends no second letter before
PENDING = 3  # unconfirmed requests of one address: nobody's mailbox is filled by others
MOST = 20  # searches that one address may follow


@dataclass(frozen=True)
class SubscriptionView:
    """One followed search."""

    id: int
    address: str
    search: str
    rhythm: Rhythm
    language: str
    nonce: str
    confirmed: bool
    told_until: datetime | None


def _now() -> datetime:
    return datetime.now(UTC)


class Subscriptions:
    """Safe to use from several threads and processes."""

    def __init__(self, database: Database, now: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._now = now

    def ask(
        self, address: str, search: str, rhythm: Rhythm, language: str = "it"
    ) -> SubscriptionView | None:
        """Note that somebody wants to follow ``search``; returns what has to be confirmed.

        None when no letter shall go out: the address follows the search already, was asked less
        than a day ago, or has too many requests or searches. The page must not tell which.
        """
        now = self._now()
        with self._database.transaction() as session:
            known = session.scalar(
                select(Subscription).where(
                    Subscription.address == address, Subscription.search == search
                )
            )
            if known is not None:
                if known.confirmed_at is not None or now - known.created_at < AGAIN:
                    return None
                known.created_at, known.rhythm, known.language = now, rhythm, language
                session.flush()
                return _view(known)
            of_address = select(func.count()).where(Subscription.address == address)
            waiting = of_address.where(Subscription.confirmed_at.is_(None))
            if (session.scalar(waiting) or 0) >= PENDING:
                return None
            if (session.scalar(of_address) or 0) >= MOST:
                return None
            row = Subscription(
                address=address,
                search=search,
                rhythm=rhythm,
                language=language,
                nonce=secrets.token_urlsafe(16),
                created_at=now,
            )
            session.add(row)
            session.flush()
            return _view(row)

    def find(self, number: int) -> SubscriptionView | None:
        with self._database.session() as session:
            row = session.get(Subscription, number)
            return None if row is None else _view(row)

    def confirm(self, number: int, next_at: datetime) -> bool:
        """Begin to tell what is published from now on; False when the request is gone.

        Confirming again changes nothing.
        """
        now = self._now()
        with self._database.transaction() as session:
            row = session.get(Subscription, number)
            if row is None:
                return False
            if row.confirmed_at is None:
                row.confirmed_at = row.told_until = now
                row.next_at = next_at
        return True

    def stop(self, number: int) -> None:
        """Forget it; an unknown number changes nothing."""
        with self._database.transaction() as session:
            session.execute(delete(Subscription).where(Subscription.id == number))

    def due(self, limit: int) -> tuple[SubscriptionView, ...]:
        """Confirmed ones whose time has come, the longest due first."""
        query = (
            select(Subscription)
            .where(Subscription.next_at.is_not(None), Subscription.next_at <= self._now())
            .order_by(Subscription.next_at, Subscription.id)
            .limit(limit)
        )
        with self._database.session() as session:
            return tuple(map(_view, session.scalars(query)))

    def told(self, number: int, until: datetime, next_at: datetime) -> None:
        """What was published up to ``until`` needs no other letter."""
        with self._database.transaction() as session:
            row = session.get(Subscription, number)
            if row is not None:
                row.told_until, row.next_at = until, next_at

    def later(self, number: int, next_at: datetime) -> None:
        """Nothing could be told now: the same again at ``next_at``."""
        with self._database.transaction() as session:
            row = session.get(Subscription, number)
            if row is not None:
                row.next_at = next_at

    def forget_unconfirmed(self) -> int:
        """Delete requests that nobody confirmed in time; returns how many went."""
        oldest = self._now() - UNCONFIRMED
        stale = (Subscription.confirmed_at.is_(None), Subscription.created_at < oldest)
        with self._database.session() as session:
            numbers = session.scalars(select(Subscription.id).where(*stale)).all()
        if numbers:  # writing empties what readers keep in memory: not every hour for nothing
            with self._database.transaction() as session:
                session.execute(delete(Subscription).where(*stale))
        return len(numbers)


def _view(row: Subscription) -> SubscriptionView:
    return SubscriptionView(
        id=row.id,
        address=row.address,
        search=row.search,
        rhythm=row.rhythm,
        language=row.language,
        nonce=row.nonce,
        confirmed=row.confirmed_at is not None,
        told_until=row.told_until,
    )
