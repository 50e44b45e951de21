"""What a reader of files promises: an ``Extract``, or ``Unreadable`` with a kind and a sentence."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.vocabulary import FileFormat
from indexer.engine import PageText


class FailureKind(StrEnum):
    """Why a file cannot be read; the values stand in reports."""

    EMPTY = "vuoto"
    CORRUPT = "corrotto"
    ENCRYPTED = "cifrato"
    TYPE_REFUSED = "tipo_non_ammesso"
    TYPE_MISMATCH = "tipo_discorde"
    MACRO = "macro"
    XML_FORBIDDEN = "xml_vietato"
    DANGEROUS_ARCHIVE = "archivio_pericoloso"
    TOO_MANY_BYTES = "limite_byte"
    TOO_MANY_PAGES = "limite_pagine"
    TOO_MUCH_EXPANSION = "limite_espansione"
    TOO_MUCH_MEMORY = "limite_memoria"
    TOO_MUCH_TIME = "limite_tempo"
    INVALID_NAME = "nome_non_valido"


@dataclass(frozen=True)
class Heading:
    """An entry of the outline: level from 1, page None where unknown."""

    level: int
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Accessibility:
    """Facts about the file, None where the format does not say."""

    tagged: bool | None = None
    language: str | None = None
    title: bool | None = None
    text_layer: bool | None = None
    bookmarks: bool | None = None
    alternative_texts: bool | None = None
    headings: bool | None = None  # office files: headings made with styles


@dataclass(frozen=True)
class Recognition:
    """The pages whose words, if any, are only drawn, and what recognition found on each.

    ``pages`` are looked at from the first on; each then stands in one of the other three.
    """

    pages: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    wordless: tuple[int, ...] = ()
    failed: tuple[int, ...] = ()

    @property
    def done(self) -> int:
        """How many were looked at."""
        return len(self.recognised) + len(self.wordless) + len(self.failed)

    @property
    def unseen(self) -> tuple[int, ...]:
        """Those that may still hold words that nobody has read."""
        seen = {*self.recognised, *self.wordless}
        return tuple(number for number in self.pages if number not in seen)

    def waiting(self, most: int) -> tuple[int, ...]:
        """Those still to be looked at, where ``most`` of a document are."""
        done = {*self.recognised, *self.wordless, *self.failed}
        return tuple(number for number in self.pages[:most] if number not in done)


@dataclass(frozen=True)
class Extract:
    """All that was read. ``pages`` holds every page in order, empty ones included."""

    format: FileFormat
    pages: tuple[PageText, ...]
    unit: str = "pagina"  # pagina, diapositiva, foglio, tempo, sezione
    title: str = ""
    stated_title: str = ""  # of the file's properties, where it is one
    headlines: tuple[str, ...] = ()  # lines that stand out as titles at the beginning of the text
    authors: tuple[str, ...] = ()
    issued: date | None = None
    language: str = ""  # of the text, ISO 639-1, empty = not recognised
    outline: tuple[Heading, ...] = ()
    accessibility: Accessibility = Accessibility()
    warnings: tuple[str, ...] = ()  # plain Italian: missing pages, no text layer ...
    without_text: bool = False  # the file itself has nothing usable
    recognition: Recognition = Recognition()

    @property
    def readable(self) -> bool:
        """Whether there is text worth searching, be it the file's own or recognised."""
        return not self.without_text or bool(self.recognition.recognised)


class Unreadable(Exception):
    """The file cannot be read: ``kind`` for programs, ``message`` in plain Italian for people."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        super().__init__(kind, message)
        self.kind = kind
        self.message = message


class RecognitionUnavailable(Exception):
    """No text can be recognised now, and no document is to blame; the reason, in Italian."""
