"""What a page says in schema.org's words (JSON-LD): records, the way to a page, the site itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corpus.records import CityView, CourseView, DocumentView, EventView, RecordView, VersionView
from corpus.vocabulary import MEDIA_TYPES, TABLES, Kind
from portal.settings import Settings
from portal.takeaway.bibliography import Form, Name, Reference

CONTEXT = "https://schema.org"

Data = dict[str, Any]


def _known(data: Data) -> Data:
    """Without what is not known."""
    return {name: value for name, value in data.items() if value not in (None, "", [], {})}


def type_of(record: RecordView, reference: Reference) -> str:
    """The type of schema.org; a document whose only file is a table is a data set."""
    match record:
        case EventView():
            return "Event"
        case CourseView():
            return "Course"
        case DocumentView():
            if record.current and record.current.format in TABLES:
                return "Dataset"
            if record.kind is Kind.TRAINING:
                return "LearningResource"
            return {Form.BOOK: "Book", Form.ARTICLE: "Article"}.get(reference.form, "Report")
    return "CreativeWork"


def record_data(
    record: RecordView,
    reference: Reference,
    version: VersionView | None,
    file: str | None,
    cities: Iterable[CityView],
    settings: Settings,
    site: str,
) -> Data:
    """A record; ``file`` is the address of the file of ``version``, ``site`` that of the portal.

    What is not known is left out, never invented: an event without a sure day has no day.
    """
    data: Data = {
        "@context": CONTEXT,
        "@type": type_of(record, reference),
        "@id": reference.address,
        "url": reference.page or reference.address,
        "name": record.title,
        "description": record.summary,
        "inLanguage": record.language,
        "keywords": list(record.topics),
    }
    places = [
        {"@type": "AdministrativeArea", "name": city.name, "url": f"{site}/citta/{city.slug}"}
        for city in cities
        if city.slug in record.cities
    ]
    if isinstance(record, EventView):
        return _known(data | _event(record, settings, site))
    data |= {
        "author": [_author(name) for name in reference.authors],
        "datePublished": reference.day.isoformat() if reference.day else _year(reference),
        "dateModified": record.updated_at.isoformat(timespec="seconds"),
        "publisher": _publisher(reference.publisher),
        "isAccessibleForFree": True,
        "license": reference.rights,
        "version": reference.version,
        "spatialCoverage": places,
        "isPartOf": {"@type": "WebSite", "name": settings.brand, "url": f"{site}/"},
        "isBasedOn": [source.url for source in record.sources if source.url],
    }
    if isinstance(record, CourseView):
        data |= _course(record, settings, site)
    if version is not None and file is not None:
        dataset = data["@type"] == "Dataset"
        data["distribution" if dataset else "encoding"] = _file(version, file, dataset)
    return _known(data)


def _year(reference: Reference) -> str:
    return str(reference.year or "")


def _author(name: Name) -> Data:
    if not name.given:
        return {"@type": "Organization", "name": name.family}
    return {
        "@type": "Person",
        "name": f"{name.given} {name.family}",
        "givenName": name.given,
        "familyName": name.family,
    }


def _publisher(name: str) -> Data:
    return {"@type": "Organization", "name": name} if name else {}


def _organiser(settings: Settings, site: str) -> Data:
    return {"@type": "Organization", "name": settings.publisher, "url": f"{site}/"}


def _file(version: VersionView, address: str, dataset: bool) -> Data:
    return {
        "@type": "DataDownload" if dataset else "MediaObject",
        "contentUrl": address,
        "encodingFormat": MEDIA_TYPES[version.format].partition(";")[0],
        "contentSize": f"{version.size} B",
        "sha256": version.sha256,
    }


def _event(event: EventView, settings: Settings, site: str) -> Data:
    return {
        "startDate": event.start.isoformat() if event.start else None,
        "endDate": event.end.isoformat() if event.end else None,
        "location": {"@type": "Place", "name": event.place, "address": event.place}
        if event.place
        else None,
        "subjectOf": {"@type": "WebSite", "name": settings.brand, "url": f"{site}/"},
    }


def _course(course: CourseView, settings: Settings, site: str) -> Data:
    instance = _known(
        {
            "startDate": course.start.isoformat() if course.start else None,
            "endDate": course.end.isoformat() if course.end else None,
            "courseWorkload": f"PT{course.hours}H" if course.hours else None,
        }
    )
    return {
        "provider": _organiser(settings, site),
        "hasCourseInstance": {"@type": "CourseInstance", **instance} if instance else None,
    }


def breadcrumb_data(
    trail: Iterable[tuple[str, str | None]], home: str, page: str, site: str
) -> Data:
    """The way from the home page to this one; the last step is this page, at ``page``."""
    steps = list(trail)
    addresses = [address for _, address in steps[:-1]] + [page]
    items = [("Home", home), *zip((label for label, _ in steps), addresses, strict=True)]
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(label), "item": f"{site}{address}"}
            for place, (label, address) in enumerate(items, start=1)
        ],
    }


def site_data(settings: Settings, site: str, language: str) -> Mapping[str, Any]:
    """The portal, and where it is searched."""
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": settings.brand,
        "description": settings.tagline,
        "url": f"{site}/",
        "inLanguage": language,
        "publisher": _organiser(settings, site),
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{site}/ricerca?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


@dataclass(frozen=True)
class Table:
    """A file of the whole collection: where it is, what it is, how large."""

    address: str
    media_type: str
    size: int


def collection_data(
    settings: Settings, site: str, page: str, changed: datetime, tables: Iterable[Table]
) -> Data:
    """The whole collection as a data set, as it is found by those who search for data."""
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": settings.brand,
        "description": settings.tagline,
        "url": page,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isAccessibleForFree": True,
        "dateModified": changed.isoformat(timespec="seconds"),
        "creator": _organiser(settings, site),
        "spatialCoverage": {"@type": "Country", "name": "Italia"},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": table.address,
                "encodingFormat": table.media_type.partition(";")[0],
                "contentSize": f"{table.size} B",
            }
            for table in tables
        ],
    }
