"""The public pages of a record that is not public yet, exactly as readers will see them."""

from dataclasses import replace

from flask import Response, abort, current_app, g, request, url_for
from markupsafe import Markup

from corpus.reader import PreviewReader
from corpus.records import RecordView
from corpus.vocabulary import State
from portal.addresses import SECTIONS, record_url
from portal.i18n import gettext as _
from portal.services import EXTENSION, services

MAIN = '<main id="main" tabindex="-1">'


def show(record: RecordView, rest: str, prefix: str, back: str | None = None) -> Response:
    """The answer of the record's own public page, or of an address below it (``rest``).

    The very views of the public site make it, with a reader that shows this one record; links to
    the record lead below ``prefix``, and the page says that it is a preview, with a way ``back``
    for staff. What would lead nowhere before publication, templates leave out (``g.previewed``).
    """
    place = f"{SECTIONS[record.type]}/{record.public_id}"
    path = f"{place}/{rest}" if rest else record_url(record)
    seeing = replace(services(), reader=PreviewReader(services().reader, record.public_id))
    with current_app.request_context(request.environ | {"PATH_INFO": path}):
        # What the public site would refuse to route, it refuses here.
        arguments = request.view_args or {}
        if request.endpoint is None or arguments.get("public_id") != record.public_id:
            abort(404)
        setattr(g, EXTENSION, seeing)
        g.previewed = True
        view = current_app.ensure_sync(current_app.view_functions[request.endpoint])
        response: Response = current_app.make_response(view(**arguments))
    _lead_here(response, place, prefix, _banner(record, back))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _lead_here(response: Response, place: str, prefix: str, banner: str) -> None:
    location = response.headers.get("Location")
    if location is not None:
        response.headers["Location"] = location.replace(place, prefix, 1)
    if response.mimetype == "text/html" and not response.direct_passthrough:
        html = response.get_data(as_text=True)
        for attribute in ("href", "action"):
            html = html.replace(f'{attribute}="{place}', f'{attribute}="{prefix}')
        response.set_data(html.replace(MAIN, MAIN + banner, 1))


def _banner(record: RecordView, back: str | None) -> str:
    words = _("Anteprima: questa pagina non è pubblica. Così la vedrà chi legge.")
    if record.state is State.PUBLISHED:
        words = _("Anteprima: così la pagina si vede con ciò che non è ancora pubblico.")
    link = Markup(' <a href="{}">{}</a>').format(back, _("Torna alla redazione")) if back else ""
    text = Markup('<div class="container pt-3"><p class="alert alert-warning">{}{}</p></div>')
    return str(text.format(words, link))


def staff_prefix(public_id: str) -> str:
    """Where staff see the public pages of a record."""
    return url_for("staff_preview.show", public_id=public_id)
