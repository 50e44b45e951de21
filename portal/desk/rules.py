"""Who may do what to a record at the editorial desk: pure rules over a dossier and a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from corpus.desk_reader import Sight
from corpus.records import AccountView, Dossier, RecordView
from corpus.sessions import SignedIn
from corpus.vocabulary import State
from portal.auth import rights
from portal.auth.access import Permission, allows


class Step(StrEnum):
    """What can be done to a record; the values stand in addresses."""

    EDIT = "modifica"
    ADD_VERSION = "nuova-versione"
    SUBMIT = "invia"
    TAKE_BACK = "riprendi"
    RETURN = "rimanda"
    PUBLISH = "pubblica"
    SCHEDULE = "programma"
    UNSCHEDULE = "annulla-programma"
    WITHDRAW = "ritira"
    TRASH = "cestino"
    RESTORE = "ripristina"
    GIVE = "affida"
    PREVIEW = "anteprima"


@dataclass(frozen=True)
class Desk:
    """A person and the rule of the installation about two people."""

    person: SignedIn
    two_persons: bool = True
    alone: bool = False  # nobody else could publish this record

    @property
    def sight(self) -> Sight:
        """Which records the lists of this person show."""
        return Sight(self.person.account, self.person.cities)

    def sees(self, dossier: Dossier) -> bool:
        """True for what is or was public, one's own, and what lies within one's cities."""
        return (
            not self.person.cities
            or dossier.record.published_at is not None
            or self.owns(dossier)
            or rights.may(self.person, Permission.EDIT, dossier.record.cities)
        )

    def owns(self, dossier: Dossier) -> bool:
        return dossier.owner is not None and dossier.owner.id == self.person.account

    def reviews(self, dossier: Dossier) -> bool:
        """True when the person decides about this record."""
        return rights.may(self.person, Permission.REVIEW, dossier.record.cities)

    def converses(self, dossier: Dossier) -> bool:
        """True for author and reviewers, who read and write the comments."""
        return self.owns(dossier) or self.reviews(dossier)

    def reports(self, dossier: Dossier) -> bool:
        """True for colleagues who can only tell author and reviewers what is wrong in public."""
        return (
            dossier.record.state is State.PUBLISHED
            and not self.converses(dossier)
            and rights.may(self.person, Permission.EDIT, dossier.record.cities)
        )

    def writes(self, dossier: Dossier) -> bool:
        """True when the person may change an unfinished record: its author, or within reach.

        An author may go on with a draft that has no city yet, whatever the limits.
        """
        owner = dossier.owner.id if dossier.owner else None
        return self.may_write(dossier.record.state, dossier.record.cities, owner)

    def may_write(self, state: State, cities: Collection[str], owner: int | None) -> bool:
        """``writes``, told by what a list knows of a record."""
        if rights.may(self.person, Permission.REVIEW, cities):
            return True
        if state is not State.DRAFT:
            return False
        if owner == self.person.account:
            return not cities or self.may_name(cities)
        return owner is None and rights.may(self.person, Permission.EDIT, cities)

    def may_name(self, cities: Collection[str]) -> bool:
        """True when the person may put these cities, or none, on a record of theirs."""
        return not self.person.cities or set(cities) <= set(self.person.cities)

    def same_person(self, dossier: Dossier) -> bool:
        """True when publishing would be the second step of the same person."""
        if dossier.record.state is State.PUBLISHED:
            return self.person.account in dossier.waiting_from
        return dossier.submitted_by is not None and dossier.submitted_by.id == self.person.account

    @property
    def rule_holds(self) -> bool:
        """Whether a second person is asked for: not when the rule is off or nobody is there."""
        return self.two_persons and not self.alone

    def steps(self, dossier: Dossier) -> frozenset[Step]:
        """What the person may do to the record now."""
        record = dossier.record
        found: set[Step] = set()
        if record.state not in (State.WITHDRAWN, State.TRASHED):
            if self.writes(dossier):
                found.add(Step.EDIT)
            if self.writes(dossier) or self.owns(dossier):
                found.add(Step.PREVIEW)
        if record.state is State.DRAFT and self.writes(dossier):
            found.add(Step.SUBMIT)
        if record.state is State.IN_REVIEW and self._submitted(dossier):
            found.add(Step.TAKE_BACK)
        if self.writes(dossier) and self._never_public(record):
            found.add(Step.TRASH)
        if record.state is State.TRASHED and (self.owns(dossier) or self.reviews(dossier)):
            found.add(Step.RESTORE)
        if self.reviews(dossier):
            found |= self._reviewer_steps(dossier)
        return frozenset(found | self._version_steps(dossier))

    def _version_steps(self, dossier: Dossier) -> set[Step]:
        """Whoever may edit adds versions to a public document as well: a reviewer decides."""
        record = dossier.record
        if record.type != "document" or record.state in (State.WITHDRAWN, State.TRASHED):
            return set()
        public = record.state is State.PUBLISHED
        may = self.writes(dossier) or (
            public and rights.may(self.person, Permission.EDIT, record.cities)
        )
        return {Step.ADD_VERSION} if may else set()

    def _reviewer_steps(self, dossier: Dossier) -> set[Step]:
        record = dossier.record
        found: set[Step] = set()
        if record.state is not State.WITHDRAWN:
            found.add(Step.GIVE)
        if record.state in (State.IN_REVIEW, State.SCHEDULED):
            found.add(Step.RETURN)
        if record.state is State.PUBLISHED:
            found.add(Step.WITHDRAW)
        if dossier.publish_at is not None:
            found.add(Step.UNSCHEDULE)
        due = record.state in (State.IN_REVIEW, State.SCHEDULED) or (
            record.state is State.PUBLISHED and dossier.waiting
        )
        if record.state is State.DRAFT and not self.rule_holds:
            due = True
        if due and not (self.rule_holds and self.same_person(dossier)):
            found |= {Step.PUBLISH, Step.SCHEDULE}
        return found

    def _submitted(self, dossier: Dossier) -> bool:
        return dossier.submitted_by is not None and dossier.submitted_by.id == self.person.account

    def _never_public(self, record: RecordView) -> bool:
        return record.published_at is None and record.state in (
            State.DRAFT,
            State.IN_REVIEW,
            State.SCHEDULED,
        )


def is_alone(person: SignedIn, accounts: Iterable[AccountView], cities: Collection[str]) -> bool:
    """True when no other account in use may publish a record of these cities.

    An account counts once its person can come in: with a password, or vouched for by the body.
    """
    return not any(
        other.id != person.account
        and other.active
        and (other.password is not None or other.signed_in_at is not None)
        and allows(other.role, Permission.REVIEW)
        and (not other.cities or (cities and set(cities) <= set(other.cities)))
        for other in accounts
    )
