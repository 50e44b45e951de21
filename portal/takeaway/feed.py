"""A followed search as an Atom feed (RFC 4287)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from corpus.records import DocumentView, RecordView
from corpus.vocabulary import MEDIA_TYPES
from portal.addresses import canonical_url, file_url, lasting_url, record_url
from portal.clock import instant
from portal.takeaway.xml_text import document, element, parent

ATOM = "application/atom+xml"
NAMESPACE = "http://www.w3.org/2005/Atom"
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # when nothing has changed yet


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself: its page is its lasting name, so both tell the search."""

    title: str
    page: str
    address: str
    author: str
    language: str
    changed: datetime | None  # of the collection, for a feed that is empty


def atom(feed: Feed, records: Iterable[RecordView]) -> str:
    """The feed with these records, in this order; each has the address that lasts as its id."""
    records = tuple(records)
    updated = max((record.updated_at for record in records), default=feed.changed or NEVER)
    root = parent(
        "feed",
        element("id", feed.page),
        element("title", feed.title),
        element("updated", instant(updated)),
        element("link", rel="self", type=ATOM, href=feed.address),
        element("link", rel="alternate", type="text/html", href=feed.page),
        parent("author", element("name", feed.author)),
        *(_entry(record) for record in records),
        xmlns=NAMESPACE,
    )
    root.set("xml:lang", feed.language)
    return document(root)


def _entry(record: RecordView) -> Element:
    page = canonical_url(record_url(record))
    entry = parent(
        "entry",
        element("id", canonical_url(lasting_url(record))),
        element("title", record.title),
        element("updated", instant(record.updated_at)),
        element("published", instant(record.published_at or record.updated_at)),
        element("link", rel="alternate", type="text/html", href=page),
        *(parent("author", element("name", author)) for author in record.authors),
        *(element("category", term=topic) for topic in (record.kind.value, *record.topics)),
        element("summary", record.summary or record.title),
    )
    current = record.current if isinstance(record, DocumentView) else None
    if current is not None:
        entry.append(
            element(
                "link",
                rel="enclosure",
                type=MEDIA_TYPES[current.format].partition(";")[0],
                length=str(current.size),
                href=canonical_url(file_url(record.public_id)),
            )
        )
    return entry
