"""The catalogue of our data in DCAT-AP_IT, as dati.gov.it harvests it.

Data sets are the collection as a whole and the tables that it holds with an open licence. Reports
and guides are documents, not data: their descriptions travel by OAI-PMH, and a national catalogue
of data that listed them would be harder to use for everybody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from corpus.records import DocumentView
from corpus.vocabulary import MEDIA_TYPES, TABLES, FileFormat
from portal.addresses import file_url, lasting_url
from portal.takeaway import dump
from portal.takeaway.dump import Dump

GOVERNMENT, REGIONS = "GOVE", "REGI"
_FORMATS = {FileFormat.XLSX: "XLSX", FileFormat.ODS: "ODS"}


@dataclass(frozen=True)
class OpenLicence:
    """A licence as the national vocabulary has it."""

    code: str
    name: str
    version: str
    type: str


LICENCES: Mapping[str, OpenLicence] = {
    "CC-BY-4.0": OpenLicence(
        "A21_CCBY40",
        "Creative Commons Attribuzione 4.0 Internazionale (CC BY 4.0)",
        "4.0",
        "Attribution",
    ),
    "CC-BY-SA-4.0": OpenLicence(
        "A31_CCBYSA40",
        "Creative Commons Attribuzione-Condividi allo stesso modo 4.0 (CC BY-SA 4.0)",
        "4.0",
        "ViralEffect-ShareAlike",
    ),
    "CC0-1.0": OpenLicence(
        "A11_CCO10",
        "Creative Commons CC0 1.0 Universale - Public Domain Dedication (CC0 1.0)",
        "1.0",
        "PublicDomain",
    ),
}


@dataclass(frozen=True)
class Publisher:
    """Who publishes the data and may be asked about them."""

    name: str
    code: str  # in the index of public administrations (IPA), or the name of the site
    email: str


@dataclass(frozen=True)
class Distribution:
    """One way to get the data."""

    name: str
    title: str
    description: str
    access: str
    format: str  # code of the European list
    licence: OpenLicence
    modified: date
    media_type: str
    size: int | None = None  # a file to download, when known


@dataclass(frozen=True)
class DataSet:
    """One set of data, with the ways to get it."""

    name: str
    identifier: str
    title: str
    description: str
    page: str
    issued: date | None
    modified: date
    language: str
    frequency: str  # code of the European list
    themes: tuple[str, ...]
    keywords: tuple[str, ...]
    distributions: tuple[Distribution, ...]


@dataclass(frozen=True)
class DataCatalogue:
    """Everything that the catalogue says; equal ones are written alike."""

    site: str
    title: str
    description: str
    publisher: Publisher
    issued: date | None
    modified: date
    sets: tuple[DataSet, ...]


def collection(
    site: str, brand: str, current: Dump | None, issued: date | None, modified: date
) -> DataSet:
    """The collection as data: by the API at any time, as files since the last night."""
    licence = LICENCES["CC-BY-4.0"]
    ways = [
        Distribution(
            name="schede-api",
            title="Interfaccia di lettura",
            description="Ricerca e lettura delle schede, in JSON; la descrizione OpenAPI è in"
            f" {site}/api/v1/openapi.json.",
            access=f"{site}/api/v1/ricerca",
            format="JSON",
            licence=licence,
            modified=modified,
            media_type="application/json",
        )
    ]
    if current is not None:
        ways += [
            _of_dump(site, current, dump.CSV, "CSV", "Tutte le schede, una per riga."),
            _of_dump(
                site, current, dump.JSON_LINES, "JSON", "Tutte le schede, un oggetto JSON per riga."
            ),
        ]
    return DataSet(
        name="schede",
        identifier="schede",
        title=f"{brand}: schede della raccolta",
        description="Le schede pubblicate: ricerche e analisi, materiali di formazione, soluzioni"
        " pilota ed eventi delle Città metropolitane, con autori, date, luoghi, licenze e fonti.",
        page=f"{site}/interfacce",
        issued=issued,
        modified=modified,
        language="it",
        frequency="DAILY",
        themes=(GOVERNMENT, REGIONS),
        keywords=("città metropolitane", "semplificazione amministrativa",
                  "pianificazione strategica", "gestione associata dei servizi"),
        distributions=tuple(ways),
    )  # fmt: skip


def _of_dump(site: str, current: Dump, name: str, format: str, about: str) -> Distribution:
    return Distribution(
        name=name.replace(".", "-"),
        title=name,
        description=about,
        access=f"{site}/dati/{name}",
        format=format,
        licence=LICENCES["CC-BY-4.0"],
        modified=current.made_at.date(),
        media_type=dump.CONTENT_TYPES[name].partition(";")[0],
        size=current.file(name).size,
    )


def tables(site: str, documents: tuple[DocumentView, ...]) -> Iterator[DataSet]:
    """Spreadsheets with an open licence."""
    for document in documents:
        current, licence = document.current, LICENCES.get(document.licence or "")
        if current is None or licence is None or current.format not in TABLES:
            continue
        modified = (current.published_at or current.created_at).date()
        yield DataSet(
            name=document.public_id,
            identifier=document.public_id,
            title=document.title,
            description=document.summary or document.title,
            page=site + lasting_url(document),
            issued=document.issued,
            modified=modified,
            language=document.language,
            frequency="IRREG",
            themes=(GOVERNMENT, REGIONS),
            keywords=document.topics,
            distributions=(
                Distribution(
                    name=f"{document.public_id}-file",
                    title=document.title,
                    description=f"Foglio di calcolo, versione {current.number}.",
                    access=site + file_url(document.public_id),
                    format=_FORMATS[current.format],
                    licence=licence,
                    modified=modified,
                    media_type=MEDIA_TYPES[current.format],
                    size=current.size,
                ),
            ),
        )
