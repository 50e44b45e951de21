"""The DCAT-AP_IT catalogue at ``/catalogo``, in three forms of RDF."""

from datetime import UTC, datetime

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.vocabulary import TABLES
from portal.addresses import canonical_url
from portal.auth.access import public
from portal.dcat import rdf
from portal.dcat.catalogue import (
    LICENCES,
    DataCatalogue,
    Publisher,
    collection,
    tables,
)
from portal.i18n import gettext as _
from portal.services import services
from portal.takeaway.openness import open_to_all

blueprint = Blueprint("catalogue", __name__)

# Ending of the address -> media type, name in rdflib; the first is for who names none.
FORMS = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "rdf": ("application/rdf+xml", "pretty-xml"),
}
_PAGE = "text/html"


@blueprint.get("/catalogo")
@public
def choose() -> BaseResponse:
    """The form that the reader prefers: browsers are led to the page, programs to the data."""
    endings = {media_type: ending for ending, (media_type, _name) in FORMS.items()}
    wanted = request.accept_mimetypes.best_match([*endings, _PAGE], "text/turtle")
    if wanted == _PAGE:
        response: BaseResponse = redirect(url_for("interfaces.page") + "#catalogo", 303)
    else:
        ending = endings[wanted]
        response = form(ending)
        response.headers["Content-Location"] = canonical_url(f"/catalogo.{ending}")
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/catalogo.<any(ttl, jsonld, rdf):ending>")
@public
def form(ending: str) -> Response:
    media_type, name = FORMS[ending]
    charset = "" if ending == "jsonld" else "; charset=utf-8"
    text = rdf.written(_catalogue(), name)
    return open_to_all(Response(text, content_type=media_type + charset))


def _catalogue() -> DataCatalogue:
    settings, reader = services().settings, services().reader
    dumps = services().dumps
    current = dumps.current()
    if current is not None and not dumps.still_public(current):
        current = None  # its files are not handed out until they are made anew
    changed = (reader.latest_change() or datetime.now(UTC)).date()
    first = reader.first_publication()
    began = first.date() if first else None
    site = canonical_url("")
    sets = (
        collection(site, settings.brand, current, began, changed),
        *tables(site, reader.open_tables(TABLES, LICENCES)),
    )
    return DataCatalogue(
        site=site,
        title=settings.brand,
        description=_("I dati aperti del portale %(brand)s.", brand=settings.brand),
        publisher=Publisher(
            settings.publisher, settings.ipa_code or settings.hosts[0], settings.contact_email
        ),
        issued=began,
        modified=max(each.modified for each in sets),
        sets=sets,
    )
