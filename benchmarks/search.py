"""Speed of the search engine, beside tantivy and SQLite FTS5 on the same documents in one run.

    python -m benchmarks.search [--sizes 2000 20000 100000] [--long 1000] [--questions 200]
        [--peers tantivy "sqlite fts5"]

``search_contenders`` says what each engine does for a question. All times of questions are CPU
times of one process; the engines take turns every few questions, so that what else the machine does
weighs on all of them: trust the ratios. "a freddo" is the first pass, where every question is new
and nothing is kept of others; "a caldo" is the second. With ``METROPOLI_TEST_DATA`` the documents
are made of the sentences of ``ricerca-it``, else of invented words. Engines that are not installed
(``benchmarks/requirements.txt``) are left out by name.
"""

import argparse
import gc
import importlib.util
import multiprocessing
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.search_contenders import CONTENDERS, Contender, Question
from benchmarks.search_documents import WARM_UP, documents, prefixes, questions
from indexer.engine import Entry, Query
from indexer.engines.whoosh_engine import WhooshEngine

_T = TypeVar("_T")
_OURS = "metropoli"
_TURN = 20  # questions that an engine answers before the next has its turn
_CHANGES = 15
_SECONDS = 3.0  # of the throughput trial

Times = dict[str, list[float]]  # milliseconds, by engine


def main() -> None:
    """Print one block a collection."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[2_000, 20_000, 100_000])
    parser.add_argument("--long", type=int, default=1_000, help="also this many of 20 pages")
    parser.add_argument("--questions", type=int, default=200, help="of each kind")
    peers = [name for name in CONTENDERS if name != _OURS]
    parser.add_argument("--peers", nargs="*", default=peers, choices=peers, metavar="ENGINE")
    options = parser.parse_args()
    for size, pages in [(size, 1) for size in options.sizes] + [(options.long, 20)]:
        if size:
            _apart("spawn", measure, size, pages, options.questions, options.peers)


def measure(size: int, pages: int, asked: int, peers: Sequence[str]) -> None:
    """One collection, every engine."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        _say(f"\n## {size} documenti di {pages} pagine" if pages > 1 else f"\n## {size} documenti")
        entries = list(documents(size, pages))
        kinds = questions(entries, asked)
        beginnings = prefixes(entries, asked)
        gc.freeze()  # else a question now and then pays for a walk over the documents held here
        names = [_OURS, *filter(_installed, peers)]
        for name in names:
            # The engines of tantivy read the same index, but each builds its own.
            _print_building(name, folder / name, entries)
            _print_opening(name, folder / name, kinds)
        _say("")
        for kind, texts in kinds.items():
            _print_times(kind, *_asked(names, folder, Contender.ask, texts, asked))
        _print_times("prefisso", *_asked(names, folder, Contender.suggest, beginnings, asked))
        _print_as_a_reader_asks(folder / _OURS, kinds)
        _print_hostile(folder / _OURS, kinds)
        _say("")
        for name in names:
            _print_throughput(name, folder / name, kinds["due parole"])
        _print_fork(folder / _OURS, kinds["due parole"])
        for name in names:
            _apart("fork", _print_changes, name, folder / name, entries)
    finally:
        shutil.rmtree(folder)


def _installed(name: str) -> bool:
    if name.startswith("tantivy") and importlib.util.find_spec("tantivy") is None:
        _say(f"{name}: non installato")
        return False
    return True


def _apart(method: str, work: Callable[..., _T], *arguments: object) -> _T:
    """What ``work`` returns in a process of its own."""
    context: Any = multiprocessing.get_context(method)
    answer, send = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(send, work, arguments))
    process.start()
    send.close()
    try:
        found: _T = answer.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__} failed") from None
    finally:
        process.join()
    return found


def _send(send: Any, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    send.send(work(*arguments))


def _print_building(name: str, folder: Path, entries: Sequence[Entry]) -> None:
    seconds, memory = _apart("fork", _build, name, folder, entries)
    _say(
        f"{name:16} costruzione {len(entries) / seconds:7.0f} documenti per secondo di CPU,"
        f" memoria {memory:.0f} MB, disco {_bytes(folder) / 2**20:.1f} MB"
    )


def _build(name: str, folder: Path, entries: Sequence[Entry]) -> tuple[float, float]:
    before, start = _peak(), time.process_time()
    CONTENDERS[name]().build(folder, entries)
    return time.process_time() - start, _peak() - before


def _print_opening(name: str, folder: Path, kinds: dict[str, list[Question]]) -> None:
    asked = [question for some in kinds.values() for question in some][:1_000]
    seconds, before, opened, after = _apart("spawn", _open, name, folder, asked)
    _say(
        f"{name:16} apertura {1_000 * seconds:.0f} ms fino alla prima risposta; memoria del"
        f" processo {before:.0f} MB prima, {opened:.0f} dopo, {after:.0f} dopo {len(asked)} domande"
    )


def _open(name: str, folder: Path, asked: Sequence[Question]) -> tuple[float, float, float, float]:
    before, start = _resident(), time.perf_counter()
    contender = _opened(name, folder)
    contender.ask(asked[0])
    seconds, opened = time.perf_counter() - start, _resident()
    for question in asked:
        contender.ask(question)
    return seconds, before, opened, _resident()


def _opened(name: str, folder: Path) -> Contender:
    contender = CONTENDERS[name]()
    contender.open(folder)
    return contender


def _asked(
    names: Iterable[str],
    folder: Path,
    ask: Callable[[Contender, Any], int],
    questions: Sequence[Any],
    count: int,
) -> tuple[Times, Times]:
    """Milliseconds of CPU of each question, the first time and the second."""
    contenders = {name: _opened(name, folder / name) for name in names}
    method = ask.__name__
    for contender in contenders.values():
        for question in questions[count:]:
            getattr(contender, method)(question)
    passes: tuple[Times, Times] = ({name: [] for name in names}, {name: [] for name in names})
    for times in passes:
        for start in range(0, count, _TURN):
            some = questions[start : min(start + _TURN, count)]
            for name, contender in contenders.items():
                times[name] += _times(getattr(contender, method), some)
    return passes


def _times(ask: Callable[[Any], object], questions: Iterable[Any]) -> list[float]:
    times = []
    for question in questions:
        start = time.process_time_ns()
        ask(question)
        times.append((time.process_time_ns() - start) / 1e6)
    return times


def _print_times(kind: str, cold: Times, warm: Times) -> None:
    for name in cold:
        line = (
            f"{kind:15} {name:16} a freddo {_figures(cold[name])}   a caldo {_figures(warm[name])}"
        )
        if name != _OURS:
            ratios = (
                f"{_part(cold[_OURS], part) / _part(cold[name], part):.2f}" for part in (0.5, 0.95)
            )
            line += f"   metropoli diviso {name}, a freddo: p50 {' p95 '.join(ratios)}"
        _say(line)


def _print_as_a_reader_asks(folder: Path, kinds: dict[str, list[Question]]) -> None:
    """With all that the portal asks for: three passages, synonyms, corrections."""
    engine = WhooshEngine(folder)
    for kind in ("due parole", "otto parole"):
        queries = [Query(question.text) for question in kinds[kind]]
        for query in queries[-WARM_UP:]:
            engine.search(query)
        times = _times(engine.search, queries[:-WARM_UP])
        _say(f"{kind:15} {'nel portale':16} a freddo {_figures(times)}")
    slips = [Query(f"{q.text[:-2]}{q.text[-1]}{q.text[-2]}") for q in kinds["una parola"]]
    _say(
        f"{'con un errore':15} {'nel portale':16} a freddo {_figures(_times(engine.search, slips))}"
    )


def _print_hostile(folder: Path, kinds: dict[str, list[Question]]) -> None:
    words = " ".join(question.text for question in kinds["tre parole"]).split()
    stop_words = "di a da in con su per tra fra il lo la i gli le un uno una e che"
    hostile = [
        " ".join(words[:500]),
        f'"{" ".join(words[:50])}"',
        stop_words,
        f'"{stop_words}"',
        " ".join(f'"{word} {word}"' for word in stop_words.split()),
        "\x00\x01\x1b" * 100,
        "x" * 100_000,
        "a " * 50_000,
        '"' * 999,
        "p*",
        " ".join(f"-{word}" for word in words[:40]),
        " ".join(f"{word}x" for word in words[:40]),
    ]
    times = []
    for text in hostile:
        engine = WhooshEngine(folder)
        engine.search(Query("prova"))
        times += _times(engine.search, [Query(text)])
    _say(f"{'avverse':15} {_OURS:16} a freddo p50 {_part(times, 0.5):.1f} massimo {max(times):.1f}")


def _print_throughput(name: str, folder: Path, asked: Sequence[Question]) -> None:
    rates = []
    for processes in (1, 2):
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            counts = pool.starmap(_ask_for_a_while, [(name, folder, asked)] * processes)
        rates.append(f"{sum(counts) / _SECONDS:.0f}")
    _say(f"{name:16} domande al secondo con 1 e 2 processi: {', '.join(rates)}")


def _ask_for_a_while(name: str, folder: Path, asked: Sequence[Question]) -> int:
    contender = _opened(name, folder)
    for question in asked:
        contender.ask(question)
    end = time.monotonic() + _SECONDS
    count = 0
    while time.monotonic() < end:
        contender.ask(asked[count % len(asked)])
        count += 1
    return count


def _print_fork(folder: Path, asked: Sequence[Question]) -> None:
    own, shared = _apart("spawn", _forked, folder, asked)
    _say(f"{_OURS:16} dopo un fork: memoria propria {own:.1f} MB, in comune {shared:.1f} MB")


def _forked(folder: Path, asked: Sequence[Question]) -> tuple[float, float]:
    engine = WhooshEngine(folder)
    for question in asked:
        engine.search(Query(question.text))
    return _apart("fork", _memory_after, engine, asked)


def _memory_after(engine: WhooshEngine, asked: Sequence[Question]) -> tuple[float, float]:
    for question in asked:
        engine.search(Query(question.text))
    rollup = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in rollup}
    return sizes["Private_Dirty"], sizes["Rss"] - sizes["Private_Dirty"]


def _print_changes(name: str, folder: Path, entries: Sequence[Entry]) -> None:
    contender = _opened(name, folder)
    contender.ask(Question("prova"))
    elapsed, used = [], []
    for number in range(_CHANGES):
        word = f"zzmodifica{number}"
        changed = replace(entries[number], title=f"Titolo {word}", revision=2)
        start, cpu = time.perf_counter(), time.process_time()
        contender.change(changed)
        total = contender.ask(Question(word))
        elapsed.append(1_000 * (time.perf_counter() - start))
        used.append(1_000 * (time.process_time() - cpu))
        if total != 1:
            raise AssertionError(f"{name} does not find what was changed")
    _say(
        f"{name:16} modifica visibile dopo {statistics.median(elapsed):.1f} ms, al più"
        f" {max(elapsed):.1f}; di CPU {statistics.median(used):.1f}, al più {max(used):.1f}"
    )


def _figures(times: Sequence[float]) -> str:
    return " ".join(f"p{100 * part:.0f} {_part(times, part):5.2f}" for part in (0.5, 0.95, 0.99))


def _part(times: Sequence[float], part: float) -> float:
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _resident() -> float:
    """Memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
