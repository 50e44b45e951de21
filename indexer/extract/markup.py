"""Streamed reading of XML parts: constant memory, any depth, no DTD, no entity, no network."""

from typing import Protocol
from xml.parsers import expat

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_CHUNK = 1 << 16
_PROLOGUE = 1 << 12


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Handler:
    """Receives the events of one XML part; names are ``"namespace local"``."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def walk(source: Source, handler: Handler) -> None:
    """Send every event of ``source`` to ``handler``.

    Raises ``Unreadable``: ``xml_vietato`` at any document type declaration, ``corrotto`` where
    the text is not well-formed XML.
    """
    parser = _parser()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise unreadable(FailureKind.CORRUPT) from error


def refuse_doctype(source: Source) -> None:
    """Raise ``xml_vietato`` if ``source`` declares a document type; read no further than needed.

    A part that is not well-formed passes: whoever reads it will say so.
    """
    parser = _parser()
    started: list[str] = []
    parser.StartElementHandler = lambda name, _: started.append(name)
    try:
        while not started and (chunk := source.read(_PROLOGUE)):
            parser.Parse(chunk, False)
    except (expat.ExpatError, LookupError, ValueError):
        return


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(name: str, system: str | None, public: str | None, internal: bool) -> None:
    raise unreadable(FailureKind.XML_FORBIDDEN)
