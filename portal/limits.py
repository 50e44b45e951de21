"""Limits on how often one network address may ask for what costs; counted in memory."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from flask import Flask, abort, current_app, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from portal.settings import Settings

EXTENSION = "metropoli-limits"


@dataclass(frozen=True)
class Limits:
    """The counters of one application."""

    counter: FixedWindowRateLimiter
    search: RateLimitItem


def limit(app: Flask, settings: Settings) -> None:
    app.extensions[EXTENSION] = Limits(
        counter=FixedWindowRateLimiter(MemoryStorage()),
        search=RateLimitItemPerMinute(settings.search_rate),
    )


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
    limits: Limits = current_app.extensions[EXTENSION]
    if not limits.counter.hit(limits.search, "search", network(request.remote_addr)):
        abort(429)
