"""More requests than can be answered: turned away early, in words for people or for programs."""

import json
from collections.abc import Callable
from typing import Any

from portal.commands.overload import RETRY_AFTER, Overload


def answers(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b"answered"]


def ask(overload: Overload, path: str, method: str = "GET") -> tuple[str, dict[str, str], bytes]:
    told: list[Any] = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method}
    body = b"".join(overload(environ, lambda *given: told.extend(given)))
    return told[0], dict(told[1]), body


def test_who_finds_a_place_is_answered_and_gives_it_back() -> None:
    overload = Overload(answers, running=1, waiting=0, patience=0.01)
    assert [ask(overload, "/")[2] for _ in range(3)] == [b"answered"] * 3


def test_who_waits_in_vain_is_turned_away_with_a_page() -> None:
    full = Overload(answers, running=0, waiting=1, patience=0.01)
    status, headers, body = ask(full, "/ricerca")
    assert status.startswith("503")
    assert headers["Retry-After"] == str(RETRY_AFTER)
    assert headers["Content-Type"].startswith("text/html")
    assert b"Portale occupato" in body


def test_a_program_gets_a_problem() -> None:
    shut = Overload(answers, running=0, waiting=0, patience=0.01)
    status, headers, body = ask(shut, "/api/v1/ricerca")
    assert status.startswith("503")
    assert headers["Content-Type"] == "application/problem+json"
    assert json.loads(body)["status"] == 503
    assert headers["Content-Length"] == str(len(body))


def test_who_asks_for_the_head_alone_gets_no_body() -> None:
    """The next answer of that connection would begin with it."""
    shut = Overload(answers, running=0, waiting=0, patience=0.01)
    status, headers, body = ask(shut, "/ricerca", "HEAD")
    assert status.startswith("503")
    assert int(headers["Content-Length"]) > 0
    assert body == b""
