"""How long the portal takes to start, beside the import of the libraries that it stands on.

    python -m benchmarks.startup [--rounds 12]

Every figure is of fresh processes, which take turns so that what else the machine does weighs on
all of them: milliseconds of CPU, the least and the median; trust the ratios. Bytecode is compiled
beforehand, as after any first start. The portal serves a folder with the founding collection; its
worker would be in another process. An application that keeps its tables in SQLAlchemy's mapper
cannot do without ``sqlalchemy.orm``: both ratios are printed.
"""

import argparse
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PLAIN, _MAPPER = "import flask, sqlalchemy", "import flask, sqlalchemy.orm"
_SEARCH = "/ricerca?q=piano+strategico"
_READY, _ANSWERED, _AGAIN = "run.py serve, in ascolto", "prima ricerca", "seconda ricerca"

Times = dict[str, list[float]]  # CPU milliseconds, by what was done


def main() -> None:
    """Print one line for each thing that is measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=12)
    rounds = parser.parse_args().rounds
    cpu: Times = {}
    waited: Times = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = f"{folder}/bytecode"
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["METROPOLI_HOME"] = f"{folder}/home"
        os.environ["METROPOLI_WORKER"] = "no"
        _serve({}, {})  # makes the folder and the bytecode
        for _ in range(rounds):
            for statement in ("pass", _PLAIN, _MAPPER, "import portal.app"):
                cpu.setdefault(statement, []).append(_import(statement))
            _serve(cpu, waited)
    plain, mapper = min(cpu[_PLAIN]), min(cpu[_MAPPER])
    for what, times in cpu.items():
        least = min(times)
        line = f"{what:30} CPU {least:5.0f} ms, mediana {statistics.median(times):5.0f}"
        line += (
            f", {least / plain:4.1f} volte flask e sqlalchemy, {least / mapper:4.1f} con il mapper"
        )
        if what in waited:
            line += f"; attesa {min(waited[what]):5.0f} ms"
        print(line)


def _import(statement: str) -> float:
    """CPU milliseconds of a process that does this and ends."""
    process = subprocess.Popen([sys.executable, "-c", statement], cwd=ROOT)  # noqa: S603  our own
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, statement  # noqa: S101
    return 1_000 * (used.ru_utime + used.ru_stime)


def _serve(cpu: Times, waited: Times) -> None:
    """Start the server, ask it for two pages of results, note what had been used after each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "run.py", "serve", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )

    def step(what: str, do: Callable[[], None]) -> None:
        do()
        waited.setdefault(what, []).append(1_000 * (time.monotonic() - began))
        cpu.setdefault(what, []).append(_used(process.pid))

    def hear() -> None:
        assert process.stdout is not None  # noqa: S101
        for line in process.stdout:
            if f":{port} " in line:
                return
        raise SystemExit("the portal does not start")

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", _SEARCH)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        assert answer.status == 200, answer.status  # noqa: S101

    try:
        step(_READY, hear)
        step(_ANSWERED, ask)
        step(_AGAIN, ask)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _used(pid: int) -> float:
    """CPU milliseconds of all threads of a process until now."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1_000_000


if __name__ == "__main__":
    main()
