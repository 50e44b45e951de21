"""Any address gets a page that helps: never a 5xx, never a slow one."""

import random
import time

import pytest
from flask import Flask

from tests.portal.conftest import check_answer
from tests.portal.pages_checker import check_page

PIECES = [
    "a", "è", "'", '"', "«»", "-", "*", "?", "[a TO z]", "NOT OR (", "((((", "\\", "/", "%", "\x00",
    "\ud800", "\u202e", "😀", "SELECT * FROM", "<script>", "${7*7}", "{{7*7}}", "../..", "\r\n",
    "p*", "~", "^2", ":", "citta:bari", "0" * 50, "²", "²³", "ﬁ", "ǅ", "\u0301" * 30, "l'", "dell’",
    "AND", "\t", "\ufeff", "x" * 200, "-" * 50, '"' * 31, "a " * 60, "-a " * 20,
]  # fmt: skip
NAMES = [
    "q",
    "citta",
    "area",
    "tipo",
    "anno",
    "formato",
    "ordine",
    "pagina",
    "sinonimi",
    "frammento",
]
SLOWEST = 2.0  # seconds of the processor: other programs at work count nothing


def hostile_query(chance: random.Random) -> bytes:
    """Pairs of names and odd values, some percent-encoded, some raw bytes."""
    parts = []
    for _ in range(chance.randint(1, 6)):
        value = "".join(chance.choices(PIECES, k=chance.randint(0, 5)))
        raw = value.encode("utf-8", "surrogatepass")
        encoded = b"".join(b"%%%02x" % byte for byte in raw)
        parts.append(chance.choice(NAMES).encode() + b"=" + encoded)
        if chance.random() < 0.2:
            parts.append(bytes(chance.choices(range(33, 127), k=chance.randint(1, 40))))
    return b"&".join(parts)


def ask(app: Flask, path: str, query: bytes, rules: bool = True) -> tuple[int, float]:
    """Status and processor seconds of exactly this query; ``rules``: check the page too."""
    start = time.process_time()
    response = app.test_client().get(
        path, environ_overrides={"QUERY_STRING": query.decode("latin-1")}
    )
    seconds = time.process_time() - start
    check_answer(response)
    if rules and response.text.lstrip().startswith("<!DOCTYPE"):
        check_page(response.text)
    return response.status_code, seconds


@pytest.mark.parametrize("seed", range(3))
def test_hostile_searches_are_answered(seed: int, app: Flask) -> None:
    chance = random.Random(seed)  # noqa: S311  repeatable, not secret
    for number in range(50):
        query = hostile_query(chance)
        status, seconds = ask(app, "/ricerca", query, rules=number % 5 == 0)
        assert status in (200, 400, 404, 414), query
        assert seconds < SLOWEST, query


@pytest.mark.parametrize("path", ["/api/v1/ricerca", "/api/v1/filtri", "/oai", "/ricerca.atom"])
def test_programs_get_an_answer_to_anything_too(path: str, app: Flask) -> None:
    chance = random.Random(path)  # noqa: S311  repeatable, not secret
    names = [name.encode() for name in (*NAMES, "per_pagina", "verb", "resumptionToken", "from")]
    for _ in range(40):
        query = hostile_query(chance).replace(b"q=", chance.choice(names) + b"=", 1)
        status, seconds = ask(app, path, query)
        assert status in (200, 400, 404, 414), query
        assert seconds < SLOWEST, query


@pytest.mark.slow
def test_thousands_of_hostile_searches_are_answered(app: Flask) -> None:
    chance = random.Random(20231120)  # noqa: S311
    client = app.test_client()
    for _ in range(3000):
        query = hostile_query(chance).decode("latin-1")
        start = time.process_time()
        response = client.get("/ricerca", environ_overrides={"QUERY_STRING": query})
        assert response.status_code < 500, query
        assert time.process_time() - start < SLOWEST, query


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (b"q=" + b"a" * 100_000, 414),
        (b"&" * 4000, 200),
        (b"q=%", 200),
        (b"q=%ff%fe", 200),
        (b"q[]=a&q[0]=b", 200),
        (b"pagina=" + b"9" * 4000, 200),
        (b"pagina=99999", 404),
        (b"citta=" + b"&citta=".join(b"c%d" % n for n in range(100)), 400),
        (b"=&==&;&?", 200),
    ],
)
def test_odd_query_strings(query: bytes, status: int, app: Flask) -> None:
    assert ask(app, "/ricerca", query)[0] == status


@pytest.mark.parametrize(
    "path",
    [
        "/documenti/%00", "/documenti/..%2f..%2fetc", "/documenti/" + "x" * 900, "/x" * 600,
        "/documenti/a/v/0", "/documenti/a/v/99999999999999999999999", "/documenti/a/v/²",
        "/documenti/a/v/-1/file", "/citta/%f0%9f%98%80", "/soluzioni/'--/x", "/eventi/x.ics",
        "/accedi/primo-accesso/%00", "/static/../app.py", "/static/%2e%2e/app.py", "//evil.example",
        "/formazione/%d8%a7", "/aree/\\", "/.env", "/wp-login.php",
    ],
)  # fmt: skip
def test_odd_paths(path: str, app: Flask) -> None:
    response = app.test_client().get(path)
    assert response.status_code in (301, 308, 400, 404, 414), response.status
    check_answer(response)


def test_odd_queries_on_every_page_without_arguments(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            for query in ("pagina=²", "anno=%00", "q=%ff", "mese=99&anno=abc", "poi=//evil"):
                response = client.get(f"{rule.rule}?{query}")
                assert response.status_code < 500, (rule.rule, query)
