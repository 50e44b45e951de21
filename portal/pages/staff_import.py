"""Importing many documents with a list and a ZIP: a trial first, then all in one step."""

import os
from dataclasses import replace
from functools import partial

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from corpus.errors import ImportNotFound
from indexer.desk_import import MOST_ROWS
from indexer.jobs import LIST, PARCEL, Job, Line, Stage
from indexer.manifest import UnusableManifest, delimiter, read_lines
from indexer.outcomes import Outcome
from indexer.parcel import LARGEST_ZIP, MOST_ENTRIES
from portal.auth.access import Permission, requires
from portal.desk import processing, staff, uploads
from portal.desk.uploads import ArrivingFile, accepts_files, received
from portal.forms import Confirm, SendImport
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.services import services
from portal.takeaway.tabular import csv_rows

blueprint = Blueprint("staff_import", __name__, url_prefix="/redazione/importa")

LARGEST_LIST = 20 * uploads.MEGABYTE
MOST_WAITING = 5
STAGES = {
    Stage.WAITING: _l("prova in corso"),
    Stage.TRIED: _l("provata, da confermare"),
    Stage.CONFIRMED: _l("in corso"),
    Stage.DONE: _l("fatta"),
    Stage.REFUSED: _l("rifiutata"),
}
NOTES = ("esito", "errore")  # the columns that come back with the list
EXAMPLE = {  # column -> what two rows say there
    "file": ("relazione.pdf", "cartella/guida.docx"),
    "titolo": ("Relazione sul SUAP metropolitano", "Guida all'Ufficio Europa"),
    "sintesi": ("Che cosa è cambiato in un anno.", ""),
    "tipo": ("analisi", "guida"),
    "citta": ("Bologna", "Milano; Messina"),
    "area": ("semplificazione", "gestione associata"),
    "anno": ("2021", "2022"),
    "data": ("15/03/2021", ""),
    "lingua": ("it", "it"),
    "licenza": ("CC-BY-4.0", ""),
    "autori": ("Maria Rossi; Luca Bianchi", ""),
    "argomenti": ("SUAP; moduli unici", ""),
    "editore": ("Città metropolitana di Bologna", ""),
}


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    return _page(SendImport())


@blueprint.post("")
@requires(Permission.EDIT)
@accepts_files(LARGEST_ZIP)
def receive() -> BaseResponse:
    """Keep what was sent; the worker tries it."""
    form = SendImport()
    files = {file.field: file for file in received() if file.name}
    parcel, listed = files.get("parcel"), files.get("listed")
    if problem := _too_many() or _problem(parcel, LARGEST_ZIP):
        form.parcel.errors = [problem]
    if listed is not None and (problem := _problem(listed, LARGEST_LIST)):
        form.listed.errors = [problem]
    if form.parcel.errors or form.listed.errors or parcel is None:
        return make_response(_page(form), 422)
    person, jobs = staff.person(), services().imports.jobs
    job = jobs.create(person.account, person.email, person.cities, parcel.name[:200])
    _keep(parcel, jobs.place(job.id) / PARCEL)
    if listed is not None:
        _keep(listed, jobs.place(job.id) / LIST)
    jobs.put(job)
    return redirect(url_for("staff_import.show", job=job.id), 303)


@blueprint.get("/esempio.csv")
@requires(Permission.EDIT)
def example() -> Response:
    """A list to start from: the columns, and two rows that show how values are written."""
    return _csv(csv_rows(EXAMPLE, zip(*EXAMPLE.values(), strict=True), ";"), "elenco-esempio.csv")


@blueprint.get("/<job>")
@requires(Permission.EDIT)
def show(job: str) -> str:
    found = _own(job)
    lines = services().imports.jobs.lines(job)
    added = [line for line in lines if line.outcome is Outcome.ADDED]
    return render_template(
        "staff/import_job.html",
        job=found,
        lines=lines,
        good=len(added),
        others=len(lines) - len(added),
        remarked=sum(bool(line.warnings) for line in added),
        fate=partial(_fate, found),
        addresses={
            line.public_id: processing.document_address(line.public_id)
            for line in lines
            if line.public_id
        },
        form=Confirm(),
    )


@blueprint.post("/<job>/conferma")
@requires(Permission.EDIT)
def confirm(job: str) -> Response | BaseResponse:
    """Let the worker add what the trial found good."""
    found = _own(job)
    if found.stage is Stage.TRIED:
        services().imports.jobs.put(replace(found, stage=Stage.CONFIRMED, problem=""))
    return redirect(url_for("staff_import.show", job=job), 303)


@blueprint.post("/<job>/annulla")
@requires(Permission.EDIT)
def cancel(job: str) -> BaseResponse:
    """Let go of what was sent; the documents that an import has added stay."""
    found = _own(job)
    if found.stage is not Stage.CONFIRMED:
        services().imports.jobs.remove(found.id)
    return staff.done("importazione-annullata", "staff_import.index")


@blueprint.get("/<job>/esito.csv")
@requires(Permission.EDIT)
def outcome(job: str) -> Response:
    """The list that was sent, with what became of each row."""
    found = _own(job)
    content = _annotated(found, services().imports.jobs.lines(job))
    return _csv(content, f"esito-{found.id}.csv")


def _csv(content: str, name: str) -> Response:
    response = make_response("\ufeff" + content)  # so that Excel reads it as UTF-8
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _fate(job: Job, line: Line) -> str:
    """What became of a row, or would: before the import nothing has been added."""
    if line.outcome is Outcome.ADDED and job.stage is not Stage.DONE:
        return _("da aggiungere")
    return line.outcome.value


def _page(form: SendImport) -> str:
    person = staff.person()
    jobs = [job for job in services().imports.jobs.all() if job.account == person.account]
    return render_template(
        "staff/import.html",
        form=form,
        jobs=jobs,
        megabytes=LARGEST_ZIP // uploads.MEGABYTE,
        most=MOST_ROWS,
        entries=MOST_ENTRIES,
        each=uploads.LARGEST // uploads.MEGABYTE,
        stages=STAGES,
    )


def _too_many() -> str:
    """Imports that wait for their sender keep their files: only some at a time."""
    own = staff.person().account
    kept = [job for job in services().imports.jobs.all() if job.account == own]
    if sum(job.stage not in (Stage.DONE, Stage.REFUSED) for job in kept) < MOST_WAITING:
        return ""
    return _(
        "Hai già %(most)s importazioni in sospeso: conferma o annulla quelle, poi riprova.",
        most=MOST_WAITING,
    )


def _problem(file: ArrivingFile | None, most: int) -> str:
    """Why the file cannot be used, in words."""
    if file is None or not file.size:
        return _("Scegli un file che non sia vuoto.")
    if file.size > most or file.problem is not None:
        return _("Il file supera i %(most)s MB ammessi.", most=most // uploads.MEGABYTE)
    return ""


def _keep(file: ArrivingFile, place: os.PathLike[str]) -> None:
    """Give what arrived its place; on return it is on disk."""
    if file.arrival is not None:
        file.arrival.finish()
        file.arrival.path.replace(place)


def _own(job: str) -> Job:
    """An import of the person of this request; others are as if they were not there."""
    try:
        found = services().imports.jobs.get(job)
    except LookupError:
        raise ImportNotFound(job) from None
    if found.account != staff.person().account:
        raise ImportNotFound(job)
    return found


def _annotated(job: Job, lines: tuple[Line, ...]) -> str:
    listed = services().imports.jobs.place(job.id) / LIST
    if not listed.exists():
        rows = ((line.file, line.title, *_notes(job, line)) for line in lines)
        return csv_rows(("file", "titolo", *NOTES), rows)
    by_line = {line.line: line for line in lines}
    try:
        kept = iter(read_lines(listed))
        headings = next(kept, (1, []))[1]
        again = [at for at, name in enumerate(headings) if name.strip().lower() not in NOTES]
        body = []
        for number, cells in kept:
            known = by_line.get(number)
            row = [cells[at] if at < len(cells) else "" for at in again]
            if known is not None or any(row):
                body.append((*row, *(_notes(job, known) if known else ("", ""))))
        return csv_rows((*(headings[at] for at in again), *NOTES), body, delimiter(listed))
    except UnusableManifest as refused:
        return csv_rows(NOTES, [("", str(refused))])


def _notes(job: Job, line: Line) -> tuple[str, str]:
    """Outcome and error of a row; what was added has no error, only remarks."""
    return _fate(job, line), " ".join(filter(None, (line.reason, *line.warnings)))
