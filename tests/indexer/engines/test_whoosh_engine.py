"""The engine over Whoosh keeps the contract, in memory and in a folder."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.indexer.engine_contract")

from indexer.engine import Engine  # noqa: E402
from indexer.engines.whoosh_engine import WhooshEngine  # noqa: E402
from tests.indexer.engine_contract import EngineContract  # noqa: E402


class TestInMemory(EngineContract):
    @pytest.fixture
    def new_engine(self) -> Iterator[Callable[[], Engine]]:
        yield lambda: WhooshEngine(None)


class TestInAFolder(EngineContract):
    @pytest.fixture
    def new_engine(self, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
        numbers = count()
        yield lambda: WhooshEngine(tmp_path / f"index{next(numbers)}")
