"""The first page."""

from collections import Counter
from datetime import date

from flask import Blueprint, render_template

from corpus.records import EventView
from portal import clock
from portal.addresses import canonical_url
from portal.auth.access import public
from portal.i18n import current_locale
from portal.services import services
from portal.takeaway.structured import site_data

blueprint = Blueprint("home", __name__)

LATEST_DOCUMENTS = 4
SHOWN_EVENTS = 3


def next_and_last_events(events: tuple[EventView, ...], today: date) -> tuple[EventView, ...]:
    """Events to come, soonest first; with none of them, the last ones held, newest first."""
    dated = [event for event in events if event.start is not None]
    coming = sorted((e for e in dated if _last_day(e) >= today), key=_last_day)
    held = sorted((e for e in dated if _last_day(e) < today), key=_last_day, reverse=True)
    return tuple((coming or held)[:SHOWN_EVENTS])


def _last_day(event: EventView) -> date:
    return event.end or event.start or date.min


@blueprint.get("/")
@public
def index() -> str:
    reader = services().reader
    solutions = reader.solutions()
    today = clock.today()
    events = next_and_last_events(reader.events(), today)
    return render_template(
        "home/index.html",
        areas=reader.areas(),
        cities=[city for city in reader.cities() if city.in_programme],
        solutions_by_area=Counter(solution.area for solution in solutions),
        described=sum(not solution.to_complete for solution in solutions),
        announced=sum(solution.to_complete for solution in solutions),
        documents=reader.latest(LATEST_DOCUMENTS),
        events=events,
        data=site_data(services().settings, canonical_url(""), current_locale()),
        events_to_come=any(_last_day(event) >= today for event in events),
    )
