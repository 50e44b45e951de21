"""Sending files: as many as one likes, each with its own answer."""

import re
import secrets
from datetime import UTC, datetime, timedelta

from flask import (
    Blueprint,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import FileTooLarge
from corpus.records import RecordView, UploadView
from corpus.vocabulary import Fate
from indexer.intake import FULL, Sender
from portal import labels
from portal.auth.access import Permission, requires
from portal.auth.rights import NotAllowed
from portal.desk import processing, staff, uploads
from portal.desk.rules import Step
from portal.desk.uploads import ArrivingFile, accepts_files, received
from portal.forms import SendFiles
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("staff_upload", __name__, url_prefix="/redazione/carica")

DAY = timedelta(hours=24)
_BATCH = re.compile(r"[0-9a-f]{16}")


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    return _page(SendFiles(lotto=secrets.token_hex(8)))


@blueprint.post("")
@requires(Permission.EDIT)
@accepts_files()
def receive() -> BaseResponse:
    """Take each file by itself; scripts get the answers as JSON, forms the list of the batch."""
    form = SendFiles()
    files = received()
    if not files:
        form.files.errors = [_("Scegli almeno un file.")]
        return make_response(_page(form), 422)
    batch = form.lotto.data or ""
    sender = processing.sender(batch if _BATCH.fullmatch(batch) else secrets.token_hex(8))
    taken = [_take(file, place, sender) for place, file in enumerate(files)]
    if request.accept_mimetypes.best == "application/json":
        return jsonify([_answer(upload) for upload in taken])
    return redirect(url_for("staff_processing.index", lotto=sender.batch), 303)


@blueprint.get("/versione/<public_id>")
@requires(Permission.EDIT)
def version(public_id: str) -> str:
    return _version_page(SendFiles(), _versioned(public_id))


@blueprint.post("/versione/<public_id>")
@requires(Permission.EDIT)
@accepts_files()
def receive_version(public_id: str) -> BaseResponse:
    """Take one file as the next version; what is wrong with it stands beside the field."""
    record = _versioned(public_id)
    form = SendFiles()
    files = received()
    if len(files) != 1:
        form.files.errors = [_("Scegli un file, uno solo.")]
        return make_response(_version_page(form, record), 422)
    upload = _take(files[0], 0, processing.sender(secrets.token_hex(8)), public_id)
    if upload.fate is Fate.REFUSED:
        form.files.errors = [upload.reason]
        return make_response(_version_page(form, record), 422)
    if upload.fate is Fate.TWIN:
        return redirect(url_for("staff_twins.compare", upload=upload.id), 303)
    return staff.done("versione-aggiunta", "staff_record.page", public_id=public_id)


def _versioned(public_id: str) -> RecordView:
    """A document that the person may add versions to."""
    dossier, rules = staff.opened(public_id)
    if Step.ADD_VERSION not in rules.steps(dossier):
        raise NotAllowed(staff.person().cities)
    return dossier.record


def _version_page(form: SendFiles, record: RecordView) -> str:
    return render_template(
        "staff/version.html",
        form=form,
        record=record,
        formats=tuple(labels.FORMATS.values()),
        megabytes=uploads.LARGEST // uploads.MEGABYTE,
    )


def _page(form: SendFiles) -> str:
    settings = services().settings
    quota = settings.upload_quota * uploads.MEGABYTE
    return render_template(
        "staff/upload.html",
        form=form,
        formats=tuple(labels.FORMATS.values()),
        most=uploads.BATCH_FILES,
        largest=uploads.LARGEST,
        megabytes=uploads.LARGEST // uploads.MEGABYTE,
        together=uploads.BATCH_BYTES // uploads.MEGABYTE,
        left=max(0, quota - _sent_today()) // uploads.MEGABYTE,
        quota=settings.upload_quota,
    )


def _take(
    file: ArrivingFile, place: int, sender: Sender, version_of: str | None = None
) -> UploadView:
    intake = services().intake
    reason = _hindrance(file, place)
    if reason is not None or file.arrival is None:
        return intake.refuse(file.name, file.size, reason or _("Il file è vuoto."), sender)
    try:
        return intake.take(file.arrival, file.name, sender, version_of)
    finally:
        file.close()


def _hindrance(file: ArrivingFile, place: int) -> str | None:
    """Why the file is not even looked at, in words."""
    if place >= uploads.BATCH_FILES:
        return _("Si possono inviare al massimo %(most)s file per volta.", most=uploads.BATCH_FILES)
    if isinstance(file.problem, FileTooLarge):
        return _(
            "Il file supera i %(most)s MB ammessi: riduci le immagini o dividilo in più parti.",
            most=uploads.LARGEST // uploads.MEGABYTE,
        )
    if file.problem is not None:
        return FULL
    if _sent_today() + file.size > services().settings.upload_quota * uploads.MEGABYTE:
        return _(
            "Nelle ultime 24 ore hai già caricato quasi %(quota)s MB, il massimo per una persona: "
            "riprova domani, o chiedi a chi amministra il portale.",
            quota=services().settings.upload_quota,
        )
    return None


def _sent_today() -> int:
    return services().reader.uploaded_bytes(staff.person().account, datetime.now(UTC) - DAY)


def _answer(upload: UploadView) -> dict[str, str]:
    """What the script of the page shows beside the file."""
    row = processing.row(upload)
    return {
        "name": upload.filename,
        "fate": upload.fate.value,
        "label": str(row.label),
        "reason": str(row.reason),
        "url": row.url or "",
        "link": _("Confronta") if upload.fate is Fate.TWIN else _("Apri la bozza"),
    }
