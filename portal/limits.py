"""Limits on how often one network address may ask for what costs; counted in memory."""

import math
import threading
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from flask import Flask, Response, abort, current_app, request

from portal.settings import Settings

EXTENSION = "metropoli-limits"
SUGGESTING = "metropoli-limits-of-suggestions"
WRITING = "metropoli-letters"
LETTERS = 6  # in an hour: nobody uses the portal to fill the mailboxes of others
MINUTE = 60.0
HOUR = 3600.0
SUGGESTIONS = 5  # asked for each search that a reader may make: words are typed letter by letter


class Counter:
    """At most ``most`` counts for a key in each window of ``seconds``.

    Old windows are dropped as time passes, so memory holds the keys of two windows at most.
    """

    def __init__(
        self, most: int, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self._seconds = seconds
        self._now = now
        self._lock = threading.Lock()
        self._window = 0
        self._counts: dict[str, int] = {}
        self._before: dict[str, int] = {}

    def hit(self, key: str) -> bool:
        """Count once; False when that was one too many."""
        with self._lock:
            self._turn()
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._weight(key) <= self.most

    def full(self, key: str) -> bool:
        """True when the next count would be one too many; counts nothing."""
        with self._lock:
            self._turn()
            return self._weight(key) >= self.most

    def room(self, key: str) -> tuple[int, int]:
        """How many counts are left for a key; the seconds until there are more, or there is one."""
        with self._lock:
            self._turn()
            left = max(0, int(self.most - self._weight(key)))
            turn = (self._window + 1) * self._seconds - self._now()
            return left, math.ceil(turn if left else self._wait(key, turn))

    def _wait(self, key: str, turn: float) -> float:
        """Seconds until a count passes again; ``turn``: until this window ends."""
        turn += 0.001  # so that no rounding makes it a moment too early
        now, before, allowed = self._counts.get(key, 0), self._before.get(key, 0), self.most - 1
        if now <= allowed:  # what weighs is the window before, and it fades within this one
            return turn - self._seconds * (allowed - now) / before
        return turn + self._seconds * (1 - allowed / now)

    def _weight(self, key: str) -> float:
        """Counts of this window, and of the one before as far as it still reaches back."""
        elapsed = self._now() / self._seconds - self._window
        return self._counts.get(key, 0) + self._before.get(key, 0) * (1 - elapsed)

    def _turn(self) -> None:
        window = int(self._now() / self._seconds)
        if window != self._window:
            self._before = self._counts if window == self._window + 1 else {}
            self._counts = {}
            self._window = window


def limit(app: Flask, settings: Settings) -> None:
    app.extensions[EXTENSION] = Counter(settings.search_rate, MINUTE)
    app.extensions[WRITING] = Counter(LETTERS, HOUR)
    app.extensions[SUGGESTING] = Counter(settings.search_rate * SUGGESTIONS, MINUTE)


def network(address: str | None) -> str:
    """What counts as one reader: an IPv4 address, or a /64 of IPv6, which one home receives."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def count_search() -> None:
    """Count one search of this reader; answers 429 beyond the limit of the settings."""
    _count(EXTENSION)


def count_suggestion() -> None:
    """Count one request of suggestions, which are cheaper and more frequent than searches."""
    _count(SUGGESTING)


def count_letter() -> None:
    """Count one letter that this reader makes the portal write to an address that it names."""
    _count(WRITING)


def _count(name: str) -> None:
    counter: Counter = current_app.extensions[name]
    if not counter.hit(network(request.remote_addr)):
        abort(429)


def tell_limits(response: Response) -> Response:
    """Say in the headers that ModI asks for how many searches this reader has left."""
    counter: Counter = current_app.extensions[EXTENSION]
    left, seconds = counter.room(network(request.remote_addr))
    response.headers["RateLimit-Limit"] = str(counter.most)
    response.headers["RateLimit-Remaining"] = str(left)
    response.headers["RateLimit-Reset"] = str(seconds)
    if response.status_code == 429:
        response.headers["Retry-After"] = str(seconds)
    return response
