"""Errors for programs: ``application/problem+json`` (RFC 9457) for every address under ``/api``."""

from flask import Response, json, request

from portal.i18n import gettext as _

PREFIX = "/api/"
RETRY_AFTER = 30  # seconds
CONTENT_TYPE = "application/problem+json"


def wanted() -> bool:
    """True when this request is a program's, and its errors are to be read by one."""
    return request.path.startswith(PREFIX) or request.path == PREFIX.rstrip("/")


def problem(status: int, title: str, detail: str, **more: object) -> Response:
    """The answer; ``more`` are members that tell a program what ``detail`` tells a person."""
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(
        json.dumps(content, ensure_ascii=False) + "\n", status, content_type=CONTENT_TYPE
    )


def unavailable(detail: str) -> Response:
    """503, and when to come back."""
    response = problem(503, _("Non in funzione"), detail)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
