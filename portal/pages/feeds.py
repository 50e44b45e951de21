"""What programs ask for by custom: robots.txt, the map of the site, browser search, feeds."""

import zlib
from collections.abc import Callable

from flask import Blueprint, Response, abort, current_app, render_template

from corpus.answer_cache import AnswerCache
from portal.addresses import canonical_url, record_url
from portal.asking import asked_search
from portal.auth.access import public
from portal.i18n import current_locale
from portal.languages import PREFIX
from portal.search_url import address
from portal.search_words import in_words
from portal.services import services
from portal.takeaway import sitemap
from portal.takeaway.collecting import newest
from portal.takeaway.feed import ATOM, Feed, atom
from portal.takeaway.openness import open_to_all
from portal.takeaway.sitemap import PART, Place, parts

blueprint = Blueprint("feeds", __name__)

EXTENSION = "metropoli-site-map"
MAPS = 40  # files of the map in memory, some 200 kB each
ENTRIES = 50  # of a feed
SHORT_NAME = 16  # letters that OpenSearch allows in a short name
# Filtered searches and pages of text of one document are many addresses for the same contents.
CLOSED = (
    "/ricerca?",
    "/ricerca/",
    "/selezione?",
    "/confronta?",
    "/segui?",
    "/suggerimenti",
    "/*/leggi",
)
SECTIONS = (
    "/",
    "/progetto",
    "/citta",
    "/aree",
    "/soluzioni",
    "/documenti",
    "/formazione",
    "/eventi",
    "/contattaci",
    "/interfacce",
    "/esportazioni",
    "/privacy",
    "/cookie",
    "/note-legali",
    "/crediti",
    "/accessibilita",
)


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for prefix in ("", PREFIX) for path in CLOSED),
        "Disallow: /ricerca.",
        "Disallow: /selezione.",
        "Disallow: /accedi",
        "",
        f"Sitemap: {canonical_url('/sitemap.xml')}",
        "",
    ]
    return Response("\n".join(lines), mimetype="text/plain")


def _places() -> tuple[Place, ...]:
    """Every public page: the sections, then the records, the oldest first."""
    reader = services().reader
    lists = [
        *SECTIONS,
        *(f"/citta/{city.slug}" for city in reader.cities() if city.in_programme),
        *(f"/aree/{area.slug}" for area in reader.areas()),
    ]
    records = (Place(record_url(page), page.updated_at) for page in reader.public_pages())
    return (*map(Place, lists), *records)


def _xml(text: str | bytes) -> Response:
    return Response(text, content_type="application/xml; charset=utf-8")


def _kept(number: int | None, make: Callable[[], str]) -> Response:
    """A file of the map, made once after each change: crawlers ask for all of them, in a row."""
    key = (canonical_url(""), number)
    return _xml(zlib.decompress(_maps().get(key, lambda: zlib.compress(make().encode(), level=1))))


def _maps() -> AnswerCache:
    kept: AnswerCache = current_app.extensions.setdefault(
        EXTENSION, AnswerCache(services().reader.generation, MAPS)
    )
    return kept


@blueprint.get("/sitemap.xml")
@public
def site_map() -> Response:
    return _kept(None, _site_map)


def _site_map() -> str:
    """The whole map, or the list of its parts."""
    places = _places()
    count = parts(places)
    if count == 1:
        return sitemap.urlset(places, canonical_url(""))
    files = []
    for number in range(1, count + 1):
        days = [place.changed for place in _part(places, number) if place.changed]
        files.append(Place(f"/sitemap-{number}.xml", max(days, default=None)))
    return sitemap.index(files, canonical_url(""))


@blueprint.get("/sitemap-<int:number>.xml")
@public
def site_map_part(number: int) -> Response:
    if not 1 <= number <= _maps().get("parts", lambda: parts(_places())):
        abort(404)
    return _kept(number, lambda: sitemap.urlset(_part(_places(), number), canonical_url("")))


def _part(places: tuple[Place, ...], number: int) -> tuple[Place, ...]:
    return places[(number - 1) * PART : number * PART]


@blueprint.get("/opensearch.xml")
@public
def browser_search() -> Response:
    brand = services().settings.brand
    short = brand if len(brand) <= SHORT_NAME else brand[: SHORT_NAME + 1].rpartition(" ")[0]
    text = render_template(
        "feeds/opensearch.xml", short=short or brand[:SHORT_NAME], root=canonical_url("")
    )
    return Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")


@blueprint.get("/ricerca.atom")
@public
def search_feed() -> Response:
    """The newest records of a search, exactly with its words and filters."""
    query = asked_search(ENTRIES).query
    pages = newest(services(), query, ENTRIES)
    records = services().reader.public_records(page.public_id for page in pages)
    settings = services().settings
    feed = Feed(
        title=f"{settings.brand}: {in_words(services(), query)}",
        page=canonical_url(address(query)),
        address=canonical_url(address(query, "/ricerca.atom")),
        author=settings.publisher,
        language=current_locale(),
        changed=None if records else services().reader.latest_change(),
    )
    response = Response(atom(feed, records), content_type=f"{ATOM}; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return open_to_all(response)
