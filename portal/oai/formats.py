"""How a record is described: Dublin Core for all, OpenAIRE 4 for documents. Nothing is guessed.

A field that the record does not have is left out: no publisher, licence or date is assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.records import CourseView, DocumentView, EventView, RecordView
from corpus.vocabulary import MEDIA_TYPES
from portal import labels
from portal.addresses import canonical_url, file_url
from portal.services import services
from portal.takeaway.bibliography import Name, Reference
from portal.takeaway.citation import reference_of

DUBLIN_CORE = "oai_dc"
OPENAIRE = "oai_openaire"


@dataclass(frozen=True)
class Format:
    """A metadata format by its prefix; ``type``: the only records that have it, None = all."""

    prefix: str
    schema: str
    namespace: str
    type: str | None = None


FORMATS: Mapping[str, Format] = {
    DUBLIN_CORE: Format(
        DUBLIN_CORE,
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
    ),
    # The profile is for literature: sheets of solutions, courses and events are none.
    OPENAIRE: Format(
        OPENAIRE,
        "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd",
        "http://namespace.openaire.eu/schema/oaire/",
        "document",
    ),
}


@dataclass(frozen=True)
class Term:
    """A word of a controlled vocabulary: its label and its address."""

    label: str
    uri: str


_COAR = "http://purl.org/coar/"
REPORT = Term("report", f"{_COAR}resource_type/c_93fc")
DATASET = Term("dataset", f"{_COAR}resource_type/c_ddb1")
# What the catalogue says of a document's form -> COAR, only where the two mean the same.
RESOURCE_TYPES: Mapping[str, Term] = {
    "rapporto": REPORT,
    "dossier": REPORT,
    "rassegna": REPORT,
    "libro": Term("book", f"{_COAR}resource_type/c_2f33"),
    "articolo": Term("contribution to journal", f"{_COAR}resource_type/c_3e5a"),
    "guida": Term("technical documentation", f"{_COAR}resource_type/c_71bd"),
    "guida rapida": Term("technical documentation", f"{_COAR}resource_type/c_71bd"),
    "tabella di dati": DATASET,
}
OTHER_TEXT = Term("text", f"{_COAR}resource_type/c_18cf")
OPEN_ACCESS = Term("open access", f"{_COAR}access_right/c_abf2")
METADATA_ONLY = Term("metadata only access", f"{_COAR}access_right/c_14cb")
# ISO 639-1, as the catalogue has it -> ISO 639-3, as OpenAIRE wants it.
LANGUAGES = {"it": "ita", "en": "eng", "fr": "fra", "de": "deu", "es": "spa"}


@dataclass(frozen=True)
class Description:
    """What both formats say of a record, each value as it is to be written."""

    record: RecordView
    page: str
    form: str
    kind: str
    creators: tuple[str, ...]
    publisher: str
    date: str
    places: tuple[str, ...]
    subjects: tuple[str, ...]
    file: str | None
    media_type: str
    size: int
    licence: labels.Licence | None

    @property
    def resource_type(self) -> Term:
        return RESOURCE_TYPES.get(self.form, OTHER_TEXT)

    @property
    def general_type(self) -> str:
        return "dataset" if self.resource_type is DATASET else "literature"

    @property
    def access(self) -> Term:
        """Open for files that lie here; of what lies elsewhere we only hold the description."""
        return OPEN_ACCESS if self.file else METADATA_ONLY

    @property
    def dcmi_type(self) -> str:
        """The word of the DCMI type vocabulary."""
        if self.resource_type is DATASET:
            return "Dataset"
        return "Event" if isinstance(self.record, EventView | CourseView) else "Text"

    @property
    def language(self) -> str:
        """The language by three letters, where we know them."""
        return LANGUAGES.get(self.record.language, self.record.language)

    @property
    def links(self) -> tuple[str, ...]:
        """Where the record comes from: the owner's page, then the sources of its facts."""
        owner = self.record.external_url if isinstance(self.record, DocumentView) else None
        found = [owner] if owner else []
        found += [source.url for source in self.record.sources if source.url]
        return tuple(dict.fromkeys(found))


def description(record: RecordView, names: Mapping[str, str]) -> Description:
    """Describe a public record; ``names`` gives cities and areas in words, by slug."""
    reference = reference_of(record)
    document = record if isinstance(record, DocumentView) else None
    current = document.current if document else None
    return Description(
        record=record,
        page=reference.address,
        form=getattr(record, "form", None) or "",
        kind=str(labels.KIND[record.kind]),
        creators=tuple(_inverted(name) for name in reference.authors),
        publisher=_publisher(record),
        date=_date(reference),
        places=tuple(names[slug] for slug in record.cities if slug in names),
        subjects=(*record.topics, *(names[slug] for slug in record.areas if slug in names)),
        file=canonical_url(file_url(record.public_id)) if current else None,
        media_type=MEDIA_TYPES[current.format].partition(";")[0] if current else "",
        size=current.size if current else 0,
        licence=labels.LICENCES.get(document.licence or "") if document else None,
    )


def _inverted(name: Name) -> str:
    """ "Rossi, Maria"; a body keeps its name."""
    return f"{name.family}, {name.given}" if name.given else name.family


def _publisher(record: RecordView) -> str:
    """Who published a document, if it says so; sheets were written by this portal's editors."""
    if isinstance(record, DocumentView):
        return record.publisher or ""
    return services().settings.publisher


def _date(reference: Reference) -> str:
    return reference.day.isoformat() if reference.day else str(reference.year or "")
