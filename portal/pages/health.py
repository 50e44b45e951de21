"""For monitors: whether the process lives, whether it can answer, what it measures."""

from flask import Blueprint, Response, abort, json

from portal import health, metrics, problems
from portal.auth.access import public
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("health", __name__)


@blueprint.get("/salute/vivo")
@public
def alive() -> Response:
    """As long as this answers, restarting the process mends nothing."""
    return _fresh(Response("vivo\n", content_type="text/plain; charset=utf-8"))


@blueprint.get("/salute/pronto")
@public
def ready() -> Response:
    """200 when readers can be sent here, 503 when they had better go elsewhere."""
    parts = health.parts(services())
    content = {part.name: _("risponde") if part.answers else _("non risponde") for part in parts}
    good = all(part.answers for part in parts)
    response = Response(
        json.dumps(content, ensure_ascii=False) + "\n",
        200 if good else 503,
        content_type="application/json",
    )
    if not good:
        response.headers["Retry-After"] = str(problems.RETRY_AFTER)
    return _fresh(response)


@blueprint.get("/metriche")
@public
def measures() -> Response:
    """Only for who may measure; to others there is no such address."""
    if not metrics.may_measure(services().settings.metrics_token):
        abort(404)
    return _fresh(Response(metrics.measured(services()), content_type=metrics.CONTENT_TYPE))


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
