"""What every write shares: one transaction, its time, and its line in the log."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from corpus import audit
from corpus.database import Database
from corpus.store import FileStore

SYSTEM = "sistema"  # the actor of what the program does by itself


@dataclass(frozen=True)
class Write:
    """A write under way: its transaction, who does it, and when."""

    session: Session
    actor: str
    now: datetime

    def log(self, action: str, public_id: str | None = None, **details: Any) -> None:
        """Note what was done; it is kept only if the whole write is."""
        audit.append(
            self.session,
            at=self.now,
            actor=self.actor,
            action=action,
            public_id=public_id,
            details=details,
        )


def utc_now() -> datetime:
    return datetime.now(UTC)


class Writer:
    """Base of the parts of ``Catalogue``."""

    def __init__(
        self, database: Database, store: FileStore, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._database = database
        self._store = store
        self._now = now

    @contextmanager
    def _write(self, actor: str) -> Iterator[Write]:
        with self._database.transaction() as session:
            yield Write(session, actor, self._now())
