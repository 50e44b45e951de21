"""Following a search: its feed for everybody, its letters for whoever confirms an address."""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, render_template
from werkzeug.wrappers import Response as BaseResponse

from corpus.vocabulary import Rhythm
from indexer.engine import Query
from portal import search_url
from portal.asking import asked_search
from portal.auth.access import proved_by_address, public
from portal.forms import FollowSearch
from portal.i18n import current_locale
from portal.i18n import lazy_gettext as _l
from portal.limits import count_letter
from portal.search_words import in_words
from portal.services import services
from portal.takeaway.following import (
    CONFIRM,
    FOLLOW,
    RHYTHMS,
    STOP,
    confirmation,
    holder,
    kept_search,
    next_time,
    query_of,
)

blueprint = Blueprint("following", __name__, url_prefix=FOLLOW)

RHYTHM_NAMES = {Rhythm.DAILY.value: _l("Ogni giorno"), Rhythm.WEEKLY.value: _l("Il lunedì")}


@blueprint.get("")
@public
def page() -> Response:
    """How to follow the search in the address."""
    search = kept_search(asked_search(1).query)
    return _page(search, FollowSearch(formdata=None, ricerca=search))


@blueprint.post("")
@public
def ask() -> BaseResponse:
    form = FollowSearch()
    if not services().mail.enabled:
        return _page(form.search(), form, 404)
    # What comes from outside is read as the search it means, or as part of it, never kept as is.
    search = kept_search(query_of(services(), form.search()))
    if not form.validate():
        return _page(search, form, 422)
    count_letter()
    asked = services().subscriptions.ask(
        form.address(), search, Rhythm(form.ogni.data or Rhythm.DAILY), current_locale()
    )
    if asked is not None:
        services().mail.post(confirmation(services(), asked))
    return redirect(f"{FOLLOW}/inviata", 303)


def _page(search: str, form: FollowSearch, status: int = 200) -> Response:
    query = query_of(services(), search)
    return _private(
        render_template(
            "following/page.html",
            form=form,
            query=query,
            words=in_words(services(), query),
            feed=search_url.address(query, "/ricerca.atom"),
            results=search_url.address(query),
            letters=services().mail.enabled,
            rhythms=RHYTHM_NAMES,
        ),
        status,
    )


@blueprint.get("/inviata")
@public
def sent() -> Response:
    """The same whether or not a letter left: nobody learns from it who follows what."""
    return _private(render_template("following/sent.html"))


@blueprint.get(f"/{CONFIRM}/<token>")
@public
def confirm(token: str) -> Response:
    """A question, not yet the answer: programs that look into letters open every link."""
    found = holder(services(), CONFIRM, token)
    if found is not None and found.confirmed:
        return _done(CONFIRM, query_of(services(), found.search))
    return _question(CONFIRM, token)


@blueprint.post(f"/{CONFIRM}/<token>")
@public
def confirmed(token: str) -> Response:
    found = holder(services(), CONFIRM, token)
    if found is not None:
        moment = next_time(found.rhythm, datetime.now(UTC))
        if services().subscriptions.confirm(found.id, moment):
            return _done(CONFIRM, query_of(services(), found.search))
    return _gone()


@blueprint.get(f"/{STOP}/<token>")
@public
def stop(token: str) -> Response:
    return _question(STOP, token)


@blueprint.post(f"/{STOP}/<token>")
@public
@proved_by_address
def stopped(token: str) -> Response:
    """Also what a mail program sends by itself (RFC 8058), from no page and without cookies."""
    found = holder(services(), STOP, token)
    if found is None:
        return _gone()
    services().subscriptions.stop(found.id)
    return _done(STOP, query_of(services(), found.search))


def _question(purpose: str, token: str) -> Response:
    found = holder(services(), purpose, token)
    if found is None:
        return _gone()
    return _private(
        render_template(
            "following/question.html",
            purpose=purpose,
            address=f"{FOLLOW}/{purpose}/{token}",
            words=in_words(services(), query_of(services(), found.search)),
            rhythm=RHYTHMS[found.rhythm],
        )
    )


def _done(purpose: str, query: Query) -> Response:
    return _private(
        render_template(
            "following/done.html",
            purpose=purpose,
            words=in_words(services(), query),
            results=search_url.address(query),
        )
    )


def _gone() -> Response:
    return _private(render_template("following/gone.html"), 404)


def _private(page: str, status: int = 200) -> Response:
    """Kept by nobody on the way: the address may hold a secret."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
