"""Addresses of other sites that records name: do they still answer? Kept in a cache file."""

import ipaddress
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from indexer.cachefile import CacheFile

FRESH = timedelta(days=7)  # an address is not asked again sooner
_TIMEOUT = 10.0  # seconds
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; verifica dei collegamenti del portale)"}
_REFUSES_PROGRAMS = {401, 403, 405, 429, 503}  # the page may well be there for a person
_SCHEMA = "CREATE TABLE link (url TEXT PRIMARY KEY, at TEXT NOT NULL, problem TEXT NOT NULL)"


@dataclass(frozen=True)
class LinkCheck:
    """What an address answered; ``problem`` is plain Italian, empty when it is sound."""

    url: str
    at: datetime
    problem: str


class LinkChecks:
    """The last check of each address. May be deleted at any time; then all are checked again."""

    def __init__(self, path: Path) -> None:
        self._file = CacheFile(path, _SCHEMA, schema_version=1)

    def all(self) -> dict[str, LinkCheck]:
        def ask(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
            return db.execute("SELECT url, at, problem FROM link").fetchall()

        nothing: list[tuple[str, str, str]] = []
        rows = self._file.read(ask, nothing)
        return {url: LinkCheck(url, datetime.fromisoformat(at), why) for url, at, why in rows}

    def put(self, check: LinkCheck) -> None:
        row = (check.url, check.at.astimezone(UTC).isoformat(), check.problem)
        self._file.write(lambda db: db.execute("INSERT OR REPLACE INTO link VALUES (?, ?, ?)", row))

    def close(self) -> None:
        self._file.close()


class LinkRound:
    """Goes through the addresses, one at each call, so that a slow site holds nobody up for long.

    ``urls`` tells which addresses there are; it is asked again only when the round is over and
    ``pause`` has passed.
    """

    def __init__(
        self,
        checks: LinkChecks,
        urls: Callable[[], Iterable[str]],
        pause: timedelta = timedelta(hours=1),
        ask: "Callable[[str], str] | None" = None,
    ) -> None:
        self._checks = checks
        self._urls = urls
        self._pause = pause
        self._ask = ask or problem_of
        self._queue: list[str] = []
        self._begun = datetime.min.replace(tzinfo=UTC)

    def check_next(self) -> None:
        """Check the next address whose last check is not fresh, if there is one."""
        now = datetime.now(UTC)
        if not self._queue and now - self._begun >= self._pause:
            self._begun = now
            known = self._checks.all()
            due = (url for url in self._urls() if url not in known or now - known[url].at > FRESH)
            self._queue = sorted(due, reverse=True)
        if self._queue:
            url = self._queue.pop()
            self._checks.put(LinkCheck(url, now, self._ask(url)))


def problem_of(url: str, reachable: Callable[[str], bool] | None = None) -> str:
    """Ask an address and say in Italian what is wrong with its answer; empty when nothing is.

    Only http and https, only hosts that ``reachable`` allows (by default those of the public
    network: an address that staff write never makes the portal ask a machine beside it), the
    same at each redirect.
    """
    allowed = reachable or _is_public
    if not _may_ask(url, allowed):
        return "l'indirizzo non è di un sito pubblico"
    opener = urllib.request.build_opener(_CarefulRedirects(allowed))
    problem = "non risponde"
    for method in ("HEAD", "GET"):  # some sites answer only to the second
        try:
            request = urllib.request.Request(url, headers=_HEADERS, method=method)  # noqa: S310
            with opener.open(request, timeout=_TIMEOUT):
                return ""
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _REFUSES_PROGRAMS:
                return ""
            problem = (
                f"la pagina non c'è più ({error.code})"
                if error.code in (404, 410)
                else f"il sito risponde con un errore ({error.code})"
            )
        except (OSError, HTTPException, ValueError):
            problem = "il sito non risponde"
    return problem


class _CarefulRedirects(urllib.request.HTTPRedirectHandler):
    """Follows only to where the first request could have gone."""

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self._allowed = allowed

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _may_ask(newurl, self._allowed):
            raise urllib.error.URLError("leads outside of the public network")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _may_ask(url: str, allowed: Callable[[str], bool]) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
        return parts.scheme in ("http", "https") and host is not None and allowed(host)
    except ValueError:
        return False


def _is_public(host: str) -> bool:
    """True when every address of the host is of the public network."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True  # unknown: the request itself will say that nobody answers
    hosts = (str(entry[4][0]).partition("%")[0] for entry in found)
    return all(ipaddress.ip_address(host).is_global for host in hosts)
