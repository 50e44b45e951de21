"""Closed lists of the collection; cities are data (``City``), because they change by law."""

from enum import StrEnum


class Kind(StrEnum):
    """What a record is for the person who searches; the values stand in addresses."""

    RESEARCH = "ricerca"
    SOLUTION = "soluzione-pilota"
    TRAINING = "formazione"
    GUIDE = "guida"
    ARTICLE = "articolo"
    EVENT = "evento"
    OTHER = "altro"


class AreaSlug(StrEnum):
    """The three intervention areas of the programme, in the programme's order."""

    SIMPLIFICATION = "semplificazione"
    PLANNING = "pianificazione-strategica"
    JOINT_SERVICES = "gestione-associata"


class State(StrEnum):
    """Life of a record; only ``PUBLISHED`` is visible to readers."""

    DRAFT = "bozza"
    IN_REVIEW = "in-revisione"
    SCHEDULED = "programmato"  # goes public by itself at its hour
    PUBLISHED = "pubblicato"
    WITHDRAWN = "ritirato"
    TRASHED = "cestino"  # never was public; goes for good after thirty days


class Scope(StrEnum):
    """Whether the programme made it, or it only helps to understand the programme."""

    PROGRAMME = "programma"
    CONTEXT = "contesto"


class Rhythm(StrEnum):
    """How often somebody who follows a search is told what is new."""

    DAILY = "giorno"
    WEEKLY = "settimana"


class Evidence(StrEnum):
    """How well a pilot solution is attested (``facts``: portal, official, thin)."""

    PORTAL = "pagina-del-programma"
    OFFICIAL = "fonte-ufficiale"
    THIN = "solo-annunciata"


class FileFormat(StrEnum):
    """Formats that the readers accept; decided by content, never by the name."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    PPTX = "pptx"
    ODP = "odp"
    XLSX = "xlsx"
    ODS = "ods"
    HTML = "html"
    MARKDOWN = "md"
    TEXT = "txt"
    VTT = "vtt"
    SRT = "srt"


class SourceKind(StrEnum):
    """Who publishes the page that a fact comes from."""

    PRIMARY = "ente"
    COPY = "copia"
    PRESS = "stampa"
    OWN = "redazione"


class Role(StrEnum):
    """Staff roles, from fewer to more rights."""

    EDITOR = "redattore"
    REVIEWER = "revisore"
    ADMINISTRATOR = "amministratore"


class Fate(StrEnum):
    """What became of an uploaded file."""

    TAKEN = "accettato"  # a version of a document
    TWIN = "doppione"  # the very bytes of another document: its sender decides
    DROPPED = "annullato"  # a twin that its sender let go
    REFUSED = "rifiutato"


class Use(StrEnum):
    """What readers do with a record that is counted."""

    VIEW = "consultazione"
    DOWNLOAD = "scaricamento"


class Refused(StrEnum):
    """What was shown in vain to come in, as the action of a line of the log."""

    PASSWORD = "wrong_password"  # noqa: S105 - the name of an action
    CODE = "wrong_code"


TABLES = frozenset({FileFormat.XLSX, FileFormat.ODS})  # files that hold data in rows

MEDIA_TYPES: dict[FileFormat, str] = {
    FileFormat.PDF: "application/pdf",
    FileFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileFormat.ODT: "application/vnd.oasis.opendocument.text",
    FileFormat.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileFormat.ODP: "application/vnd.oasis.opendocument.presentation",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileFormat.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileFormat.HTML: "text/html; charset=utf-8",
    FileFormat.MARKDOWN: "text/markdown; charset=utf-8",
    FileFormat.TEXT: "text/plain; charset=utf-8",
    FileFormat.VTT: "text/vtt; charset=utf-8",
    FileFormat.SRT: "application/x-subrip; charset=utf-8",
}
