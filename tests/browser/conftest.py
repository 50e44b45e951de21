"""A real portal, started as the README says, and the system's chromium to use it with."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START_SECONDS = 120
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """The tests use whole addresses; the plugin's own fixture warns under this pytest."""


@dataclass(frozen=True)
class Portal:
    """A running portal with the founding collection."""

    url: str
    addresses: dict[str, str]  # one address of every type of page, by name
    home: Path

    def __call__(self, name: str) -> str:
        return self.url + self.addresses[name]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(address: str) -> str:
    with urlopen(address, timeout=30) as answer:  # noqa: S310
        return str(answer.read().decode("utf-8"))


def wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            fetch(url + "/robots.txt")
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"the portal did not start:\n{log.read_text(errors='replace')}")


def first_link(page: str, section: str) -> str:
    found = re.search(rf'href="(/{section}/[2-9b-z]{{7}}/[^"#?]+)"', page)
    assert found, f"no link to a page of /{section}"
    return found.group(1)


def passage_link(results: str) -> str:
    found = re.search(r'href="(/documenti/[^"]+/leggi\?[^"]+)"', results)
    assert found, "no passage leads to a page of text"
    return found.group(1).replace("&amp;", "&")


def result_ids(results: str) -> list[str]:
    """The records that the boxes of a page of results offer to choose."""
    return re.findall(r'name="id" value="([2-9b-z]{7})"', results)


def solution_ids(url: str) -> list[str]:
    found = re.findall(r'href="/soluzioni/([2-9b-z]{7})/', fetch(url + "/soluzioni"))
    return list(dict.fromkeys(found))[:3]


def page_types(url: str) -> dict[str, str]:
    """One address of every type of page, found as a visitor finds them."""
    results = fetch(url + "/ricerca?q=piano+strategico&formato=pdf")
    return {
        "home": "/",
        "results": "/ricerca?q=sportello+unico",
        "filtered": "/ricerca?q=piano&citta=bologna&citta=messina&area=pianificazione-strategica",
        "nothing": "/ricerca?q=xyzzyqwerty&citta=bari",
        "corrected": "/ricerca?q=piano+strateggico",
        "remarks": "/ricerca?q=piano&anno=boh&citta=atlantide",
        "beyond the last": "/ricerca?q=piano&pagina=99",
        "english": "/en/ricerca?q=piano&citta=bari",
        "documents": "/documenti",
        "document": first_link(results, "documenti"),
        "reading": passage_link(results),
        "laws": passage_link(fetch(url + "/ricerca?q=legge+56/2014&formato=odt")),
        "solutions": "/soluzioni",
        "thin solution": first_link(fetch(url + "/soluzioni"), "soluzioni"),
        "solution": first_link(fetch(url + "/citta/bologna"), "soluzioni"),
        "comparison": "/confronta?" + "&".join(f"id={id}" for id in solution_ids(url)),
        "choice of solutions": "/confronta",
        "selection": "/selezione?" + "&".join(f"id={id}" for id in result_ids(results)),
        "empty selection": "/selezione",
        "take away": "/ricerca/porta-via?q=piano",
        "follow": "/segui?q=piano",
        "sent": "/segui/inviata",
        "dead link": "/segui/ferma/1-0",
        "cities": "/citta",
        "city": "/citta/bologna",
        "empty city": "/citta/torino",
        "areas": "/aree",
        "area": "/aree/semplificazione",
        "project": "/progetto",
        "training": "/formazione",
        "course": first_link(fetch(url + "/formazione"), "formazione"),
        "events": "/eventi",
        "event": first_link(fetch(url + "/eventi"), "eventi"),
        "contact": "/contattaci",
        "login": "/accedi",
        "link refused": "/accedi/primo-accesso/x",
        "exports": "/esportazioni",
        "usage": "/uso",
        "interfaces": "/interfacce",
        "privacy": "/privacy",
        "cookies": "/cookie",
        "legal notes": "/note-legali",
        "credits": "/crediti",
        "accessibility": "/accessibilita",
        "missing": "/non-esiste",
    }


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("METROPOLI_")}
    environment |= {"METROPOLI_HOME": str(folder / "home"), "METROPOLI_PORT": str(port)}
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "run.py"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(server, url, log)
            yield Portal(url, page_types(url), folder / "home")
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False, locale="it-IT")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="it-IT")
    yield context
    context.close()
