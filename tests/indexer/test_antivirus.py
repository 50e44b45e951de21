"""The antivirus hook against a small daemon on loopback that speaks as clamd does."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.antivirus import Antivirus, AntivirusUnavailable

BAD = b"not really a virus"


class Daemon(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with self.request.makefile("rb") as stream:
            command = b""
            while not command.endswith(b"\0"):
                command += stream.read(1)
            content = b""
            while size := struct.unpack("!I", stream.read(4))[0]:
                content += stream.read(size)
        if command != b"zINSTREAM\0":
            answer = b"UNKNOWN COMMAND\0"
        elif b"too large" in content:
            answer = b"INSTREAM size limit exceeded. ERROR\0"
        else:
            answer = b"stream: Prova.Test FOUND\0" if BAD in content else b"stream: OK\0"
        self.request.sendall(answer)


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 1, 200_000])
def test_a_clean_file_passes(clamd: str, tmp_path: Path, size: int) -> None:
    assert Antivirus(clamd).infection(written(tmp_path, b"x" * size)) is None


def test_an_infected_file_is_named(clamd: str, tmp_path: Path) -> None:
    path = written(tmp_path, b"y" * 100_000 + BAD)
    assert Antivirus(clamd).infection(path) == "Prova.Test"


def test_an_answer_that_is_no_verdict_is_no_clean_file(clamd: str, tmp_path: Path) -> None:
    with pytest.raises(AntivirusUnavailable, match="size limit"):
        Antivirus(clamd).infection(written(tmp_path, b"too large"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/does/not/exist", "nonsense"])
def test_a_daemon_that_is_not_there_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(AntivirusUnavailable):
        Antivirus(address, timeout=2).infection(written(tmp_path, b"x"))
