"""Documents: their list, their page, the text page by page, their files."""

from contextlib import suppress
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import RecordNotFound
from corpus.records import CardView, DocumentView, VersionView
from corpus.vocabulary import FileFormat, Kind
from indexer.accessibility import level
from indexer.derived import Failure, FileFacts
from indexer.engine import EngineUnavailable, Facet, PageText, Query, Run, Sort
from portal import labels, search_url
from portal.addresses import file_url, reading_url, record_url
from portal.auth.access import public
from portal.downloads import deliver
from portal.limits import count_search
from portal.paging import last_page, paging
from portal.services import services
from portal.takeaway.citation import describe, links_of_file, signposted
from portal.takeaway.signposting import header

blueprint = Blueprint("documents", __name__, url_prefix="/documenti")

KINDS = (Kind.RESEARCH, Kind.GUIDE, Kind.TRAINING, Kind.ARTICLE, Kind.OTHER)
HIGHLIGHTS = 4
RELATED = 4
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class Reading:
    """What is known of the text of a version: read, failed with its reason, or not yet."""

    facts: FileFacts | None
    failure: Failure | None

    @property
    def unit(self) -> str:
        return self.facts.unit if self.facts else "pagina"


@dataclass(frozen=True)
class Turn:
    """Where one can go from a page of text; None where there is nothing."""

    previous: str | None
    next: str | None
    previous_hit: str | None
    next_hit: str | None
    hits: int | None = None  # pages with the words that are looked for; None when nobody asks


def find(public_id: str) -> DocumentView:
    """The published document. Raises ``RecordNotFound`` also for a record of another type."""
    record = services().reader.record(public_id)
    if not isinstance(record, DocumentView):
        raise RecordNotFound(public_id)
    return record


def version_of(document: DocumentView, number: int | None) -> VersionView:
    """The version with this number, the latest for None; ``RecordNotFound`` without one."""
    for version in reversed(document.versions):
        if number is None or version.number == number:
            return version
    raise RecordNotFound(document.public_id)


def reading_of(version: VersionView | None) -> Reading:
    if version is None:
        return Reading(None, None)
    derived = services().derived
    facts = derived.facts(version.sha256)
    return Reading(facts, None if facts else derived.failure(version.sha256))


@blueprint.get("")
@public
def index() -> str:
    count_search()
    page = search_url.strict_number(request.args.get("pagina", "1"), 1, LAST_PAGE)
    if page is None:
        abort(404)
    query = Query(
        filters={Facet.KIND: tuple(kind.value for kind in KINDS)},
        sort=Sort.NEWEST,
        page=page,
        size=services().settings.page_size,
    )
    found = services().engine.search(query)
    last = last_page(found.total, query.size)
    if page > last:
        abort(404)
    return render_template(
        "documents/index.html",
        highlights=services().reader.latest(HIGHLIGHTS),
        records=services().reader.public_cards(hit.id for hit in found.hits),
        total=found.total,
        page=page,
        paging=paging(
            page, last, lambda number: f"/documenti?pagina={number}" if number > 1 else "/documenti"
        ),
        categories=[(kind, found.counts.get(Facet.KIND, {}).get(kind.value, 0)) for kind in KINDS],
        kinds=labels.KINDS,
    )


@blueprint.get("/<public_id>", defaults={"title": ""})
@blueprint.get("/<public_id>/<title>")
@public
def page(public_id: str, title: str) -> BaseResponse:
    record = services().reader.record(public_id)
    if request.path != record_url(record) or not isinstance(record, DocumentView):
        return redirect(record_url(record), 301)
    return _sheet(record, record.current)


@blueprint.get("/<public_id>/v/<int:number>")
@public
def version(public_id: str, number: int) -> Response:
    document = find(public_id)
    return _sheet(document, version_of(document, number), number)


def _sheet(
    document: DocumentView, shown: VersionView | None, number: int | None = None
) -> Response:
    """The page of a document; ``number`` is that of the version which the address names."""
    reader = services().reader
    latest = shown is None or shown == document.current
    described = describe(document, number)
    cities, areas = reader.cities(), reader.areas()
    page = render_template(
        "documents/page.html",
        document=document,
        described=described,
        version=shown,
        latest=latest,
        fixed=None if latest or shown is None else shown.number,
        reading=reading_of(shown),
        kinds=labels.KIND,
        formats=labels.FORMATS,
        languages=labels.LANGUAGES,
        licence=labels.LICENCES.get(document.licence or ""),
        accessibility=labels.accessibility,
        level=level,
        levels=labels.LEVELS,
        extent_name=labels.EXTENTS.get,
        cities=[city for city in cities if city.slug in document.cities],
        areas=[area for area in areas if area.slug in document.areas],
        solutions=[s for s in reader.solutions() if document.public_id in s.documents],
        related=_related(document),
        canonical=record_url(document),
    )
    return signposted(page, described)


def _related(document: DocumentView) -> tuple[CardView, ...]:
    try:
        similar = services().engine.similar(document.public_id, RELATED)
        return services().reader.public_cards(similar)
    except EngineUnavailable:
        return ()


@blueprint.get("/<public_id>/file", defaults={"number": None})
@blueprint.get("/<public_id>/v/<int:number>/file", endpoint="file_of_version")
@public
def file(public_id: str, number: int | None) -> Response:
    document = find(public_id)
    chosen = version_of(document, number)
    response = deliver(chosen, chosen.published_at or chosen.created_at)
    response.headers["Link"] = header(links_of_file(document, number))
    return response


@blueprint.get("/<public_id>/leggi", defaults={"number": None})
@blueprint.get("/<public_id>/v/<int:number>/leggi", endpoint="read_version")
@public
def read(public_id: str, number: int | None) -> Response:
    document = find(public_id)
    chosen = version_of(document, number)
    reading = reading_of(chosen)
    question = search_url.printable(request.args.get("q", ""))
    wanted = search_url.strict_number(request.args.get("pagina", "1") or "1", 1, LAST_PAGE)
    text = services().derived.page(chosen.sha256, wanted) if wanted and reading.facts else None
    missing = reading.facts is not None and text is None
    fixed = None if chosen == document.current else chosen.number
    html = render_template(
        "documents/read.html",
        document=document,
        version=chosen,
        fixed=fixed,
        reading=reading,
        question=question,
        page=text,
        wanted=wanted,
        runs=_highlight(question, text),
        place=labels.place(reading.unit, text.number, text.label) if text else "",
        turn=_turn(document, fixed, reading, text, question) if text else None,
        extent=labels.EXTENTS.get(reading.unit, labels.EXTENTS["pagina"]),
        original=_original(chosen, file_url(public_id, fixed), text),
        canonical=record_url(document),
        noindex=True,
    )
    response = Response(html, 404 if missing else 200)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _highlight(question: str, page: PageText | None) -> tuple[Run, ...]:
    if page is None:
        return ()
    if question:
        try:
            return services().engine.highlight(question, page.text)
        except EngineUnavailable:
            pass  # the text is worth reading without marks
    return (Run(page.text),)


def _turn(
    document: DocumentView, fixed: int | None, reading: Reading, page: PageText, question: str
) -> Turn:
    """Pages around this one, and pages around it that match: only the latest file is indexed."""
    last = reading.facts.page_count if reading.facts else page.number
    hits: tuple[int, ...] | None = None
    if question and fixed is None:
        with suppress(EngineUnavailable):  # the text is worth reading without the way to the hits
            hits = services().engine.matching_pages(document.public_id, question)

    def address(number: int | None) -> str | None:
        return (number and reading_url(document.public_id, number, question, fixed)) or None

    return Turn(
        previous=address(page.number - 1 if page.number > 1 else None),
        next=address(page.number + 1 if page.number < last else None),
        previous_hit=address(max((hit for hit in hits or () if hit < page.number), default=None)),
        next_hit=address(min((hit for hit in hits or () if hit > page.number), default=None)),
        hits=None if hits is None else len(hits),
    )


def _original(version: VersionView, address: str, page: PageText | None) -> str:
    """The file, opened at the page where the browser can."""
    if page is not None and version.format is FileFormat.PDF:
        return f"{address}#page={page.number}"
    return address
