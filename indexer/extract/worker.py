"""The reading process: loads the readers once, then forks workers that share them.

``Sandbox`` starts it with a clean environment and sends it one Unix socket for each worker it
wants. A worker takes requests with an open file descriptor on its socket, has each file read by
a limited child (``indexer.extract.child``), or the text of a page recognised by a limited program
(``indexer.extract.tesseract``), and answers with two frames: what it cost, then the
answer of ``wire``. Their folder is empty and has no name any more, so nothing can be written
there. Everybody ends when its socket closes.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import struct
import tempfile
import traceback
from dataclasses import replace
from typing import Any, NoReturn

from indexer.extract import wire
from indexer.extract.base import RecognitionUnavailable, Unreadable
from indexer.extract.child import Fate, ParentGone, Task, read_in_child
from indexer.extract.limits import Limits
from indexer.extract.tesseract import recognise

LENGTH = struct.Struct("!Q")
_READERS = (
    "docx",
    "html",
    "markdown",
    "opendocument",
    "pdf",
    "pdf_structure",
    "pptx",
    "subtitles",
    "text",
    "xlsx",
)
_LIBRARIES = ("docx", "markdown_it", "python_calamine")


def main(descriptor: int) -> None:
    """Fork a worker for each socket that arrives on the inherited ``descriptor``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's affair
    _enter_empty_folder()
    _load_readers()
    gc.collect()
    gc.freeze()  # children share these pages instead of copying them
    with socket.socket(fileno=descriptor) as control:
        while channel := _receive_socket(control):
            if not os.fork():
                control.close()
                _work(channel)
            channel.close()
            _bury(os.WNOHANG)
    _bury(0)


def _receive_socket(control: socket.socket) -> socket.socket | None:
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def _bury(options: int) -> None:
    """Collect workers that have ended (with 0: wait for all of them)."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, options)[0]:
            pass


def _work(channel: socket.socket) -> NoReturn:
    """Serve requests until the channel closes, then end."""
    try:
        while request := _receive(channel):
            fate = _serve(channel, *request)
            usage = {"cpu_seconds": fate.cpu_seconds, "memory": fate.memory}
            for frame in (json.dumps(usage).encode(), fate.answer):
                channel.sendall(LENGTH.pack(len(frame)))
                channel.sendall(frame)
    except (ParentGone, ConnectionError):
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _enter_empty_folder() -> None:
    folder = tempfile.mkdtemp(prefix="metropoli-")
    os.chdir(folder)
    os.rmdir(folder)


def _load_readers() -> None:
    """Load everything once; each child then starts with all of it."""
    for name in _READERS:
        importlib.import_module(f"indexer.extract.{name}")
    for name in _LIBRARIES:
        importlib.import_module(name)
    with contextlib.suppress(ImportError):  # optional
        importlib.import_module("indexer.extract.pdf_text")
        importlib.import_module("indexer.extract.pdf_drawing")
    language = importlib.import_module("indexer.extract.language")
    language.identifier()


def _receive(channel: socket.socket) -> tuple[dict[str, Any], int] | None:
    """The next request and the file to read, or None when the parent has gone."""
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, 1)
    if len(head) < LENGTH.size or not descriptors:
        return None
    body = receive_exactly(channel, *LENGTH.unpack(head))
    return json.loads(body), descriptors[0]


def receive_exactly(channel: socket.socket, size: int) -> bytes:
    """``size`` bytes from ``channel``; raises ``ConnectionError`` when it closes before."""
    pieces: list[bytes] = []
    while size:
        piece = channel.recv(min(size, 1 << 20))
        if not piece:
            raise ConnectionError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _serve(channel: socket.socket, request: dict[str, Any], file: int) -> Fate:
    limits = Limits(**request["limits"])
    seconds = limits.cpu_for(os.fstat(file).st_size)
    try:
        only_format = bool(request["only_format"])
        task = Task(
            file, request["name"], limits, seconds, only_format=only_format, page=request["page"]
        )
        fate = read_in_child(task, channel)
        return fate if task.page is None else _recognise(fate, request["program"], limits, channel)
    finally:
        os.close(file)


def _recognise(drawn: Fate, program: str, limits: Limits, channel: socket.socket) -> Fate:
    """What became of a page that was to be drawn, and its text recognised by ``program``."""
    image = wire.drawing(drawn.answer)
    try:
        if isinstance(image, Unreadable):
            raise image
        found = recognise(image, program, limits, channel)
    except Unreadable as failure:
        return replace(drawn, answer=wire.encode_failure(failure))
    except RecognitionUnavailable as unavailable:
        return replace(drawn, answer=wire.encode_unavailable(str(unavailable)))
    return Fate(
        wire.encode_recognised(found.text), drawn.cpu_seconds + found.cpu_seconds, drawn.memory
    )
