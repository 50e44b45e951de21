"""Python programs run beside the test, to prove what only another process can."""

import subprocess
import sys


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start ``program`` with this interpreter; the caller waits for it or kills it."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(program: str, *arguments: object) -> str:
    """Run ``program`` to its end and return what it printed; its errors fail the test."""
    process = start(program, *arguments)
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return printed.strip()
