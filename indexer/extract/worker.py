"""The reading process: starts once, loads the readers, then forks a limited child for each file.

It is started by ``Sandbox`` with a clean environment and talks over one Unix socket: a request
with an open file descriptor in, two frames out (what it cost, then the answer of ``wire``). Its
folder is empty and has no name any more, so nothing can be written there. It ends when the
socket closes.
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
from typing import Any

from indexer.extract.child import Fate, ParentGone, Task, read_in_child
from indexer.extract.limits import Limits

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
    """Serve requests on the inherited socket ``descriptor`` until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's affair
    _enter_empty_folder()
    _load_readers()
    gc.collect()
    gc.freeze()  # children share these pages instead of copying them
    control = socket.socket(fileno=descriptor)
    with control, contextlib.suppress(ParentGone, ConnectionError):
        while request := _receive(control):
            fate = _serve(control, *request)
            usage = {"cpu_seconds": fate.cpu_seconds, "memory": fate.memory}
            for frame in (json.dumps(usage).encode(), fate.answer):
                control.sendall(LENGTH.pack(len(frame)))
                control.sendall(frame)


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
    language = importlib.import_module("indexer.extract.language")
    language.identifier()


def _receive(control: socket.socket) -> tuple[dict[str, Any], int] | None:
    """The next request and the file to read, or None when the parent has gone."""
    head, descriptors, _, _ = socket.recv_fds(control, LENGTH.size, 1)
    if len(head) < LENGTH.size or not descriptors:
        return None
    body = receive_exactly(control, *LENGTH.unpack(head))
    return json.loads(body), descriptors[0]


def receive_exactly(control: socket.socket, size: int) -> bytes:
    """``size`` bytes from ``control``; raises ``ConnectionError`` when it closes before."""
    pieces: list[bytes] = []
    while size:
        piece = control.recv(min(size, 1 << 20))
        if not piece:
            raise ConnectionError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _serve(control: socket.socket, request: dict[str, Any], file: int) -> Fate:
    limits = Limits(**request["limits"])
    seconds = limits.cpu_for(os.fstat(file).st_size)
    try:
        return read_in_child(Task(file, request["name"], limits, seconds), control)
    finally:
        os.close(file)
