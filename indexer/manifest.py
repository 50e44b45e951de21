"""The list of files that goes with an import: a CSV read column by column, refusing nothing.

What a cell says is kept as written; ``indexer.proposals`` judges it. ``docs/importare.md`` lists
the columns.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Field -> headings that mean it, as ``plain`` writes them.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "file": ("file", "nome file", "nome del file", "filename"),
    "id": ("id", "identificativo", "chiave", "codice", "key"),
    "title": ("titolo", "title"),
    "summary": ("sintesi", "descrizione", "riassunto", "abstract", "summary", "description"),
    "kind": ("tipo", "tipologia", "kind", "type"),
    "cities": ("citta", "citta metropolitana", "citta metropolitane", "city", "cities"),
    "areas": ("area", "aree", "area d intervento", "area di intervento", "areas"),
    "year": ("anno", "year"),
    "issued": ("data", "data del documento", "date"),
    "language": ("lingua", "language"),
    "licence": ("licenza", "licence", "license"),
    "authors": ("autori", "autore", "authors", "author"),
    "topics": ("argomenti", "argomento", "temi", "tema", "parole chiave", "tag", "keywords"),
    "form": ("forma", "form"),
    "publisher": ("editore", "ente", "publisher"),
    "scope": ("ambito", "scope"),
    "external_url": ("indirizzo", "url", "link"),
    "note": ("note", "nota", "avvertenza"),
    "repository": ("repository", "deposito"),
    "path_in_repository": ("percorso", "path"),
    "commit": ("commit",),
    "sha256": ("sha256", "impronta"),
}
_FIELDS = {heading: field for field, headings in COLUMNS.items() for heading in headings}
_LARGEST = 20 << 20  # bytes; about a hundred thousand rows
_LONGEST_CELL = 100_000


class UnusableManifest(Exception):
    """The list as a whole cannot be used: a sentence in Italian says why."""


@dataclass(frozen=True)
class Row:
    """One line: what each known column says, empty cells left out."""

    line: int
    file: str
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")

    def values(self, field: str) -> tuple[str, ...]:
        """The single values of a cell, parted by ``;`` or ``|``."""
        return tuple(filter(None, (part.strip() for part in re.split(r"[;|]", self[field]))))

    def source_key(self, sha256: str) -> str:
        """What tells that this row is in the catalogue already: its id, or its path and content."""
        return f"import:{self['id']}" if self["id"] else f"import:{self.file}:{sha256[:16]}"


@dataclass(frozen=True)
class Manifest:
    """All rows that name a file, and the headings that nobody here understands."""

    rows: tuple[Row, ...]
    unknown_columns: tuple[str, ...] = ()
    lines_without_file: tuple[int, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """Read a CSV in UTF-8 or Windows-1252, parted by comma, semicolon or tab.

    Raises ``UnusableManifest`` for what has no column of files, two columns of one meaning, or
    is no such CSV; ``OSError`` where the file cannot be opened.
    """
    rows = iter(read_lines(path))
    headings = next(rows, (1, []))[1]
    fields = [_FIELDS.get(plain(heading)) for heading in headings]
    _check(fields)
    kept: list[Row] = []
    homeless: list[int] = []
    for line, values in rows:
        cells = {
            field: value.strip()
            for field, value in zip(fields, values, strict=False)
            if field and value.strip()
        }
        file = cells.pop("file", "")
        if file:
            kept.append(Row(line, file, cells))
        elif cells:
            homeless.append(line)
    unknown = tuple(
        heading.strip()
        for heading, field in zip(headings, fields, strict=True)
        if field is None and heading.strip()
    )
    return Manifest(tuple(kept), unknown, tuple(homeless))


def read_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The cells of every line as they stand, headings first, with the number where it ends.

    Raises as ``read_manifest`` does for what is no such CSV.
    """
    return _records(_text(path))


def delimiter(path: Path) -> str:
    """What parts the cells of the list. Raises as ``read_lines`` does."""
    return _delimiter(_text(path))


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise UnusableManifest("L'elenco supera i 20 MB: dividilo in più elenchi.")
    text = _decoded(content)
    if "\0" in text:
        raise UnusableManifest("L'elenco non è un CSV: salvalo come «CSV UTF-8».")
    return text


def plain(text: str) -> str:
    """``text`` without case, accents and punctuation, for comparing what people write."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in folded if not _is_accent(c))))


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Excel writes in Italy


def _delimiter(text: str) -> str:
    return max(",;\t", key=text.split("\n", 1)[0].count)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for values in reader:
            yield reader.line_num, values
    except csv.Error as error:
        raise UnusableManifest(
            f"La riga {reader.line_num} dell'elenco non è scritta come in un CSV."
        ) from error


def _check(fields: list[str | None]) -> None:
    known = [field for field in fields if field]
    if "file" not in known:
        raise UnusableManifest(
            "L'elenco non ha la colonna «file», che dice dove si trova ogni documento."
        )
    for field in known:
        if known.count(field) > 1:
            names = ", ".join(f"«{name}»" for name in COLUMNS[field])
            raise UnusableManifest(f"Due colonne dicono la stessa cosa ({names}): tienine una.")
