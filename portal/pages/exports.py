"""Taking references and rows away: of one record, and of a whole search, without an account."""

import os
from collections.abc import Callable
from typing import IO, Any, cast

from flask import Blueprint, Response, abort, json, render_template, request
from werkzeug.wsgi import wrap_file

from corpus.errors import RecordNotFound
from corpus.records import RecordView
from portal.addresses import canonical_url
from portal.auth.access import public
from portal.services import services
from portal.takeaway import bibliography, signposting, tabular
from portal.takeaway.archive import MEGABYTE, archive, contents
from portal.takeaway.bibliography import Reference
from portal.takeaway.citation import (
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
from portal.takeaway.collecting import LIMIT, Found, asked_records, chosen_records
from portal.takeaway.openness import open_to_all

blueprint = Blueprint("exports", __name__)

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
    return open_to_all(response)


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
    return open_to_all(response)


# A file of a search, or of a selection: the first part of its address says which.
FOUND: dict[str, Callable[[], Found]] = {"ricerca": asked_records, "selezione": chosen_records}
KINDS = "any(ricerca, selezione)"


@blueprint.get(f"/<{KINDS}:kind>.<any(bib, ris, 'csl.json'):form>")
@public
def references(kind: str, form: str) -> Response:
    content_type, write = REFERENCES[form]
    found = FOUND[kind]()
    content = write([reference_of(record) for record in found.records])
    return _file(content, content_type, f"{kind}.{form}", found.total)


@blueprint.get(f"/<{KINDS}:kind>.csv")
@public
def csv(kind: str) -> Response:
    found = FOUND[kind]()
    # The mark at the start tells spreadsheet programs that the text is UTF-8.
    content = "\ufeff" + tabular.csv_text(found.records, canonical_url(""))
    return _file(content, "text/csv; charset=utf-8", f"{kind}.csv", found.total)


@blueprint.get(f"/<{KINDS}:kind>.json")
@public
def json_rows(kind: str) -> Response:
    found = FOUND[kind]()
    content = {
        kind: canonical_url(found.address()),
        "totale": found.total,
        "contenuti": len(found.records),
        "righe": [tabular.row(record, canonical_url("")) for record in found.records],
    }
    return _file(_json(content), "application/json", f"{kind}.json", found.total)


@blueprint.get(f"/<{KINDS}:kind>.zip")
@public
def zip_archive(kind: str) -> Response:
    """The files and a list of them. Answers 413 when they are more than the settings allow."""
    found = FOUND[kind]()
    inside = contents(found.records)
    if not inside.fit(services().settings.zip_limit):
        abort(413, description="archive")
    references = [reference_of(record) for record in found.records]
    stream = archive(
        inside,
        services().store,
        canonical_url(""),
        {"riferimenti.bib": bibliography.bibtex(references)},
    )
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    # The server reads the stream by itself, as a file: a slow reader holds none of its threads.
    response = Response(
        wrap_file(request.environ, cast(IO[bytes], stream)),
        content_type="application/zip",
        direct_passthrough=True,
    )
    response.headers["Content-Length"] = str(length)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.zip"'
    response.headers["X-Total-Count"] = str(found.total)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-cache"
    if request.method == "HEAD":
        response.close()
    return response


@blueprint.get("/esportazioni")
@public
def columns() -> str:
    return render_template(
        "exports/columns.html",
        columns=tabular.COLUMNS,
        limit=LIMIT,
        zip_limit=services().settings.zip_limit * MEGABYTE,
    )
