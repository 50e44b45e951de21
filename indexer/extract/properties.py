"""Title, authors, date and language that office programs keep beside the text."""

from dataclasses import dataclass, field
from datetime import date

from indexer.extract.archive import Archive
from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.markup import Handler
from indexer.extract.titles import sane_date

_LONGEST = 4_000


@dataclass
class Properties:
    """What the properties part says; empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    issued: date | None = None
    language: str = ""


class _Reader(Handler):
    """Dublin Core elements and their neighbours, by local name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self._name = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._name = name.rsplit(" ", 1)[-1]

    def end(self, name: str) -> None:
        self._name = ""

    def text(self, text: str) -> None:
        if self._name:
            before = self.values.get(self._name, "")
            self.values[self._name] = (before + text)[:_LONGEST]


def read_properties(archive: Archive, part: str) -> Properties:
    """Properties of ``docProps/core.xml`` or ``meta.xml``; a damaged part is as if absent.

    Raises ``xml_vietato`` like every other part.
    """
    if part not in archive:
        return Properties()
    reader = _Reader()
    try:
        archive.walk(part, reader)
    except Unreadable as error:
        if error.kind is not FailureKind.CORRUPT:
            raise
    values = reader.values
    author = values.get("initial-creator") or values.get("creator") or ""
    created = values.get("created") or values.get("creation-date") or values.get("date")
    return Properties(
        title=values.get("title", ""),
        authors=[author] if author else [],
        issued=sane_date(created),
        language=values.get("language", ""),
    )
