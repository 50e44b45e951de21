"""Who is signed in, looked up only when a view needs to know."""

from typing import cast

from flask import g, request

from corpus.sessions import SignedIn
from portal.auth.browser import COOKIE
from portal.services import services


def current_account() -> SignedIn | None:
    """The person of this request, or None. The answer to the request becomes ``no-store``."""
    if not signed_in_was_asked():
        secret = request.cookies.get(COOKIE)
        g.signed_in = services().sessions.find(secret) if secret else None
    account: SignedIn | None = g.signed_in
    return account


def signed_in() -> SignedIn:
    """The person of this request, in a view whose mark lets nobody else come here."""
    return cast(SignedIn, current_account())


def signed_in_was_asked() -> bool:
    """True when the answer depends on who is signed in, so that no cache may keep it."""
    return hasattr(g, "signed_in")


def never_store() -> None:
    """Keep the answer out of every cache without asking who is signed in."""
    if not signed_in_was_asked():
        g.signed_in = None
