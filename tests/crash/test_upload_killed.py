"""A server killed with kill -9 while staff upload: what it said it had taken is there."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]

from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import FileStore
from corpus.vocabulary import Fate, Role, State
from portal.app import create_app
from portal.auth.browser import COOKIE
from portal.services import open_services
from portal.settings import Settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS = 8
BOUNDARY = "prova0123456789"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("METROPOLI_")}
    process = subprocess.Popen(
        [sys.executable, "run.py", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment | {"METROPOLI_HOME": str(home), "METROPOLI_HOSTS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process
    raise AssertionError("the server does not start")


def form(token: str, number: int, times: int = 3_000) -> bytes:
    content = f"Relazione numero {number} della prova. ".encode() * times
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n',
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; '
        f'filename="{number}.txt"\r\nContent-Type: text/plain\r\n\r\n',
    ]
    return "".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send(port: int, ticket: str, token: str, number: int) -> bool:
    """Whether the server said that it has taken the file."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/redazione/carica",
        form(token, number),
        {
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Cookie": f"{COOKIE}={ticket}",
            "Origin": f"http://127.0.0.1:{port}",
            "Accept": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return f'"fate":"{Fate.TAKEN.value}"' in answer.read().decode().replace(" ", "")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Path, str, str]]:
    """A data folder whose founding is done, with an editor: their ticket and token."""
    settings = Settings.from_environment({"METROPOLI_HOME": str(tmp_path / "casa")})
    services = open_services(settings)
    account = services.catalogue.add_account("ada@ente.it", "Ada", Role.EDITOR)
    ticket = services.sessions.start(account)
    app = create_app(services=services)
    with app.test_request_context(headers={"Cookie": f"{COOKIE}={ticket}"}):
        yield settings.home, ticket, str(generate_csrf())


def test_a_stranger_cannot_fill_the_disk(home: tuple[Path, str, str]) -> None:
    """The server itself refuses before it has kept anything: for staff alone it takes much."""
    folder, ticket, token = home
    port = free_port()
    process = start(folder, port)
    try:
        for cookie, status in ((f"{COOKIE}={ticket}", 200), (f"{COOKIE}=1-falso", 413), ("", 413)):
            body = form(token, 1, times=40_000)
            request = (
                f"POST /redazione/carica HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"Origin: http://127.0.0.1:{port}\r\nAccept: application/json\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
                f"Cookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            with socket.create_connection(("127.0.0.1", port), 30) as connection:
                connection.sendall(request.encode())
                if status == 200:
                    connection.sendall(body)
                answer = connection.recv(4096).split(b"\r\n", 1)[0]
            assert str(status).encode() in answer, answer
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_nothing_acknowledged_is_lost(home: tuple[Path, str, str]) -> None:
    folder, ticket, token = home
    chance = random.Random(20260611)  # noqa: S311
    port, number, taken = free_port(), 0, set()
    for _ in range(KILLS):
        process = start(folder, port)
        end = time.monotonic() + chance.uniform(0.3, 2.0)
        try:
            while time.monotonic() < end:
                number += 1
                if send(port, ticket, token, number):
                    taken.add(f"{number}.txt")
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert len(taken) > KILLS
    data = DataHome(folder)
    database = Database(data.catalogue)
    database.migrate()
    reader, store = Reader(database), FileStore(data)
    noted = {u.filename: u for u in reader.uploads(limit=10_000)[0] if u.fate is Fate.TAKEN}
    assert taken <= noted.keys()
    drafts = {record.public_id for record in reader.in_states(State.DRAFT)}
    for upload in noted.values():
        assert upload.public_id in drafts
        store.verify(upload.sha256 or "")
    assert reader.first_broken_log_entry() is None
    leftovers = list(data.incoming.glob("*"))
    assert len(leftovers) <= KILLS
    assert store.discard_incoming(timedelta(0)) == len(leftovers)
    database.close()
