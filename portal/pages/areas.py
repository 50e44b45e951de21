"""The three intervention areas: what each one is, its 14 cells, its themes, its documents."""

from collections import Counter
from collections.abc import Iterable

from flask import Blueprint, abort, render_template

from corpus.records import RecordView
from portal.auth.access import public
from portal.cells import count_states, grid
from portal.services import services

blueprint = Blueprint("areas", __name__, url_prefix="/aree")

SHOWN_DOCUMENTS = 6


def recurring_themes(records: Iterable[RecordView]) -> tuple[tuple[str, int], ...]:
    """Topics that at least two records share, most shared first."""
    counts = Counter(topic for record in records for topic in record.topics)
    shared = [(topic, count) for topic, count in counts.items() if count > 1]
    return tuple(sorted(shared, key=lambda theme: (-theme[1], theme[0])))


@blueprint.get("")
@public
def index() -> str:
    reader = services().reader
    cities = [city for city in reader.cities() if city.in_programme]
    solutions, gaps, records = reader.solutions(), reader.gaps(), reader.records_by_cell()
    return render_template(
        "areas/index.html",
        areas=[
            (area, count_states(grid(cities, (area,), solutions, gaps, records)))
            for area in reader.areas()
        ],
    )


@blueprint.get("/<slug>")
@public
def page(slug: str) -> str:
    reader = services().reader
    area = next((area for area in reader.areas() if area.slug == slug), None)
    if area is None:
        abort(404)
    cities = [city for city in reader.cities() if city.in_programme]
    solutions = reader.solutions()
    rows = grid(cities, (area,), solutions, reader.gaps(), reader.records_by_cell())
    documents = reader.documents(area=slug)
    of_area: list[RecordView] = [s for s in solutions if s.area == slug]
    of_area += documents
    return render_template(
        "areas/page.html",
        area=area,
        cells=[row.cells[0] for row in rows],
        states=count_states(rows),
        themes=recurring_themes(of_area),
        documents=documents[:SHOWN_DOCUMENTS],
        documents_total=len(documents),
        courses=[course for course in reader.courses() if slug in course.areas],
        events=[event for event in reader.events() if slug in event.areas],
        canonical=f"/aree/{slug}",
    )
