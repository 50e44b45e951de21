"""Failed attempts to come in, counted per account and per network; in memory, forgotten in time."""

import hashlib

from flask import Flask, abort, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from portal.limits import network

EXTENSION = "metropoli-throttle"
PER_ACCOUNT = RateLimitItemPerMinute(10, 15)  # failures in 15 minutes
PER_NETWORK = RateLimitItemPerMinute(30, 15)


def count_failures(app: Flask) -> None:
    app.extensions[EXTENSION] = MovingWindowRateLimiter(MemoryStorage())


def _keys(account: str | None) -> tuple[tuple[RateLimitItem, str], ...]:
    keys = [(PER_NETWORK, f"network:{network(request.remote_addr)}")]
    if account is not None:
        name = account.strip().lower().encode("utf-8", "replace")
        keys.append((PER_ACCOUNT, f"account:{hashlib.sha256(name).hexdigest()}"))
    return tuple(keys)


def stop_if_too_many(account: str | None = None) -> None:
    """Answer 429 when this account, known or not, or this network failed too often of late."""
    counter: MovingWindowRateLimiter = current_app.extensions[EXTENSION]
    if not all(counter.test(limit, key) for limit, key in _keys(account)):
        abort(429, description="sign-in")


def note_failure(account: str | None = None) -> None:
    counter: MovingWindowRateLimiter = current_app.extensions[EXTENSION]
    for limit, key in _keys(account):
        counter.hit(limit, key)
