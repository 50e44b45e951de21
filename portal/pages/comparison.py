"""Two or three pilot solutions side by side."""

from flask import Blueprint, Response, make_response, render_template, request

from corpus.records import SolutionView
from portal.addresses import COMPARISON, selection_url
from portal.auth.access import public
from portal.services import services
from portal.takeaway.collecting import choice
from portal.takeaway.comparing import MOST, rows

blueprint = Blueprint("comparison", __name__)


@blueprint.get(COMPARISON)
@public
def page() -> Response:
    """The comparison, or the form to choose when fewer than two solutions are named."""
    reader = services().reader
    cities = {city.slug: city.name for city in reader.cities()}
    areas = reader.areas()
    short = {area.slug: area.short_label for area in areas}
    chosen = choice(request.args.getlist("id"))
    solutions = tuple(
        record for record in reader.public_records(chosen.ids) if isinstance(record, SolutionView)
    )
    shown = solutions[:MOST]

    def places(solution: SolutionView) -> tuple[str, ...]:
        return (cities.get(solution.city, solution.city), short.get(solution.area, solution.area))

    response = make_response(
        render_template(
            "solutions/comparison.html",
            solutions=shown,
            rows=rows(shown, places) if len(shown) > 1 else [],
            beyond=len(solutions) - len(shown),
            missing=len(chosen.ids) - len(solutions),
            groups=[(area.label, reader.solutions(area=area.slug)) for area in areas],
            cities=cities,
            most=MOST,
            canonical=selection_url((s.public_id for s in shown), COMPARISON),
        )
    )
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
