"""Excel workbooks: one text a sheet, one line a row, values as people write them in Italian."""

import io
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from indexer.extract.archive import Archive
from indexer.extract.base import Accessibility, FailureKind
from indexer.extract.draft import Draft
from indexer.extract.limits import Limits
from indexer.extract.properties import read_properties
from indexer.extract.reasons import unreadable
from indexer.extract.relations import main_part, relations

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# A cell that holds something; empty formatted ones close in the same tag and take no room.
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_MOST_CELLS = 4_000_000  # of the rectangle that holds all values of a sheet
_CHUNK = 1 << 20
_LONGEST_TAG = 512

Value = str | float | int | bool | date | datetime | time | timedelta


def read(content: bytes, limits: Limits) -> Draft:
    """Read the values of a workbook; formulas count by their last result.

    Raises what ``Archive`` refuses, ``corrotto``, and ``limite_memoria`` for a sheet whose
    values lie so far apart that the rectangle around them has over four million cells.
    """
    with Archive(content, limits) as archive:
        part = main_part(archive)
        if part is None:
            raise unreadable(FailureKind.CORRUPT)
        core = next((r.target for r in relations(archive) if r.kind == "core-properties"), "")
        properties = read_properties(archive, core)
        for relation in relations(archive, part):
            if relation.kind == "worksheet":
                _refuse_sparse(archive, relation.target)
    names, texts = _sheets(content)
    return Draft(
        pages=texts,
        unit="foglio",
        labels=names,
        title_in_text=False,
        titles=[properties.title],
        authors=properties.authors,
        issued=properties.issued,
        accessibility=Accessibility(
            language=properties.language or None, title=bool(properties.title.strip())
        ),
    )


def _sheets(content: bytes) -> tuple[list[str], list[str]]:
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(io.BytesIO(content))
        names = list(workbook.sheet_names)
        texts = [_text(workbook.get_sheet_by_name(name)) for name in names]
    except python_calamine.PasswordError as error:
        raise unreadable(FailureKind.ENCRYPTED) from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise unreadable(FailureKind.CORRUPT) from error
    return names, texts


def _refuse_sparse(archive: Archive, part: str) -> None:
    """The reader lays a sheet out as a full rectangle: two cells in far corners would be
    seventeen billion."""
    stream = archive.open(part)
    rows, columns = 0, 0
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        for column, row in _CELL.findall(window):
            rows = max(rows, int(row))
            columns = max(columns, _column(column))
        tail = window[-_LONGEST_TAG:]
        if rows * columns > _MOST_CELLS:
            raise unreadable(FailureKind.TOO_MUCH_MEMORY)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(sheet: "CalamineSheet") -> str:
    """Its rows, without those and without columns that are empty from one end to the other."""
    used: set[int] = set()
    for row in sheet.iter_rows():
        used.update(column for column, value in enumerate(row) if value != "")
    columns = sorted(used)
    lines = (_line([_shown(row[column]) for column in columns]) for row in sheet.iter_rows())
    return "\n".join(line for line in lines if line)


def _line(cells: list[str]) -> str:
    """The cells with bars between, so that each stays under its head; a single text as it is."""
    told = list(filter(None, cells))
    return " | ".join(told if len(told) < 2 else cells)


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "VERO" if value else "FALSO"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}".replace(".", ",")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.strftime("%d/%m/%Y" if midnight else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value).strip()
