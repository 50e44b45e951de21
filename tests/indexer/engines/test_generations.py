"""Generations in a folder: rebuilt beside, switched in one step, shared by processes."""

import gc
import multiprocessing
import os
import signal
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from indexer.engine import EngineUnavailable, Entry, Facet, PageText, Query
from indexer.engines.home import FolderHome
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.engines.whoosh_storage import FolderStorage
from indexer.engines.whoosh_writer import INDEX_NAME
from indexer.italian import analyse
from tests.indexer.engine_contract import COLLECTION, ORDINARY

SPAWN = multiprocessing.get_context("spawn")
FORK = multiprocessing.get_context("fork")


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in index.glob("generazione-*"))


def test_the_previous_generation_is_kept_and_older_ones_go(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    for _ in range(4):
        engine.rebuild(COLLECTION)
    assert generations(tmp_path) == ["generazione-000003", "generazione-000004"]


def test_a_change_adds_a_small_segment_and_rereads_no_other(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    before = engine._current().segments
    engine.apply([ORDINARY])
    after = engine._current().segments
    assert after[0] is before[0]
    assert len(after) == 2
    assert len(after[1]) == 1


def test_the_number_of_segments_stays_small(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    for number in range(40):
        engine.apply([replace(ORDINARY, id=f"voce{number}", title=f"Voce numero {number}")])
    assert len(engine._current().segments) <= 12
    assert engine.search(Query()).total == len(COLLECTION) + 40
    assert engine.search(Query(text="voce 17")).hits[0].id == "voce17"
    assert engine.verify() == ()


def test_a_folder_holds_only_the_files_of_its_state(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    folder = tmp_path / generations(tmp_path)[0]
    (folder / "MAIN_orphan.trm").write_bytes(b"left by a crash")
    (folder / "_MAIN_2.toc").write_bytes(b"left by a crash")
    for _ in range(5):
        engine.apply([ORDINARY])
    names = {path.name for path in folder.iterdir()}
    assert "MAIN_orphan.trm" not in names
    assert len([name for name in names if name.endswith(".toc")]) == 1
    assert len([name for name in names if name.startswith("manifest-")]) == 1


def test_what_an_interrupted_rebuild_left_is_removed_by_the_next(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)

    def entries() -> Iterator[Entry]:
        yield ORDINARY
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.rebuild(entries())
    assert len(generations(tmp_path)) == 2
    engine.rebuild(COLLECTION)
    assert len(generations(tmp_path)) == 2
    assert WhooshEngine(tmp_path).search(Query()).total == len(COLLECTION)


@pytest.mark.parametrize(
    "step",
    [
        "indexer.engines.whoosh_writer.packed",
        "indexer.engines.whoosh_writer.TOC.write",
        "indexer.engines.home.manifests.digest_of",
        "indexer.engines.home._write_whole",
        "indexer.engines.home.FolderHome._point",
    ],
)
def test_an_error_at_any_step_of_a_change_leaves_the_old_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    engine.search(Query())

    def fail(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    for change in (
        lambda: engine.apply([ORDINARY], ["corso"]),
        lambda: engine.rebuild([ORDINARY]),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(step, fail)
            with pytest.raises(OSError, match="No space"):
                change()
        for reader in (engine, WhooshEngine(tmp_path)):
            assert reader.search(Query()).total == len(COLLECTION)
            assert reader.verify() == ()
    engine.apply([ORDINARY], ["corso"])
    assert set(WhooshEngine(tmp_path).revisions()) == {
        *(one.id for one in COLLECTION if one.id != "corso"),
        ORDINARY.id,
    }


def test_a_second_writer_waits_and_then_gives_up_with_a_reason(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    hasty = WhooshEngine(tmp_path, patience=0.05)
    patient = WhooshEngine(tmp_path, patience=10)
    with FolderHome(tmp_path).writing():
        with pytest.raises(EngineUnavailable):
            hasty.apply([ORDINARY])
        writer = threading.Thread(target=patient.apply, args=([ORDINARY],))
        writer.start()
        time.sleep(0.05)
        assert engine.search(Query()).total == len(COLLECTION)
    writer.join()
    assert engine.search(Query()).total == len(COLLECTION) + 1


def answer_in_another_process(index: Path, pipe: Connection) -> None:
    engine = WhooshEngine(index)
    while pipe.recv():
        page = engine.search(Query())
        pipe.send((page.total, page.notices.reduced))


def test_readers_in_other_processes_see_changes_at_their_next_search(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    here, there = SPAWN.Pipe()
    reader = SPAWN.Process(target=answer_in_another_process, args=(tmp_path, there))
    reader.start()
    try:
        for change, total in (
            (lambda: None, 6),
            (lambda: engine.apply([ORDINARY]), 7),
            (lambda: engine.rebuild(COLLECTION[:3]), 3),
            (lambda: engine.apply([], ["suap-bo"]), 2),
        ):
            change()
            here.send(True)
            assert here.recv() == (total, False)
    finally:
        here.send(False)
        reader.join()


def test_a_forked_reader_answers_like_its_parent(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    expected = engine.search(Query(text="piano")).total
    child = os.fork()
    if child == 0:
        os._exit(0 if engine.search(Query(text="piano")).total == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_rebuilds_never_fail_a_reader(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    answers: list[object] = []
    done = threading.Event()

    def read() -> None:
        reader = WhooshEngine(tmp_path)
        while not done.is_set():
            try:
                answers.append(reader.search(Query(text="piano")).total)
            except Exception as error:
                answers.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        engine.rebuild(COLLECTION)
        engine.apply([ORDINARY])
    done.set()
    for thread in threads:
        thread.join()
    assert answers
    assert set(answers) == {2}


def a_pair(number: int) -> list[Entry]:
    """Two entries that are always changed together."""
    return [
        Entry(
            id=f"coppia-{letter}",
            title=f"Coppia {number}",
            pages=(PageText(1, f"Le due schede della coppia portano il numero {number}."),),
            facets={Facet.CITY: ("bari",)},
            revision=number,
        )
        for letter in "ab"
    ]


def read_until_told(engine: WhooshEngine, told: Event) -> int:
    """The newest number seen; raises when an answer is wrong or older than the one before."""
    newest = 0
    while True:
        last = told.is_set()
        page = engine.search(Query(text="coppia"))
        (number,) = {int(hit.title[-1].text) for hit in page.hits}
        assert page.total == len(page.hits) == 2
        assert page.counts[Facet.CITY] == {"bari": 2}
        assert all(any(run.matched for run in hit.passages[0].runs) for hit in page.hits)
        assert all(f"numero {number}" in hit.passages[0].runs[-1].text for hit in page.hits)
        assert number >= newest
        newest = number
        if last:
            return newest
        time.sleep(0.001)


def read_in_threads(engine: WhooshEngine, told: Event) -> set[int]:
    with ThreadPoolExecutor(2) as pool:
        reads = [pool.submit(read_until_told, engine, told) for _ in range(2)]
        return {read.result() for read in reads}


def exit_with_the_newest(engine: WhooshEngine, told: Event) -> None:
    (newest,) = read_in_threads(engine, told)
    os._exit(newest)


def test_threads_and_forked_processes_on_one_engine_answer_rightly_during_changes_and_merges(
    tmp_path: Path,
) -> None:
    writer, shared = WhooshEngine(tmp_path), WhooshEngine(tmp_path)
    writer.rebuild([*COLLECTION, *a_pair(1)])
    assert shared.search(Query(text="coppia")).total == 2  # opened before the fork
    told = FORK.Event()
    children = [FORK.Process(target=exit_with_the_newest, args=(shared, told)) for _ in range(2)]
    for child in children:
        child.start()
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(read_in_threads, shared, told)
        try:
            for number in range(2, 11):  # more changes than segments are left apart
                writer.apply(a_pair(number))
            writer.rebuild([*COLLECTION, *a_pair(11)])
            writer.apply(a_pair(12))
        finally:
            told.set()
        assert read.result() == {12}
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [12, 12]


def change_for_ever(index: Path, entries: Sequence[Entry], pipe: Connection) -> None:
    """Applies one entry after other under new revisions, and tells which are acknowledged."""
    engine = WhooshEngine(index)
    revision = 1
    while True:
        for entry in entries:
            revision += 1
            engine.apply([replace(entry, revision=revision)])
            pipe.send((entry.id, revision))
        engine.rebuild([replace(entry, revision=revision) for entry in entries])
        pipe.send((None, revision))


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_state_with_all_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    WhooshEngine(tmp_path).rebuild(COLLECTION)
    for trial in range(8):
        here, there = SPAWN.Pipe()
        writer = SPAWN.Process(target=change_for_ever, args=(tmp_path, COLLECTION, there))
        writer.start()
        acknowledged = {one.id: 0 for one in COLLECTION}
        here.recv()  # the writer is at work
        time.sleep(0.02 + 0.025 * trial)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        there.close()
        with suppress(EOFError):
            while here.poll():
                entry_id, revision = here.recv()
                for changed in [entry_id] if entry_id else list(acknowledged):
                    acknowledged[changed] = revision
        engine = WhooshEngine(tmp_path)
        assert engine.verify() == ()
        page = engine.search(Query())
        assert (page.total, page.notices.reduced) == (len(COLLECTION), False)
        revisions = engine.revisions()
        assert all(revisions[id] >= revision for id, revision in acknowledged.items())
        engine.apply([COLLECTION[0]])
        assert engine.search(Query(text="piano")).total == 2


def test_whoosh_itself_reads_the_index(tmp_path: Path) -> None:
    # Here and not above: the engine silences the warnings of Whoosh's first compilation.
    from whoosh import query, scoring

    WhooshEngine(tmp_path).rebuild(COLLECTION)
    storage = FolderStorage(tmp_path / generations(tmp_path)[0])
    index = storage.open_index(INDEX_NAME)
    with index.searcher(weighting=scoring.Frequency()) as searcher:
        found = searcher.search(query.Phrase("form", ["piano", "strategico", "di"]), limit=None)
        titles = {"piano-ge", "piano-to"}
        engine = WhooshEngine(tmp_path)
        segment = engine._current().segments[0]
        assert {segment.ids[segment.unit_entries[hit.docnum]] for hit in found} == titles
        stem = analyse("regolamento")[0].stem
        pages = searcher.search(query.Term("stem", stem), limit=None)
        assert len(pages) == 2


def test_a_state_that_was_replaced_is_let_go(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(COLLECTION)
    engine.search(Query(text="piano"))
    old = weakref.ref(engine._current())
    engine.rebuild(COLLECTION)
    engine.search(Query(text="piano"))
    gc.collect()
    assert old() is None


def test_memory_of_postings_and_scores_stays_within_its_bound(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, memory=20_000)
    engine.rebuild(COLLECTION)
    for entry in COLLECTION:
        for word in " ".join(page.text for page in entry.pages).split():
            page = engine.search(Query(text=word, expand=False))
            assert page.total >= 1
    assert engine._places.used <= 10_000
    assert engine._current()._cache.used <= 10_000
