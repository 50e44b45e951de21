"""Taking references and rows away: of one record, and of a whole search, without an account."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, json, render_template

from corpus.errors import RecordNotFound
from corpus.records import RecordView
from indexer.engine import Query
from portal import bibliography, search_url, signposting, tabular
from portal.addresses import canonical_url
from portal.asking import asked_search
from portal.auth.access import public
from portal.bibliography import Reference
from portal.citation import (
    BIBTEX_TYPE,
    CSL_TYPE,
    JSON_LD_TYPE,
    RIS_TYPE,
    csl_json,
    links_of,
    reference_of,
    structured_data,
    version_shown,
)
from portal.services import services

blueprint = Blueprint("exports", __name__)

LIMIT = 1000  # records of one file; a longer answer is narrowed with filters
BATCH = 100  # records asked of the engine at a time

References = Callable[[list[Reference]], str]
REFERENCES: dict[str, tuple[str, References]] = {
    "bib": (f"{BIBTEX_TYPE}; charset=utf-8", bibliography.bibtex),
    "ris": (f"{RIS_TYPE}; charset=utf-8", bibliography.ris),
    "csl.json": (CSL_TYPE, csl_json),
}


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _file(content: str, content_type: str, filename: str, total: int = 1) -> Response:
    """An attachment; ``total`` tells a program how many records the whole answer has."""
    response = Response(content, content_type=content_type)
    response.headers["X-Total-Count"] = str(total)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _cited(public_id: str, number: int | None) -> tuple[RecordView, Reference]:
    """The record and its reference; ``RecordNotFound`` also for a version that is not there."""
    record = services().reader.record(public_id)
    if number is not None and version_shown(record, number) is None:
        raise RecordNotFound(public_id)
    return record, reference_of(record, number)


def _name(public_id: str, number: int | None) -> str:
    return public_id if number is None else f"{public_id}-v{number}"


@blueprint.get("/cita/<public_id>.<any(bib, ris, 'csl.json'):form>", defaults={"number": None})
@blueprint.get("/cita/<public_id>/v/<int:number>.<any(bib, ris, 'csl.json'):form>")
@public
def citation(public_id: str, number: int | None, form: str) -> Response:
    content_type, write = REFERENCES[form]
    _, reference = _cited(public_id, number)
    return _file(write([reference]), content_type, f"{_name(public_id, number)}.{form}")


@blueprint.get("/cita/<public_id>.jsonld", defaults={"number": None})
@blueprint.get("/cita/<public_id>/v/<int:number>.jsonld")
@public
def description(public_id: str, number: int | None) -> Response:
    record, reference = _cited(public_id, number)
    content = _json(structured_data(record, reference))
    return _file(content, JSON_LD_TYPE, f"{_name(public_id, number)}.jsonld")


@blueprint.get("/linkset/<public_id>", defaults={"number": None})
@blueprint.get("/linkset/<public_id>/v/<int:number>")
@public
def typed_links(public_id: str, number: int | None) -> Response:
    record, reference = _cited(public_id, number)
    page = reference.page or reference.address
    content = signposting.linkset(page, links_of(record, reference))
    response = Response(_json(content), content_type=signposting.LINKSET)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@dataclass(frozen=True)
class Found:
    """What a search gives: its question, the records that fit in one file, how many there are."""

    query: Query
    records: tuple[RecordView, ...]
    total: int


def found_records() -> Found:
    """The records of the search in the address, at most ``LIMIT``."""
    query = replace(asked_search(BATCH).query, facets=False, passages=0, page=1)
    records: list[RecordView] = []
    total = 0
    for number in range(1, LIMIT // BATCH + 1):
        page = services().engine.search(replace(query, page=number))
        total = page.total
        records += services().reader.public_records(hit.id for hit in page.hits)
        if number * BATCH >= total:
            break
    return Found(query, tuple(records), total)


@blueprint.get("/ricerca.<any(bib, ris, 'csl.json'):form>")
@public
def search_references(form: str) -> Response:
    content_type, write = REFERENCES[form]
    found = found_records()
    content = write([reference_of(record) for record in found.records])
    return _file(content, content_type, f"ricerca.{form}", found.total)


@blueprint.get("/ricerca.csv")
@public
def search_csv() -> Response:
    found = found_records()
    # The mark at the start tells spreadsheet programs that the text is UTF-8.
    content = "\ufeff" + tabular.csv_text(found.records, canonical_url(""))
    return _file(content, "text/csv; charset=utf-8", "ricerca.csv", found.total)


@blueprint.get("/ricerca.json")
@public
def search_json() -> Response:
    found = found_records()
    content = {
        "ricerca": canonical_url(search_url.address(found.query)),
        "totale": found.total,
        "contenuti": len(found.records),
        "righe": [tabular.row(record, canonical_url("")) for record in found.records],
    }
    return _file(_json(content), "application/json", "ricerca.json", found.total)


@blueprint.get("/esportazioni")
@public
def columns() -> str:
    return render_template("exports/columns.html", columns=tabular.COLUMNS, limit=LIMIT)
