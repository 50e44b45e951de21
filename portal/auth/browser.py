"""The session cookie, and the token against forged forms that is derived from it.

Nothing is set before sign-in: an anonymous request has no session, and its forms are guarded by
the Origin check of ``portal.security`` alone.
"""

import hashlib
import hmac

from flask import Flask, Response
from flask.sessions import SessionInterface, SessionMixin
from flask.wrappers import Request

COOKIE = "metropoli_sessione"
WAY = "metropoli_ente"  # while somebody is at the identity provider's
WAY_PATH = "/accedi/ente"


class BrowserSession(dict[str, str], SessionMixin):
    """What Flask-WTF reads: the token of this sign-in. Never written anywhere."""


class DerivedSession(SessionInterface):
    """Flask's session for staff: its only content follows from the cookie and the site's key."""

    def open_session(self, app: Flask, request: Request) -> BrowserSession:
        secret = request.cookies.get(COOKIE)
        if not secret or not app.secret_key:
            return BrowserSession()
        key = str(app.secret_key).encode()
        token = hmac.new(key, b"csrf:" + secret.encode("utf-8", "replace"), hashlib.sha256)
        return BrowserSession(csrf_token=token.hexdigest())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to save: the cookie is set at sign-in and removed at sign-out only."""


def remember(response: Response, secret: str, https: bool) -> None:
    """Sign this browser in until it closes, or the server ends the session."""
    response.set_cookie(COOKIE, secret, secure=https, httponly=True, samesite="Lax")


def forget(response: Response, https: bool) -> None:
    response.delete_cookie(COOKIE, secure=https, httponly=True, samesite="Lax")


def remember_way(response: Response, kept: str, seconds: int, https: bool) -> None:
    """Tie the answer of an identity provider to the browser that went there."""
    response.set_cookie(
        WAY,
        kept,
        max_age=seconds,
        path=WAY_PATH,
        secure=https,
        httponly=True,
        samesite="Lax",
    )


def forget_way(response: Response, https: bool) -> None:
    response.delete_cookie(WAY, path=WAY_PATH, secure=https, httponly=True, samesite="Lax")
