"""Giving the file of a draft to another document, as its next version."""

from sqlalchemy import delete

from corpus.catalogue.life import call_off, living, touch
from corpus.catalogue.writing import Writer
from corpus.errors import InvalidRecord, InvalidTransition
from corpus.models import Document, Record
from corpus.vocabulary import State


class MergeWriter(Writer):
    """Drafts that turn out to be new versions of what is there already."""

    def become_version(
        self, public_id: str, *, of: str, actor: str, account: int | None = None
    ) -> int:
        """Move the one file of a bozza to the document ``of``; the bozza goes, in one step.

        Returns the version's number. A publication of ``of`` that was scheduled is called off.
        Raises ``InvalidTransition`` for what readers have seen or has not exactly one file,
        ``InvalidRecord`` for what is no document, ``RecordNotFound``.
        """
        with self._write(actor) as write:
            draft = living(write.session, public_id, "become_version")
            target = living(write.session, of, "become_version")
            if not isinstance(draft, Document) or not isinstance(target, Document):
                raise InvalidRecord({"file": "fixed"})
            fresh = draft.state is State.DRAFT and draft.published_at is None
            if draft is target or not fresh or len(draft.versions) != 1:
                raise InvalidTransition(public_id, draft.state.value, "become_version")
            (version,) = draft.versions
            number = max((known.number for known in target.versions), default=0) + 1
            draft.versions.remove(version)
            version.number = number
            version.added_by_id = account or version.added_by_id
            target.versions.append(version)
            if target.state is not State.PUBLISHED:
                touch(target, write.now)
            call_off(write, target)  # whoever decided has not looked at this file
            write.log("become_version", public_id, of=of, number=number, title=draft.title)
            write.log("add_version", of, number=number, sha256=version.sha256)
            write.session.flush()
            write.session.execute(delete(Record).where(Record.id == draft.id))
            return number
