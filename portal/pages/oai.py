"""OAI-PMH 2.0 at ``/oai``: harvesters take every description away, and come back for changes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, render_template, request

from corpus.errors import RecordNotFound
from corpus.harvest_reader import Change, Selection
from portal.addresses import canonical_url
from portal.auth.access import public, reading_post
from portal.clock import instant
from portal.i18n import gettext as _
from portal.oai import sets, tokens
from portal.oai.errors import OaiError
from portal.oai.formats import FORMATS, Description, Format, description
from portal.oai.requests import TOKEN, OaiRequest, end_of, parse, start_of
from portal.services import services
from portal.settings import public_names
from portal.takeaway.openness import open_to_all

blueprint = Blueprint("oai", __name__)

PATH = "/oai"
BATCH = 100  # records of an answer, as OpenAIRE advises
NO_ADDRESS = "indirizzo-non-impostato@example.invalid"  # the schema requires one
# What may be told as the domain of identifiers: a name with a dot, not the number of a machine.
_DOMAIN = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+")
# A request that cannot be understood is not repeated in the answer, says the protocol.
_NOT_REPEATED = ("badVerb", "badArgument")


@blueprint.route(PATH, methods=["GET", "POST"])
@public
@reading_post
def answer() -> Response:
    """Always 200 with XML: the protocol has errors of its own."""
    given = dict(request.args.lists())
    for name, values in request.form.lists():
        given[name] = given.get(name, []) + values
    asked: Mapping[str, str] = {}
    try:
        wanted = parse(given)
        asked = {"verb": wanted.verb, **wanted.arguments}
        template, content = f"oai/{wanted.verb}.xml", ANSWERS[wanted.verb](wanted)
    except OaiError as error:
        template, content = "oai/error.xml", {"error": error}
        if error.code in _NOT_REPEATED:
            asked = {}
    xml = render_template(
        template,
        now=instant(datetime.now(UTC)),
        base=canonical_url(PATH),
        asked=asked,
        instant=instant,
        **content,
    )
    return open_to_all(Response(xml, content_type="text/xml; charset=utf-8"))


@dataclass(frozen=True)
class Header:
    """What stands above every record."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    deleted: bool


@dataclass(frozen=True)
class Described:
    """A header and, unless it was withdrawn, the description."""

    header: Header
    description: Description | None


def _identify(wanted: OaiRequest) -> dict[str, Any]:
    settings = services().settings
    earliest = services().reader.earliest_change() or datetime.now(UTC)
    return {
        "settings": settings,
        "email": settings.contact_email or NO_ADDRESS,
        "earliest": instant(earliest),
        "domain": _domain() if _DOMAIN.fullmatch(_domain()) else "",
    }


def _formats(wanted: OaiRequest) -> dict[str, Any]:
    identifier = wanted.arguments.get("identifier")
    if identifier is None:
        return {"formats": tuple(FORMATS.values())}
    change = _change(identifier)
    return {"formats": tuple(each for each in FORMATS.values() if _has(change, each))}


def _sets(wanted: OaiRequest) -> dict[str, Any]:
    if TOKEN in wanted.arguments:
        # This list comes whole: no token of it was ever given out.
        tokens.read(wanted.arguments[TOKEN], wanted.verb, services().key)
    return {"sets": _all_sets()}


def _record(wanted: OaiRequest) -> dict[str, Any]:
    change = _change(wanted.arguments["identifier"])
    format = _format(wanted.arguments["metadataPrefix"])
    if not _has(change, format):
        raise _cannot_disseminate()
    return {"record": _described(change, _names()), "format": format}


def _identifiers(wanted: OaiRequest) -> dict[str, Any]:
    page = _page(wanted)
    return {"headers": tuple(_header(change) for change in page.changes), "page": page}


def _records(wanted: OaiRequest) -> dict[str, Any]:
    page = _page(wanted)
    names = _names()
    records = tuple(_described(change, names) for change in page.changes)
    return {"records": records, "format": page.format, "page": page}


ANSWERS: Mapping[str, Callable[[OaiRequest], dict[str, Any]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _identifiers,
    "ListRecords": _records,
}


@dataclass(frozen=True)
class ListPage:
    """One answer of a list; ``token`` leads on, "" ends a list that had several answers."""

    changes: tuple[Change, ...]
    format: Format
    cursor: int
    total: int
    token: str | None


def _page(wanted: OaiRequest) -> ListPage:
    """The part of the list that was asked for; its size is no limit on what changes meanwhile."""
    key, reader = services().key, services().reader
    position = None
    arguments = wanted.arguments
    if TOKEN in arguments:
        position = tokens.read(arguments[TOKEN], wanted.verb, key)
        arguments = position.arguments
    format = _format(arguments["metadataPrefix"])
    selection = _selection(arguments, format)
    after = (position.at, position.public_id) if position else None
    found = reader.changes(selection, BATCH + 1, after)
    changes = found[:BATCH]
    if not changes and position is None:
        raise OaiError("noRecordsMatch", _("Nessuna scheda corrisponde alla richiesta."))
    cursor = position.cursor if position else 0
    token = "" if position else None
    if len(found) > BATCH:
        last = changes[-1]
        reached = cursor + len(changes)
        token = tokens.write(
            tokens.Position(wanted.verb, arguments, last.at, last.public_id, reached), key
        )
    total = reader.count_changes(selection) if token is not None else len(changes)
    return ListPage(changes, format, cursor, total, token)


def _selection(arguments: Mapping[str, str], format: Format) -> Selection:
    selection = Selection(
        start=start_of(arguments["from"]) if "from" in arguments else None,
        end=end_of(arguments["until"]) if "until" in arguments else None,
        type=format.type,
    )
    if "set" in arguments:
        selection = sets.narrowed(selection, arguments["set"], _all_sets())
    return selection


def _format(prefix: str) -> Format:
    if prefix not in FORMATS:
        raise _cannot_disseminate()
    return FORMATS[prefix]


def _has(change: Change, format: Format) -> bool:
    return format.type in (None, change.type)


def _change(identifier: str) -> Change:
    public_id = identifier.removeprefix(f"oai:{_domain()}:")
    try:
        if public_id == identifier:
            raise RecordNotFound(identifier)
        return services().reader.change(public_id)
    except RecordNotFound as error:
        raise OaiError(
            "idDoesNotExist", _("Non c'è una scheda con questo identificativo.")
        ) from error


def _header(change: Change) -> Header:
    return Header(
        identifier=f"oai:{_domain()}:{change.public_id}",
        datestamp=instant(change.at),
        sets=tuple(sets.specs_of(change)),
        deleted=change.record is None,
    )


def _described(change: Change, names: Mapping[str, str]) -> Described:
    record = change.record
    return Described(_header(change), None if record is None else description(record, names))


def _domain() -> str:
    """The first of the site's public names: it stays, by whatever name the site was called."""
    settings = services().settings
    return (*public_names(settings), *settings.hosts)[0]


def _all_sets() -> tuple[sets.Set, ...]:
    return sets.all_sets(services().reader.cities(), services().reader.areas())


def _names() -> dict[str, str]:
    reader = services().reader
    cities = {city.slug: city.name for city in reader.cities()}
    return cities | {area.slug: area.label for area in reader.areas()}


def _cannot_disseminate() -> OaiError:
    return OaiError(
        "cannotDisseminateFormat", _("Il formato richiesto non c'è, o non per questa scheda.")
    )
