"""Failed attempts to come in, counted per account and per network; in memory, forgotten in time."""

import hashlib
from dataclasses import dataclass, field

from flask import Flask, abort, current_app, request

from portal.limits import Counter, network

EXTENSION = "metropoli-throttle"
QUARTER = 15 * 60.0
DAY = 24 * 3600.0
PER_ACCOUNT = 10  # failures in a quarter of an hour
PER_NETWORK = 30
# Who gets as far as the second step knows the password, and three of a million codes are good.
CODES_PER_QUARTER = 5
CODES_PER_DAY = 20
RESETS = 3  # links asked for by mail in a quarter of an hour


@dataclass(frozen=True)
class Failures:
    """The counters of one application."""

    of_accounts: Counter = field(default_factory=lambda: Counter(PER_ACCOUNT, QUARTER))
    of_networks: Counter = field(default_factory=lambda: Counter(PER_NETWORK, QUARTER))
    of_codes: Counter = field(default_factory=lambda: Counter(CODES_PER_QUARTER, QUARTER))
    of_codes_today: Counter = field(default_factory=lambda: Counter(CODES_PER_DAY, DAY))
    of_resets: Counter = field(default_factory=lambda: Counter(RESETS, QUARTER))


def count_failures(app: Flask) -> None:
    app.extensions[EXTENSION] = Failures()


def stop_if_too_many(account: str | None = None) -> None:
    """Answer 429 when this account, known or not, or this network failed too often of late."""
    failures = _failures()
    _stop_if(
        failures.of_networks.full(network(request.remote_addr))
        or (account is not None and failures.of_accounts.full(_digest(account)))
    )


def note_failure(account: str | None = None) -> None:
    failures = _failures()
    failures.of_networks.hit(network(request.remote_addr))
    if account is not None:
        failures.of_accounts.hit(_digest(account))


def stop_if_too_many_codes(account: str) -> None:
    """The same for the second step, which takes far fewer failures."""
    stop_if_too_many()
    failures, name = _failures(), _digest(account)
    _stop_if(failures.of_codes.full(name) or failures.of_codes_today.full(name))


def note_wrong_code(account: str) -> None:
    note_failure()
    _failures().of_codes.hit(_digest(account))
    _failures().of_codes_today.hit(_digest(account))


def count_reset(account: str) -> None:
    """Count a link asked for by mail, whether the account exists or not; 429 beyond the limit."""
    stop_if_too_many()
    _failures().of_networks.hit(network(request.remote_addr))
    _stop_if(not _failures().of_resets.hit(_digest(account)))


def _failures() -> Failures:
    failures: Failures = current_app.extensions[EXTENSION]
    return failures


def _stop_if(too_many: bool) -> None:
    if too_many:
        abort(429, description="sign-in")


def _digest(account: str) -> str:
    name = account.strip().lower().encode("utf-8", "replace")
    return hashlib.sha256(name).hexdigest()
