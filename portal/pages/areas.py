"""The three intervention areas: what each one is, its 14 cells, its themes, its documents."""

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, abort, render_template

from portal.auth.access import public
from portal.cells import count_states, grid
from portal.services import services

blueprint = Blueprint("areas", __name__, url_prefix="/aree")

SHOWN_DOCUMENTS = 6


def recurring(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Topics that at least two records share, most shared first."""
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
    topics = Counter(topic for s in solutions if s.area == slug for topic in s.topics)
    topics.update(reader.document_topics(slug))
    return render_template(
        "areas/page.html",
        area=area,
        cells=[row.cells[0] for row in rows],
        states=count_states(rows),
        themes=recurring(topics),
        documents=reader.documents(area=slug, limit=SHOWN_DOCUMENTS),
        documents_total=reader.document_count(area=slug),
        courses=[course for course in reader.courses() if slug in course.areas],
        events=[event for event in reader.events() if slug in event.areas],
        canonical=f"/aree/{slug}",
    )
