"""Pilot solutions: the 14 × 3 table and one sheet for each."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from corpus.records import SolutionView
from portal.addresses import record_url
from portal.auth.access import public
from portal.cells import count_states, grid
from portal.services import services
from portal.takeaway.citation import describe, signposted

blueprint = Blueprint("solutions", __name__, url_prefix="/soluzioni")


@blueprint.get("")
@public
def table() -> str:
    reader = services().reader
    areas = reader.areas()
    rows = grid(
        [city for city in reader.cities() if city.in_programme],
        areas,
        reader.solutions(),
        reader.gaps(),
        reader.records_by_cell(),
    )
    return render_template(
        "solutions/table.html", areas=areas, rows=rows, states=count_states(rows)
    )


@blueprint.get("/<public_id>")
@blueprint.get("/<public_id>/<words>")
@public
def sheet(public_id: str, words: str = "") -> Response:
    reader = services().reader
    solution = reader.record(public_id)
    if request.path != record_url(solution) or not isinstance(solution, SolutionView):
        return redirect(record_url(solution), 301)
    described = describe(solution)
    html = render_template(
        "solutions/sheet.html",
        solution=solution,
        described=described,
        city=reader.city(solution.city),
        area=reader.area(solution.area),
        documents=reader.documents_of_solution(public_id),
        similar=similar_solutions(solution),
        city_names={city.slug: city.capital for city in reader.cities()},
        canonical=record_url(solution),
    )
    return signposted(html, described)


def similar_solutions(solution: SolutionView, limit: int = 3) -> tuple[SolutionView, ...]:
    """Other solutions, most alike first: shared topics, then the same area."""
    others = [s for s in services().reader.solutions() if s.public_id != solution.public_id]

    def shared(other: SolutionView) -> int:
        return len(set(solution.topics) & set(other.topics))

    alike = [other for other in others if shared(other)]
    alike.sort(key=lambda other: (-shared(other), solution.area != other.area, other.title))
    return tuple(alike[:limit])
