"""Files and texts that the portal already has: both sides shown, and what one may do about it."""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from corpus.errors import UploadNotFound
from corpus.records import DocumentView, NewFile, UploadView, VersionView
from corpus.vocabulary import Fate, State
from indexer.comparison import difference
from portal import labels
from portal.auth.access import Permission, requires
from portal.desk import processing, staff
from portal.desk.alike import Alike, alike, document, may_take
from portal.forms import Confirm
from portal.services import services

blueprint = Blueprint("staff_twins", __name__, url_prefix="/redazione/doppioni")


@blueprint.get("/file/<int:upload>")
@requires(Permission.EDIT)
def compare(upload: int) -> str:
    """The file that was sent, beside the document that has its very bytes."""
    found, record, holder = _twin(upload)
    return render_template(
        "staff/twin.html",
        upload=found,
        record=record,
        version=holder,
        is_current=holder is record.current,
        may_take=may_take(record),
        address=processing.document_address(record.public_id),
        kinds=labels.KIND,
        states=labels.STATES,
        form=Confirm(),
    )


@blueprint.post("/file/<int:upload>")
@requires(Permission.EDIT)
def decide(upload: int) -> Response:
    """Drop the file, make it the newest version again, or keep it as a document of its own."""
    found, record, holder = _twin(upload)
    file = NewFile(holder.sha256, holder.size, holder.format, found.filename)
    sender, catalogue = processing.sender(found.batch), services().catalogue
    match request.form.get("scelta"):
        case "annulla":
            catalogue.decide_upload(found.id, Fate.DROPPED)
            return staff.done("invio-annullato", "staff_processing.index", lotto=found.batch)
        case "versione" if holder is not record.current and may_take(record):
            catalogue.add_version(
                record.public_id,
                file,
                actor=sender.email,
                account=sender.account,
                twins_allowed=True,
            )
            catalogue.decide_upload(found.id, Fate.TAKEN)
            return staff.done("versione-aggiunta", "staff_processing.index", lotto=found.batch)
        case "a-parte":
            public_id = services().intake.draft(file, sender, beside=True)
            catalogue.decide_upload(found.id, Fate.TAKEN, public_id)
            return staff.done("bozza-a-parte", "staff_processing.index", lotto=found.batch)
        case _:
            abort(400)


@blueprint.get("/testo/<public_id>")
@requires(Permission.EDIT)
def texts(public_id: str) -> str:
    """A draft beside the documents whose text is nearly the same."""
    record = document(public_id)
    derived = services().derived
    others = []
    for each in alike(record):
        pages = (page.text for page in derived.pages(each.version.sha256))
        own = record.current
        mine = (page.text for page in derived.pages(own.sha256)) if own else ()
        others.append((each, difference(mine, pages), derived.facts(each.version.sha256)))
    return render_template(
        "staff/alike.html",
        record=record,
        version=record.current,
        facts=derived.facts(record.current.sha256) if record.current else None,
        others=others,
        addresses={
            each.record.public_id: processing.document_address(each.record.public_id)
            for each, _difference, _facts in others
        },
        mergeable=_mergeable(record),
        address=processing.document_address(public_id),
        kinds=labels.KIND,
        states=labels.STATES,
        form=Confirm(),
    )


@blueprint.post("/testo/<public_id>")
@requires(Permission.EDIT)
def merge(public_id: str) -> Response:
    """Make the draft's file a new version of another document; the draft goes."""
    record = document(public_id)
    chosen = next((each for each in alike(record) if _is_chosen(each)), None)
    if chosen is None or not may_take(record) or not _mergeable(record):
        abort(400)
    person = staff.person()
    services().catalogue.become_version(
        public_id, of=chosen.record.public_id, actor=person.email, account=person.account
    )
    return staff.done("versione-aggiunta", "staff_processing.index")


def _is_chosen(each: Alike) -> bool:
    return each.may_take and each.record.public_id == request.form.get("documento")


def _mergeable(record: DocumentView) -> bool:
    """A draft that readers never saw, with one file, may give that file away."""
    return record.state is State.DRAFT and record.published_at is None and len(record.versions) == 1


def _twin(number: int) -> tuple[UploadView, DocumentView, VersionView]:
    """An upload of this person that waits for a choice, and the document with its bytes."""
    found = services().reader.upload(number)
    if found.account != staff.person().account or found.fate is not Fate.TWIN:
        raise UploadNotFound(number)
    public_id = found.public_id or ""
    record = document(public_id)
    for version in record.versions:
        if version.sha256 == found.sha256:
            return found, record, version
    raise UploadNotFound(number)
