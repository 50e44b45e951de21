"""The engine over Whoosh keeps the contract, in memory and in a folder."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from indexer.engine import Engine
from indexer.engines.whoosh_engine import WhooshEngine
from tests.indexer.engine_contract import EngineContract


class TestInMemory(EngineContract):
    @pytest.fixture
    def new_engine(self) -> Callable[[], Engine]:
        return lambda: WhooshEngine(None)


class TestInAFolder(EngineContract):
    @pytest.fixture
    def new_engine(self, tmp_path: Path) -> Callable[[], Engine]:
        numbers = count()
        return lambda: WhooshEngine(tmp_path / f"index{next(numbers)}")
