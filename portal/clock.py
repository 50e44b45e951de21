"""Days and hours as clocks in Italy show them, and moments as programs write them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")


def today() -> date:
    """The day that it is in Italy, whatever the clock of the machine shows."""
    return datetime.now(ROME).date()


def instant(moment: datetime) -> str:
    """ "2026-03-10T20:00:00Z": to the second, for feeds, maps of the site and harvesters."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
