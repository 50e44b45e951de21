"""Failed attempts to come in, counted per account and per network; in memory, forgotten in time."""

import hashlib
from dataclasses import dataclass, field

from flask import Flask, abort, current_app, request

from portal.limits import Counter, network

EXTENSION = "metropoli-throttle"
QUARTER = 15 * 60.0
PER_ACCOUNT = 10  # failures in a quarter of an hour
PER_NETWORK = 30


@dataclass(frozen=True)
class Failures:
    """The counters of one application."""

    of_accounts: Counter = field(default_factory=lambda: Counter(PER_ACCOUNT, QUARTER))
    of_networks: Counter = field(default_factory=lambda: Counter(PER_NETWORK, QUARTER))


def count_failures(app: Flask) -> None:
    app.extensions[EXTENSION] = Failures()


def _digest(account: str) -> str:
    name = account.strip().lower().encode("utf-8", "replace")
    return hashlib.sha256(name).hexdigest()


def stop_if_too_many(account: str | None = None) -> None:
    """Answer 429 when this account, known or not, or this network failed too often of late."""
    failures: Failures = current_app.extensions[EXTENSION]
    if failures.of_networks.full(network(request.remote_addr)) or (
        account is not None and failures.of_accounts.full(_digest(account))
    ):
        abort(429, description="sign-in")


def note_failure(account: str | None = None) -> None:
    failures: Failures = current_app.extensions[EXTENSION]
    failures.of_networks.hit(network(request.remote_addr))
    if account is not None:
        failures.of_accounts.hit(_digest(account))
