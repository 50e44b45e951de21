"""What Zotero saves of a page, by the rules of its "Embedded Metadata" translator (June 2024).

The rules were read in zotero/translators and are told here in our own words, for the tags that
this site writes: Highwire Press counts before Dublin Core, and what neither says is guessed.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from tests.portal.pages_checker import Elements

HIGHWIRE_FIELDS = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_technical_report_institution": "institution",
    "citation_publisher": "publisher",
    "citation_abstract": "abstractNote",
    "citation_language": "language",
}
DUBLIN_CORE_FIELDS = {
    "title": "title",
    "date": "date",
    "publisher": "publisher",
    "abstract": "abstractNote",
    "language": "language",
    "rights": "rights",
}
# Item types that are also the names of Zotero's own types, as DC.type may say them.
ITEM_TYPES = {"report", "book", "magazineArticle", "webpage", "journalArticle"}


@dataclass
class Item:
    """An item of the library, with (last name, first name) of its authors."""

    type: str
    fields: dict[str, str]
    creators: list[tuple[str, str]] = field(default_factory=list)
    pdf: str | None = None


def save(html: str, address: str) -> Item | None:
    """The item that one click saves, None where the translator finds nothing to save."""
    page = Elements(html)
    tags = [
        (tag.attributes["name"], tag.attributes.get("content", ""))
        for tag in page.all("meta")
        if tag.attributes.get("name") and tag.attributes.get("content")
    ]
    highwire = [(name, value) for name, value in tags if name.startswith("citation_")]
    core = [
        (re.split("[.:_]", name, maxsplit=1)[1], value)
        for name, value in tags
        if re.split("[.:_]", name)[0].lower() in ("dc", "dcterms")
    ]
    core = [(name[0].lower() + name[1:], value) for name, value in core]
    kind = _type(dict(highwire), dict(core))
    if kind is None:
        return None
    fields = _first(core, DUBLIN_CORE_FIELDS) | _first(highwire, HIGHWIRE_FIELDS)
    canonical = next(
        (e.attributes["href"] for e in page.all("link") if e.attributes.get("rel") == "canonical"),
        address,
    )
    fields["url"] = urljoin(address, dict(highwire).get("citation_abstract_html_url", canonical))
    fields.setdefault("title", page.all("title")[0].text.strip())
    fields.setdefault("abstractNote", dict(tags).get("description", ""))
    creators = _highwire_creators([v for n, v in highwire if n == "citation_author"])
    if not creators:
        creators = [clean_author(v, "," in v) for n, v in core if n == "creator"]
    return Item(kind, fields, creators, dict(highwire).get("citation_pdf_url"))


def _type(highwire: dict[str, str], core: dict[str, str]) -> str | None:
    if "citation_technical_report_institution" in highwire:
        return "report"
    if core.get("type") in ITEM_TYPES:
        return core["type"]
    if "citation_title" in highwire:
        return "journalArticle"
    return "webpage" if core else None


def _first(tags: list[tuple[str, str]], fields: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in tags:
        if name in fields and value.strip():
            found.setdefault(fields[name], " ".join(value.split()))
    return found


def _highwire_creators(contents: list[str]) -> list[tuple[str, str]]:
    creators: list[tuple[str, str]] = []
    for content in contents:
        names = re.split(r"\s*;\s*", content)
        if len(names) == len(contents) == 1:
            parts = re.split(r"\s*,\s*", names[0])
            if len(parts) > 1 and " " in parts[0] and " " in parts[1]:
                names = parts  # taken for several authors
        creators += [clean_author(name, "," in name) for name in names if name.strip(" ,-.;")]
    return creators


def clean_author(author: str, use_comma: bool) -> tuple[str, str]:
    """Zotero's (last name, first name); a name without first name is that of a body."""
    author = re.sub(r"^[\s./,:\[\]]+|[\s./,:\[\]]+$", "", author)
    author = re.sub(r"\s+", " ", author, count=1)
    if use_comma:
        parts = re.split(", ?", author)
        return parts[0], parts[1] if len(parts) > 1 else ""
    first, _, last = author.rpartition(" ")
    return last, first
