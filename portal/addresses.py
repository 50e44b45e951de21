"""Addresses of what the portal shows, born in one place: ids that last, words that may change."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from flask import request

from corpus.records import CardView, PageView, RecordView
from portal.quoting import query_string

SECTIONS = {
    "document": "/documenti",
    "pilot_solution": "/soluzioni",
    "course": "/formazione",
    "event": "/eventi",
}
SELECTION = "/selezione"
COMPARISON = "/confronta"
SLUG_LENGTH = 60
# Ids of the parts of a solution's sheet, in the order of ``indexer.entries.SOLUTION_PARTS``.
SOLUTION_ANCHORS = ("problema", "che-cosa", "esito", "riuso", "fatti", "attori", "in-breve")


@lru_cache(maxsize=4096)
def slug(title: str) -> str:
    """The title as words of an address: ASCII letters and digits, cut at a word."""
    folded = unicodedata.normalize("NFKD", title.replace("’", "-").replace("'", "-"))
    words = re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode().lower())
    result = ""
    for word in words:
        longer = f"{result}-{word}" if result else word
        if len(longer) > SLUG_LENGTH:
            break
        result = longer
    return result or (words[0][:SLUG_LENGTH] if words else "scheda")


def record_url(record: RecordView | CardView | PageView) -> str:
    """The page of a record of any type."""
    return f"{SECTIONS[record.type]}/{record.public_id}/{slug(record.title)}"


def lasting_url(record: RecordView | CardView | PageView, version: int | None = None) -> str:
    """The address that never changes: of the record whatever its title, or of one version."""
    fixed = "" if version is None else f"/v/{version}"
    return f"{SECTIONS[record.type]}/{record.public_id}{fixed}"


def cite_url(public_id: str, form: str, version: int | None = None) -> str:
    """The reference of a record, or of one version, as a file: "bib", "ris", "csl.json" ..."""
    fixed = "" if version is None else f"/v/{version}"
    return f"/cita/{public_id}{fixed}.{form}"


def linkset_url(public_id: str, version: int | None = None) -> str:
    """The typed links of a record, or of one version."""
    fixed = "" if version is None else f"/v/{version}"
    return f"/linkset/{public_id}{fixed}"


def selection_url(ids: Iterable[str], path: str = SELECTION) -> str:
    """The address of a selection of records: it is the selection, nothing else keeps it."""
    arguments = query_string([("id", public_id) for public_id in ids])
    return f"{path}?{arguments}" if arguments else path


def part_url(record: RecordView | CardView, number: int) -> str:
    """The part of a solution's sheet that the index counts as page ``number``, from 1."""
    if 1 <= number <= len(SOLUTION_ANCHORS):
        return f"{record_url(record)}#{SOLUTION_ANCHORS[number - 1]}"
    return record_url(record)


def file_url(public_id: str, version: int | None = None) -> str:
    """The file of a document: the latest, or that of one version."""
    fixed = "" if version is None else f"/v/{version}"
    return f"/documenti/{public_id}{fixed}/file"


def reading_url(public_id: str, page: int, text: str = "", version: int | None = None) -> str:
    """The text of one page of a document, with the words of a question marked."""
    fixed = "" if version is None else f"/v/{version}"
    arguments = [("pagina", str(page))] + ([("q", text)] if text else [])
    return f"/documenti/{public_id}{fixed}/leggi?{query_string(arguments)}"


def canonical_url(path: str) -> str:
    """The whole address of a path, under the name with which the reader called the site."""
    return request.host_url.rstrip("/") + path
