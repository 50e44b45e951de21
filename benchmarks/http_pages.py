"""Pages over HTTP under the server that ``run.py`` starts, beside a page that does nothing.

    python -m benchmarks.http_pages [--documents 20000] [--seconds 6] [--connections 16]

A search page shows ten hits with passages and all facets. The page that does nothing is a view of
bare Flask under the same server; "stato del servizio" is the portal's own, which passes the same
checks, headers and counts as every page. The rates are those of a machine that also runs the
readers: the figure to trust is the ratio of the servers' CPU time a page.
"""

import argparse
import http.client
import multiprocessing
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from benchmarks.search_documents import documents, questions
from indexer.engine import Entry, Facet
from portal.addresses import slug

ROOT = Path(__file__).resolve().parent.parent
_NOTHING = """
import sys
from dataclasses import replace
from flask import Flask
from portal.commands.serving import answer
from portal.settings import Settings

app = Flask("nothing")
app.add_url_rule("/", view_func=lambda: "ok")
answer(app, replace(Settings.from_environment(), port=int(sys.argv[1])), None)
"""


def main() -> None:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    entries = list(documents(options.documents))
    with tempfile.TemporaryDirectory() as folder:
        entries = _fill(Path(folder), entries)
        kinds = questions(entries, 4_000)
        asked = [f"/ricerca?q={quote_plus(question.text)}" for question in kinds["due parole"]]
        ticked = [f"{address}&citta=bari&citta=roma&anno=2021" for address in asked]
        pages = [f"/documenti/{entry.id}/{slug(entry.title)}" for entry in entries[:400]]
        with _server([sys.executable, "-c", _NOTHING]) as nothing:
            bare = _measure("pagina che non fa nulla", nothing, ["/"], options, None)
        with _server([sys.executable, "run.py", "serve", "--port"]) as portal:
            for what, addresses in {
                "stato del servizio": ["/salute/vivo"],
                "ricerca, mai chiesta": asked[: len(asked) // 2],
                "ricerca, la stessa domanda": asked[:1],
                "ricerca, con filtri": ticked[len(ticked) // 2 :],
                "pagina di un documento": pages,
                "città": ["/citta/bari"],
                "pagina iniziale": ["/"],
            }.items():
                _measure(what, portal, addresses, options, bare)


def _fill(home: Path, entries: Sequence[Entry]) -> list[Entry]:
    """A catalogue and an index with these documents, beside the founding collection."""
    os.environ["METROPOLI_HOME"] = str(home)
    os.environ["METROPOLI_SEARCH_RATE"] = "100000"
    os.environ["METROPOLI_WORKER"] = "no"
    import corpus.database
    from corpus.records import DocumentDraft, NewFile
    from corpus.vocabulary import FileFormat, Kind, State
    from portal.commands.house import opened, read_settings
    from portal.commands.serving import prepare

    # Nobody relies on this catalogue, and 20,000 durable writes would take minutes.
    corpus.database._WRITING = ("foreign_keys=ON", "synchronous=OFF")
    os.fsync = lambda _: None
    added = []
    with opened(read_settings()) as house:
        prepare(house)
        for entry in entries:
            facets = {facet: list(values) for facet, values in entry.facets.items()}
            draft = DocumentDraft(
                kind=Kind(facets[Facet.KIND][0]) if _is_document(facets) else Kind.RESEARCH,
                title=entry.title,
                cities=tuple(facets[Facet.CITY]),
                areas=tuple(facets[Facet.AREA]),
                issued=entry.issued,
            )
            stored = house.services.store.receive(BytesIO(entry.id.encode()), 100)
            format = FileFormat(facets[Facet.FORMAT][0])
            file = NewFile(stored.sha256, stored.size, format, f"{entry.id}.{format}")
            id = house.services.catalogue.add(draft, file, actor="prova", state=State.PUBLISHED)
            added.append(replace(entry, id=id))
        house.services.engine.rebuild(added)
    return added


def _is_document(facets: dict[Facet, list[str]]) -> bool:
    return facets[Facet.KIND][0] in ("ricerca", "guida", "articolo")


@contextmanager
def _server(command: list[str]) -> Iterator[tuple[int, int]]:
    """Process and port of a server that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603  our own commands
        [*command, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command} does not start") from None
                time.sleep(0.1)
        yield process.pid, port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _measure(
    what: str,
    server: tuple[int, int],
    addresses: Sequence[str],
    options: argparse.Namespace,
    bare: float | None,
) -> float:
    """Print rate and times of a page; the server's CPU milliseconds for one."""
    pid, port = server
    warm_up = addresses[:20]
    _ask_apart(port, warm_up, 2, 1.0)
    before = _cpu(pid)
    times, failures, seconds = _ask_apart(
        port, addresses[20:] or addresses, options.connections, options.seconds
    )
    used = 1_000 * (_cpu(pid) - before) / max(len(times), 1)
    ordered = sorted(times) or [0.0]
    line = (
        f"{what:28} {len(times) / seconds:7.0f} al secondo, CPU {used:6.2f} ms,"
        f" p50 {1_000 * statistics.median(ordered):6.1f}"
        f" p99 {1_000 * ordered[int(len(ordered) * 0.99) - 1]:6.1f} ms, {failures} errori"
    )
    print(line + (f", {used / bare:.1f} volte la pagina che non fa nulla" if bare else ""))
    sys.stdout.flush()
    return used


def _ask_apart(
    port: int, addresses: Sequence[str], connections: int, seconds: float
) -> tuple[list[float], int, float]:
    """Readers in another process: what they do does not count as the server's work."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_ask, (port, addresses, connections, seconds))


def _ask(
    port: int, addresses: Sequence[str], connections: int, seconds: float
) -> tuple[list[float], int, float]:
    left = cycle(addresses)
    start = time.monotonic()

    def reader(_: int) -> tuple[list[float], int]:
        times, failures = [], 0
        connection: Any = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Accept-Encoding": "gzip, br, zstd", "Host": f"127.0.0.1:{port}"}
        while time.monotonic() < start + seconds:
            began = time.monotonic()
            connection.request("GET", next(left), headers=headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.monotonic() - began)
            failures += answer.status != 200
        return times, failures

    with ThreadPoolExecutor(connections) as pool:
        seen = list(pool.map(reader, range(connections)))
    elapsed = time.monotonic() - start
    return [t for times, _ in seen for t in times], sum(n for _, n in seen), elapsed


def _cpu(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
