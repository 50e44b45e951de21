"""Recognition of the text of a drawn page by Tesseract, a program of the system.

It gets the drawing as a file without a name and gives the text through a pipe. It has bounds on
memory, CPU and wall-clock time, no secrets, nothing to write on, and no network where the system
allows to take it away.
"""

import contextlib
import ctypes
import os
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import IO

from indexer.extract.base import FailureKind, RecognitionUnavailable
from indexer.extract.child import ParentGone
from indexer.extract.cleaning import clean, join_typed_hyphens
from indexer.extract.limits import Limits
from indexer.extract.reasons import unreadable

LANGUAGE = "ita"
PACKAGES = "tesseract-ocr e tesseract-ocr-ita"  # of Debian and its kin
_ORIENTATION = "1"  # page segmentation with detection of the way the page is turned
_DATA = ("Error opening data file", "Failed loading language", "Could not initialize tesseract")
# Lines far apart count as paragraphs for Tesseract; one that begins small goes on with the last.
_WIDE_SPACING = re.compile(r"(?<![.:;!?])\n\n(?=[a-zà-ù])")
_GLANCE = 0.2  # seconds between two looks at whether somebody still waits
_MOST = 1 << 20  # bytes of text: no page has more
_NICENESS = 5  # readers come first
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # of sched.h; os.unshare comes with Python 3.12

_unshare = getattr(ctypes.CDLL(None), "unshare", None)  # Linux alone has it


@dataclass(frozen=True)
class Recognised:
    """The text of one page and the CPU seconds that it cost."""

    text: str
    cpu_seconds: float


def find() -> str:
    """The path of a Tesseract that knows Italian; raises ``RecognitionUnavailable``."""
    if find_spec("pypdfium2") is None:
        raise RecognitionUnavailable("manca il pacchetto pypdfium2, che disegna le pagine")
    program = shutil.which("tesseract")
    if program is None:
        raise RecognitionUnavailable(f"manca tesseract: installa {PACKAGES}")
    try:
        listed = subprocess.run(  # noqa: S603  the program that we have found
            [program, "--list-langs"],
            capture_output=True,
            env=_environment(),
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise RecognitionUnavailable(f"{program} non funziona: reinstalla {PACKAGES}") from error
    known = (listed.stdout + listed.stderr).decode("utf-8", "replace").split()
    for language, package in ((LANGUAGE, "tesseract-ocr-ita"), ("osd", "tesseract-ocr-osd")):
        if language not in known:
            raise RecognitionUnavailable(
                f"a tesseract mancano i dati «{language}»: installa {package}"
            )
    return program


def recognise(drawing: bytes, program: str, limits: Limits, asker: socket.socket) -> Recognised:
    """The text of ``drawing``, a PGM image; empty where there is none.

    Raises ``Unreadable``, ``RecognitionUnavailable``, and ``ParentGone`` when ``asker`` closes.
    Only for a process with a single thread, as those that read are.
    """
    before = _children_seconds()
    try:
        with tempfile.TemporaryFile() as image:
            image.write(drawing)
            image.seek(0)
            process = _start(image, program, limits)
    except OSError as error:  # no such program, no room
        raise RecognitionUnavailable(f"{program} non si avvia: {error.strerror}") from error
    try:
        found, said = _listen(process, limits.wall_seconds, asker)
    finally:
        _end(process)
    cpu = _children_seconds() - before
    if process.returncode:
        complaint = said.decode("utf-8", "replace")
        if any(sign in complaint for sign in _DATA):
            raise RecognitionUnavailable(
                f"tesseract non trova i dati dell'italiano: installa {PACKAGES}"
            )
        slow = process.returncode == -signal.SIGXCPU
        raise unreadable(FailureKind.TOO_MUCH_TIME if slow else FailureKind.CORRUPT)
    if len(found) > _MOST:
        raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
    told = _WIDE_SPACING.sub("\n", found.decode("utf-8", "replace"))
    text = clean(join_typed_hyphens(told))
    return Recognised(text, cpu)


def _start(image: IO[bytes], program: str, limits: Limits) -> subprocess.Popen[bytes]:
    def confine() -> None:
        if _unshare is not None:  # it fails, and no more, in containers that do not allow it
            _unshare(_NEW_USER | _NEW_NETWORK)
        bounds = {
            resource.RLIMIT_AS: (limits.memory, limits.memory),
            resource.RLIMIT_CPU: (limits.cpu_seconds, limits.cpu_seconds + 1),
            resource.RLIMIT_CORE: (0, 0),
            resource.RLIMIT_FSIZE: (0, 0),
            resource.RLIMIT_NPROC: (0, 0),
        }
        for kind, bound in bounds.items():
            with contextlib.suppress(OSError, ValueError):  # macOS knows fewer of them
                resource.setrlimit(kind, bound)
        os.nice(_NICENESS)

    return subprocess.Popen(  # noqa: S603  its path comes from the settings of this machine
        [program, "stdin", "stdout", "-l", LANGUAGE, "--psm", _ORIENTATION, "--dpi", "200"],
        stdin=image,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
        preexec_fn=confine,
    )


def _listen(
    process: subprocess.Popen[bytes], seconds: float, asker: socket.socket
) -> tuple[bytes, bytes]:
    """What it answers and what it complains of; raises ``limite_tempo`` after ``seconds``."""
    end = time.monotonic() + seconds
    while True:
        try:
            return process.communicate(timeout=_GLANCE)
        except subprocess.TimeoutExpired:
            if select.select([asker], [], [], 0)[0]:
                raise ParentGone from None
            if time.monotonic() > end:
                raise unreadable(FailureKind.TOO_MUCH_TIME) from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing behind, also when it has not finished."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    """Nothing of ours; one thread, which in all costs half the time of four."""
    return {"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "PATH": os.defpath}
