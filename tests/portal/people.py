"""People of the staff with a password, for tests."""

import pytest
from argon2 import PasswordHasher

from corpus.vocabulary import Role
from portal.auth import passwords
from tests.portal.house import House

PASSWORD = "quattro gatti sul tetto di ardesia"


def quicken_hashes(patch: pytest.MonkeyPatch) -> None:
    """Real argon2 with little memory: what is tested here does not depend on its cost."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    patch.setattr(passwords, "_hasher", lambda: cheap)
    passwords._nobody.cache_clear()


def hire(
    house: House, email: str, role: Role = Role.EDITOR, cities: tuple[str, ...] = (), **more: str
) -> int:
    """An account with the password of all tests."""
    catalogue = house.services.catalogue
    name = more.get("name", email.partition("@")[0].title())
    account = catalogue.add_account(email, name, role, cities=cities)
    catalogue.set_password_hash(account, passwords.hash_of(PASSWORD), actor="prova")
    return account
