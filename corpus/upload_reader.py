"""The read side of what staff sent."""

from datetime import datetime

from sqlalchemy import func, select

from corpus import views
from corpus.errors import UploadNotFound
from corpus.models import Upload
from corpus.reading import DatabaseReader
from corpus.records import UploadView


class UploadReader(DatabaseReader):
    """Shows what readers may not see: the caller decides who may ask. Nothing is kept."""

    def uploads(
        self,
        account: int | None = None,
        batch: str | None = None,
        *,
        limit: int,
        offset: int = 0,
    ) -> tuple[tuple[UploadView, ...], int]:
        """One page of uploads, newest first, and how many there are.

        ``account``: only those of this person; ``batch``: only those sent together.
        """
        query = select(Upload)
        if account is not None:
            query = query.where(Upload.account_id == account)
        if batch is not None:
            query = query.where(Upload.batch == batch)
        with self._database.session() as session:
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            page = query.order_by(Upload.id.desc()).limit(limit).offset(offset)
            return tuple(views.upload_view(row) for row in session.scalars(page)), total

    def upload(self, number: int) -> UploadView:
        """Raises ``UploadNotFound``."""
        with self._database.session() as session:
            row = session.get(Upload, number)
            if row is None:
                raise UploadNotFound(number)
            return views.upload_view(row)

    def uploaded_bytes(self, account: int, since: datetime) -> int:
        """How much this person has sent since then, refused files included."""
        query = select(func.sum(Upload.size)).where(
            Upload.account_id == account, Upload.at >= since
        )
        with self._database.session() as session:
            return session.scalar(query) or 0
