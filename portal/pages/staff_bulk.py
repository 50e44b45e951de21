"""One change to many records: choose, see what would change, apply, take back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse

from corpus.catalogue.bulk import MOST, BulkChange, BulkLine
from corpus.errors import EditConflict, InvalidRecord, RecordNotFound
from corpus.ids import is_public_id
from corpus.records import BulkEditView
from corpus.vocabulary import Kind
from indexer.engine import EngineUnavailable, Query
from portal import labels
from portal.auth import rights
from portal.auth.access import Permission, requires
from portal.desk import differences, staff
from portal.desk.record_forms import REFUSALS, ChecksField, ChoiceField, LinesField
from portal.desk.step_forms import Ask
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.search_url import printable, strict_number
from portal.services import services

blueprint = Blueprint("staff_bulk", __name__, url_prefix="/redazione/insieme")

KEEP = ""
WHY = {
    "gone": _l("è ritirata o nel cestino"),
    "cell": _l("è una soluzione pilota: città e area non si cambiano insieme ad altre"),
    "kind": _l("licenza e tipo si cambiano soltanto ai documenti"),
    "reach": _l("non è tra le tue città"),
}


class Change(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What to do to each of the chosen records."""

    add_areas = ChecksField(_l("Aree da aggiungere"))
    remove_areas = ChecksField(_l("Aree da togliere"))
    add_cities = ChecksField(_l("Città da aggiungere"))
    remove_cities = ChecksField(_l("Città da togliere"))
    add_topics = LinesField(_l("Argomenti da aggiungere"))
    remove_topics = LinesField(_l("Argomenti da togliere"))
    licence = ChoiceField(_l("Licenza"))
    kind = ChoiceField(_l("Tipo di documento"))

    @property
    def change(self) -> BulkChange:
        return BulkChange(
            add_cities=tuple(self.add_cities.data or ()),
            remove_cities=tuple(self.remove_cities.data or ()),
            add_areas=tuple(self.add_areas.data or ()),
            remove_areas=tuple(self.remove_areas.data or ()),
            add_topics=tuple(self.add_topics.data or ()),
            remove_topics=tuple(self.remove_topics.data or ()),
            licence=self.licence.data or None,
            kind=Kind(self.kind.data) if self.kind.data else None,
        )


@dataclass(frozen=True)
class Shown:
    """What would happen to one record, in words."""

    line: BulkLine
    differences: tuple[differences.Difference, ...]
    refused: str | None


@blueprint.get("")
@requires(Permission.REVIEW)
def index() -> str:
    return render_template("staff/bulk_list.html", edits=services().reader.bulk_edits())


@blueprint.get("/scegli")
@requires(Permission.REVIEW)
def choose() -> str | BaseResponse:
    chosen = _in_sight(_chosen(request.args.getlist("scheda")) or _found())
    if not chosen:
        words = printable(request.args.get("q", "")).strip()[:256]
        return render_template("staff/bulk_nothing.html", most=MOST, words=words)
    return _question(chosen, _form())


@blueprint.post("/prova")
@requires(Permission.REVIEW)
def attempt() -> str | BaseResponse:
    """Show what would change; nothing is written."""
    chosen = _in_sight(_chosen(request.form.getlist("scheda")))
    if not chosen:
        abort(400)
    form = _form()
    if form.validate():
        try:
            lines = services().catalogue.try_bulk(chosen, form.change)
        except InvalidRecord as refusal:
            _refuse(form, refusal)
        else:
            return _preview(form, lines)
    return make_response(_question(chosen, form), 422)


@blueprint.post("/applica")
@requires(Permission.REVIEW)
def apply() -> str | BaseResponse:
    """Apply exactly what was shown, or show it again when a record has moved on."""
    form = _form()
    revisions = {}
    for public_id in _chosen(request.form.getlist("scheda")):
        revision = strict_number(request.form.get(f"revisione-{public_id}", ""), 1, staff.MOST)
        if revision is None:
            abort(400)
        revisions[public_id] = revision
    if not revisions or not form.validate():
        abort(400)
    me = staff.person()
    try:
        lines = services().catalogue.try_bulk(tuple(revisions), form.change)
        if not all(map(_within_reach, lines)):
            raise rights.NotAllowed(me.cities)
        edit = services().catalogue.apply_bulk(
            revisions, form.change, actor=me.email, account=me.account
        )
    except InvalidRecord:
        abort(400)
    except EditConflict:
        fresh = services().catalogue.try_bulk(tuple(revisions), form.change)
        return make_response(_preview(form, fresh, moved=True), 409)
    if edit is None:
        return redirect(url_for("staff_bulk.index"), 303)
    count = len(services().reader.bulk_edit(edit).records)
    return staff.done("modificate", "staff_bulk.result", number=edit, quanti=count)


@blueprint.get("/<int:number>")
@requires(Permission.REVIEW)
def result(number: int) -> str:
    """What the edit did to the records that the person may know of; the others are counted."""
    edit, sight = _edit(number), staff.desk().sight
    shown = differences.Shown(staff.place_names())
    ids = tuple(each["public_id"] for each in edit.records)
    rows = {row.public_id: row for row in services().reader.desk_rows(ids, sight)}
    told = [each for each in edit.records if each["public_id"] in rows or not sight.cities]
    return render_template(
        "staff/bulk_result.html",
        edit=edit,
        rows=rows,
        changes=[
            (
                each["public_id"],
                shown.differences(
                    {name: [each["before"][name], each["after"][name]] for name in each["after"]}
                ),
            )
            for each in told
        ],
        others=len(ids) - len(told),
        form=Ask(),
        kept=_chosen(request.args.getlist("tenuta")),
    )


@blueprint.post("/<int:number>/annulla")
@requires(Permission.REVIEW)
def undo(number: int) -> BaseResponse:
    edit, person = _edit(number), staff.person()
    if not all(_may_undo(each) for each in edit.records):
        raise rights.NotAllowed(person.cities)
    try:
        undone, kept = services().catalogue.undo_bulk(number, actor=person.email)
    except LookupError:
        return redirect(url_for("staff_bulk.result", number=number), 303)
    return staff.done("annullate", "staff_bulk.result", number=number, quanti=undone, tenuta=kept)


def _edit(number: int) -> BulkEditView:
    try:
        return services().reader.bulk_edit(number)
    except LookupError:
        raise RecordNotFound(str(number)) from None


def _chosen(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if is_public_id(value)))[:MOST]


def _in_sight(public_ids: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these records that are there and that the person may know of."""
    rows = services().reader.desk_rows(public_ids, staff.desk().sight)
    return tuple(row.public_id for row in rows)


def _found() -> tuple[str, ...]:
    """The records that a full-text question finds, as readers would."""
    text = printable(request.args.get("q", ""))
    if not text:
        return ()
    try:
        found = services().engine.search(Query(text=text, size=MOST))
    except EngineUnavailable:
        return ()
    return tuple(hit.id for hit in found.hits)


def _form() -> Change:
    form = Change()
    cities = [(city.slug, city.capital) for city in services().reader.cities()]
    areas = [(area.slug, area.short_label) for area in services().reader.areas()]
    form.add_cities.choices = form.remove_cities.choices = cities
    form.add_areas.choices = form.remove_areas.choices = areas
    licences = [(key, each.name) for key, each in labels.LICENCES.items()]
    form.licence.choices = [(KEEP, _("lascia com'è")), *licences]
    kinds = [(str(kind), str(label)) for kind, label in labels.KIND.items()]
    form.kind.choices = [(KEEP, _("lascia com'è")), *kinds]
    form.licence.data = form.licence.data or KEEP
    form.kind.data = form.kind.data or KEEP
    return form


def _refuse(form: Change, refusal: InvalidRecord) -> None:
    for name, code in refusal.problems.items():
        place = f"add_{name}" if f"add_{name}" in form else name
        if name == "change":
            form.form_errors.append(_("Scegli che cosa cambiare: almeno una cosa."))
        elif place in form:
            form[place].errors = [str(REFUSALS.get(code, code))]


def _question(chosen: tuple[str, ...], form: Change) -> str:
    rows = services().reader.desk_rows(chosen)
    return render_template("staff/bulk_choose.html", rows=rows, form=form, most=MOST)


def _within_reach(line: BulkLine) -> bool:
    """True when the person decides about the record, as it is and as it would be."""
    before = services().reader.record(line.public_id, any_state=True).cities
    after = line.changes["cities"][1] if "cities" in line.changes else before
    return rights.may(staff.person(), Permission.REVIEW, before, after)


def _may_undo(each: Mapping[str, Any]) -> bool:
    """True when the person decides about the record, as it is and as it was before."""
    try:
        now = services().reader.record(each["public_id"], any_state=True).cities
    except RecordNotFound:
        return True  # gone for good: nothing will be done to it
    before = each["before"].get("cities", now)
    return rights.may(staff.person(), Permission.REVIEW, now, before)


def _preview(form: Change, lines: tuple[BulkLine, ...], moved: bool = False) -> str:
    shown = differences.Shown(staff.place_names())
    said = []
    for line in lines:
        why = WHY.get(line.refused or "") if _within_reach(line) else WHY["reach"]
        changes = {} if why else {name: list(pair) for name, pair in line.changes.items()}
        said.append(Shown(line, shown.differences(changes), str(why) if why else None))
    return render_template(
        "staff/bulk_preview.html",
        changing=[each for each in said if each.differences],
        same=[each for each in said if not each.differences and not each.refused],
        refused=[each for each in said if each.refused],
        form=form,
        sent=[
            (name, value)
            for name, values in request.form.lists()
            for value in values
            if name in Change()._fields and name != "csrf_token"
        ],
        moved=moved,
    )
