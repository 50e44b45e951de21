"""Staff accounts and one-time links."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest

from corpus.catalogue import Catalogue, Newcomer
from corpus.database import Database
from corpus.errors import InvalidLink, InvalidRecord
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import FileStore
from corpus.vocabulary import Role


@pytest.fixture
def anna(catalogue: Catalogue) -> int:
    return catalogue.add_account("Anna@Example.org", "Anna Rossi", Role.EDITOR, cities=("bari",))


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_an_account_is_found_by_its_address_in_any_case(reader: Reader, anna: int) -> None:
    found = reader.account(" ANNA@example.ORG ")
    assert found is not None
    assert (found.id, found.name, found.role) == (anna, "Anna Rossi", Role.EDITOR)
    assert found.cities == ("bari",)
    assert found.active
    assert found.password is None
    assert reader.account_by_id(anna) == found
    assert reader.accounts() == (found,)


def test_unknown_accounts_are_none(reader: Reader) -> None:
    assert reader.account("nobody@example.org") is None
    assert reader.account_by_id(99) is None


def test_hashes_and_keys_do_not_show_when_an_account_is_printed(
    catalogue: Catalogue, reader: Reader, anna: int
) -> None:
    catalogue.set_password_hash(anna, "$argon2id$secret", actor="x")
    found = reader.account_by_id(anna)
    assert found is not None
    assert "argon2" not in repr(found)
    assert found.fs_uniquifier not in repr(found)


@pytest.mark.parametrize(
    ("email", "name", "cities", "problems"),
    [
        ("anna@EXAMPLE.org", "Altra", (), {"email": "taken"}),
        ("anna", "Anna", (), {"email": "format"}),
        ("anna@example", "Anna", (), {"email": "format"}),
        ("a@b.it\nBcc: x@y.it", "Anna", (), {"email": "format"}),
        ("<a@b.it>", "Anna", (), {"email": "format"}),
        ("b@example.org", " ", (), {"name": "required"}),
        ("b@example.org", "Bea", ("atlantide",), {"cities": "unknown"}),
    ],
)
def test_a_wrong_account_is_refused(
    catalogue: Catalogue,
    reader: Reader,
    anna: int,
    email: str,
    name: str,
    cities: tuple[str, ...],
    problems: dict[str, str],
) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add_account(email, name, Role.EDITOR, cities=cities)
    assert refusal.value.problems == problems
    assert len(reader.accounts()) == 1


def test_a_new_password_or_role_ends_what_was_open(
    catalogue: Catalogue, reader: Reader, anna: int
) -> None:
    def key() -> str:
        account = reader.account_by_id(anna)
        assert account is not None
        return account.fs_uniquifier

    keys = [key()]
    catalogue.set_password_hash(anna, "hash", actor="anna")
    keys.append(key())
    catalogue.change_account(anna, role=Role.REVIEWER, cities=("bologna",), actor="capo")
    keys.append(key())
    catalogue.change_account(anna, active=False, name="Anna Bianchi", actor="capo")
    keys.append(key())
    assert len(set(keys)) == 4
    changed = reader.account_by_id(anna)
    assert changed is not None
    assert (changed.role, changed.cities, changed.active, changed.name) == (
        Role.REVIEWER,
        ("bologna",),
        False,
        "Anna Bianchi",
    )
    assert changed.password == "hash"


def test_unknown_accounts_cannot_be_changed(catalogue: Catalogue) -> None:
    with pytest.raises(LookupError):
        catalogue.set_password_hash(99, "hash", actor="x")
    with pytest.raises(LookupError):
        catalogue.change_account(99, active=False, actor="x")
    with pytest.raises(LookupError):
        catalogue.create_link("invito", 99)


def use(catalogue: Catalogue, secret: str, purpose: str) -> int:
    return catalogue.accept_invitation(secret, purpose, "hash")


def test_a_link_works_once(catalogue: Catalogue, anna: int) -> None:
    secret = catalogue.create_link("invito", anna)
    assert catalogue.check_link(secret, "invito") == anna
    assert use(catalogue, secret, "invito") == anna
    for attempt in (use, Catalogue.check_link):
        with pytest.raises(InvalidLink) as refusal:
            attempt(catalogue, secret, "invito")
        assert refusal.value.reason == "used"


def test_a_link_works_for_its_purpose_only(catalogue: Catalogue, anna: int) -> None:
    secret = catalogue.create_link("invito", anna)
    for wrong in ((secret, "password"), (secret + "x", "invito"), ("", "invito"), ("\ud800", "")):
        with pytest.raises(InvalidLink) as refusal:
            use(catalogue, *wrong)
        assert refusal.value.reason == "unknown"
    assert use(catalogue, secret, "invito") == anna


def test_a_link_ends_with_its_time(database: Database, store: FileStore, anna: int) -> None:
    clock = Clock()
    catalogue = Catalogue(database, store, clock)
    secret = catalogue.create_link("invito", anna, life=timedelta(hours=1))
    clock.now += timedelta(minutes=59)
    assert catalogue.check_link(secret, "invito") == anna
    clock.now += timedelta(minutes=1)
    with pytest.raises(InvalidLink) as refusal:
        use(catalogue, secret, "invito")
    assert refusal.value.reason == "expired"


def test_a_newer_link_and_a_new_password_end_the_older_ones(
    catalogue: Catalogue, anna: int
) -> None:
    first = catalogue.create_link("invito", anna)
    reset = catalogue.create_link("password", anna)
    second = catalogue.create_link("invito", anna)
    with pytest.raises(InvalidLink):
        use(catalogue, first, "invito")
    assert catalogue.check_link(reset, "password") == anna
    catalogue.set_password_hash(anna, "hash", actor="anna")
    for secret, purpose in ((second, "invito"), (reset, "password")):
        with pytest.raises(InvalidLink):
            use(catalogue, secret, purpose)


def test_of_many_who_use_a_link_at_once_one_gets_in(catalogue: Catalogue, anna: int) -> None:
    secret = catalogue.create_link("invito", anna)
    outcomes: list[str] = []

    def try_it() -> None:
        try:
            use(catalogue, secret, "invito")
            outcomes.append("in")
        except InvalidLink as refusal:
            outcomes.append(refusal.reason)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] + ["used"] * 7


def test_the_secret_of_a_link_is_kept_nowhere(
    catalogue: Catalogue, database: Database, home: DataHome, anna: int
) -> None:
    secret = catalogue.create_link("invito", anna)
    database.close()
    connection = sqlite3.connect(home.catalogue)
    dump = "\n".join(connection.iterdump())
    connection.close()
    assert "one_time_link" in dump
    assert secret not in dump


def test_the_first_administrator_accepts_a_link_made_for_nobody(
    catalogue: Catalogue, reader: Reader
) -> None:
    secret = catalogue.create_link("primo-accesso")
    with pytest.raises(InvalidRecord):
        catalogue.accept_invitation(
            secret, "primo-accesso", "hash", newcomer=Newcomer("x", "", Role.ADMINISTRATOR)
        )
    with pytest.raises(ValueError, match="newcomer"):
        catalogue.accept_invitation(secret, "primo-accesso", "hash")
    capo = Newcomer("capo@example.org", "Capo", Role.ADMINISTRATOR)
    account = catalogue.accept_invitation(secret, "primo-accesso", "hash", newcomer=capo)
    found = reader.account("capo@example.org")
    assert found is not None
    assert (found.id, found.password, found.role) == (account, "hash", Role.ADMINISTRATOR)
    with pytest.raises(InvalidLink):
        catalogue.accept_invitation(secret, "primo-accesso", "hash", newcomer=capo)
    assert len(reader.accounts()) == 1


def test_an_invited_account_gets_its_password_and_the_link_is_used_up(
    catalogue: Catalogue, reader: Reader, anna: int
) -> None:
    secret = catalogue.create_link("invito", anna)
    assert catalogue.accept_invitation(secret, "invito", "hash") == anna
    found = reader.account_by_id(anna)
    assert found is not None
    assert found.password == "hash"
    with pytest.raises(InvalidLink):
        catalogue.check_link(secret, "invito")
    assert reader.first_broken_log_entry() is None
