"""One-time codes, passkeys, recovery codes, the sessions they open, the last administrator."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corpus.catalogue import Catalogue, NewPasskey
from corpus.database import Database
from corpus.errors import InvalidRecord, LastAdministrator
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.sessions import Sessions
from corpus.store import FileStore
from corpus.vocabulary import Role

KEY = NewPasskey("Y3JlZGVudGlhbA", "cHVibGlj", 0, ("usb",), "Chiave dell'ufficio")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def anna(catalogue: Catalogue) -> int:
    return catalogue.add_account("anna@example.org", "Anna Rossi", Role.EDITOR)


@pytest.fixture
def bea(catalogue: Catalogue) -> int:
    return catalogue.add_account("bea@example.org", "Bea Verdi", Role.REVIEWER)


def test_a_one_time_code_works_once_and_never_after_a_later_one(
    catalogue: Catalogue, reader: Reader, anna: int, bea: int
) -> None:
    assert not reader.second_factors(anna)
    assert not catalogue.use_totp_step(anna, 5), "no key yet"
    catalogue.set_totp(anna, "SECRET", 100, actor="anna")
    factors = reader.second_factors(anna)
    assert factors
    assert factors.totp == "SECRET"
    assert "SECRET" not in repr(factors)
    assert reader.with_second_factor() == {anna}
    assert [catalogue.use_totp_step(anna, step) for step in (100, 99, 101, 101, 100, 102)] == [
        False,
        False,
        True,
        False,
        False,
        True,
    ]
    catalogue.remove_totp(anna, actor="anna")
    assert not reader.second_factors(anna)


def test_a_recovery_code_works_once_for_its_person_however_it_is_spaced(
    catalogue: Catalogue, reader: Reader, anna: int, bea: int
) -> None:
    with pytest.raises(InvalidRecord):
        catalogue.new_recovery_codes(anna, actor="anna")
    catalogue.set_totp(anna, "SECRET", 1, actor="anna")
    codes = catalogue.new_recovery_codes(anna, actor="anna")
    assert len(set(codes)) == 10
    assert all(len(code) == 19 for code in codes)
    assert not catalogue.use_recovery_code(bea, codes[0], actor="bea")
    assert catalogue.use_recovery_code(anna, f" {codes[0].upper()} ".replace("-", " "), actor="a")
    assert not catalogue.use_recovery_code(anna, codes[0], actor="anna")
    assert not catalogue.use_recovery_code(anna, "", actor="anna")
    assert reader.second_factors(anna).codes_left == 9
    again = catalogue.new_recovery_codes(anna, actor="anna")
    assert not catalogue.use_recovery_code(anna, codes[1], actor="anna")
    assert catalogue.use_recovery_code(anna, again[1], actor="anna")
    catalogue.remove_totp(anna, actor="anna")
    assert reader.second_factors(anna).codes_left == 0


def test_recovery_codes_are_kept_nowhere(
    catalogue: Catalogue, database: Database, home: DataHome, anna: int
) -> None:
    catalogue.set_totp(anna, "SECRET", 1, actor="anna")
    codes = catalogue.new_recovery_codes(anna, actor="anna")
    database.close()
    connection = sqlite3.connect(home.catalogue)
    dump = "\n".join(connection.iterdump())
    connection.close()
    assert "recovery_code" in dump
    for code in codes:
        assert code not in dump
        assert code.replace("-", "") not in dump


def test_a_passkey_belongs_to_one_account(
    catalogue: Catalogue, reader: Reader, anna: int, bea: int
) -> None:
    catalogue.add_passkey(anna, KEY, actor="anna")
    (kept,) = reader.second_factors(anna).passkeys
    assert reader.passkey(KEY.credential) == kept
    assert reader.passkey("other") is None
    assert (kept.account, kept.name, kept.transports) == (anna, KEY.name, ("usb",))
    for account, passkey, problem in (
        (bea, KEY, {"credential": "taken"}),
        (bea, replace(KEY, credential="b", name=" "), {"name": "required"}),
    ):
        with pytest.raises(InvalidRecord) as refusal:
            catalogue.add_passkey(account, passkey, actor="bea")
        assert refusal.value.problems == problem
    with pytest.raises(LookupError):
        catalogue.rename_passkey(bea, kept.id, "Mia", actor="bea")
    with pytest.raises(LookupError):
        catalogue.remove_passkey(bea, kept.id, actor="bea")
    catalogue.rename_passkey(anna, kept.id, "Telefono", actor="anna")
    assert reader.second_factors(anna).passkeys[0].name == "Telefono"
    catalogue.remove_passkey(anna, kept.id, actor="anna")
    assert not reader.second_factors(anna)


def test_nobody_keeps_passkeys_without_end(catalogue: Catalogue, anna: int) -> None:
    for number in range(20):
        catalogue.add_passkey(anna, replace(KEY, credential=f"c{number}"), actor="anna")
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add_passkey(anna, KEY, actor="anna")
    assert refusal.value.problems == {"passkeys": "too-many"}


@pytest.mark.parametrize(
    ("counts", "answers"),
    [
        ([0, 0, 0], [True, True, True]),
        ([1, 2, 2], [True, True, False]),
        ([5, 4], [True, False]),
        ([5, 0], [True, False]),
    ],
)
def test_a_copied_passkey_is_noticed_by_its_counter(
    catalogue: Catalogue, anna: int, counts: list[int], answers: list[bool]
) -> None:
    catalogue.add_passkey(anna, KEY, actor="anna")
    assert [catalogue.use_passkey(KEY.credential, count) for count in counts] == answers
    assert not catalogue.use_passkey("unknown", 1)


def test_recovery_codes_stay_while_any_second_factor_is_left(
    catalogue: Catalogue, reader: Reader, anna: int
) -> None:
    catalogue.set_totp(anna, "SECRET", 1, actor="anna")
    catalogue.add_passkey(anna, KEY, actor="anna")
    catalogue.new_recovery_codes(anna, actor="anna")
    catalogue.remove_totp(anna, actor="anna")
    assert reader.second_factors(anna).codes_left == 10
    catalogue.remove_passkey(anna, reader.second_factors(anna).passkeys[0].id, actor="anna")
    assert reader.second_factors(anna).codes_left == 0


def test_who_lost_everything_is_set_free_and_signed_out(
    catalogue: Catalogue, reader: Reader, database: Database, anna: int
) -> None:
    sessions = Sessions(database)
    ticket = sessions.start(anna)
    catalogue.set_totp(anna, "SECRET", 1, actor="anna")
    catalogue.add_passkey(anna, KEY, actor="anna")
    catalogue.new_recovery_codes(anna, actor="anna")
    assert sessions.find(ticket)
    catalogue.remove_second_factors(anna, actor="capo")
    assert not reader.second_factors(anna)
    assert reader.second_factors(anna).codes_left == 0
    assert sessions.find(ticket) is None
    assert reader.log()[0].action == "remove_second_factors"
    assert reader.first_broken_log_entry() is None


def test_a_token_is_spent_once_and_forgotten_after_its_time(
    database: Database, store: FileStore
) -> None:
    clock = Clock()
    catalogue = Catalogue(database, store, clock)
    until = clock.now + timedelta(minutes=5)
    assert catalogue.spend("token", until)
    assert not catalogue.spend("token", until)
    assert catalogue.spend("\ud800", until)
    clock.now += timedelta(minutes=6)
    assert catalogue.spend("other", clock.now + timedelta(minutes=5))
    assert catalogue.spend("token", clock.now + timedelta(minutes=5)), "its row has gone"


def test_a_person_sees_and_ends_their_own_sessions(database: Database, anna: int, bea: int) -> None:
    clock = Clock()
    sessions = Sessions(database, clock)
    here = sessions.start(anna, "Firefox su Linux", strong=True)
    clock.now += timedelta(minutes=5)
    there = sessions.start(anna, "Chrome su Windows")
    hers = sessions.start(bea)
    me = sessions.find(here)
    assert me
    assert me.strong
    assert me.proved_at == clock.now - timedelta(minutes=5)
    clock.now += timedelta(minutes=2)
    assert sessions.find(there)
    listed = sessions.of(anna)
    assert [one.browser for one in listed] == ["Chrome su Windows", "Firefox su Linux"]
    assert me.session in {one.session for one in listed}
    sessions.end_one(bea, me.session)
    assert sessions.find(here), "somebody else's"
    sessions.end_one(anna, listed[0].session)
    assert sessions.find(there) is None
    again = sessions.start(anna)
    sessions.end_others(anna, me.session)
    assert sessions.find(again) is None
    assert sessions.find(here)
    assert sessions.find(hers)
    sessions.prove(me.session, strong=False)
    proved = sessions.find(here)
    assert proved
    assert (proved.proved_at, proved.strong) == (clock.now, False)
    clock.now += timedelta(minutes=61)
    assert sessions.of(anna) == ()


def test_a_new_password_leaves_no_session_in_the_list(
    catalogue: Catalogue, database: Database, anna: int
) -> None:
    sessions = Sessions(database)
    sessions.start(anna)
    catalogue.set_password_hash(anna, "hash", actor="anna")
    assert sessions.of(anna) == ()


def test_signing_in_leaves_a_line_in_the_log(database: Database, reader: Reader, anna: int) -> None:
    Sessions(database).start(anna, strong=True)
    entry = reader.log()[0]
    assert (entry.actor, entry.action) == ("anna@example.org", "sign_in")
    assert entry.details == {"account": anna, "second_factor": True}
    found = reader.account_by_id(anna)
    assert found
    assert found.signed_in_at is not None


@pytest.mark.parametrize(
    "change",
    [{"role": Role.REVIEWER}, {"active": False}, {"cities": ("bari",)}],
    ids=["role", "active", "cities"],
)
def test_the_last_administrator_stays(
    catalogue: Catalogue, reader: Reader, change: dict[str, object]
) -> None:
    capo = catalogue.add_account("capo@example.org", "Capo", Role.ADMINISTRATOR)
    catalogue.set_password_hash(capo, "hash", actor="capo")
    # Neither who has never come in, nor who is limited to a city, could take over.
    catalogue.add_account("mai@example.org", "Mai", Role.ADMINISTRATOR)
    bari = catalogue.add_account("b@example.org", "B", Role.ADMINISTRATOR, cities=("bari",))
    catalogue.set_password_hash(bari, "hash", actor="b")
    before = reader.account_by_id(capo)
    with pytest.raises(LastAdministrator) as refusal:
        catalogue.change_account(capo, actor="capo", **change)  # type: ignore[arg-type]
    assert refusal.value.email == "capo@example.org"
    assert reader.account_by_id(capo) == before
    catalogue.change_account(capo, name="Capo d'ufficio", actor="capo")
    second = catalogue.add_account("due@example.org", "Due", Role.ADMINISTRATOR)
    catalogue.set_password_hash(second, "hash", actor="due")
    catalogue.change_account(capo, actor="capo", **change)  # type: ignore[arg-type]
