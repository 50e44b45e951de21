"""Events as iCalendar (RFC 5545), for one event and for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corpus.records import EventView

if TYPE_CHECKING:
    from icalendar import Event as CalendarEvent


@dataclass(frozen=True)
class CalendarEntry:
    """An event with a sure day, its own address and the stable host part of its UID."""

    event: EventView
    url: str
    host: str


def calendar(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """Return one VCALENDAR of all-day events; events without a sure day are left out.

    Days are all-day values: DTEND is the day after the last one, as RFC 5545 3.6.1 asks.
    """
    from icalendar import Calendar  # slow to import, seldom needed

    document = Calendar()
    document.add("prodid", "-//Metropoli Strategiche//Portale//IT")
    document.add("version", "2.0")
    document.add("method", "PUBLISH")
    document.add("x-wr-calname", name)
    for entry in entries:
        if entry.event.start is not None:
            document.add_component(_component(entry, entry.event.start))
    return document.to_ical()


def _component(entry: CalendarEntry, start: date) -> "CalendarEvent":
    from icalendar import Event as CalendarEvent

    event = entry.event
    component = CalendarEvent()
    component.add("uid", f"{event.public_id}@{entry.host}")
    component.add("dtstamp", event.updated_at)
    component.add("summary", event.title)
    component.add("dtstart", start)
    component.add("dtend", (event.end or start) + timedelta(days=1))
    if event.place:
        component.add("location", event.place)
    if event.summary:
        component.add("description", event.summary)
    component.add("url", entry.url)
    return component
