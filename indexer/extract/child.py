"""One file read by one forked child under limits, and what became of it."""

import contextlib
import os
import resource
import selectors
import signal
import socket
import sys
import time
import traceback
from dataclasses import dataclass, replace
from typing import NoReturn

from indexer.extract import wire
from indexer.extract.allowance import Allowance, OutOfTime
from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.reasons import unreadable
from indexer.extract.registry import read_content, sniff_content

_CHUNK = 1 << 18
_OUTPUT_SHARE = 5  # bytes of answer for each character of text that is allowed
_SOFT_SHARE = 0.7  # of the CPU seconds: then a reader hands over what it has
_FEWEST_SECONDS = 3  # for the second attempt
_LINGERING = 2.0  # seconds for a child to end once it has answered
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "pty.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


@dataclass(frozen=True)
class Task:
    """An open file to read; ``fast=False`` leaves PDFium out, ``only_format`` everything else.

    With ``page`` that page of a PDF is drawn instead, and the answer is an image.
    """

    file: int
    name: str | None
    limits: Limits
    cpu_seconds: int
    fast: bool = True
    only_format: bool = False
    page: int | None = None


@dataclass(frozen=True)
class Fate:
    """What became of a child: its answer, or why there is none; CPU seconds and peak bytes."""

    answer: bytes
    cpu_seconds: float
    memory: int
    crashed: bool = False


class ParentGone(Exception):
    """Nobody waits for the answer any more."""


def read_in_child(task: Task, control: socket.socket) -> Fate:
    """Read the file of ``task``; a crash is tried once more without the fast PDF reader.

    Raises ``ParentGone`` when ``control`` closes meanwhile.
    """
    fate = _run(task, control)
    if (
        not fate.crashed
        or task.page is not None
        or task.cpu_seconds - fate.cpu_seconds < _FEWEST_SECONDS
    ):
        return fate
    left = task.cpu_seconds - int(fate.cpu_seconds)
    again = _run(replace(task, fast=False, cpu_seconds=left), control)
    return replace(
        again if not again.crashed else fate,
        cpu_seconds=fate.cpu_seconds + again.cpu_seconds,
        memory=max(fate.memory, again.memory),
    )


def _run(task: Task, control: socket.socket) -> Fate:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        _be_the_child(task, control, writing)
    os.close(writing)
    try:
        answer, stopped = _listen(reading, control, task.limits)
    except BaseException:
        _end(pid, 0)
        raise
    finally:
        os.close(reading)
    status, usage = _end(pid, _LINGERING if stopped is None else 0)
    cpu = usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if stopped is None and os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return Fate(answer, cpu, memory)
    kind = stopped or _cause(status, cpu, memory, task)
    detail = f"child ended with status {status} after {cpu:.1f} s and {memory >> 20} MiB"
    failure = wire.encode_failure(unreadable(kind), detail)
    return Fate(failure, cpu, memory, crashed=kind is FailureKind.CORRUPT)


def _listen(
    reading: int, control: socket.socket, limits: Limits
) -> tuple[bytes, FailureKind | None]:
    """The whole answer, or the reason to stop waiting for it."""
    end = time.monotonic() + limits.wall_seconds
    pieces: list[bytes] = []
    room = limits.characters * _OUTPUT_SHARE + _CHUNK
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        selector.register(control, selectors.EVENT_READ)
        while True:
            ready = selector.select(max(0.0, end - time.monotonic()))
            if not ready:
                return b"", FailureKind.TOO_MUCH_TIME
            if any(key.fileobj is control for key, _ in ready):
                raise ParentGone
            piece = os.read(reading, _CHUNK)
            if not piece:
                return b"".join(pieces), None
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                return b"", FailureKind.TOO_MUCH_EXPANSION


def _end(pid: int, patience: float) -> tuple[int, resource.struct_rusage]:
    """Collect a child, killing it with its group after ``patience`` seconds."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, usage
        time.sleep(0.0005)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return status, usage


def _cause(status: int, cpu: float, memory: int, task: Task) -> FailureKind:
    """Why a child died without an answer."""
    out_of_time = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU
    if out_of_time or cpu >= task.cpu_seconds - 0.5:
        return FailureKind.TOO_MUCH_TIME
    if memory > task.limits.memory * 0.6:
        return FailureKind.TOO_MUCH_MEMORY
    return FailureKind.CORRUPT


def _be_the_child(task: Task, control: socket.socket, writing: int) -> NoReturn:
    """Read, answer, exit: never returns."""
    status = 1
    try:
        os.setsid()
        control.close()
        _silence()
        _limit(task)
        answer = _answer(task)
        while answer:
            answer = answer[os.write(writing, answer) :]
        status = 0
    finally:
        os._exit(status)


def _answer(task: Task) -> bytes:
    """The encoded extract, or failure; everything that readers may raise ends here."""
    allowance = Allowance(task.cpu_seconds * _SOFT_SHARE)
    try:
        with open(task.file, "rb", closefd=False) as stream:
            stream.seek(0)
            content = stream.read(task.limits.file_bytes + 1)
        if task.only_format:
            return wire.encode_format(sniff_content(content, task.name, task.limits))
        if task.page is not None:
            from indexer.extract.pdf_drawing import draw

            return draw(content, task.page)
        extract = read_content(content, task.name, task.limits, allowance, task.fast)
        return wire.encode(extract)
    except Unreadable as failure:
        return wire.encode_failure(failure)
    except MemoryError:
        return wire.encode_failure(unreadable(FailureKind.TOO_MUCH_MEMORY))
    except OutOfTime:
        return wire.encode_failure(unreadable(FailureKind.TOO_MUCH_TIME))
    except BaseException as error:  # also the panics of compiled readers; the log gets the cause
        detail = "".join(traceback.format_exception(error, limit=-5))[-2000:]
        return wire.encode_failure(unreadable(FailureKind.CORRUPT), detail)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _limit(task: Task) -> None:
    """Bound memory, time, files and processes; refuse network, programs and writing."""
    bounds = {
        resource.RLIMIT_AS: (task.limits.memory, task.limits.memory),
        resource.RLIMIT_CPU: (task.cpu_seconds, task.cpu_seconds + 1),
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
    }
    for kind, bound in bounds.items():
        with contextlib.suppress(OSError, ValueError):  # macOS knows fewer of them
            resource.setrlimit(kind, bound)
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError(event)
