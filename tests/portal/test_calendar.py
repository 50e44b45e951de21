"""Events leave as iCalendar that a calendar program reads back."""

from datetime import UTC, date, datetime

import icalendar

from corpus.records import EventView
from corpus.vocabulary import Kind, Scope, State
from portal.calendar import CalendarEntry, calendar


def event(public_id: str, start: date | None, end: date | None = None) -> EventView:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return EventView(
        public_id=public_id,
        type="event",
        kind=Kind.EVENT,
        scope=Scope.PROGRAMME,
        state=State.PUBLISHED,
        title="Convegno; con virgole, a capo\ne accenti: città",
        title_is_ours=False,
        summary="Primo accordo",
        language="it",
        authors=(),
        topics=(),
        year=None,
        issued=None,
        date_note=None,
        note=None,
        sources=(),
        cities=(),
        areas=(),
        revision=1,
        created_at=moment,
        updated_at=moment,
        published_at=moment,
        start=start,
        end=end,
        place="Bologna",
    )


def read_back(*events: EventView) -> list[icalendar.Event]:
    entries = [CalendarEntry(each, f"https://x.it/{each.public_id}", "x.it") for each in events]
    return list(icalendar.Calendar.from_ical(calendar("Eventi", entries)).walk("VEVENT"))


def test_an_event_of_one_day_ends_the_day_after() -> None:
    (found,) = read_back(event("abc2345", date(2018, 1, 31)))
    assert found["DTSTART"].dt == date(2018, 1, 31)
    assert found["DTEND"].dt == date(2018, 2, 1)


def test_an_event_of_two_days_keeps_both() -> None:
    (found,) = read_back(event("abc2345", date(2018, 6, 20), date(2018, 6, 21)))
    assert found["DTEND"].dt == date(2018, 6, 22)


def test_an_event_without_a_sure_day_is_left_out() -> None:
    found = read_back(event("abc2345", None), event("bcd2345", date(2020, 1, 1)))
    assert [each["UID"] for each in found] == ["bcd2345@x.it"]


def test_text_with_separators_comes_back_whole() -> None:
    (found,) = read_back(event("abc2345", date(2018, 1, 31)))
    assert found["SUMMARY"] == "Convegno; con virgole, a capo\ne accenti: città"
    assert found["URL"] == "https://x.it/abc2345"
