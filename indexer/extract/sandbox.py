"""Reading of files from outside in limited processes, from any thread of any program.

A process (``indexer.extract.worker``) loads the readers once; its workers fork a child for
each file, which has bounds on memory, CPU, wall-clock time and output, no secrets in its
environment, no network, and nowhere to write.
"""

import contextlib
import json
import logging
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from corpus.vocabulary import FileFormat
from indexer.extract import wire
from indexer.extract.base import Extract, FailureKind, Unreadable
from indexer.extract.limits import DEFAULT, Limits
from indexer.extract.reasons import unreadable
from indexer.extract.tesseract import Recognised
from indexer.extract.worker import LENGTH, receive_exactly

_PROGRAM = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from indexer.extract.worker import main
main(int(sys.argv[1]))
"""
_GRACE = 15.0  # seconds beyond the wall-clock limit before a silent worker is given up
_LARGEST_ANSWER = 1 << 30

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: exactly one of ``extract`` and ``failure`` is set."""

    path: Path
    name: str | None
    extract: Extract | None = None
    failure: Unreadable | None = None
    cpu_seconds: float = 0.0  # of the child that read it
    memory: int = 0  # its peak, bytes


class Sandbox:
    """Reads files under ``limits`` in at most ``workers`` processes (one for each core).

    Safe to call from several threads. Processes start at first need and end with ``close``, at
    the end of the program, or when it dies.
    """

    def __init__(self, limits: Limits = DEFAULT, workers: int | None = None) -> None:
        self.limits = limits
        self._places = threading.BoundedSemaphore(workers or os.cpu_count() or 1)
        self._pool = _Pool()
        weakref.finalize(self, self._pool.stop)

    def read(self, path: Path, name: str | None = None) -> Extract:
        """Read the file at ``path``; ``name`` is what its sender called it.

        Raises ``Unreadable``, and ``OSError`` when there is no such file to open.
        """
        outcome = self.outcome(path, name)
        if outcome.failure is not None:
            raise outcome.failure
        if outcome.extract is None:
            raise AssertionError("an outcome has an extract or a failure")
        return outcome.extract

    def outcome(self, path: Path, name: str | None = None) -> Outcome:
        """Like ``read``, with the failure as a value and what the reading cost."""
        answered = self._ask(path, name)
        if answered is None:
            return Outcome(path, name, failure=unreadable(FailureKind.TOO_MUCH_TIME))
        cpu_seconds, memory, answer = answered
        result, detail = wire.decode(answer)
        if detail:
            log.warning("reading of %s failed: %s", path.name, detail)
        extract, failure = (None, result) if isinstance(result, Unreadable) else (result, None)
        return Outcome(path, name, extract, failure, cpu_seconds, memory)

    def sniff(self, path: Path, name: str | None = None) -> FileFormat:
        """The format of a file by its content, without reading its text.

        Raises ``Unreadable`` for what no reader accepts, ``OSError`` where there is no such file.
        """
        answered = self._ask(path, name, only_format=True)
        if answered is None:
            raise unreadable(FailureKind.TOO_MUCH_TIME)
        result = wire.decode_format(answered[2])
        if isinstance(result, Unreadable):
            raise result
        return result

    def recognise(self, path: Path, number: int, program: str) -> Recognised:
        """What the Tesseract at ``program`` reads on a page, from 1, of the PDF at ``path``.

        Raises ``Unreadable`` when it is the page's fault, ``RecognitionUnavailable`` when no page
        would fare better, ``OSError`` where there is no such file.
        """
        answered = self._ask(path, None, page=number, program=program)
        if answered is None:
            raise unreadable(FailureKind.TOO_MUCH_TIME)
        cpu_seconds, _memory, answer = answered
        return Recognised(wire.decode_recognised(answer), cpu_seconds)

    def _ask(
        self,
        path: Path,
        name: str | None,
        only_format: bool = False,
        page: int | None = None,
        program: str = "",
    ) -> tuple[float, int, bytes] | None:
        """CPU seconds, peak memory and answer; None where the worker died or keeps silent."""
        asked = {
            "name": name,
            "limits": asdict(self.limits),
            "only_format": only_format,
            "page": page,
            "program": program,
        }
        with _open_regular(path) as file, self._places:
            worker = self._pool.take()
            try:
                answered = worker.ask(file, asked, self.limits.wall_seconds * 2 + _GRACE)
            except (OSError, ValueError):
                worker.stop()
                return None
            except BaseException:
                worker.stop()
                raise
            self._pool.give_back(worker)
            return answered

    def read_many(
        self, files: Iterable[tuple[Path, str | None]], workers: int | None = None
    ) -> Iterator[Outcome]:
        """Read ``files`` (path, sender's name) in parallel, yielding each as it is done.

        In any order; every file yields exactly one outcome, also when it cannot be opened.
        ``files`` is consumed a few steps ahead of the reading.
        """
        workers = workers or os.cpu_count() or 1
        with ThreadPoolExecutor(workers, thread_name_prefix="reading") as pool:
            running: set[Future[Outcome]] = set()
            for path, name in files:
                running.add(pool.submit(self._attempt, path, name))
                if len(running) >= 2 * workers:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)

    def close(self) -> None:
        """End the processes. The sandbox may be used again afterwards."""
        self._pool.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _attempt(self, path: Path, name: str | None) -> Outcome:
        try:
            return self.outcome(path, name)
        except OSError as error:
            log.warning("cannot open %s: %s", path, error)
            message = "Il file non si può aprire: controlla che esista e che sia leggibile."
            return Outcome(path, name, failure=Unreadable(FailureKind.CORRUPT, message))


class _Nursery:
    """The process that loads the readers once and forks the workers."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno()), json.dumps(_import_path())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_clean_environment(),
                cwd="/",
                start_new_session=True,
            )

    @property
    def usable(self) -> bool:
        """Alive, and started by this process (not by the one it was forked from)."""
        return self._owner == os.getpid() and self._process.poll() is None

    def worker(self) -> "_Worker":
        channel, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self._control, [b"+"], [theirs.fileno()])
        return _Worker(channel)

    def stop(self) -> None:
        """End the process and its workers, whose sockets are closed already."""
        self._control.close()
        if self._owner != os.getpid():
            return
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class _Worker:
    """The socket to a process that reads one file at a time."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel

    def ask(self, file: int, asked: Mapping[str, Any], patience: float) -> tuple[float, int, bytes]:
        """CPU seconds and peak memory of reading the open ``file``, and the encoded answer.

        Raises ``OSError`` after ``patience`` seconds without an answer.
        """
        request = json.dumps(asked).encode()
        self._channel.settimeout(patience)
        socket.send_fds(self._channel, [LENGTH.pack(len(request))], [file])
        self._channel.sendall(request)
        usage = json.loads(self._frame())
        return float(usage["cpu_seconds"]), int(usage["memory"]), self._frame()

    def _frame(self) -> bytes:
        (length,) = LENGTH.unpack(receive_exactly(self._channel, LENGTH.size))
        if length > _LARGEST_ANSWER:
            raise ValueError(length)
        return receive_exactly(self._channel, length)

    def stop(self) -> None:
        self._channel.close()


class _Pool:
    """Idle workers and the process that forks them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._nursery: _Nursery | None = None
        self._idle: list[_Worker] = []

    def take(self) -> _Worker:
        with self._lock:
            if self._nursery is not None and not self._nursery.usable:
                self._stop()
            if self._nursery is None:
                self._nursery = _Nursery()
            return self._idle.pop() if self._idle else self._nursery.worker()

    def give_back(self, worker: _Worker) -> None:
        with self._lock:
            self._idle.append(worker)

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        while self._idle:
            self._idle.pop().stop()
        if self._nursery is not None:
            self._nursery.stop()
            self._nursery = None


@contextlib.contextmanager
def _open_regular(path: Path) -> Iterator[int]:
    """A descriptor of a regular file; a pipe or a folder raises ``OSError`` and never blocks."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def _import_path() -> list[str]:
    return [os.path.abspath(folder) for folder in sys.path]


def _clean_environment() -> dict[str, str]:
    """Nothing of ours: no secret can leak from a process that does not have it."""
    return {
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PATH": os.defpath,
    }
