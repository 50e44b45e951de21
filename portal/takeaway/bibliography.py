"""One reference, many formats: a record as BibTeX, RIS, CSL-JSON and the tags that Zotero reads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from corpus.records import CardView, CourseView, DocumentView, EventView, RecordView
from corpus.vocabulary import Kind
from portal.quoting import query_string


class Form(StrEnum):
    """Types of work, by their names in CSL 1.0.2 (citeproc-js, Zotero)."""

    REPORT = "report"
    BOOK = "book"
    ARTICLE = "article"
    EVENT = "event"
    WEB_PAGE = "webpage"


# A name is a body's, not a person's, when it holds one of these words or an acronym.
BODY_NAMES = """
agenzia associazione banca camera centro città commissione comune comuni consiglio dipartimento
direzione ente forum fondazione gruppo house intesa istituto ministero presidenza progetto provincia
redazione regione scuola segreteria servizio sportello studio ufficio unione università
"""
BODY_WORDS = frozenset(BODY_NAMES.split())
PARTICLES = frozenset({"da", "de", "del", "della", "dello", "di", "d'", "lo", "la", "van", "von"})
BIBTEX_TYPES = {
    Form.REPORT: "techreport",
    Form.BOOK: "book",
    Form.ARTICLE: "misc",
    Form.EVENT: "misc",
    Form.WEB_PAGE: "misc",
}
RIS_TYPES = {
    Form.REPORT: "RPRT",
    Form.BOOK: "BOOK",
    Form.ARTICLE: "MGZN",
    Form.EVENT: "CONF",
    Form.WEB_PAGE: "ELEC",
}
# By these names in DC.type Zotero knows what it saves.
ZOTERO_TYPES = {
    Form.REPORT: "report",
    Form.BOOK: "book",
    Form.ARTICLE: "magazineArticle",
    Form.EVENT: "webpage",
    Form.WEB_PAGE: "webpage",
}
NO_BREAK = "\u00a0"
BIBTEX_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Name:
    """An author: a person has a ``given`` name, a body has only ``family``."""

    family: str
    given: str = ""


@dataclass(frozen=True)
class Reference:
    """What every format needs; ``address`` is the one that lasts, and so the one that is cited."""

    key: str
    form: Form
    title: str
    authors: tuple[Name, ...]
    year: int | None
    day: date | None
    publisher: str
    language: str
    abstract: str
    keywords: tuple[str, ...]
    address: str
    pdf: str | None  # address of the file, when it is a PDF
    page: str = ""  # address of the record's page under its present title, when it is another
    version: int | None = None  # set when one fixed version is cited
    accessed: date | None = None  # None for what cannot change
    rights: str = ""  # address of the licence, or its code


@lru_cache(maxsize=2048)
def name(text: str) -> Name:
    """Split "Massimo Allulli" or "Allulli, Massimo" into names; a body keeps its name whole.

    The part in brackets ("consulente ANCI") is a role and is left out. When in doubt the name is
    a body's: a name that is not split is still right, one split wrongly is not.
    """
    plain = re.sub(r"\s*\([^)]*\)", "", text).strip()
    words = plain.replace(",", " ").split()
    if not 2 <= len(words) <= 4 or any(_of_a_body(word) for word in words):
        return Name(plain)
    family, comma, given = plain.partition(", ")
    if comma:
        return Name(plain) if "," in given else Name(family, given)
    start = len(words) - 1
    while start > 1 and words[start - 1].lower() in PARTICLES:
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))


def _of_a_body(word: str) -> bool:
    if word.lower() in BODY_WORDS or (word.isupper() and len(word) > 2):
        return True
    return not re.fullmatch(r"[^\W\d_][^\W\d_'’.-]*(?:['’.-][^\W\d_]*)*", word)


def reference(record: RecordView, address: str, pdf: str | None, publisher: str) -> Reference:
    """The reference of a record; ``publisher`` is that of the pages of the portal itself.

    A document whose publisher is not known has none: the portal that shows it did not publish it.
    What depends on when and how it is cited (version, day of access) is left for the caller.
    """
    started = record.start if isinstance(record, EventView | CourseView) else None
    day = record.issued or started
    return Reference(
        key=f"metropoli-{record.public_id}",
        form=_form(
            record.type, record.kind, record.form if isinstance(record, DocumentView) else None
        ),
        title=record.title,
        authors=tuple(name(author) for author in record.authors),
        year=record.year or (day.year if day else None),
        day=day,
        publisher=(record.publisher or "") if isinstance(record, DocumentView) else publisher,
        language=record.language,
        abstract=record.summary,
        keywords=record.topics,
        address=address,
        pdf=pdf,
    )


def _form(type: str, kind: Kind, form: str | None) -> Form:
    if type == "event":
        return Form.EVENT
    if type != "document":
        return Form.WEB_PAGE
    if form == "libro":
        return Form.BOOK
    if kind is Kind.ARTICLE or form == "articolo":
        return Form.ARTICLE
    return Form.REPORT


def card_reference(card: CardView, address: str, publisher: str) -> Reference:
    """As ``reference``, with what a list of results knows: neither abstract nor keywords."""
    day = card.issued or card.start
    return Reference(
        key="",
        form=_form(card.type, card.kind, card.form),
        title=card.title,
        authors=tuple(name(author) for author in card.authors),
        year=card.year or (day.year if day else None),
        day=day,
        publisher=(card.publisher or "") if card.type == "document" else publisher,
        language=card.language,
        abstract="",
        keywords=(),
        address=address,
        pdf=None,
    )


def csl(reference: Reference) -> dict[str, Any]:
    """The reference as a CSL-JSON item; unknown fields are left out."""
    item: dict[str, Any] = {
        "id": reference.key,
        "type": reference.form.value,
        "title": reference.title,
        "author": [
            {"family": n.family, "given": n.given} if n.given else {"literal": n.family}
            for n in reference.authors
        ],
        "issued": {"date-parts": [_date_parts(reference)]} if reference.year else None,
        "publisher": reference.publisher,
        "language": reference.language,
        "abstract": reference.abstract,
        "keyword": ", ".join(reference.keywords),
        "version": str(reference.version or ""),
        "accessed": {"date-parts": [_parts(reference.accessed)]} if reference.accessed else None,
        "URL": reference.address,
    }
    return {field: value for field, value in item.items() if value}


def _date_parts(reference: Reference) -> list[int | None]:
    return [*_parts(reference.day)] if reference.day else [reference.year]


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]


def bibtex(references: Iterable[Reference]) -> str:
    """Entries in BibTeX, UTF-8; the characters that TeX reads as commands are escaped."""
    return "\n".join(_bibtex_entry(reference) for reference in references)


def _bibtex_entry(reference: Reference) -> str:
    fields = {
        "title": "{" + _tex(reference.title) + "}",  # the inner braces keep capitals
        "author": " and ".join(
            f"{_tex(n.family)}, {_tex(n.given)}" if n.given else "{" + _tex(n.family) + "}"
            for n in reference.authors
        ),
        "year": str(reference.year or ""),
        "month": str(reference.day.month) if reference.day else "",
        ("institution" if reference.form is Form.REPORT else "publisher"): _tex(
            reference.publisher
        ),
        "abstract": _tex(reference.abstract),
        "keywords": _tex(", ".join(reference.keywords)),
        "language": reference.language,
        "version": str(reference.version or ""),
        "url": reference.address,
        "urldate": reference.accessed.isoformat() if reference.accessed else "",
    }
    lines = "".join(f"  {field} = {{{value}}},\n" for field, value in fields.items() if value)
    return f"@{BIBTEX_TYPES[reference.form]}{{{reference.key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return "".join(BIBTEX_ESCAPES.get(letter, letter) for letter in " ".join(text.split()))


def ris(references: Iterable[Reference]) -> str:
    """Records in RIS (Research Information Systems), UTF-8, CR LF line ends."""
    return "".join(_ris_record(reference) for reference in references)


def _ris_record(reference: Reference) -> str:
    day = reference.day
    tags = [
        ("TY", RIS_TYPES[reference.form]),
        ("TI", reference.title),
        *(("AU", _inverted(n)) for n in reference.authors),
        ("PY", str(reference.year or "")),
        ("DA", f"{_slashed(day)}/" if day else ""),
        ("PB", reference.publisher),
        ("AB", reference.abstract),
        *(("KW", keyword) for keyword in reference.keywords),
        ("LA", reference.language),
        ("ET", str(reference.version or "")),
        ("UR", reference.address),
        ("Y2", f"{_slashed(reference.accessed)}/" if reference.accessed else ""),
        ("L1", reference.pdf or ""),
        ("ID", reference.key),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _slashed(day: date) -> str:
    return f"{day.year}/{day.month:02}/{day.day:02}"


def _inverted(name: Name) -> str:
    """ "Rossi, Maria". Programs read a comma as the end of the family name: bodies have none."""
    return f"{name.family}, {name.given}" if name.given else name.family.replace(",", " -")


def highwire(reference: Reference) -> tuple[tuple[str, str], ...]:
    """Meta tags of Highwire Press, as Google Scholar and Zotero read them: (name, content).

    They are for works alone: Zotero would save whatever else has a ``citation_title`` as an
    article of a journal.
    """
    if reference.form in (Form.EVENT, Form.WEB_PAGE):
        return ()
    day = reference.day
    report = reference.form is Form.REPORT
    tags = [
        ("citation_title", reference.title),
        *(("citation_author", _highwire_author(n)) for n in reference.authors),
        ("citation_publication_date", _slashed(day) if day else str(reference.year or "")),
        ("citation_technical_report_institution" if report else "", reference.publisher),
        ("citation_publisher", reference.publisher),
        ("citation_language", reference.language),
        ("citation_keywords", "; ".join(reference.keywords)),
        ("citation_abstract", reference.abstract),
        ("citation_abstract_html_url", reference.page or reference.address),
        ("citation_pdf_url", reference.pdf or ""),
    ]
    return tuple((tag, content) for tag, content in tags if tag and content)


def _highwire_author(name: Name) -> str:
    """A comma after a body's name keeps Zotero from taking its last word for a family name.

    The space inside a family name does not break, because Zotero splits an only author in two
    where there are spaces on both sides of the comma.
    """
    if not name.given:
        return f"{_inverted(name)},"
    return f"{name.family.replace(' ', NO_BREAK)}, {name.given}"


def dublin_core(reference: Reference) -> tuple[tuple[str, str], ...]:
    """Meta tags of Dublin Core: what Zotero reads of a page that is no work, and rights of all."""
    tags = [
        ("DC.title", reference.title),
        *(("DC.creator", _inverted(n)) for n in reference.authors),
        ("DC.date", reference.day.isoformat() if reference.day else str(reference.year or "")),
        ("DC.publisher", reference.publisher),
        ("DC.type", ZOTERO_TYPES[reference.form]),
        ("DC.language", reference.language),
        *(("DC.subject", keyword) for keyword in reference.keywords),
        ("DC.identifier", reference.address),
        ("DC.rights", reference.rights),
        ("DCTERMS.abstract", reference.abstract),
    ]
    return tuple((tag, content) for tag, content in tags if content)


def coins(reference: Reference) -> str:
    """The reference as a ContextObject for the ``title`` of a span in a list (COinS)."""
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", ZOTERO_TYPES[reference.form]),
        ("rft.title", reference.title),
        *(("rft.creator", _inverted(n)) for n in reference.authors),
        ("rft.date", reference.day.isoformat() if reference.day else str(reference.year or "")),
        ("rft.publisher", reference.publisher),
        ("rft.language", reference.language),
        ("rft.identifier", reference.address),
    ]
    return query_string((name, value) for name, value in fields if value)
