"""Noting what staff sent and what became of it."""

from datetime import datetime

from sqlalchemy import delete

from corpus.catalogue.writing import Writer
from corpus.errors import UploadNotFound
from corpus.models import Upload
from corpus.records import NewUpload
from corpus.texts import clean_filename
from corpus.vocabulary import Fate


class UploadWriter(Writer):
    """Uploads. No line in the log: the records that they become leave theirs."""

    def note_upload(self, upload: NewUpload) -> int:
        """Keep what became of a file; returns the number of the note."""
        with self._database.transaction() as session:
            row = Upload(
                account_id=upload.account,
                at=self._now(),
                batch=upload.batch,
                filename=clean_filename(upload.filename),
                size=upload.size,
                sha256=upload.sha256,
                fate=upload.fate,
                reason=upload.reason,
                record_public_id=upload.public_id,
            )
            session.add(row)
            session.flush()
            return row.id

    def decide_upload(self, upload: int, fate: Fate, public_id: str | None = None) -> None:
        """Note what the sender of a twin chose; raises ``UploadNotFound``."""
        with self._database.transaction() as session:
            row = session.get(Upload, upload)
            if row is None:
                raise UploadNotFound(upload)
            row.fate = fate
            row.record_public_id = public_id or row.record_public_id

    def forget_uploads(self, before: datetime) -> None:
        """Delete the notes from before this instant; the documents stay."""
        with self._database.transaction() as session:
            session.execute(delete(Upload).where(Upload.at < before))
