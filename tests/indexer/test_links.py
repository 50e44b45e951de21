"""Addresses of other sites: asked carefully, one at a time, with an answer in plain Italian."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from indexer.links import LinkCheck, LinkChecks, LinkRound, problem_of


class Site(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        code = int(self.path.strip("/").partition("/")[0])
        if self.path == "/405/solo-get":
            code = 200 if self.command == "GET" else 501
        self.send_response(code)
        if code == 302:
            self.send_header("Location", "http://privato.example/segreto")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def here(host: str) -> bool:
    return host == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/200", ""),
        ("/403", ""),
        ("/405/solo-get", ""),
        ("/404", "la pagina non c'è più (404)"),
        ("/410", "la pagina non c'è più (410)"),
        ("/500", "il sito risponde con un errore (500)"),
        ("/302", "il sito non risponde"),  # leads to where nothing may be asked
    ],
)
def test_each_answer_has_its_sentence(site: str, path: str, problem: str) -> None:
    assert problem_of(site + path, here) == problem


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/x", "http://", "http://[::1", "javascript:alert(1)"],
)
def test_only_web_addresses_are_asked(url: str) -> None:
    assert problem_of(url) == "l'indirizzo non è di un sito pubblico"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_no_machine_beside_the_portal_is_ever_asked(host: str) -> None:
    assert problem_of(f"http://{host}/200") == "l'indirizzo non è di un sito pubblico"


def test_the_round_asks_each_address_once_a_week(tmp_path: Path) -> None:
    checks = LinkChecks(tmp_path / "links.sqlite3")
    old = datetime.now(UTC) - timedelta(days=8)
    checks.put(LinkCheck("https://b.example", old, "non risponde"))
    checks.put(LinkCheck("https://c.example", datetime.now(UTC), ""))
    asked: list[str] = []

    def ask(url: str) -> str:
        asked.append(url)
        return ""

    urls = ["https://a.example", "https://b.example", "https://c.example"]
    round = LinkRound(checks, lambda: urls, timedelta(0), ask)
    for _ in range(5):
        round.check_next()
    assert asked == ["https://a.example", "https://b.example"]
    assert {check.problem for check in checks.all().values()} == {""}
    checks.close()
