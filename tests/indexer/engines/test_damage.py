"""A damaged index is noticed, set aside and never deleted; what is left answers and says so."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.engine import Query
from indexer.engines.whoosh_engine import WhooshEngine
from tests.indexer.engine_contract import COLLECTION, ORDINARY


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of two generations: the older lacks the last entry."""
    path = tmp_path / "index"
    engine = WhooshEngine(path)
    engine.rebuild(COLLECTION)
    engine.rebuild([*COLLECTION, ORDINARY])
    engine.close()
    return path


def current(index: Path) -> Path:
    return index / str(json.loads((index / "current.json").read_bytes())["generation"])


def flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def zero(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    start = chance.randrange(len(content))
    end = min(start + 64, len(content))
    if content[start:end].count(0) == end - start:
        content[start] ^= 0xFF
    else:
        content[start:end] = bytes(end - start)
    path.write_bytes(content)


def cut(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def delete(path: Path, chance: random.Random) -> None:
    path.unlink()


def written_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.stat().st_size)


@pytest.mark.parametrize("spoil", [flip, zero, cut, delete])
def test_any_spoiled_file_is_found_by_verify_and_at_the_next_start(
    index: Path, tmp_path: Path, spoil: Callable[[Path, random.Random], None]
) -> None:
    chance = random.Random(7)  # noqa: S311 repeatable, not secret
    names = [path.name for path in written_files(current(index))]
    for name in names:
        trial = tmp_path / f"trial-{name}"
        shutil.copytree(index, trial)
        running = WhooshEngine(trial)
        running.search(Query())
        spoil(current(trial) / name, chance)
        assert [name in damage.what for damage in running.verify()] == [True]
        started = WhooshEngine(trial)
        page = started.search(Query())
        assert page.total == len(COLLECTION)  # the generation before
        assert page.notices.reduced
        assert started.needs_rebuild
        assert len(list(trial.glob("*.danneggiato-*"))) == 1
        shutil.rmtree(trial)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"generation": "../x"}', b"\xff\xfe"])
def test_a_spoiled_pointer_leads_to_the_newest_sound_generation(
    index: Path, content: bytes
) -> None:
    (index / "current.json").write_bytes(content)
    engine = WhooshEngine(index)
    page = engine.search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION) + 1, True)
    assert engine.needs_rebuild


def test_a_missing_pointer_is_no_empty_index(index: Path) -> None:
    (index / "current.json").unlink()
    page = WhooshEngine(index).search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION) + 1, True)


def test_without_a_sound_generation_search_is_empty_and_says_so(index: Path) -> None:
    for generation in index.glob("generazione-*"):
        for path in written_files(generation):
            path.write_bytes(b"x" * path.stat().st_size)
    engine = WhooshEngine(index)
    page = engine.search(Query(text="piano"))
    assert (page.total, page.notices.reduced) == (0, True)
    assert engine.needs_rebuild
    # A new start and a change are no cure: only a rebuild is.
    again = WhooshEngine(index)
    again.apply([ORDINARY])
    page = again.search(Query())
    assert (page.total, page.notices.reduced) == (1, True)
    again.rebuild(COLLECTION)
    page = again.search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION), False)
    assert not again.needs_rebuild
    assert len(list(index.glob("*.danneggiato-*"))) == 1


def test_damage_is_kept_and_a_rebuild_heals(index: Path) -> None:
    flip(written_files(current(index))[0], random.Random(1))  # noqa: S311
    engine = WhooshEngine(index)
    assert engine.search(Query()).notices.reduced
    engine.rebuild([*COLLECTION, ORDINARY])
    page = WhooshEngine(index).search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION) + 1, False)
    assert len(list(index.glob("*.danneggiato-*"))) == 1


def test_a_readable_disk_that_cannot_be_written_still_answers(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(written_files(current(index))[0], random.Random(1))  # noqa: S311
    opened = open

    def refuse(*args: object, **options: object) -> object:
        raise OSError(30, "Read-only file system")

    def only_reading(path: object, mode: str = "r", *args: object, **options: object) -> object:
        if set(mode) & set("wax+"):
            refuse()
        return opened(path, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", only_reading)
    monkeypatch.setattr(Path, "rename", refuse)
    engine = WhooshEngine(index)
    page = engine.search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION), True)
    assert engine.search(Query(text="piano")).total == 2


def test_an_index_of_another_format_asks_for_a_rebuild_and_is_not_called_damaged(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.manifest.FORMAT", 999)
    engine = WhooshEngine(index)
    assert engine.search(Query()).notices.reduced
    assert engine.needs_rebuild
    engine.rebuild(COLLECTION)
    assert engine.search(Query()).total == len(COLLECTION)
    assert list(index.glob("*.danneggiato-*")) == []


def test_an_index_of_another_analysis_answers_and_asks_for_a_rebuild(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engines.whoosh_engine.analysis_version", lambda: "other rules")
    engine = WhooshEngine(index)
    page = engine.search(Query())
    assert (page.total, page.notices.reduced) == (len(COLLECTION) + 1, False)
    assert engine.needs_rebuild
    engine.rebuild(COLLECTION)
    assert not engine.needs_rebuild
