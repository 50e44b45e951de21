"""Links that show one unpublished record to people without an account."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import select

from corpus.catalogue.checks import Problems
from corpus.catalogue.life import living
from corpus.catalogue.writing import Writer
from corpus.errors import InvalidLink
from corpus.models import PreviewLink, Record
from corpus.vocabulary import State

LONGEST_LIFE = timedelta(days=60)


class PreviewWriter(Writer):
    """A link shows its record until it expires, is revoked, or the record goes."""

    def create_preview(
        self,
        public_id: str,
        purpose: str,
        life: timedelta,
        *,
        actor: str,
        account: int | None = None,
    ) -> str:
        """A secret that shows the record for ``life``; it is returned here and kept nowhere.

        ``purpose`` says for whom it is. Raises ``InvalidRecord``, ``InvalidTransition``.
        """
        secret = secrets.token_urlsafe(32)
        with self._write(actor) as write:
            record = living(write.session, public_id, "create_preview")
            problems = Problems()
            text = problems.line("purpose", purpose, required=True)
            if not timedelta(0) < life <= LONGEST_LIFE:
                problems.add("life", "range")
            problems.raise_any()
            write.session.add(
                PreviewLink(
                    digest=preview_digest(secret),
                    record_id=record.id,
                    account_id=account,
                    purpose=text,
                    created_at=write.now,
                    expires_at=write.now + life,
                )
            )
            write.log(
                "create_preview",
                public_id,
                purpose=text,
                expires_at=(write.now + life).isoformat(),
            )
        return secret

    def revoke_preview(self, public_id: str, digest: str, *, actor: str) -> None:
        """Make a link of the record stop working at once; raises ``InvalidLink``."""
        with self._write(actor) as write:
            link = write.session.scalar(
                select(PreviewLink)
                .join(Record, Record.id == PreviewLink.record_id)
                .where(PreviewLink.digest == digest, Record.public_id == public_id)
            )
            if link is None:
                raise InvalidLink("unknown")
            if link.revoked_at is None:
                link.revoked_at = write.now
                write.log("revoke_preview", public_id, purpose=link.purpose)

    def previewed(self, secret: str) -> str:
        """Public id of the record that this secret shows now; raises ``InvalidLink``."""
        with self._database.session() as session:
            found = session.execute(
                select(PreviewLink, Record.public_id, Record.state)
                .join(Record, Record.id == PreviewLink.record_id)
                .where(PreviewLink.digest == preview_digest(secret))
            ).first()
        if found is None:
            raise InvalidLink("unknown")
        link, public_id, state = found
        if link.revoked_at is not None or state in (State.WITHDRAWN, State.TRASHED):
            raise InvalidLink("used")
        if self._now() >= link.expires_at:
            raise InvalidLink("expired")
        return str(public_id)


def preview_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
