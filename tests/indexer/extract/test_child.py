"""What the child that reads may not do, and what its death means."""

import os
import signal
import subprocess
import sys

import pytest

from indexer.extract.base import FailureKind
from indexer.extract.child import Task, _cause
from indexer.extract.limits import Limits

LIMITS = Limits(memory=100 << 20)
TASK = Task(file=0, name=None, limits=LIMITS, cpu_seconds=10)


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.fork()",
        "open('/tmp/scritto', 'w')",
    ],
)
def test_network_programs_and_writing_are_refused(attempt: str) -> None:
    program = f"""
import os
from indexer.extract.child import Task, _limit
from indexer.extract.limits import Limits
_limit(Task(0, None, Limits(memory=1 << 30), 10))
try:
    {attempt}
except (PermissionError, OSError) as error:
    os._exit(0)
os._exit(7)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, env=os.environ | {"HOME": "/"}
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("status", "cpu", "memory", "kind"),
    [
        (signal.SIGXCPU, 1.0, 0, FailureKind.TOO_MUCH_TIME),
        (signal.SIGKILL, 10.2, 0, FailureKind.TOO_MUCH_TIME),
        (signal.SIGABRT, 1.0, 90 << 20, FailureKind.TOO_MUCH_MEMORY),
        (signal.SIGSEGV, 1.0, 20 << 20, FailureKind.CORRUPT),
        (1 << 8, 1.0, 20 << 20, FailureKind.CORRUPT),
    ],
)
def test_a_death_has_its_cause(status: int, cpu: float, memory: int, kind: FailureKind) -> None:
    assert _cause(status, cpu, memory, TASK) is kind
