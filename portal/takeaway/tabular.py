"""Records as rows: the columns that CSV and JSON exports share, each with its meaning."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from corpus.records import CourseView, DocumentView, EventView, RecordView, VersionView
from portal.addresses import file_url, record_url
from portal.i18n import lazy_gettext as _l

# Spreadsheet programs run a cell that begins with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SEPARATOR = "; "


@dataclass(frozen=True)
class Column:
    """A column: its name in files, what it holds, and how it is read from a record."""

    name: str
    meaning: str
    read: Callable[[RecordView, str], str]  # the record and the address of the site


def _version(record: RecordView) -> VersionView | None:
    return record.current if isinstance(record, DocumentView) else None


def _licence(record: RecordView) -> str:
    return (record.licence or "") if isinstance(record, DocumentView) else ""


def _day(record: RecordView) -> str:
    started = record.start if isinstance(record, EventView | CourseView) else None
    day = record.issued or started
    return day.isoformat() if day else ""


def _of_version(read: Callable[[VersionView], str]) -> Callable[[RecordView, str], str]:
    def column(record: RecordView, site: str) -> str:
        version = _version(record)
        return read(version) if version else ""

    return column


COLUMNS: tuple[Column, ...] = (
    Column("id", _l("identificativo che non cambia"), lambda r, _s: r.public_id),
    Column("tipo", _l("tipo, come nel filtro della ricerca"), lambda r, _s: r.kind.value),
    Column("titolo", _l("titolo"), lambda r, _s: r.title),
    Column("sintesi", _l("sintesi della scheda"), lambda r, _s: r.summary),
    Column("autori", _l("autori, separati da punto e virgola"), lambda r, _s: _join(r.authors)),
    Column("anno", _l("anno, vuoto se non è noto"), lambda r, _s: str(r.year or "")),
    Column("data", _l("giorno in forma AAAA-MM-GG, vuoto se non è noto"), lambda r, _s: _day(r)),
    Column("citta", _l("città, come nel filtro della ricerca"), lambda r, _s: _join(r.cities)),
    Column("area", _l("aree, come nel filtro della ricerca"), lambda r, _s: _join(r.areas)),
    Column("temi", _l("temi"), lambda r, _s: _join(r.topics)),
    Column("lingua", _l("lingua, codice ISO 639-1"), lambda r, _s: r.language),
    Column("ambito", _l("«programma» o «contesto»"), lambda r, _s: r.scope.value),
    Column("licenza", _l("licenza, codice SPDX, vuota se non è nota"), lambda r, _s: _licence(r)),
    Column("formato", _l("formato del file"), _of_version(lambda v: v.format.value)),
    Column("byte", _l("dimensione del file in byte"), _of_version(lambda v: str(v.size))),
    Column("sha256", _l("impronta SHA-256 del file"), _of_version(lambda v: v.sha256)),
    Column("indirizzo", _l("pagina della scheda"), lambda r, site: site + record_url(r)),
    Column(
        "file",
        _l("indirizzo del file"),
        lambda r, site: site + file_url(r.public_id) if _version(r) else "",
    ),
    Column("fonti", _l("indirizzi delle fonti"), lambda r, _s: _join(s.url for s in r.sources)),
    Column(
        "modificata",
        _l("ultima modifica della scheda, forma ISO 8601"),
        lambda r, _s: r.updated_at.isoformat(timespec="seconds"),
    ),
)


def _join(values: Iterable[str]) -> str:
    return SEPARATOR.join(values)


def row(record: RecordView, site: str) -> Mapping[str, str]:
    """The record as text by column; ``site`` is the address of the site, without a last slash."""
    return {column.name: column.read(record, site) for column in COLUMNS}


def csv_text(records: Iterable[RecordView], site: str) -> str:
    """RFC 4180 CSV of the records, with the columns above."""
    rows = (row(record, site).values() for record in records)
    return csv_rows([column.name for column in COLUMNS], rows)


def csv_rows(names: Iterable[str], rows: Iterable[Iterable[object]], delimiter: str = ",") -> str:
    """RFC 4180 CSV with a header; cells that a spreadsheet would run get an apostrophe."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter=delimiter)
    writer.writerow(names)
    writer.writerows([harmless(str(cell)) for cell in cells] for cells in rows)
    return output.getvalue()


def json_cell(values: Mapping[str, object]) -> str:
    """What has no columns of its own, as one cell."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would read as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
