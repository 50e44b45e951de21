"""sitemap.xml: every public page with the true day of its last change, in every language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.clock import instant
from portal.languages import alternates
from portal.takeaway.xml_text import document, element, parent

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
PART = 5_000  # pages of one file: each is there once for each language


@dataclass(frozen=True)
class Place:
    """A page by its path; without a day where its last change is not known."""

    path: str
    changed: datetime | None = None


def parts(places: Sequence[Place]) -> int:
    return max(1, -(-len(places) // PART))


def urlset(places: Iterable[Place], site: str) -> str:
    """The pages of one file."""
    root = element("urlset", xmlns=NAMESPACE)
    root.set("xmlns:xhtml", XHTML)
    for place in places:
        others = alternates(place.path)
        for address in [other.address for other in others] or [place.path]:
            url = parent("url", element("loc", site + address))
            if place.changed is not None:
                url.append(element("lastmod", instant(place.changed)))
            for other in others:
                href = site + other.address
                url.append(element("xhtml:link", rel="alternate", hreflang=other.locale, href=href))
            root.append(url)
    return document(root)


def index(files: Iterable[Place], site: str) -> str:
    """The files of a large portal."""
    root = element("sitemapindex", xmlns=NAMESPACE)
    for file in files:
        entry = parent("sitemap", element("loc", site + file.path))
        if file.changed is not None:
            entry.append(element("lastmod", instant(file.changed)))
        root.append(entry)
    return document(root)
