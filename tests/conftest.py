"""What every test may rely on: the network is shut, the test material is found by a setting."""

import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

# The same examples at every run and no deadline: a failure is of the change, not of chance.
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def material() -> Path:
    """The folder of real and hostile documents; tests that need it are skipped without it."""
    folder = os.environ.get("METROPOLI_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("METROPOLI_TEST_DATA names no folder of test material")
    return Path(folder)


@pytest.fixture(autouse=True)
def shut_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback answers: a test that leaves the machine fails at once."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
