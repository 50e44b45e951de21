"""Events: to come and past, each with its page and its calendar file."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from corpus.records import EventView
from portal import clock, labels
from portal.addresses import record_url
from portal.auth.access import public
from portal.calendar import CalendarEntry, calendar
from portal.i18n import gettext as _
from portal.search_url import strict_number
from portal.services import services
from portal.takeaway.citation import describe, signposted
from portal.years import FIRST_YEAR, LAST_YEAR

blueprint = Blueprint("events", __name__)

CALENDAR_TYPE = "text/calendar; charset=utf-8"


def last_day(event: EventView) -> date | None:
    return event.end or event.start


def upcoming_and_past(
    events: Iterable[EventView], today: date
) -> tuple[tuple[EventView, ...], tuple[EventView, ...]]:
    """Events to come, soonest first, and past ones, newest first.

    Without a sure day an event counts as past, under its year: the programme is over.
    """
    coming: list[EventView] = []
    past: list[EventView] = []
    for event in events:
        last = last_day(event)
        (coming if last and last >= today else past).append(event)
    coming.sort(key=lambda event: (event.start or today, event.title))
    past.sort(key=_past_order)
    return tuple(coming), tuple(past)


def _past_order(event: EventView) -> tuple[int, int, str]:
    day = event.start or event.issued
    year = day.year if day else (event.year or 0)
    return (-year, -(day.timetuple().tm_yday if day else 0), event.title)


@blueprint.get("/eventi")
@public
def index() -> str:
    events = services().reader.events()
    years = sorted({event.year for event in events if event.year}, reverse=True)
    year = strict_number(request.args.get("anno", ""), FIRST_YEAR, LAST_YEAR)
    shown = [event for event in events if year is None or event.year == year]
    upcoming, past = upcoming_and_past(shown, clock.today())
    return render_template(
        "events/index.html",
        upcoming=upcoming,
        past=past,
        years=years,
        year=year,
        noindex=year is not None,
        canonical="/eventi",
    )


@blueprint.get("/eventi/<public_id>")
@blueprint.get("/eventi/<public_id>/<words>")
@public
def page(public_id: str, words: str = "") -> BaseResponse:
    reader = services().reader
    event = reader.record(public_id)
    if request.path != record_url(event) or not isinstance(event, EventView):
        return redirect(record_url(event), 301)
    today = clock.today()
    last = last_day(event)
    described = describe(event)
    html = render_template(
        "events/page.html",
        event=event,
        described=described,
        held=last is not None and last < today,
        city_names={city.slug: city.name for city in reader.cities()},
        area_names={area.slug: labels.area_label(area) for area in reader.areas()},
        canonical=record_url(event),
    )
    return signposted(html, described)


def _calendar_file(name: str, events: Iterable[EventView], filename: str) -> Response:
    root = request.host_url.rstrip("/")
    host = request.host.partition(":")[0]
    entries = [CalendarEntry(event, root + record_url(event), host) for event in events]
    response = Response(calendar(name, entries), content_type=CALENDAR_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


@blueprint.get("/eventi.ics")
@public
def all_events() -> Response:
    name = _("Eventi di %(brand)s", brand=services().settings.brand)
    return _calendar_file(name, services().reader.events(), "eventi.ics")


@blueprint.get("/eventi/<public_id>.ics")
@public
def one_event(public_id: str) -> Response:
    event = services().reader.record(public_id)
    if not isinstance(event, EventView) or event.start is None:
        abort(404)
    return _calendar_file(event.title, [event], f"evento-{event.public_id}.ics")
