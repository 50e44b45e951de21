"""Training of the programme: the list and one page for each course."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from corpus.records import CourseView
from corpus.vocabulary import Kind
from portal import labels
from portal.addresses import record_url
from portal.auth.access import public
from portal.services import services
from portal.takeaway.citation import describe, signposted

blueprint = Blueprint("training", __name__, url_prefix="/formazione")


@blueprint.get("")
@public
def index() -> str:
    reader = services().reader
    return render_template(
        "training/index.html",
        courses=reader.courses(),
        materials=reader.documents(kind=Kind.TRAINING),
    )


@blueprint.get("/<public_id>")
@blueprint.get("/<public_id>/<words>")
@public
def page(public_id: str, words: str = "") -> Response:
    reader = services().reader
    course = reader.record(public_id)
    if request.path != record_url(course) or not isinstance(course, CourseView):
        return redirect(record_url(course), 301)
    described = describe(course)
    html = render_template(
        "training/page.html",
        course=course,
        described=described,
        city_names={city.slug: city.name for city in reader.cities()},
        area_names={area.slug: labels.area_label(area) for area in reader.areas()},
        canonical=record_url(course),
    )
    return signposted(html, described)
