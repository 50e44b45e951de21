"""Where an uploaded file stands between its arrival and its text: words for the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import url_for

from corpus.catalogue import Catalogue
from corpus.errors import RecordNotFound
from corpus.records import UploadView
from corpus.vocabulary import Fate, State
from indexer.accessibility import Level, level
from indexer.derived import FileFacts
from indexer.extract.reasons import shortened
from indexer.intake import Sender
from indexer.jobs import Jobs
from portal.desk import staff
from portal.desk.rules import Step
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.services import services

KEPT, IMPORTS_KEPT = timedelta(days=90), timedelta(days=14)
WAITING, RUNNING, DONE, FAILED = "in-attesa", "in-lettura", "letto", "non-letto"
LABELS = {
    WAITING: _l("In attesa di lettura"),
    RUNNING: _l("In lettura"),
    DONE: _l("Letto"),
    FAILED: _l("Non letto"),
    Fate.TWIN.value: _l("Già nel portale"),
    Fate.DROPPED.value: _l("Annullato"),
    Fate.REFUSED.value: _l("Rifiutato"),
}


@dataclass(frozen=True)
class Row:
    """One uploaded file as the desk shows it; ``url``: where one goes on with it."""

    upload: UploadView
    state: str
    label: str
    reason: str = ""
    notices: tuple[str, ...] = ()
    url: str | None = None
    retry: bool = False
    alike: str | None = None  # address of the comparison with texts that are nearly the same
    level: Level | None = None
    report: str | None = None  # address of the report on accessibility, where something lacks
    unfinished: bool = False  # its state will change by itself


def sees(public_id: str) -> bool:
    """Whether the person of this request may know of the document at all."""
    try:
        dossier, _rules = staff.opened(public_id)
    except RecordNotFound:
        return False
    return dossier.record.state is not State.TRASHED


def forget_old(catalogue: Catalogue) -> None:
    """Drop the notes of uploads from before ``KEPT``; the documents stay."""
    catalogue.forget_uploads(datetime.now(UTC) - KEPT)


def forget_imports(jobs: Jobs) -> None:
    """Drop old imports with what was sent; the documents that they added stay."""
    jobs.sweep(datetime.now(UTC) - IMPORTS_KEPT)


def sender(batch: str) -> Sender:
    person = staff.person()
    return Sender(person.account, person.email, batch, sees)


def row(upload: UploadView, under_way: frozenset[str] = frozenset()) -> Row:
    """How the file stands now."""
    if upload.fate is Fate.TWIN:
        comparison = url_for("staff_twins.compare", upload=upload.id)
        reason = _("Un documento del portale ha già questo stesso file: guarda quale.")
        return Row(upload, Fate.TWIN.value, LABELS[Fate.TWIN.value], reason, url=comparison)
    if upload.fate is not Fate.TAKEN or upload.sha256 is None:
        return Row(upload, upload.fate.value, LABELS[upload.fate.value], upload.reason)
    derived = services().derived
    address = _next_address(upload.public_id)
    failure = derived.failure(upload.sha256)
    if failure is not None:
        return Row(upload, FAILED, LABELS[FAILED], failure.message, url=address, retry=True)
    facts = derived.facts(upload.sha256)
    if facts is None:
        state = RUNNING if upload.sha256 in under_way else WAITING
        return Row(upload, state, LABELS[state], url=address, unfinished=True)
    found = level(facts)
    ocr = services().ocr
    recognising = ocr.program is not None
    waiting = bool(facts.recognition.waiting(ocr.pages))
    public_id = upload.public_id or ""
    return Row(
        upload,
        DONE,
        LABELS[DONE],
        notices=(*facts.warnings, *_recognition(facts)),
        url=address,
        retry=bool(facts.recognition.failed) and recognising,
        unfinished=waiting and recognising,
        alike=_comparison(upload.sha256, public_id),
        level=found,
        report=(
            None
            if found is Level.GOOD
            else url_for("staff_accessibility.report", public_id=public_id)
        ),
    )


def _recognition(facts: FileFacts) -> Iterator[str]:
    """What became of the pages that are only pictures, where this portal recognises their text."""
    ocr, now = services().ocr, facts.recognition
    at_work = ocr.program is not None and bool(now.waiting(ocr.pages))
    if now.recognised and not at_work:
        yield _(
            "Testo riconosciuto automaticamente (OCR), pagine %(count)s su %(total)s: può contenere"
            " errori, rileggilo prima di pubblicare.",
            count=len(now.recognised),
            total=facts.page_count,
        )
    if now.wordless and not at_work:
        yield _(
            "Il riconoscimento del testo (OCR) non ha trovato parole, pagine: %(pages)s.",
            pages=shortened(now.wordless),
        )
    if now.failed:
        yield _(
            "Il riconoscimento del testo (OCR) non è riuscito, pagine: %(pages)s.",
            pages=shortened(now.failed),
        )
    if ocr.fault and now.waiting(ocr.pages):
        yield _(
            "Il riconoscimento del testo (OCR) è acceso ma non funziona: avvisa chi gestisce il"
            " portale."
        )
    if at_work:
        yield _(
            "Riconoscimento del testo (OCR) in corso: pagine guardate %(done)s su %(total)s.",
            done=now.done,
            total=min(len(now.pages), ocr.pages),
        )
    left = len({*now.pages[ocr.pages :]} & {*now.unseen})
    if ocr.program is not None and left:
        yield _(
            "Il riconoscimento si ferma a %(most)s pagine per documento: ne restano %(left)s senza"
            " testo.",
            most=ocr.pages,
            left=left,
        )


def _comparison(sha256: str, public_id: str) -> str | None:
    """Where the text is compared with those that are nearly the same, if the person sees any."""
    holders = services().reader.holders(services().derived.alike(sha256))
    others = {holder for holder in holders.values() if holder != public_id}
    if not any(sees(other) for other in others):
        return None
    return url_for("staff_twins.texts", public_id=public_id)


def document_address(public_id: str | None) -> str | None:
    """The desk's page of a document that the person of this request may see."""
    if public_id is None or not sees(public_id):
        return None
    return url_for("staff_record.page", public_id=public_id)


def _next_address(public_id: str | None) -> str | None:
    """Where one goes on with a file that was taken: to the form, while it is a draft."""
    if public_id is None:
        return None
    try:
        dossier, rules = staff.opened(public_id)
    except RecordNotFound:
        return None
    editing = Step.EDIT in rules.steps(dossier) and dossier.record.state is State.DRAFT
    endpoint = "staff_contents.edit" if editing else "staff_record.page"
    return url_for(endpoint, public_id=public_id)
