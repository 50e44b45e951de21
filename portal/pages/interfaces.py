"""How programs read the portal, told to people; and the whole collection as files."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.addresses import canonical_url
from portal.auth.access import public
from portal.downloads import send
from portal.oai.formats import FORMATS
from portal.services import services
from portal.takeaway import dump
from portal.takeaway.openness import open_to_all
from portal.takeaway.structured import Table, collection_data

blueprint = Blueprint("interfaces", __name__)


@blueprint.get("/interfacce")
@public
def page() -> str:
    current = services().dumps.current()
    return render_template(
        "interfaces/page.html",
        base=canonical_url(""),
        rate=services().settings.search_rate,
        formats=FORMATS.values(),
        dump=current,
        data=_data(current) if current else None,
        stale=current is not None and current.stale(datetime.now(UTC)),
        names=dump,
    )


def _data(current: dump.Dump) -> dict[str, object]:
    """The files in the words of schema.org."""
    tables = [
        Table(canonical_url(f"/dati/{file.name}"), dump.CONTENT_TYPES[file.name], file.size)
        for file in current.files
    ]
    page = canonical_url(url_for("interfaces.page"))
    return collection_data(services().settings, canonical_url(""), page, current.made_at, tables)


@blueprint.get("/dati")
@public
def dumps() -> BaseResponse:
    return redirect(url_for("interfaces.page") + "#archivio", 302)


@blueprint.get("/dati/<any('schede.jsonl', 'schede.csv', 'SHA256SUMS', 'descrizione.json'):name>")
@public
def dump_file(name: str) -> Response:
    """A file of the last night; 404 before the first one, 503 while something has to leave it."""
    kept = services().dumps
    current = kept.current()
    if current is None:
        abort(404, description="dump")
    if not kept.still_public(current):
        abort(503, description="dump")
    try:
        response = send(current.folder / name, dump.CONTENT_TYPES[name], current.made_at)
    except FileNotFoundError:  # replaced by the next ones since we looked
        abort(503, description="dump")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return open_to_all(response)
