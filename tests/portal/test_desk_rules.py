"""Who may do what at the desk: the rules alone, without pages."""

from datetime import UTC, datetime
from typing import Any

import pytest

from corpus.records import AccountView, Colleague, DocumentView, Dossier
from corpus.sessions import SignedIn
from corpus.vocabulary import Kind, Role, Scope, State
from portal.desk.rules import Desk, Step, is_alone

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANNA = Colleague(1, "Anna", "anna@ente.it")


def person(role: Role, number: int = 1, cities: tuple[str, ...] = ()) -> SignedIn:
    return SignedIn(number, "x@ente.it", "X", role, cities)


def dossier(state: State, cities: tuple[str, ...] = (), **changes: Any) -> Dossier:
    record = DocumentView(
        public_id="2222222",
        type="document",
        kind=Kind.GUIDE,
        scope=Scope.PROGRAMME,
        state=state,
        title="T",
        title_is_ours=False,
        summary="",
        language="it",
        authors=(),
        topics=(),
        year=None,
        issued=None,
        date_note=None,
        note=None,
        sources=(),
        cities=cities,
        areas=(),
        revision=1,
        created_at=NOW,
        updated_at=NOW,
        published_at=NOW if state is State.PUBLISHED else None,
    )
    fields: dict[str, Any] = {
        "owner": ANNA,
        "submitted_by": ANNA if state is State.IN_REVIEW else None,
        "submitted_at": None,
        "publish_at": None,
        "trashed_at": None,
        "withdrawn_at": None,
        "withdrawal_reason": None,
        "successor_id": None,
        "comments": (),
    }
    return Dossier(record=record, **fields | changes)


def account(number: int, role: Role, cities: tuple[str, ...] = (), **changes: Any) -> AccountView:
    fields = {"password": "x", "active": True} | changes
    return AccountView(
        id=number,
        email=f"{number}@ente.it",
        name="N",
        role=role,
        fs_uniquifier=str(number),
        cities=cities,
        created_at=NOW,
        **fields,
    )


@pytest.mark.parametrize(
    ("other", "alone"),
    [
        (account(2, Role.REVIEWER), False),
        (account(2, Role.ADMINISTRATOR), False),
        (account(2, Role.EDITOR), True),
        (account(2, Role.REVIEWER, active=False), True),
        (account(2, Role.REVIEWER, password=None), True),
        (account(2, Role.REVIEWER, password=None, signed_in_at=NOW), False),
        (account(2, Role.REVIEWER, ("bari", "roma")), False),
        (account(2, Role.REVIEWER, ("roma",)), True),
    ],
)
def test_one_is_alone_when_nobody_else_could_publish_this(other: AccountView, alone: bool) -> None:
    me = person(Role.ADMINISTRATOR)
    assert is_alone(me, (account(1, Role.ADMINISTRATOR), other), ("bari",)) is alone


@pytest.mark.parametrize(
    ("two_persons", "alone", "publishes"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_who_submitted_publishes_only_where_the_rule_is_silent(
    two_persons: bool, alone: bool, publishes: bool
) -> None:
    rules = Desk(person(Role.REVIEWER), two_persons, alone)
    assert (Step.PUBLISH in rules.steps(dossier(State.IN_REVIEW))) is publishes
    assert (Step.PUBLISH in rules.steps(dossier(State.DRAFT))) is publishes
    other = Desk(person(Role.REVIEWER, 2), two_persons, alone)
    assert Step.PUBLISH in other.steps(dossier(State.IN_REVIEW))


@pytest.mark.parametrize("state", list(State))
def test_an_editor_works_on_own_drafts_and_decides_nothing(state: State) -> None:
    steps = Desk(person(Role.EDITOR)).steps(dossier(state))
    decisions = {Step.PUBLISH, Step.SCHEDULE, Step.WITHDRAW, Step.RETURN, Step.GIVE}
    assert not steps & decisions
    assert (Step.EDIT in steps) is (state is State.DRAFT)
    assert (Step.ADD_VERSION in steps) is (state in (State.DRAFT, State.PUBLISHED))
    assert (Step.RESTORE in steps) is (state is State.TRASHED)
    stranger = Desk(person(Role.EDITOR, 2)).steps(dossier(state))
    # A new version of what is public waits until a reviewer publishes it.
    assert stranger == ({Step.ADD_VERSION} if state is State.PUBLISHED else set())


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_limits_to_cities_hold_for_who_decides(role: Role) -> None:
    rules = Desk(person(role, 2, ("bari",)), two_persons=False)
    assert Step.PUBLISH in rules.steps(dossier(State.IN_REVIEW, ("bari",)))
    for cities in ((), ("roma",), ("bari", "roma")):
        assert rules.steps(dossier(State.IN_REVIEW, cities)) == frozenset()
        assert not rules.sees(dossier(State.IN_REVIEW, cities))
    assert rules.sees(dossier(State.PUBLISHED, ("roma",)))
