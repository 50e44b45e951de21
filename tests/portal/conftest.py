"""The portal on a small collection, and ``get_page``, which holds the rules of every page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from corpus.vocabulary import Role
from portal.app import create_app
from tests.portal.desk import Colleague, sign_in, with_password
from tests.portal.house import House, copy_of, empty_house, small_house
from tests.portal.pages_checker import check_page
from tests.portal.people import quicken_hashes

GetPage = Callable[..., TestResponse]


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates are compiled once for all the applications that tests make."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    create = Flask.create_jinja_environment

    def create_with_cache(self: Flask) -> Any:
        environment = create(self)
        environment.bytecode_cache = kept
        return environment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "create_jinja_environment", create_with_cache)
        yield


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Read-only for tests: who changes the collection builds a house of their own."""
    return small_house(tmp_path_factory.mktemp("house"), search_rate=100_000)


@pytest.fixture(scope="session")
def app(house: House) -> Flask:
    application = create_app(services=house.services)
    application.testing = True
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def get_page(client: FlaskClient) -> GetPage:
    """Fetch a page, hold it to the rules, and expect ``status``."""

    def fetch(address: str, status: int = 200, **arguments: Any) -> TestResponse:
        response = client.get(address, **arguments)
        assert response.status_code == status, f"{address}: {response.status}"
        check_answer(response)
        check_page(response.text)
        return response

    return fetch


def check_answer(response: TestResponse) -> None:
    """What every public answer carries, and what it must not."""
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in response.headers
    assert "cookie" not in response.headers.get("Vary", "").lower()
    assert response.headers["Cache-Control"]


@pytest.fixture
def other_house(house: House, tmp_path: Path) -> House:
    """A house that the test may change."""
    return copy_of(house, tmp_path / "casa")


@pytest.fixture(scope="module")
def quick_hashes() -> Iterator[None]:
    """Passwords that are hashed in no time."""
    with pytest.MonkeyPatch.context() as patch:
        quicken_hashes(patch)
        yield


@pytest.fixture(scope="session")
def bare_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Cities and areas, read-only: ``staff_house`` is its copy."""
    return empty_house(tmp_path_factory.mktemp("bare"))


@pytest.fixture
def staff_house(bare_house: House, quick_hashes: None, tmp_path: Path) -> House:
    """Cities and areas in a house that the test may change; nobody has an account yet."""
    return copy_of(bare_house, tmp_path / "casa")


@pytest.fixture(scope="module")
def edited(house: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """One house for all tests of this module: each writes records of its own."""
    return copy_of(house, tmp_path_factory.mktemp("redazione") / "casa")


@pytest.fixture(scope="module")
def desk(edited: House) -> Flask:
    return create_app(services=edited.services)


@pytest.fixture(scope="module")
def rita(desk: Flask, edited: House) -> Colleague:
    return sign_in(desk, edited, "rita@ente.it", Role.EDITOR)


@pytest.fixture(scope="module")
def ugo(desk: Flask, edited: House) -> Colleague:
    """A reviewer who has chosen a password: a second person is there."""
    return with_password(sign_in(desk, edited, "ugo@ente.it", Role.REVIEWER), edited)
