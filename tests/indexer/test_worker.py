"""The worker's chores: done when due, repeated after an error, never in the way of the index."""

import logging
from pathlib import Path
from threading import Event

import pytest

from indexer.engine import Query
from indexer.worker import Chore, Worker
from tests.indexer.house import House


def test_a_chore_is_done_once_in_its_time() -> None:
    done: list[int] = []
    chore = Chore("conta", 3600, lambda: done.append(1))
    chore.attempt()
    chore.attempt()
    assert done == [1]


def test_a_chore_that_fails_is_tried_again_and_hinders_nobody(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    id = house.add("Il piano", "La governance metropolitana")
    stop = Event()
    attempts: list[int] = []

    def fail() -> None:
        attempts.append(1)
        if len(attempts) == 3:
            stop.set()
        raise RuntimeError("disco pieno")

    worker = Worker(
        house.indexer, house.engine, tmp_path / "lock", pause=0.01, chores=[Chore("prova", 0, fail)]
    )
    with caplog.at_level(logging.ERROR):
        worker.run(stop)
    assert len(attempts) == 3
    assert "prova" in caplog.text
    assert house.found("governance") == {id}
    assert house.engine.search(Query("governance")).total == 1
