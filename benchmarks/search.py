"""Speed of the search engine, beside tantivy and SQLite FTS5 on the same documents in one run.

    python -m benchmarks.search [--sizes 2000 20000 100000] [--long 1000] [--questions 300]

Times of queries are CPU times of one process, after a first pass over the same questions ("a
caldo") and in the first pass itself ("a freddo"). A query returns ten hits, the total, the counts
of five facets and a passage a hit. With ``METROPOLI_TEST_DATA`` the documents are made of the
sentences of ``ricerca-it``, else of invented words. Engines that are not installed
(``benchmarks/requirements.txt``) are left out by name.
"""

import argparse
import multiprocessing
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.search_documents import documents, questions
from benchmarks.search_peers import PEERS, Ask
from indexer.engine import Entry, Facet, Query
from indexer.engines.whoosh_engine import WhooshEngine

_SPAWN = multiprocessing.get_context("spawn")
_FILTERS = {Facet.CITY: ("bari", "roma"), Facet.YEAR: ("2020", "2021", "2022")}
_CHANGES = 12
_SECONDS = 3.0  # of the throughput trial


def main() -> None:
    """Print one block a size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 20_000, 100_000])
    parser.add_argument("--long", type=int, default=0, help="also this many of 20 pages")
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    for size, pages in [(size, 1) for size in options.sizes] + [(options.long, 20)]:
        if size:
            measure(size, pages, options.questions)


def measure(size: int, pages: int, asked: int) -> None:
    """One collection, every engine."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        entries = list(documents(size, pages))
        kinds = questions(entries, asked)
        print(f"\n## {size} documenti di {pages} pagine" if pages > 1 else f"\n## {size} documenti")
        engine, rate = _built(folder / "ours", entries)
        print(f"costruzione    {rate:8.0f} documenti per secondo di CPU")
        print(f"disco          {_bytes(folder / 'ours') / 2**20:8.1f} MB")
        _print_start(folder / "ours", [text for texts in kinds.values() for text in texts])
        _print_changes(engine, entries)
        medians = _print_queries("metropoli", _asks(engine), kinds)
        _print_other_kinds(engine, kinds)
        _print_throughput(folder / "ours", kinds["due parole"])
        for name in PEERS:
            _print_peer(name, folder / name.replace(" ", "-"), entries, kinds, medians)
    finally:
        shutil.rmtree(folder)


def _built(folder: Path, entries: Sequence[Entry]) -> tuple[WhooshEngine, float]:
    engine = WhooshEngine(folder)
    start = time.process_time()
    engine.rebuild(entries)
    return engine, len(entries) / (time.process_time() - start)


def _asks(engine: WhooshEngine) -> Ask:
    # The peers correct, add and relax nothing.
    def ask(text: str) -> int:
        query = Query(text, passages=1, expand=False, correct=False, relax=False)
        return engine.search(query).total

    return ask


def _print_queries(name: str, ask: Ask, kinds: dict[str, list[str]]) -> dict[str, float]:
    """A line a kind of question; the medians of the second pass."""
    medians = {}
    for kind, texts in kinds.items():
        cold, warm = _times(ask, texts), _times(ask, texts)
        medians[kind] = statistics.median(warm)
        print(f"{name:14} {kind:14} a freddo {_figures(cold)}   a caldo {_figures(warm)}")
    return medians


def _print_other_kinds(engine: WhooshEngine, kinds: dict[str, list[str]]) -> None:
    def filtered(text: str) -> int:
        return engine.search(Query(text, filters=_FILTERS, passages=1)).total

    def browsed(number: str) -> int:
        return engine.search(Query(page=int(number), passages=1)).total

    def suggested(prefix: str) -> int:
        return len(engine.suggest(prefix))

    def asked_in_full(text: str) -> int:
        return engine.search(Query(text)).total

    prefixes = [text[:4] for text in kinds["una parola"]]
    slips = [f"{text[:-2]}{text[-1]}{text[-2]}" for text in kinds["una parola"]]
    others: dict[str, tuple[Callable[[str], int], list[str]]] = {
        "con filtri": (filtered, kinds["due parole"]),
        "sfogliare": (browsed, [str(page) for page in range(1, 60)]),
        "suggerimenti": (suggested, prefixes),
        "errori": (asked_in_full, slips),
        "avverse": (asked_in_full, _hostile(kinds)),
    }
    for kind, (ask, texts) in others.items():
        cold, warm = _times(ask, texts), _times(ask, texts)
        line = f"a freddo {_figures(cold)}   a caldo {_figures(warm)}   massimo {max(cold):.1f}"
        print(f"{'metropoli':14} {kind:14} {line}")


def _hostile(kinds: dict[str, list[str]]) -> list[str]:
    words = " ".join(kinds["tre parole"]).split()
    stop_words = "di a da in con su per tra fra il lo la i gli le un uno una e che"
    return [
        " ".join(words[:500]),
        f'"{" ".join(words[:50])}"',
        stop_words,
        f'"{stop_words}"',
        "\x00\x01\x1b" * 100,
        "x" * 100_000,
        "a " * 50_000,
        '"' * 999,
        "p*",
        " ".join(f"-{word}" for word in words[:40]),
    ]


def _print_start(folder: Path, texts: list[str]) -> None:
    with _SPAWN.Pool(1) as pool:
        seconds, before, after = pool.apply(_start, (folder, texts[:600]))
    print(f"apertura       {1_000 * seconds:8.1f} ms fino alla prima risposta")
    print(f"memoria        {before:8.1f} MB dopo l'apertura, {after:.1f} dopo 600 domande")


def _start(folder: Path, texts: list[str]) -> tuple[float, float, float]:
    start = time.perf_counter()
    engine = WhooshEngine(folder)
    engine.search(Query(texts[0]))
    seconds = time.perf_counter() - start
    before = _resident()
    for text in texts:
        engine.search(Query(text))
    return seconds, before, _resident()


def _print_changes(engine: WhooshEngine, entries: Sequence[Entry]) -> None:
    times = []
    for number in range(_CHANGES):
        word = f"zzmodifica{number}"
        changed = replace(entries[number], title=f"Titolo {word}", revision=2)
        start = time.perf_counter()
        engine.apply([changed])
        assert engine.search(Query(word, correct=False)).total == 1  # noqa: S101
        times.append(1_000 * (time.perf_counter() - start))
    print(
        f"aggiornamento  {statistics.median(times):8.1f} ms fino a vederlo, al più {max(times):.1f}"
    )


def _print_throughput(folder: Path, texts: list[str]) -> None:
    for processes in (1, 2):
        with _SPAWN.Pool(processes) as pool:
            counts = pool.starmap(_ask_for_a_while, [(folder, texts)] * processes)
        print(
            f"portata        {sum(counts) / _SECONDS:8.0f} domande al secondo, "
            f"processi: {processes}"
        )


def _ask_for_a_while(folder: Path, texts: list[str]) -> int:
    ask = _asks(WhooshEngine(folder))
    for text in texts:
        ask(text)
    end = time.monotonic() + _SECONDS
    count = 0
    while time.monotonic() < end:
        ask(texts[count % len(texts)])
        count += 1
    return count


def _print_peer(
    name: str,
    folder: Path,
    entries: Sequence[Entry],
    kinds: dict[str, list[str]],
    ours: dict[str, float],
) -> None:
    start = time.process_time()
    try:
        ask = PEERS[name](folder, entries)
    except ImportError as error:
        print(f"{name}: non installato ({error.name})")
        return
    rate = len(entries) / (time.process_time() - start)
    size = _bytes(folder) / 2**20
    print(f"{name:14} costruzione {rate:8.0f} documenti per secondo di CPU, disco {size:.1f} MB")
    theirs = _print_queries(name, ask, kinds)
    ratios = (f"{kind} {ours[kind] / median:.2f}" for kind, median in theirs.items())
    print(f"{name:14} mediane, metropoli diviso {name}: {', '.join(ratios)}")


def _times(ask: Callable[[str], int], texts: Sequence[str]) -> list[float]:
    """Milliseconds of CPU of each question."""
    times = []
    for text in texts:
        start = time.process_time_ns()
        ask(text)
        times.append((time.process_time_ns() - start) / 1e6)
    return times


def _figures(times: Sequence[float]) -> str:
    ordered = sorted(times)
    parts = (ordered[min(int(len(ordered) * part), len(ordered) - 1)] for part in (0.5, 0.95, 0.99))
    return "p50 {:.2f} p95 {:.2f} p99 {:.2f}".format(*parts)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _resident() -> float:
    """Memory of this process in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
