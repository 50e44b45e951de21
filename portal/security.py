"""What every request must pass and every answer must carry: hosts, sizes, marks, headers."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_wtf.csrf import validate_csrf  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse
from wtforms import ValidationError

from corpus.sessions import SignedIn
from portal.auth import access, rights
from portal.auth.current import current_account, signed_in_was_asked
from portal.desk import uploads
from portal.services import services
from portal.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap Italia draws its marks with SVG data URIs
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
QUERY_LIMIT = 4096  # bytes; a question is at most 256 letters and a filter at most some dozens
PATH_LIMIT = 1024
STAFF_FORM = 4 << 20  # bytes: a sheet has a dozen texts of 20,000 letters
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def protect(app: Flask, settings: Settings) -> None:
    """Register the checks on requests and the headers of answers, errors included."""
    app.before_request(_check_host(settings.hosts))
    app.before_request(_check_size)
    app.before_request(_check_origin)
    app.before_request(_check_mark)
    app.after_request(_harden(settings.https))


def host_name(host: str) -> str:
    """The name in a Host header, lower case, without port; IPv6 keeps its brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _check_host(allowed: tuple[str, ...]) -> Callable[[], None]:
    def check() -> None:
        if host_name(request.environ.get("HTTP_HOST", "")) not in allowed:
            abort(400, description="host")

    return check


def _check_size() -> None:
    if len(request.query_string) > QUERY_LIMIT or len(request.path) > PATH_LIMIT:
        abort(414)


def _check_origin() -> None:
    """A form comes from our own pages: browsers send Origin with every unsafe request."""
    if request.endpoint is None:
        return  # nothing there that could change
    if access.needs_no_origin(current_app.view_functions[request.endpoint]):
        return
    own = request.host_url.rstrip("/")
    if request.method not in SAFE_METHODS and request.headers.get("Origin") != own:
        abort(400, description="origin")


def _check_mark() -> BaseResponse | None:
    if request.endpoint is None:
        return None  # no such address: the 404 or 405 page follows
    mark = access.mark_of(current_app.view_functions[request.endpoint])
    if mark == access.PUBLIC:
        return None
    if mark is None:
        abort(403)
    account = current_account()
    if account is None:
        return redirect(_sign_in(), 303)
    if not access.allows(account.role, mark):
        abort(403)
    if not rights.opens(account, mark):
        raise rights.NotAllowed(account.cities)
    if mark != access.Permission.OWN_PROFILE:
        request.max_content_length = request.max_form_memory_size = STAFF_FORM
    if mark != access.Permission.OWN_PROFILE and _second_factor_is_due(account):
        return redirect(url_for("profile.page"), 303)
    uploads.prepare(current_app.view_functions[request.endpoint])
    _check_token()
    return None


def _sign_in() -> str:
    """The page to sign in, which leads back here; or to the form, when it is one that was sent."""
    if request.method in SAFE_METHODS:
        return url_for("login.sign_in", poi=request.full_path.rstrip("?"))
    if request.endpoint == "login.sign_out":
        return url_for("login.sign_in")
    came = urlsplit(request.referrer or "")
    known = came.netloc == request.host
    page = urlunsplit(("", "", came.path, came.query, "")) if known else None
    return url_for("login.sign_in", poi=page, scaduto="sì")


def _second_factor_is_due(account: SignedIn) -> bool:
    """True when the role wants a second factor and the person came in without one."""
    return account.role in services().settings.second_factor and not account.strong


def _check_token() -> None:
    """What a signed-in person sends carries the token of this very sign-in."""
    if request.method in SAFE_METHODS:
        return
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        abort(400, description="token")


def _harden(https: bool) -> Callable[[Response], Response]:
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if signed_in_was_asked():
            response.headers["Cache-Control"] = "no-store"
        return response

    return add_headers


def validate_cache(response: Response) -> Response:
    """Give finished public pages an ETag: readers keep them, and ask each time if still good."""
    if "Cache-Control" not in response.headers and not signed_in_was_asked():
        response.headers["Cache-Control"] = "no-cache"
        if response.status_code == 200 and not response.is_streamed:
            response.add_etag()
            response.make_conditional(request)
    return response
