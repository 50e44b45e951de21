"""What to propose while somebody types in a search box; the box works without it."""

from flask import Blueprint, Response, jsonify, request

from indexer.engine import Suggestion
from portal import labels, search_url
from portal.addresses import record_url
from portal.auth.access import public
from portal.i18n import gettext as _
from portal.labels import KIND
from portal.languages import local
from portal.limits import count_suggestion
from portal.services import services

blueprint = Blueprint("suggestions", __name__)


@blueprint.get("/suggerimenti")
@public
def suggestions() -> Response:
    """JSON for ``suggestions.js``: a list of ``text``, ``kind`` and, where it leads, ``url``."""
    count_suggestion()
    typed = search_url.printable(request.args.get("q", ""))[: search_url.TEXT_LIMIT]
    response = jsonify(_proposed(services().engine.suggest(typed)))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _proposed(found: tuple[Suggestion, ...]) -> list[dict[str, str]]:
    """What leads to a page of its own says which; the rest is searched. No page comes twice."""
    places = _places()
    cards = {
        card.public_id: card
        for card in services().reader.public_cards(each.id for each in found if each.id)
    }
    proposed: list[dict[str, str]] = []
    for each in found:
        if each.id is None:
            proposed.append(places.get(each.text) or {"text": each.text, "kind": _("argomento")})
        elif each.id in cards:  # the index may be some moments behind
            card = cards[each.id]
            proposed.append(_page(card.title, str(KIND[card.kind]).lower(), record_url(card)))
    return [each for place, each in enumerate(proposed) if not _repeats(each, proposed[:place])]


def _places() -> dict[str, dict[str, str]]:
    """What cities and areas are called, and their page."""
    places: dict[str, dict[str, str]] = {}
    for city in services().reader.cities():
        page = _page(city.capital, _("città"), f"/citta/{city.slug}")
        places |= {city.capital: page, city.name: page}
    for area in services().reader.areas():
        page = _page(labels.area_short(area), _("area"), f"/aree/{area.slug}")
        places |= {area.short_label: page, area.label: page}
    return places


def _page(text: str, kind: str, address: str) -> dict[str, str]:
    return {"text": text, "kind": kind, "url": local(address)}


def _repeats(one: dict[str, str], others: list[dict[str, str]]) -> bool:
    return "url" in one and any(one["url"] == other.get("url") for other in others)
