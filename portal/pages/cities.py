"""The 14 cities: the list with its map, and one page for each."""

from flask import Blueprint, abort, render_template

from corpus.records import CityView
from portal.auth.access import public
from portal.cells import grid
from portal.services import services

blueprint = Blueprint("cities", __name__, url_prefix="/citta")

SHOWN_DOCUMENTS = 6


def programme_cities() -> tuple[CityView, ...]:
    return tuple(city for city in services().reader.cities() if city.in_programme)


@blueprint.get("")
@public
def index() -> str:
    reader = services().reader
    rows = grid(
        programme_cities(), reader.areas(), reader.solutions(), (), reader.records_by_cell()
    )
    return render_template("cities/index.html", rows=rows, canonical="/citta")


@blueprint.get("/<slug>")
@public
def page(slug: str) -> str:
    reader = services().reader
    city = next((city for city in programme_cities() if city.slug == slug), None)
    if city is None:
        abort(404)
    (row,) = grid(
        (city,), reader.areas(), reader.solutions(), reader.gaps(), reader.records_by_cell()
    )
    solutions = [cell.solution for cell in row.cells if cell.solution]
    partners = {partner: None for solution in solutions for partner in solution.partners}
    return render_template(
        "cities/page.html",
        city=city,
        cells=row.cells,
        partners=tuple(partners),
        documents=reader.documents(city=slug, limit=SHOWN_DOCUMENTS),
        documents_total=reader.document_count(city=slug),
        courses=[course for course in reader.courses() if slug in course.cities],
        events=[event for event in reader.events() if slug in event.cities],
        canonical=f"/citta/{slug}",
    )
