"""The read side for staff: records in any state, the log; accounts come from ``account_reader``."""

from collections.abc import Iterable

from sqlalchemy import select

from corpus import audit, views
from corpus.account_reader import AccountReader
from corpus.models import AuditEntry, Document, Record, Version
from corpus.queries import find_twin
from corpus.records import AuditView, RecordView
from corpus.vocabulary import State

_GONE = (State.WITHDRAWN, State.TRASHED)


class StaffReader(AccountReader):
    """Shows what readers may not see: the caller decides who may ask."""

    def twin(self, sha256: str) -> str | None:
        """The document, neither withdrawn nor in the trash, with these very bytes in a version."""
        with self._database.session() as session:
            return find_twin(session, sha256)

    def holders(self, digests: Iterable[str]) -> dict[str, str]:
        """The public id of the document, neither withdrawn nor in the trash, with each file."""
        query = (
            select(Version.sha256, Document.public_id)
            .join(Document, Version.document_id == Document.id)
            .where(Version.sha256.in_(tuple(digests)), Document.state.not_in(_GONE))
        )
        with self._database.session() as session:
            return {sha256: public_id for sha256, public_id in session.execute(query)}

    def in_states(self, *states: State) -> tuple[RecordView, ...]:
        """Records in these states as staff see them, last changed first."""
        query = select(Record).where(Record.state.in_(states))
        query = query.order_by(Record.updated_at.desc(), Record.id.desc())
        with self._database.session() as session:
            rows = session.scalars(query.options(*views.ANY)).all()
            return tuple(views.record_view(row, public=False) for row in rows)

    def digests(self) -> tuple[str, ...]:
        """Digest of every file that a version names, each once, in order."""
        with self._database.session() as session:
            return tuple(
                session.scalars(select(Version.sha256).distinct().order_by(Version.sha256))
            )

    def log(self, public_id: str | None = None, limit: int = 100) -> tuple[AuditView, ...]:
        """What was done, newest first; with ``public_id`` to that record only."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if public_id is not None:
            query = query.where(AuditEntry.record_public_id == public_id)
        with self._database.session() as session:
            return tuple(views.audit_view(row) for row in session.scalars(query))

    def first_broken_log_entry(self) -> int | None:
        """Number of the first log entry that was tampered with; None when the chain holds."""
        with self._database.session() as session:
            return audit.first_broken(session)
