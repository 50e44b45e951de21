"""What readers open, download and search for, counted without knowing who they are.

The rules are those of the COUNTER Code of Practice, release 5: robots and programs do not count
(by the list of the ``counter-robots`` package), and the same reader doing the same thing again
within 30 seconds counts once. Readers are told apart by a digest of network and browser whose key
lives in memory for one day; neither it nor anything of a reader is ever written.
"""

import hashlib
import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from counter_robots import is_robot_or_machine
from flask import Flask, Response, current_app, request

from corpus.catalogue import Catalogue
from corpus.catalogue.usage import Counted
from corpus.records import Asked
from corpus.vocabulary import Use
from portal import clock
from portal.auth.browser import COOKIE
from portal.limits import network

EXTENSION = "metropoli-usage"
USES: dict[str, Use] = {
    "documents.page": Use.VIEW,
    "documents.version": Use.VIEW,
    "documents.read": Use.VIEW,
    "solutions.sheet": Use.VIEW,
    "training.page": Use.VIEW,
    "events.page": Use.VIEW,
    "documents.file": Use.DOWNLOAD,
    "documents.file_of_version": Use.DOWNLOAD,
}
DOUBLE_CLICK = 30.0  # seconds, COUNTER 5, section 7.2
SAME_SEARCH = 30 * 60.0  # filters and pages of one search are one question
MOST = 20_000  # different things kept in memory; beyond that they are not counted
QUESTION_LENGTH = 80
# A question with one of these may name a person: e-mail, telephone or account number (nine digits
# or more; a law and its year have fewer), fiscal code, number plate.
PERSONAL = re.compile(
    r"@|\d(?:[ .-]?\d){8,}|\b[a-z]{6}\d\d[a-z]\d\d[a-z]\d{3}[a-z]\b|\b[a-z]{2}\d{3}[a-z]{2}\b",
    re.IGNORECASE,
)
SEARCHES_KEPT = timedelta(days=396)  # thirteen months: a season beside the same one a year before


@dataclass
class _Search:
    asked: int = 0
    readers: int = 0
    in_vain: int = 0


class Tally:
    """Counts of this process, in memory until they are taken. Safe to use from several threads."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = clock.today,
    ) -> None:
        self._now = now
        self._today = today
        self._lock = threading.Lock()
        self._uses: Counter[Counted] = Counter()
        self._searches: dict[tuple[date, str], _Search] = {}
        self._seen: dict[bytes, float] = {}
        self._key = (date.min, b"")

    def use(self, reader: str, public_id: str, use: Use) -> None:
        """Count one use of a record, unless this reader has just done the same."""
        with self._lock:
            today = self._today()
            if self._first(reader, f"{use} {public_id}", DOUBLE_CLICK):
                self._uses[today, public_id, use] += 1

    def search(self, reader: str, question: str, found: bool) -> None:
        """Count one question, unless it may hold personal data or the reader has just asked it."""
        asked = kept_question(question)
        if asked is None:
            return
        with self._lock:
            today = self._today()
            if not self._first(reader, f"search {asked}", SAME_SEARCH):
                return
            known_today = not self._first(reader, f"search {asked} {today}", 86_400.0)
            count = self._searches.setdefault((today, asked), _Search())
            count.asked += 1
            count.readers += not known_today
            count.in_vain += not found

    @contextmanager
    def taken(self) -> Iterator[tuple[Counter[Counted], list[Asked]]]:
        """What was counted so far; on an error it is put back, to be taken the next time."""
        with self._lock:
            uses, self._uses = self._uses, Counter()
            searches, self._searches = self._searches, {}
        try:
            yield (
                uses,
                [
                    Asked(question, count.asked, count.readers, count.in_vain, day)
                    for (day, question), count in searches.items()
                ],
            )
        except BaseException:
            with self._lock:
                self._uses.update(uses)
                for key, count in searches.items():
                    known = self._searches.setdefault(key, _Search())
                    known.asked += count.asked
                    known.readers += count.readers
                    known.in_vain += count.in_vain
            raise

    def write(self, catalogue: Catalogue, *, last: bool = False) -> None:
        """Add to the catalogue what was counted so far."""
        with self.taken() as (uses, searches):
            if uses or searches:
                catalogue.add_usage(uses, searches)

    def _first(self, reader: str, deed: str, seconds: float) -> bool:
        """True unless this reader did this within ``seconds``; remembers that it was done now."""
        today, now = self._today(), self._now()
        if self._key[0] != today:
            self._key = (today, secrets.token_bytes(32))
            self._seen = {}
        if len(self._seen) > MOST:
            self._seen = {k: at for k, at in self._seen.items() if now - at < DOUBLE_CLICK}
            if len(self._seen) > MOST:
                return False
        mark = hashlib.blake2b(f"{reader}\n{deed}".encode(), key=self._key[1], digest_size=12)
        before = self._seen.get(mark.digest())
        self._seen[mark.digest()] = now
        return before is None or now - before >= seconds


def kept_question(question: str) -> str | None:
    """The question as it is counted, in lower case; None when it may name a person."""
    words = " ".join(question.split()).lower()
    if not words or len(words) > QUESTION_LENGTH or PERSONAL.search(words):
        return None
    return words


def count(app: Flask) -> None:
    """Count the uses that the answers of ``app`` are."""
    app.extensions[EXTENSION] = Tally()
    app.after_request(_count_use)


def tally_of(app: Flask) -> Tally:
    """The counts of this application."""
    tally: Tally = app.extensions[EXTENSION]
    return tally


def note_search(question: str, total: int) -> None:
    """Count the question of this request."""
    reader = _reader()
    if reader is not None:
        tally_of(current_app).search(reader, question, total > 0)


def _count_use(response: Response) -> Response:
    use = USES.get(request.endpoint or "")
    if use is not None and request.method == "GET" and _is_a_use(response):
        reader = _reader()
        if reader is not None:
            public_id = (request.view_args or {})["public_id"]
            tally_of(current_app).use(reader, public_id, use)
    return response


def _is_a_use(response: Response) -> bool:
    """Whole answers, those the browser still had, and the first part of a file read in parts."""
    if response.status_code == 206:
        return str(response.headers.get("Content-Range", "")).startswith("bytes 0-")
    return response.status_code in (200, 304)


def _reader() -> str | None:
    """What tells this reader from others for a day; None for robots, programs and staff."""
    browser = request.user_agent.string
    if _is_robot(browser) or COOKIE in request.cookies:
        return None
    return f"{network(request.remote_addr)}\n{browser}"


@lru_cache(1024)
def _is_robot(browser: str) -> bool:
    return not browser or bool(is_robot_or_machine(browser))


def forget_old_searches(catalogue: Catalogue) -> None:
    """Delete the counts of questions that are older than ``SEARCHES_KEPT``."""
    catalogue.forget_searches(clock.today() - SEARCHES_KEPT)
