"""The life of a record at the desk: review, publication now or later, withdrawal, trash."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from corpus.catalogue.checks import Problems
from corpus.catalogue.life import (
    DISCARD,
    call_off,
    living,
    make_public,
    remark,
    take_cell,
    touch,
    waiting,
)
from corpus.catalogue.writing import SYSTEM, Write, Writer
from corpus.errors import (
    EditConflict,
    InvalidRecord,
    InvalidTransition,
    RecordNotFound,
    SamePerson,
)
from corpus.models import Account, AuditEntry, Base, Document, PilotSolution, Record, Version
from corpus.queries import find
from corpus.vocabulary import State

TRASH_LIFE = timedelta(days=30)
FARTHEST = timedelta(days=5 * 366)  # a later publication is a slip of the pen

_RECORD = Base.metadata.tables["record"]
_UNFINISHED = {State.DRAFT, State.IN_REVIEW, State.SCHEDULED}


@dataclass(frozen=True)
class Seen:
    """What a reviewer has looked at: the revision, and the digest of the newest file ("" if none).

    The digest, because the number of a version that was discarded is given to the next one.
    """

    revision: int
    file: str


class StepWriter(Writer):
    """A record goes from bozza to in-revisione to pubblicato to ritirato.

    A reviewer may send it back with a comment, publish it later, or withdraw it. What never was
    public can go to the trash, from where it comes back as a bozza. Nothing comes back from
    ritirato. Who may do what is decided by the caller, but for one rule: with ``reviewer`` given,
    that account publishes only what another account has submitted (``SamePerson``).
    """

    def submit(
        self, public_id: str, *, actor: str, comment: str | None = None, account: int | None = None
    ) -> None:
        """A bozza goes in-revisione; ``InvalidTransition`` from any other state."""
        with self._write(actor) as write:
            record = _in_states(write.session, public_id, {State.DRAFT}, State.IN_REVIEW)
            record.state = State.IN_REVIEW
            record.submitted_by_id, record.submitted_at = account, write.now
            touch(record, write.now)
            said = remark(write, record, "submit", comment, account)
            write.log("submit", public_id, comment=said)

    def return_to_draft(
        self, public_id: str, *, actor: str, comment: str | None = None, account: int | None = None
    ) -> None:
        """What is in-revisione or programmato goes back to its author; else refused."""
        with self._write(actor) as write:
            record = _in_states(
                write.session, public_id, {State.IN_REVIEW, State.SCHEDULED}, State.DRAFT
            )
            record.state = State.DRAFT
            record.submitted_by_id = record.submitted_at = record.publish_at = None
            touch(record, write.now)
            said = remark(write, record, "return_to_draft", comment, account)
            write.log("return_to_draft", public_id, comment=said)

    def comment(self, public_id: str, text: str, *, actor: str, account: int | None) -> None:
        """Add to the thread of author and reviewers; raises ``InvalidRecord`` when empty."""
        with self._write(actor) as write:
            record = find(write.session, public_id)
            if remark(write, record, "comment", text, account) is None:
                raise InvalidRecord({"comment": "required"})
            write.log("comment", public_id)

    def publish(
        self,
        public_id: str,
        *,
        actor: str,
        comment: str | None = None,
        account: int | None = None,
        reviewer: int | None = None,
        seen: Seen | None = None,
    ) -> None:
        """Make the record public, and with it every version that waits.

        A public record may be published again when versions wait; else ``InvalidTransition``.
        With ``reviewer`` a bozza has to be submitted first, and ``SamePerson`` is raised as the
        class says. ``seen``: what the reviewer has looked at; ``EditConflict`` when the record is
        another by now.
        """
        with self._write(actor) as write:
            record = _publishable(write.session, public_id, reviewer, seen)
            versions = make_public(record, write.now)
            touch(record, write.now)
            said = remark(write, record, "publish", comment, account)
            write.log(
                "publish",
                public_id,
                versions=versions,
                comment=said,
                alone=account is not None and account == record.submitted_by_id,
            )

    def schedule(
        self,
        public_id: str,
        at: datetime,
        *,
        actor: str,
        reviewer: int | None = None,
        seen: Seen | None = None,
    ) -> None:
        """Let the record, or the waiting versions of a public one, go public by themselves.

        Raises as ``publish`` does, and ``InvalidRecord`` for an hour that is past or more than
        five years away.
        """
        with self._write(actor) as write:
            record = _publishable(write.session, public_id, reviewer, seen)
            if not write.now < at < write.now + FARTHEST:
                raise InvalidRecord({"publish_at": "range"})
            record.publish_at = at
            if record.state is not State.PUBLISHED:
                record.state = State.SCHEDULED
                touch(record, write.now)
            write.log("schedule", public_id, publish_at=at.isoformat())

    def unschedule(self, public_id: str, *, actor: str) -> None:
        """What was programmato waits for a decision again; ``InvalidTransition`` else."""
        with self._write(actor) as write:
            record = find(write.session, public_id)
            if record.publish_at is None:
                raise InvalidTransition(public_id, record.state.value, State.IN_REVIEW.value)
            call_off(write, record)

    def publish_due(self) -> tuple[str, ...]:
        """Publish what was scheduled for now or earlier; returns the public ids."""
        due = (
            select(Record.public_id)
            .where(Record.publish_at <= self._now())
            .order_by(Record.publish_at, Record.id)
        )
        with self._database.session() as session:
            if session.scalar(due.limit(1)) is None:
                return ()  # asked every second: no turn of the writers for nothing
        with self._write(SYSTEM) as write:
            published = tuple(write.session.scalars(due))
            for public_id in published:
                record = find(write.session, public_id)
                versions = make_public(record, write.now)
                touch(record, write.now)
                write.log("publish", public_id, versions=versions, scheduled=True)
        return published

    def withdraw(
        self, public_id: str, *, actor: str, reason: str, successor_id: str | None = None
    ) -> None:
        """Take the record away for good; its address tells the reason and the successor.

        Files stay in the store. ``reason`` is required; the successor must be another record,
        neither withdrawn nor in the trash. Raises ``InvalidRecord``, ``RecordNotFound``,
        ``InvalidTransition``.
        """
        with self._write(actor) as write:
            record = living(write.session, public_id, State.WITHDRAWN.value)
            problems = Problems()
            record.withdrawal_reason = problems.text("reason", reason, required=True)
            record.successor_id = _successor(write.session, record, successor_id, problems)
            problems.raise_any()
            record.state = State.WITHDRAWN
            record.withdrawn_at = write.now
            record.publish_at = None
            if isinstance(record, PilotSolution):
                record.cell = None
            touch(record, write.now)
            write.log(
                "withdraw", public_id, reason=record.withdrawal_reason, successor=successor_id
            )

    def trash(self, public_id: str, *, actor: str) -> None:
        """Put what never was public into the trash; ``InvalidTransition`` for all else."""
        with self._write(actor) as write:
            record = _in_states(write.session, public_id, _UNFINISHED, State.TRASHED)
            if record.published_at is not None:
                raise InvalidTransition(public_id, record.state.value, State.TRASHED.value)
            record.state = State.TRASHED
            record.trashed_at = write.now
            record.publish_at = record.submitted_by_id = record.submitted_at = None
            if isinstance(record, PilotSolution):
                record.cell = None
            touch(record, write.now)
            write.log("trash", public_id, title=record.title)

    def restore(self, public_id: str, *, actor: str) -> None:
        """Take a record out of the trash, as a bozza.

        Raises ``InvalidTransition`` when it is not there, ``InvalidRecord`` for a solution whose
        cell another one has taken meanwhile.
        """
        with self._write(actor) as write:
            record = _in_states(write.session, public_id, {State.TRASHED}, State.DRAFT)
            if isinstance(record, PilotSolution) and not take_cell(
                write.session, record, record.city_slug, record.area_slug
            ):
                raise InvalidRecord({"areas": "taken"})
            record.state = State.DRAFT
            record.trashed_at = None
            touch(record, write.now)
            write.log("restore", public_id)

    def purge_trash(self) -> tuple[str, ...]:
        """Remove for good what has lain in the trash for thirty days, with its files.

        So go the files of versions that were discarded thirty days ago. Returns the digests of the
        files that went. A file that another version uses stays, and so does one that has just been
        received once more.
        """
        until = self._now() - TRASH_LIFE
        return self._remove_unused(self._purge_records(until) | self._discarded(until))

    def _purge_records(self, until: datetime) -> set[str]:
        """Delete the records that went to the trash by then; the digests that they named."""
        old = select(Record).where(Record.state == State.TRASHED, Record.trashed_at <= until)
        with self._database.session() as session:
            if session.scalar(old.with_only_columns(Record.id).limit(1)) is None:
                return set()
        with self._write(SYSTEM) as write:
            ids = list(write.session.scalars(old.with_only_columns(Record.id)))
            files = set(
                write.session.scalars(select(Version.sha256).where(Version.document_id.in_(ids)))
            )
            for record in write.session.scalars(old):
                write.log("purge", record.public_id, title=record.title)
            _delete(write, ids)
        return files

    def _discarded(self, until: datetime) -> set[str]:
        """Files that only versions named which were discarded by then, as the log tells."""
        discarded = select(AuditEntry.details).where(
            AuditEntry.action == DISCARD, AuditEntry.at <= until
        )
        with self._database.session() as session:
            digests = {details.get("sha256", "") for details in session.scalars(discarded)}
            lying = {sha256 for sha256 in digests if self._store.has(sha256)}
            used = select(Version.sha256).where(Version.sha256.in_(lying))
            return lying - set(session.scalars(used))

    def _remove_unused(self, files: set[str]) -> tuple[str, ...]:
        """Remove these files where no version names them; those that went."""
        if not files:
            return ()
        gone = []
        # The rows are gone for sure; now the bytes, while no upload can take them up again.
        with self._database.transaction() as session:
            for sha256 in sorted(files):
                used = session.scalar(select(Version.id).where(Version.sha256 == sha256).limit(1))
                if used is None and self._store.remove(sha256):
                    gone.append(sha256)
        return tuple(gone)

    def give(self, public_id: str, owner: int, *, actor: str) -> None:
        """Make an account the author of a record; raises ``LookupError`` for an unknown one."""
        with self._write(actor) as write:
            record = find(write.session, public_id)
            holder = write.session.get(Account, owner)
            if holder is None:
                raise LookupError(f"no account {owner}")
            if record.owner_id != owner:
                record.owner_id = owner
                write.log("give", public_id, owner=holder.email)


def _in_states(session: Session, public_id: str, allowed: set[State], wanted: State) -> Record:
    record = find(session, public_id)
    if record.state not in allowed:
        raise InvalidTransition(public_id, record.state.value, wanted.value)
    return record


def _publishable(
    session: Session, public_id: str, reviewer: int | None, seen: Seen | None
) -> Record:
    record = find(session, public_id)
    if seen is not None and seen != Seen(record.revision, _newest_file(record)):
        raise EditConflict(public_id, record.revision)
    fresh = waiting(record)
    refused = {State.WITHDRAWN, State.TRASHED}
    if reviewer is not None:
        refused.add(State.DRAFT)  # nobody has asked for a second look yet
    if record.state in refused or (record.state is State.PUBLISHED and not fresh):
        raise InvalidTransition(public_id, record.state.value, State.PUBLISHED.value)
    if reviewer is not None:
        authors = (
            {version.added_by_id for version in fresh}
            if record.state is State.PUBLISHED
            else {record.submitted_by_id}
        )
        if reviewer in authors:
            raise SamePerson(public_id)
    return record


def _newest_file(record: Record) -> str:
    versions = record.versions if isinstance(record, Document) else []
    return versions[-1].sha256 if versions else ""


def _successor(
    session: Session, record: Record, successor_id: str | None, problems: Problems
) -> int | None:
    if successor_id is None:
        return None
    try:
        successor = find(session, successor_id)
    except RecordNotFound:
        successor = record
    if successor is record or successor.state in (State.WITHDRAWN, State.TRASHED):
        problems.add("successor_id", "unknown")
    return successor.id


def _delete(write: Write, ids: list[int]) -> None:
    """Delete records; what hangs on them goes with them, who names them forgets them."""
    write.session.execute(
        update(Record).where(Record.successor_id.in_(ids)).values(successor_id=None)
    )
    write.session.execute(delete(_RECORD).where(_RECORD.c.id.in_(ids)))
