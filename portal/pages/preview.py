"""Previews for people without an account: a secret link to one record, for some days."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import InvalidLink, RecordNotFound
from corpus.vocabulary import State
from portal.addresses import record_url
from portal.auth import throttle
from portal.auth.access import public
from portal.auth.current import never_store
from portal.desk import preview
from portal.services import services

blueprint = Blueprint("preview", __name__, url_prefix="/anteprima")


@blueprint.get("/<secret>", defaults={"rest": ""})
@blueprint.get("/<secret>/<path:rest>")
@public
def show(secret: str, rest: str) -> BaseResponse:
    never_store()
    throttle.stop_if_too_many()
    try:
        dossier = services().reader.dossier(services().catalogue.previewed(secret))
    except (InvalidLink, RecordNotFound):
        throttle.note_failure()
        return _refused()
    if dossier.record.state is State.PUBLISHED and not dossier.waiting:
        return redirect(record_url(dossier.record), 303)
    return preview.show(dossier.record, rest, url_for("preview.show", secret=secret))


def _refused() -> Response:
    response = make_response(render_template("errors/preview.html"), 404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
