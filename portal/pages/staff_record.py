"""The desk's page of one record: what is known, what can be done, what was said."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.catalogue.steps import Seen
from corpus.errors import EditConflict, InvalidRecord, InvalidTransition, RecordNotFound, SamePerson
from corpus.records import DocumentView, Dossier
from corpus.vocabulary import State
from portal import labels
from portal.auth.access import Permission, requires
from portal.auth.rights import NotAllowed
from portal.desk import staff
from portal.desk.rules import Desk, Step
from portal.desk.step_forms import FORMS, Ask, AskComment, AskNote, show_refusal
from portal.i18n import lazy_gettext as _l
from portal.search_url import strict_number
from portal.services import services

blueprint = Blueprint("staff_record", __name__, url_prefix="/redazione/contenuti/<public_id>")

# Each step: what its button says and what happens, told before it happens.
WORDS: dict[Step, tuple[str, str]] = {
    Step.SUBMIT: (
        _l("Chiedi la revisione"),
        _l("Un'altra persona la rivede. Per cambiarla mentre è in revisione, riprendila in bozza."),
    ),
    Step.TAKE_BACK: (_l("Riprendi in bozza"), _l("La scheda torna una bozza che puoi modificare.")),
    Step.RETURN: (
        _l("Rimanda a chi l'ha scritta"),
        _l("La scheda torna una bozza; chi l'ha scritta legge che cosa va sistemato."),
    ),
    Step.PUBLISH: (_l("Pubblica adesso"), _l("I lettori la vedono e la trovano subito.")),
    Step.SCHEDULE: (
        _l("Pubblica in un altro momento"),
        _l("Diventa pubblica da sola nel giorno e nell'ora che scegli. Prima non si vede nulla."),
    ),
    Step.UNSCHEDULE: (
        _l("Annulla la pubblicazione programmata"),
        _l("Niente viene pubblicato da solo; si potrà decidere di nuovo."),
    ),
    Step.WITHDRAW: (
        _l("Ritira"),
        _l(
            "La scheda esce dal portale e dalla ricerca, per sempre. Al suo indirizzo si "
            "leggeranno il motivo e, se c'è, la scheda che la sostituisce."
        ),
    ),
    Step.TRASH: (
        _l("Metti nel cestino"),
        _l("Per trenta giorni si può ripristinare; poi viene eliminata con i suoi file."),
    ),
    Step.RESTORE: (_l("Ripristina"), _l("La scheda torna una bozza.")),
    Step.GIVE: (
        _l("Affida a un'altra persona"),
        _l("La persona che scegli diventa chi cura la scheda: la modifica e legge i commenti."),
    ),
}
GRAVE = (Step.WITHDRAW, Step.TRASH)


@dataclass(frozen=True)
class Action:
    """One thing that can be done now."""

    label: str
    url: str
    grave: bool


@blueprint.get("")
@requires(Permission.EDIT)
def page(public_id: str) -> str:
    dossier, rules = staff.opened(public_id)
    return _sheet(dossier, rules, AskComment())


def _sheet(dossier: Dossier, rules: Desk, form: AskComment) -> str:
    steps = rules.steps(dossier)
    public_id = dossier.record.public_id
    record = dossier.record
    versions = record.versions if isinstance(record, DocumentView) else ()
    return render_template(
        "staff/record.html",
        dossier=dossier,
        record=record,
        steps=steps,
        actions=[
            Action(
                label,
                url_for("staff_record.ask", public_id=public_id, step=step.value),
                step in GRAVE,
            )
            for step, (label, _what) in WORDS.items()
            if step in steps
        ],
        waits_for_other=rules.rule_holds
        and rules.same_person(dossier)
        and (record.state is State.IN_REVIEW or bool(dossier.waiting)),
        converses=rules.converses(dossier),
        reports=rules.reports(dossier),
        versions=versions,
        unread={
            version.number: failure.message
            for version in versions
            if (failure := services().derived.failure(version.sha256))
        },
        states=labels.STATES,
        types=labels.TYPES,
        kinds=labels.KIND,
        formats=labels.FORMATS,
        said=labels.STEPS,
        names=staff.place_names(),
        form=form,
        note=AskNote,
    )


@blueprint.get("/fai/<step>")
@requires(Permission.EDIT)
def ask(public_id: str, step: str) -> str | BaseResponse:
    wanted = _step(step)
    dossier, rules = staff.opened(public_id)
    if wanted not in rules.steps(dossier):
        return _refused(dossier, rules, wanted)
    form = _form(wanted, dossier)
    if "seen" in form:
        form.seen.data = _mark(dossier)
    return _question(dossier, rules, wanted, form)


@blueprint.post("/fai/<step>")
@requires(Permission.EDIT)
def do(public_id: str, step: str) -> BaseResponse:
    wanted = _step(step)
    dossier, rules = staff.opened(public_id)
    if wanted not in rules.steps(dossier):
        return _refused(dossier, rules, wanted)
    form = _form(wanted, dossier)
    if form.validate():
        try:
            DEEDS[wanted](dossier, rules, form)
        except InvalidRecord as refusal:
            if wanted is Step.RESTORE:
                return _refused(dossier, rules, wanted)
            show_refusal(form, refusal.problems)
        except EditConflict:
            dossier = services().reader.dossier(public_id)
            form.seen.data = _mark(dossier)
            form.seen.raw_data = None
            page = _question(dossier, rules, wanted, form, moved=True)
            return make_response(page, 409)
        except (InvalidTransition, SamePerson):
            return _refused(services().reader.dossier(public_id), rules, wanted)
        else:
            return staff.done(wanted.value, "staff_record.page", public_id=public_id)
    return make_response(_question(dossier, rules, wanted, form), 422)


def _form(step: Step, dossier: Dossier) -> Ask:
    form = FORMS[step]()
    if "owner" in form:
        people = [each for each in services().reader.accounts() if each.active]
        form.owner.choices = [(str(each.id), f"{each.name} ({each.email})") for each in people]
        if form.owner.data is None and dossier.owner:
            form.owner.data = str(dossier.owner.id)
    return form


def _step(value: str) -> Step:
    if value not in {step.value for step in FORMS}:
        abort(404)
    return Step(value)


def _mark(dossier: Dossier) -> str:
    """What the form carries along of what the reviewer has looked at."""
    record = dossier.record
    current = record.current if isinstance(record, DocumentView) else None
    return f"{record.revision}.{current.sha256 if current else ''}"


def _looked_at(form: Ask) -> Seen | None:
    """What the form says was looked at; None when it says nothing, as no form of ours does."""
    revision, _dot, file = (form.seen.data or "").partition(".")
    number = strict_number(revision, 1, staff.MOST)
    return None if number is None else Seen(number, file)


def _question(dossier: Dossier, rules: Desk, step: Step, form: Ask, *, moved: bool = False) -> str:
    label, what = WORDS[step]
    return render_template(
        "staff/step.html",
        dossier=dossier,
        step=step.value,
        label=label,
        what=what,
        form=form,
        grave=step in GRAVE,
        alone=step in (Step.PUBLISH, Step.SCHEDULE) and rules.two_persons and rules.alone,
        waiting=dossier.waiting,
        moved=moved,
    )


def _refused(dossier: Dossier, rules: Desk, step: Step) -> Response:
    """The step is not possible (any more): why, and the way back."""
    page = render_template(
        "staff/step_refused.html",
        dossier=dossier,
        label=WORDS[step][0],
        state=labels.STATES[dossier.record.state],
        same_person=step in (Step.PUBLISH, Step.SCHEDULE)
        and rules.rule_holds
        and rules.same_person(dossier),
        taken=step is Step.RESTORE and dossier.record.state is State.TRASHED,
    )
    return make_response(page, 409)


def _submit(dossier: Dossier, rules: Desk, form: Ask) -> None:
    me = rules.person
    services().catalogue.submit(
        dossier.record.public_id, actor=me.email, account=me.account, comment=form.comment.data
    )


def _back_to_draft(dossier: Dossier, rules: Desk, form: Ask) -> None:
    me = rules.person
    services().catalogue.return_to_draft(
        dossier.record.public_id,
        actor=me.email,
        account=me.account,
        comment=form.comment.data if "comment" in form else None,
    )


def _publish(dossier: Dossier, rules: Desk, form: Ask) -> None:
    me = rules.person
    services().catalogue.publish(
        dossier.record.public_id,
        actor=me.email,
        account=me.account,
        comment=form.comment.data,
        reviewer=me.account if rules.rule_holds else None,
        seen=_looked_at(form),
    )


def _schedule(dossier: Dossier, rules: Desk, form: Ask) -> None:
    services().catalogue.schedule(
        dossier.record.public_id,
        form.at,
        actor=rules.person.email,
        reviewer=rules.person.account if rules.rule_holds else None,
        seen=_looked_at(form),
    )


def _withdraw(dossier: Dossier, rules: Desk, form: Ask) -> None:
    services().catalogue.withdraw(
        dossier.record.public_id,
        actor=rules.person.email,
        reason=form.reason.data,
        successor_id=form.successor_id.data,
    )


def _give(dossier: Dossier, rules: Desk, form: Ask) -> None:
    services().catalogue.give(
        dossier.record.public_id, int(form.owner.data), actor=rules.person.email
    )


DEEDS: dict[Step, Callable[[Dossier, Desk, Ask], None]] = {
    Step.SUBMIT: _submit,
    Step.TAKE_BACK: _back_to_draft,
    Step.RETURN: _back_to_draft,
    Step.PUBLISH: _publish,
    Step.SCHEDULE: _schedule,
    Step.UNSCHEDULE: lambda dossier, rules, form: services().catalogue.unschedule(
        dossier.record.public_id, actor=rules.person.email
    ),
    Step.WITHDRAW: _withdraw,
    Step.TRASH: lambda dossier, rules, form: services().catalogue.trash(
        dossier.record.public_id, actor=rules.person.email
    ),
    Step.RESTORE: lambda dossier, rules, form: services().catalogue.restore(
        dossier.record.public_id, actor=rules.person.email
    ),
    Step.GIVE: _give,
}


@blueprint.post("/commenta")
@requires(Permission.EDIT)
def comment(public_id: str) -> BaseResponse:
    dossier, rules = staff.opened(public_id)
    if not (rules.converses(dossier) or rules.reports(dossier)):
        raise NotAllowed(rules.person.cities)
    form = AskComment()
    me = rules.person
    if form.validate():
        try:
            services().catalogue.comment(
                public_id, form.comment.data or "", actor=me.email, account=me.account
            )
        except InvalidRecord as refusal:
            show_refusal(form, refusal.problems)
        else:
            return staff.done("commento", "staff_record.page", public_id=public_id)
    return make_response(_sheet(dossier, rules, form), 422)


@blueprint.post("/versioni/<int:number>/nota")
@requires(Permission.EDIT)
def note(public_id: str, number: int) -> BaseResponse:
    _check_version(public_id, number)
    form = AskNote()
    if not form.validate():
        abort(400)
    services().catalogue.note_version(
        public_id, number, form.note.data or "", actor=staff.person().email
    )
    return staff.done("nota", "staff_record.page", public_id=public_id)


@blueprint.get("/versioni/<int:number>/scarta")
@requires(Permission.EDIT)
def ask_discard(public_id: str, number: int) -> str:
    dossier = _check_version(public_id, number)
    return render_template("staff/discard.html", dossier=dossier, number=number, form=Ask())


@blueprint.post("/versioni/<int:number>/scarta")
@requires(Permission.EDIT)
def discard(public_id: str, number: int) -> BaseResponse:
    _check_version(public_id, number)
    try:
        services().catalogue.discard_version(public_id, number, actor=staff.person().email)
    except InvalidTransition:
        abort(404)
    return staff.done("scartata", "staff_record.page", public_id=public_id)


def _check_version(public_id: str, number: int) -> Dossier:
    """The dossier, if the person may work on this version of it."""
    dossier, rules = staff.opened(public_id)
    if Step.EDIT not in rules.steps(dossier):
        raise NotAllowed(rules.person.cities)
    record = dossier.record
    if not isinstance(record, DocumentView) or all(v.number != number for v in record.versions):
        raise RecordNotFound(public_id)
    return dossier
