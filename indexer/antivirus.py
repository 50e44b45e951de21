"""Asks ClamAV's daemon about a file; used only where the settings name one.

The INSTREAM command sends the bytes over the socket, so the daemon needs no right on our files and
may run on another machine.
"""

import re
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

_CHUNK = 1 << 16
_LENGTH = struct.Struct("!I")
_LONGEST_ANSWER = 4_096
_FOUND = re.compile(r"stream: (?P<name>.+) FOUND")


class AntivirusUnavailable(Exception):
    """The daemon does not answer, or not what it should: nothing is known of the file."""


@dataclass(frozen=True)
class Antivirus:
    """``address``: "host:port", or the path of a Unix socket."""

    address: str
    timeout: float = 30.0  # seconds, for each step

    def infection(self, path: Path) -> str | None:
        """The name of what was found in the file, None when it is clean.

        Raises ``AntivirusUnavailable``.
        """
        try:
            with self._connect() as connection, path.open("rb") as file:
                connection.sendall(b"zINSTREAM\0")
                while chunk := file.read(_CHUNK):
                    connection.sendall(_LENGTH.pack(len(chunk)) + chunk)
                connection.sendall(_LENGTH.pack(0))
                answer = _answer(connection)
        except (OSError, ValueError) as error:
            raise AntivirusUnavailable(str(error)) from error
        if answer == "stream: OK":
            return None
        if found := _FOUND.fullmatch(answer):
            return found["name"]
        raise AntivirusUnavailable(answer)

    def _connect(self) -> socket.socket:
        if self.address.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(self.timeout)
                connection.connect(self.address)
            except OSError:
                connection.close()
                raise
            return connection
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host, int(port)), self.timeout)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
