"""What the page of a record says of it: how to cite it, and what programs read of it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Response, json, make_response

from corpus.records import CardView, DocumentView, RecordView, VersionView
from corpus.vocabulary import MEDIA_TYPES, FileFormat
from portal import clock, labels
from portal.addresses import (
    canonical_url,
    cite_url,
    file_url,
    lasting_url,
    linkset_url,
    record_url,
)
from portal.services import services
from portal.takeaway import bibliography, structured
from portal.takeaway.bibliography import Reference
from portal.takeaway.citation_styles import Citation, apa, italian
from portal.takeaway.signposting import LINKSET, Link, header

BIBTEX_TYPE = "application/x-bibtex"
RIS_TYPE = "application/x-research-info-systems"
CSL_TYPE = "application/vnd.citationstyles.csl+json"
JSON_LD_TYPE = "application/ld+json"
TYPES = {"bib": BIBTEX_TYPE, "ris": RIS_TYPE, "csl.json": CSL_TYPE, "jsonld": JSON_LD_TYPE}


def reference_of(record: RecordView, version: int | None = None) -> Reference:
    """The reference of a record, or of one version of it, with its lasting addresses here.

    A version never changes: without a day of access, unlike a record.
    """
    shown = version_shown(record, version)
    is_pdf = shown is not None and shown.format is FileFormat.PDF
    reference = bibliography.reference(
        record,
        canonical_url(lasting_url(record, version)),
        canonical_url(file_url(record.public_id, version)) if is_pdf else None,
        services().settings.publisher,
    )
    return replace(
        reference,
        key=f"{reference.key}-v{version}" if version else reference.key,
        page="" if version else canonical_url(record_url(record)),
        version=version,
        accessed=None if version else clock.today(),
        rights=licence_url(record),
    )


def context_of(card: CardView) -> str:
    """The reference of a result as programs read it of a list (COinS)."""
    address = canonical_url(lasting_url(card))
    publisher = services().settings.publisher
    return bibliography.coins(bibliography.card_reference(card, address, publisher))


def version_shown(record: RecordView, number: int | None) -> VersionView | None:
    """The published version with this number, the latest for None."""
    versions = record.versions if isinstance(record, DocumentView) else ()
    return next((v for v in reversed(versions) if number is None or v.number == number), None)


def licence_url(record: RecordView) -> str:
    """The address of the licence of a document as programs know it, or its code; "" if unknown."""
    code = (record.licence or "") if isinstance(record, DocumentView) else ""
    known = labels.LICENCES.get(code)
    return known.url.removesuffix("deed.it") if known else code


@dataclass(frozen=True)
class Described:
    """For the head, the headers and the cite box of a record's page."""

    record: RecordView
    reference: Reference
    meta: tuple[tuple[str, str], ...]
    data: dict[str, Any]
    links: tuple[Link, ...]
    italian: Citation
    apa: Citation
    files: tuple[tuple[str, str, str], ...]  # name of the format, the text, address of the file


def describe(record: RecordView, version: int | None = None) -> Described:
    """Everything of the page of a record, or of one of its versions."""
    reference = reference_of(record, version)
    public_id = record.public_id
    texts = (
        ("BibTeX", bibliography.bibtex([reference]), "bib"),
        ("RIS", bibliography.ris([reference]).replace("\r\n", "\n"), "ris"),
        ("CSL-JSON", csl_json([reference]), "csl.json"),
    )
    return Described(
        record=record,
        reference=reference,
        meta=bibliography.highwire(reference) + bibliography.dublin_core(reference),
        data=structured_data(record, reference),
        links=links_of(record, reference),
        italian=italian(reference),
        apa=apa(reference),
        files=tuple((name, text, cite_url(public_id, form, version)) for name, text, form in texts),
    )


def csl_json(references: list[Reference]) -> str:
    """The references as a CSL-JSON file."""
    items = [bibliography.csl(reference) for reference in references]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def structured_data(record: RecordView, reference: Reference) -> dict[str, Any]:
    """The record in the words of schema.org."""
    shown = version_shown(record, reference.version)
    return structured.record_data(
        record,
        reference,
        shown,
        canonical_url(file_url(record.public_id, reference.version)) if shown else None,
        services().reader.cities(),
        services().settings,
        canonical_url(""),
    )


def links_of(record: RecordView, reference: Reference) -> tuple[Link, ...]:
    """The typed links of the page of a record or of one of its versions."""
    public_id, version = record.public_id, reference.version
    shown = version_shown(record, version)
    kind = structured.type_of(record, reference)
    links = [
        Link("cite-as", reference.address),
        Link("type", "https://schema.org/AboutPage"),
        Link("type", f"https://schema.org/{kind}"),
        *(
            Link("describedby", canonical_url(cite_url(public_id, form, version)), media_type)
            for form, media_type in TYPES.items()
        ),
        Link("linkset", canonical_url(linkset_url(public_id, version)), LINKSET),
    ]
    if "://" in reference.rights:
        links.append(Link("license", reference.rights))
    if shown is not None:
        media_type = MEDIA_TYPES[shown.format].partition(";")[0]
        links.append(Link("item", canonical_url(file_url(public_id, version)), media_type))
    return tuple(links)


def links_of_file(document: DocumentView, version: int | None) -> tuple[Link, ...]:
    """The typed links of a file: back to the page that describes it."""
    page = lasting_url(document, version) if version else record_url(document)
    return (
        Link("collection", canonical_url(page), "text/html"),
        Link("linkset", canonical_url(linkset_url(document.public_id, version)), LINKSET),
    )


def signposted(page: str, described: Described) -> Response:
    """The answer with the page and its typed links."""
    response = make_response(page)
    response.headers["Link"] = header(described.links)
    return response
