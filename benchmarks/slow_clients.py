"""Slow clients against the portal's server: do honest readers still get their pages?

Usage: python benchmarks/slow_clients.py [--server run.py] [--clients 500] [--seconds 8]

For each trial prints what honest readers saw (median and slowest answer, failures) while the slow
clients were connected, and the memory of the server's processes. Other servers are tried on the
same application when they are installed: gunicorn, granian, cheroot.
"""

import argparse
import asyncio
import importlib.util
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

LARGE = 45 << 20  # bytes of the large download
PAGE = "/ricerca?q=sportello+unico"

SERVERS = {
    "run.py": ["run.py", "serve", "--port", "{port}"],
    "gunicorn gthread": [
        *("-m", "gunicorn", "-k", "gthread", "--threads", "32", "-b", "127.0.0.1:{port}"),
        "run:app",
    ],
    "granian": [
        *("-m", "granian", "--interface", "wsgi", "--blocking-threads", "8"),
        *("--backlog", "2048", "--port", "{port}", "run:app"),
    ],
    "cheroot": ["-m", "cheroot", "--bind", "127.0.0.1:{port}", "--threads", "32", "run:app"],
}


@dataclass(frozen=True)
class Seen:
    """What honest readers saw."""

    seconds: list[float]
    failures: int

    def __str__(self) -> str:
        if not self.seconds:
            return f"nobody was served, {self.failures} failures"
        median, slowest = statistics.median(self.seconds), max(self.seconds)
        return (
            f"{len(self.seconds)} served, median {median * 1000:.0f} ms,"
            f" slowest {slowest * 1000:.0f} ms, {self.failures} failures"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", choices=SERVERS, action="append")
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8)
    arguments = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        download = prepare(home)
        for name in arguments.server or [name for name in SERVERS if installed(name)]:
            print(f"\n{name}")
            with running(name, home) as (process, port):
                trials(process, port, download, arguments.clients, arguments.seconds)


def prepare(home: Path) -> str:
    """The founding collection and one large file; the address of its download."""
    os.environ["METROPOLI_HOME"] = str(home)
    os.environ["METROPOLI_SEARCH_RATE"] = "100000"
    from corpus.records import DocumentDraft, NewFile
    from corpus.vocabulary import FileFormat, Kind, State
    from portal.commands.house import opened, read_settings
    from portal.commands.serving import prepare as first_start

    with opened(read_settings()) as house:
        first_start(house)
        stored = house.services.store.receive(BytesIO(os.urandom(LARGE)), LARGE)
        file = NewFile(stored.sha256, stored.size, FileFormat.TEXT, "grande.txt")
        draft = DocumentDraft(kind=Kind.OTHER, title="Un file grande")
        id = house.services.catalogue.add(draft, file, actor="prova", state=State.PUBLISHED)
        house.indexer.catch_up()
    return f"/documenti/{id}/file"


def installed(name: str) -> bool:
    command = SERVERS[name]
    return command[0] != "-m" or importlib.util.find_spec(command[1]) is not None


@contextmanager
def running(name: str, home: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *(part.format(port=port) for part in SERVERS[name])]
    process = subprocess.Popen(  # noqa: S603  our own commands
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        started = time.monotonic()
        while ask(port, PAGE) is None:
            if process.poll() is not None or time.monotonic() - started > 60:
                raise SystemExit(f"{name} does not start")
            time.sleep(0.1)
        yield process, port
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def trials(
    process: subprocess.Popen[bytes], port: int, download: str, clients: int, seconds: float
) -> None:
    print(f"  nobody else        {honest(port, seconds / 2)}; {memory(process)} MB")
    scenarios: dict[str, Callable[[int], Awaitable[None]]] = {
        "idle": idle,
        "slow headers": slow_headers,
        "slow bodies": slow_bodies,
        "slow readers": lambda port: slow_reader(port, download),
        "slow ranges": lambda port: slow_reader(port, download, "Range: bytes=1-\r\n"),
    }
    for what, client in scenarios.items():
        with many(client, port, clients):
            time.sleep(2)
            print(f"  {clients} {what:<14} {honest(port, seconds)}; {memory(process)} MB")
        time.sleep(1)
    before = memory(process)
    with ThreadPoolExecutor(8) as pool:
        sizes = list(pool.map(lambda _: whole(port, download), range(40)))
    print(
        f"  40 downloads of {LARGE >> 20} MB: {sizes.count(LARGE)} whole;"
        f" memory {before} MB before, {memory(process)} MB after"
    )
    overload(process, port)


def honest(port: int, seconds: float) -> Seen:
    """Two readers ask for a search page, again and again."""
    end = time.monotonic() + seconds

    def reader(_: int) -> tuple[list[float], int]:
        times: list[float] = []
        failures = 0
        while time.monotonic() < end:
            started = time.monotonic()
            if ask(port, PAGE) == 200:
                times.append(time.monotonic() - started)
            else:
                failures += 1
        return times, failures

    with ThreadPoolExecutor(2) as pool:
        seen = list(pool.map(reader, range(2)))
    return Seen([t for times, _ in seen for t in times], sum(failures for _, failures in seen))


def overload(process: subprocess.Popen[bytes], port: int) -> None:
    """A burst of 400 requests at once: early refusals, then recovery."""

    def timed(_: int) -> tuple[int | None, float]:
        started = time.monotonic()
        return ask(port, PAGE, timeout=30), time.monotonic() - started

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(timed, range(400)))
    counts = {status: sum(1 for s, _ in answers if s == status) for status, _ in answers}
    slowest = max(seconds for _, seconds in answers)
    print(f"  burst of 400: {counts}, slowest {slowest:.1f} s; then {honest(port, 2)}")


def ask(port: int, path: str, timeout: float = 10) -> int | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=timeout) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def whole(port: int, path: str) -> int:
    """Bytes of a whole download; 0 when the server gave up on it."""
    try:
        return _whole(port, path)
    except OSError:
        return 0


def _whole(port: int, path: str) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        size = 0
        while chunk := answer.read(1 << 16):
            size += len(chunk)
        return size


@contextmanager
def many(client: Callable[[int], Awaitable[None]], port: int, count: int) -> Iterator[None]:
    """``count`` clients in another process, so that they do not slow the honest readers."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(together(client, port, count))
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


async def together(client: Callable[[int], Awaitable[None]], port: int, count: int) -> None:
    async def again() -> None:
        while True:
            try:
                await client(port)
            except OSError:
                await asyncio.sleep(1)

    await asyncio.gather(*(again() for _ in range(count)))


async def idle(port: int) -> None:
    reader, _ = await asyncio.open_connection("127.0.0.1", port)
    await reader.read()


async def slow_headers(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(1)


async def slow_bodies(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /accedi HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(1)


async def slow_reader(port: int, path: str, header: str = "") -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n".encode())
    while await reader.read(1024):
        await asyncio.sleep(1)


def memory(process: subprocess.Popen[bytes]) -> int:
    """Resident memory of the server and its children, in MB, without the reading processes."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
            own = int(fields["Pid"]) == process.pid
            child = int(fields["PPid"]) == process.pid
            if own or (child and "indexer.extract" not in _command(status.parent)):
                total += int(fields["VmRSS"].split()[0])
        except (OSError, KeyError, ValueError):
            continue
    return total >> 10


def _command(process: Path) -> str:
    return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


if __name__ == "__main__":
    main()
