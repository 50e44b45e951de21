"""The way in through the body's identity provider, where the settings name one."""

from dataclasses import asdict

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from portal.auth import entering, throttle, tokens
from portal.auth.access import public
from portal.auth.browser import WAY, forget_way, remember_way
from portal.auth.current import never_store
from portal.auth.oidc import OidcFailed, Provider, Question
from portal.services import services

blueprint = Blueprint("identity", __name__, url_prefix="/accedi/ente")

PURPOSE = "oidc"
PATIENCE = 10 * 60  # seconds that a person may spend at the provider's
EXTENSION = "metropoli-oidc"


@blueprint.get("")
@public
def go() -> Response:
    """Send the person to the provider. What they must bring back stays in a cookie of theirs."""
    never_store()
    throttle.stop_if_too_many()
    provider = _provider()
    try:
        question = provider.ask(_return_address())
    except OidcFailed as failure:
        return _nobody(failure.reason)
    kept = tokens.sign(PURPOSE, question=asdict(question), wanted=request.args.get("poi", ""))
    response = make_response(redirect(question.address, 303))
    remember_way(response, kept, PATIENCE, services().settings.https)
    return response


@blueprint.get("/ritorno")
@public
def come_back() -> Response:
    never_store()
    throttle.stop_if_too_many()
    provider = _provider()
    kept = tokens.read(PURPOSE, request.cookies.get(WAY), PATIENCE)
    try:
        if kept is None:
            raise OidcFailed("forged")
        question = Question(**kept["question"])
        identity = provider.identify(_return_address(), question, request.args.to_dict())
        account = services().reader.account(identity.email)
        if account is None or not account.active:
            raise OidcFailed("unknown")
    except OidcFailed as failure:
        return _nobody(failure.reason)
    if identity.strong:
        response = entering.enter(account.id, kept["wanted"], strong=True)
    else:
        response = entering.first_step_done(account, kept["wanted"])
    forget_way(response, services().settings.https)
    return response


def _provider() -> Provider:
    if not services().settings.oidc_issuer:
        abort(404)
    provider: Provider = current_app.extensions.setdefault(EXTENSION, Provider(services().settings))
    return provider


def _return_address() -> str:
    return request.host_url.rstrip("/") + url_for("identity.come_back")


def _nobody(reason: str) -> Response:
    if reason != "down":
        throttle.note_failure()
    status = 503 if reason == "down" else 403
    response = make_response(render_template("login/no_identity.html", reason=reason), status)
    forget_way(response, services().settings.https)
    return response
