"""Which part of an Office Open XML package belongs to which."""

import posixpath
from dataclasses import dataclass

from indexer.extract.archive import Archive
from indexer.extract.markup import Handler


@dataclass(frozen=True)
class Relation:
    """A part named by another; ``kind`` is the last word of the relationship type."""

    id: str
    kind: str
    target: str


class _Relations(Handler):
    def __init__(self, folder: str) -> None:
        self.found: list[Relation] = []
        self._folder = folder

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            kind = attributes.get("Type", "").rsplit("/", 1)[-1]
            self.found.append(Relation(attributes.get("Id", ""), kind, path))


def relations(archive: Archive, part: str = "") -> list[Relation]:
    """Relations of ``part`` (of the package when empty) to parts that exist, in file order.

    External targets are left out: nothing is ever fetched.
    """
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if source not in archive:
        return []
    handler = _Relations(folder)
    archive.walk(source, handler)
    return [relation for relation in handler.found if relation.target in archive]


def main_part(archive: Archive) -> str | None:
    """The part that holds the document, the presentation or the workbook."""
    for relation in relations(archive):
        if relation.kind == "officeDocument":
            return relation.target
    return None
