"""How a person who has shown who they are comes in: at once, or after a second step."""

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for

from corpus.records import AccountView
from portal.auth import tokens, totp
from portal.auth.browser import remember
from portal.forms import own_path
from portal.services import services

HALFWAY = "second-step"  # purpose of the token that says: the first step is done
PATIENCE = 10 * 60  # seconds for the second step
HOME = "staff_board.index"
PROFILE = "profile.page"

# What a User-Agent contains, in the order in which to look, and the name that people know.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def enter(account: int, wanted: str | None, *, strong: bool) -> Response:
    """Sign in with a fresh session, never one that the browser brought along."""
    browser = browser_name(request.headers.get("User-Agent", ""))
    ticket = services().sessions.start(account, browser, strong)
    response = make_response(redirect(own_path(wanted, url_for(HOME)), 303))
    remember(response, ticket, services().settings.https)
    return response


def first_step_done(account: AccountView, wanted: str | None) -> Response:
    """After the password: come in, or the page that asks for the second step."""
    if not services().reader.second_factors(account.id):
        return enter(account.id, wanted, strong=False)
    return second_step_page(account, wanted)


def second_step_page(
    account: AccountView, wanted: str | None, errors: Mapping[str, str] | None = None
) -> Response:
    """The form of the second step; with ``errors``, once more."""
    factors = services().reader.second_factors(account.id)
    halfway = tokens.sign(HALFWAY, account=account.id, key=_mark(account), wanted=wanted or "")
    page = render_template(
        "login/second_step.html", factors=factors, halfway=halfway, errors=errors or {}
    )
    return make_response(page, 422 if errors else 200)


def halfway_in(token: str | None) -> tuple[AccountView, str] | None:
    """Who has done the first step and where they want to go; None when it was too long ago."""
    values: dict[str, Any] | None = tokens.read(HALFWAY, token, PATIENCE)
    if values is None:
        return None
    account = services().reader.account_by_id(values["account"])
    if account is None or not account.active or _mark(account) != values["key"]:
        return None
    return account, values["wanted"]


def code_is_good(account: AccountView, code: str) -> bool:
    """True when it is the app's code of now, not used before."""
    secret = services().reader.second_factors(account.id).totp
    step = totp.step_of(secret, code) if secret is not None else None
    return step is not None and services().catalogue.use_totp_step(account.id, step)


def browser_name(user_agent: str) -> str:
    """ "Firefox su Windows": enough for its person to recognise it, too little to trace them."""
    browser = next((name for part, name in _BROWSERS if part in user_agent), "")
    system = next((name for part, name in _SYSTEMS if part in user_agent), "")
    return " su ".join(filter(None, (browser, system)))


def _mark(account: AccountView) -> str:
    """Changes with the account's password, role and state, and reveals none of them."""
    return hashlib.sha256(account.fs_uniquifier.encode()).hexdigest()[:16]
