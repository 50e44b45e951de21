"""The read side for keeping the index and the store: what is behind, what should be there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from corpus.models import Document, Record, Version
from corpus.reading import DatabaseReader
from corpus.records import PageView
from corpus.vocabulary import State

_PUBLIC = Record.state == State.PUBLISHED
_BEHIND = or_(Record.indexed_revision.is_(None), Record.indexed_revision != Record.revision)
_GONE = (State.WITHDRAWN, State.TRASHED)


@dataclass(frozen=True)
class Backlog:
    """Records that wait to be indexed, and when the oldest of them changed."""

    records: int
    since: datetime | None


class IndexReader(DatabaseReader):
    """Always asked of the database: nothing here is kept in memory."""

    def behind(self, limit: int, after: str | None = None) -> tuple[tuple[str, int, bool], ...]:
        """Records that the index does not hold as they are: (public id, revision, is public).

        Oldest record first. ``after``: go on behind this public id, to step over records that
        the caller could not index.
        """
        query = (
            select(Record.public_id, Record.revision, Record.state)
            .where(_BEHIND)
            .order_by(Record.id)
            .limit(limit)
        )
        if after is not None:
            start = select(Record.id).where(Record.public_id == after).scalar_subquery()
            query = query.where(Record.id > start)
        with self._database.session() as session:
            return tuple(
                (public_id, revision, state is State.PUBLISHED)
                for public_id, revision, state in session.execute(query)
            )

    def backlog(self) -> Backlog:
        """How much the index is behind, and since when."""
        query = select(func.count(), func.min(Record.updated_at)).where(_BEHIND)
        with self._database.session() as session:
            records, since = session.execute(query).one()
            return Backlog(records, since)

    def revisions(self) -> dict[str, int]:
        """Revision of every public record by public id: what the index should hold."""
        with self._database.session() as session:
            query = select(Record.public_id, Record.revision).where(_PUBLIC).order_by(Record.id)
            return dict(session.execute(query).all())

    def public_pages(self) -> tuple[PageView, ...]:
        """Every public record in few words, in order of arrival."""
        query = (
            select(
                Record.public_id,
                Record.type,
                Record.title,
                Record.updated_at,
                Record.published_at,
            )
            .where(_PUBLIC)
            .order_by(Record.id)
        )
        with self._database.session() as session:
            return tuple(PageView(*row) for row in session.execute(query))

    def published_files(self) -> tuple[tuple[str, str], ...]:
        """Every version that readers can open: (public id of its document, digest)."""
        query = (
            select(Document.public_id, Version.sha256)
            .join(Version, Version.document_id == Document.id)
            .where(_PUBLIC, Version.published_at.is_not(None))
            .order_by(Document.id, Version.number)
        )
        with self._database.session() as session:
            return tuple((public_id, sha256) for public_id, sha256 in session.execute(query))

    def unpublished_files(self) -> tuple[tuple[str, str], ...]:
        """Versions that staff see and readers do not: (digest, sender's name), oldest first."""
        query = (
            select(Version.sha256, Version.filename)
            .join(Document, Version.document_id == Document.id)
            .where(
                Document.state.not_in(_GONE),
                or_(Version.published_at.is_(None), Document.state != State.PUBLISHED),
            )
            .order_by(Version.id)
        )
        with self._database.session() as session:
            return tuple((sha256, filename) for sha256, filename in session.execute(query))

    def source_keys(self) -> dict[str, str]:
        """Public id of every record, in any state, that came with a source key."""
        query = select(Record.source_key, Record.public_id).where(Record.source_key.is_not(None))
        with self._database.session() as session:
            return {key: public_id for key, public_id in session.execute(query) if key}
