"""A WSGI layer that answers 503 early when more is asked than can be answered in time."""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore, Lock
from typing import Any

from portal.problems import CONTENT_TYPE, PREFIX

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_PAGE = "text/html; charset=utf-8"
RETRY_AFTER = 5  # seconds
_BODY = (
    b"<!doctype html><html lang=it><meta charset=utf-8><title>Portale occupato</title>"
    b"<h1>Portale occupato</h1><p>In questo momento arrivano troppe richieste insieme."
    b" Riprova tra qualche secondo.</p></html>"
)
# The same for programs, which read problems (RFC 9457).
_PROBLEM = (
    b'{"type": "about:blank", "title": "Portale occupato", "status": 503, "detail": "In questo'
    b' momento arrivano troppe richieste insieme. Riprova tra qualche secondo."}\n'
)


class Overload:
    """Lets ``running`` requests into ``application``, and ``waiting`` more for ``patience`` s.

    Everybody else is turned away at once. It works where the server has more threads than
    ``running`` + ``waiting``: those left over turn people away.
    """

    def __init__(
        self, application: WSGIApplication, running: int, waiting: int, patience: float
    ) -> None:
        self._application = application
        self._running = BoundedSemaphore(running)
        self._patience = patience
        self._places = running + waiting
        self._inside = 0
        self._lock = Lock()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not self._enter():
            return _turned_away(environ, start_response)
        try:
            if not self._running.acquire(timeout=self._patience):
                return _turned_away(environ, start_response)
            try:
                # The body is sent by the server: a slow reader holds no place here.
                return self._application(environ, start_response)
            finally:
                self._running.release()
        finally:
            self._leave()

    def _enter(self) -> bool:
        with self._lock:
            if self._inside >= self._places:
                return False
            self._inside += 1
            return True

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1


def _turned_away(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    program = environ.get("PATH_INFO", "").startswith(PREFIX)
    content_type, body = (CONTENT_TYPE, _PROBLEM) if program else (_PAGE, _BODY)
    start_response(
        "503 Service Unavailable",
        [
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(RETRY_AFTER)),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "default-src 'none'"),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]
