"""The read API: the collection for programs, with the parameters of the search page."""

import json
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from indexer.engine import Facet, Page, Query
from portal import health, labels, problems, search_url
from portal.addresses import canonical_url
from portal.api import presenting, reading
from portal.api.answers import ElencoAree, ElencoCitta, plain
from portal.api.describing import LINKS_LENGTH, MOST_PER_PAGE, Installation, description
from portal.asking import read_search
from portal.auth.access import public
from portal.i18n import gettext as _
from portal.limits import count_search, tell_limits
from portal.paging import last_page
from portal.services import services
from portal.takeaway.openness import open_to_all

PREFIX = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


@blueprint.before_app_request
def count() -> None:
    """Every question of a program counts like a search; monitors may look as often as they like."""
    if problems.wanted() and request.endpoint != "api.status":
        count_search()


@blueprint.after_app_request
def tell(response: Response) -> Response:
    """How much of the limit is left, on every answer to a program, errors included."""
    return open_to_all(tell_limits(response)) if problems.wanted() else response


@blueprint.app_errorhandler(reading.BadParameters)
def refuse(error: reading.BadParameters) -> Response:
    sentences = [f"«{name[:40]}» {sentence}." for name, sentence in error.sentences.items()]
    return problems.problem(
        400, _("Parametri da correggere"), " ".join(sentences), parametri=list(error.sentences)
    )


@blueprint.get("/ricerca")
@public
def search() -> Response:
    query = _asked((*reading.SEARCHING, *reading.PAGING))
    page = services().engine.search(replace(query, facets=False))
    records = services().reader.public_records(hit.id for hit in page.hits)
    response = _answer(presenting.search(page, query, records, canonical_url("")))
    response.headers["Link"] = _links(page, query)
    return response


@blueprint.get("/filtri")
@public
def filters() -> Response:
    query = _asked(reading.SEARCHING)
    page = services().engine.search(replace(query, size=1, passages=0))
    reader = services().reader
    names = labels.facet_labels(reader.cities(), reader.areas())
    return _answer(presenting.filters(page, query, names))


@blueprint.get("/schede/<id>")
@public
def record(id: str) -> Response:
    return _answer(presenting.record(services().reader.record(id), canonical_url("")))


@blueprint.get("/citta")
@public
def cities() -> Response:
    found = tuple(presenting.city(city, canonical_url("")) for city in services().reader.cities())
    return _answer(ElencoCitta(len(found), found))


@blueprint.get("/citta/<slug>")
@public
def city(slug: str) -> Response:
    return _answer(presenting.city(services().reader.city(slug), canonical_url("")))


@blueprint.get("/aree")
@public
def areas() -> Response:
    found = tuple(presenting.area(area, canonical_url("")) for area in services().reader.areas())
    return _answer(ElencoAree(len(found), found))


@blueprint.get("/aree/<slug>")
@public
def area(slug: str) -> Response:
    return _answer(presenting.area(services().reader.area(slug), canonical_url("")))


@blueprint.get("/status")
@public
def status() -> Response:
    """As ModI wants it: a problem in either case, with 200 when there is none."""
    down = health.silent(services())
    if down:
        names = ", ".join(down)
        return problems.unavailable(_("Non rispondono: %(names)s.", names=names))
    return problems.problem(200, _("In funzione"), _("Catalogo e ricerca rispondono."))


@blueprint.get("/openapi.json")
@public
def openapi_json() -> Response:
    return Response(_json(description(_installation())), content_type="application/json")


@blueprint.get("/openapi.yaml")
@public
def openapi_yaml() -> Response:
    import yaml  # seldom asked for

    told = json.loads(_json(description(_installation())))  # plain values alone
    text = yaml.safe_dump(told, allow_unicode=True, sort_keys=False)
    return Response(text, content_type="application/yaml")


def _asked(allowed: tuple[str, ...]) -> Query:
    """The search in the address; refuses what the page would only remark on."""
    arguments = dict(request.args.lists())
    size = reading.page_size(arguments, services().settings.page_size, MOST_PER_PAGE)
    search = read_search(size)
    reading.check(arguments, search, allowed, MOST_PER_PAGE)
    return search.query


def _answer(content: object) -> Response:
    return Response(_json(plain(content)), content_type="application/json")


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"


def _links(page: Page, query: Query) -> str:
    """The ways on from a page of results, the most useful first, as many as a header may hold."""
    last = last_page(page.total, query.size)
    pages = {"next": query.page + 1} if query.page < last else {}
    if query.page > 1:
        pages["prev"] = min(query.page - 1, last)
    pages |= {"first": 1, "last": last}
    links = [f'<{_address(replace(query, page=page))}>; rel="{rel}"' for rel, page in pages.items()]
    links.append(f'<{canonical_url(f"{PREFIX}/openapi.json")}>; rel="service-desc"')
    here = canonical_url(search_url.address(query))
    links.append(f'<{here}>; rel="alternate"; type="text/html"')
    header = ""
    for link in links:
        longer = f"{header}, {link}" if header else link
        header = longer if len(longer) <= LINKS_LENGTH else header
    return header


def _address(query: Query) -> str:
    address = canonical_url(search_url.address(query, f"{PREFIX}/ricerca"))
    if query.size == services().settings.page_size:
        return address
    return f"{address}{'&' if '?' in address else '?'}per_pagina={query.size}"


def _installation() -> Installation:
    settings, reader = services().settings, services().reader
    names = labels.facet_labels(reader.cities(), reader.areas())
    return Installation(
        site=canonical_url(""),
        brand=settings.brand,
        publisher=settings.publisher,
        email=settings.contact_email,
        values={facet: tuple(names[facet]) for facet in Facet},
        rate=settings.search_rate,
    )
