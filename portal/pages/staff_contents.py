"""The desk's list of records in every state, and the forms to write them."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from corpus.contents import Draft, content_of_draft, draft_of
from corpus.desk_reader import ContentsFilter
from corpus.errors import EditConflict, InvalidRecord
from corpus.records import AuditView, Dossier
from corpus.vocabulary import Kind, State
from portal import labels
from portal.auth.access import Permission, requires
from portal.auth.rights import NotAllowed
from portal.desk import differences, proposing, record_forms, staff
from portal.desk.record_forms import RecordForm
from portal.desk.rules import Desk, Step
from portal.i18n import gettext as _
from portal.paging import last_page, paging
from portal.search_url import printable, strict_number
from portal.services import services

blueprint = Blueprint("staff_contents", __name__, url_prefix="/redazione/contenuti")

PAGE = 25
NEW = {  # the words of addresses for the types
    "documento": "document",
    "soluzione": "pilot_solution",
    "percorso": "course",
    "evento": "event",
}
ORDERS = {"modifica": "updated", "titolo": "title", "stato": "state"}


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for; unknown values ask for nothing."""

    words: str
    state: State | None
    kind: Kind | None
    city: str
    area: str
    mine: bool
    waiting: bool
    order: str

    def filter(self, account: int) -> ContentsFilter:
        return ContentsFilter(
            words=self.words,
            states=(self.state,) if self.state else (),
            kind=self.kind,
            city=self.city or None,
            area=self.area or None,
            owner=account if self.mine else None,
            waiting=self.waiting,
            order=ORDERS[self.order],
        )

    def address(self, **changes: str) -> str:
        """The address of this list with other values."""
        values = {
            "q": self.words,
            "stato": self.state or "",
            "tipo": self.kind or "",
            "citta": self.city,
            "area": self.area,
            "mie": "sì" if self.mine else "",
            "in-attesa": "sì" if self.waiting else "",
            "ordine": "" if self.order == "modifica" else self.order,
        } | changes
        query = urlencode({name: value for name, value in values.items() if value})
        return url_for("staff_contents.index") + (f"?{query}" if query else "")


def asked() -> Asked:
    values = request.args
    cities = {city.slug for city in services().reader.cities()}
    areas = {area.slug for area in services().reader.areas()}
    city, area = values.get("citta", ""), values.get("area", "")
    state, kind, order = values.get("stato"), values.get("tipo"), values.get("ordine", "")
    return Asked(
        words=printable(values.get("q", ""))[:200],
        state=State(state) if state in set(State) else None,
        kind=Kind(kind) if kind in set(Kind) else None,
        city=city if city in cities else "",
        area=area if area in areas else "",
        mine=values.get("mie") == "sì",
        waiting=values.get("in-attesa") == "sì",
        order=order if order in ORDERS else "modifica",
    )


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    wanted = asked()
    page = strict_number(request.args.get("pagina", "1"), 1, staff.MOST)
    if page is None:
        abort(404)
    rules = staff.desk()
    rows, total = services().reader.contents(
        wanted.filter(rules.person.account), rules.sight, PAGE, PAGE * (page - 1)
    )
    last = last_page(total, PAGE)
    if page > last:
        abort(404)
    return render_template(
        "staff/contents.html",
        asked=wanted,
        rows=rows,
        total=total,
        page=page,
        writable={
            row.public_id
            for row in rows
            if row.state not in (State.WITHDRAWN, State.TRASHED)
            and rules.may_write(row.state, row.cities, row.owner.id if row.owner else None)
        },
        paging=paging(
            page,
            last,
            lambda number: wanted.address(**({"pagina": str(number)} if number > 1 else {})),
        ),
        states=labels.STATES,
        kinds=labels.KIND,
        types=labels.TYPES,
        names=staff.place_names(),
        cities=services().reader.cities(),
        areas=services().reader.areas(),
        new=NEW,
    )


@blueprint.get("/nuovo/<type_>")
@requires(Permission.EDIT)
def new(type_: str) -> str:
    form = _empty(NEW.get(type_) or abort(404))
    record_forms.fill(form, record_forms.BLANKS[NEW[type_]])
    own = staff.person().cities
    if len(own) == 1:  # the only one that this person works for
        form.cities.data = own[0] if type_ == "soluzione" else list(own)
    if type_ == "soluzione":  # from an empty cell of the coverage
        for field, name in ((form.cities, "citta"), (form.areas, "area")):
            asked_for = request.args.get(name, "")
            if asked_for and asked_for in dict(field.choices):
                field.data = asked_for
    return _form_page(form, NEW[type_])


@blueprint.post("/nuovo/<type_>")
@requires(Permission.EDIT)
def create(type_: str) -> BaseResponse:
    kind = NEW.get(type_) or abort(404)
    form = _empty(kind)
    draft = record_forms.draft_of_form(form, kind)
    if draft is not None and _within_reach(form, staff.desk(), draft):
        me = staff.person()
        try:
            public_id = services().catalogue.add(draft, actor=me.email, owner=me.account)
        except InvalidRecord as refusal:
            record_forms.show_problems(form, refusal)
        else:
            return staff.done("creata", "staff_record.page", public_id=public_id)
    return make_response(_form_page(form, kind), 422)


@blueprint.get("/<public_id>/modifica")
@requires(Permission.EDIT)
def edit(public_id: str) -> str:
    dossier, _rules = _editable(public_id)
    form = _empty(dossier.record.type)
    record_forms.fill(form, dossier.record)
    form.seen.data = str(dossier.record.revision)
    proposals = proposing.propose(dossier.record, form, fill=True)
    return _form_page(form, dossier.record.type, dossier, proposals=proposals)


@blueprint.post("/<public_id>/modifica")
@requires(Permission.EDIT)
def save(public_id: str) -> BaseResponse:
    dossier, rules = _editable(public_id)
    type_ = dossier.record.type
    form = _empty(type_)
    record_forms.allow_kept(form, dossier.record)
    draft = record_forms.draft_of_form(form, type_)
    proposals = proposing.propose(dossier.record, form, fill=False)
    if draft is None or not _within_reach(form, rules, draft):
        return make_response(_form_page(form, type_, dossier, proposals=proposals), 422)
    seen = strict_number(form.seen.data or "", 1, staff.MOST)
    try:
        services().catalogue.revise(
            public_id, draft, actor=staff.person().email, seen=0 if seen is None else seen
        )
    except InvalidRecord as refusal:
        record_forms.show_problems(form, refusal)
        return make_response(_form_page(form, type_, dossier, proposals=proposals), 422)
    except EditConflict as conflict:
        return _met(dossier, draft, seen or 0, conflict.revision)
    return staff.done("salvata", "staff_record.page", public_id=public_id)


def _empty(type_: str) -> RecordForm:
    return record_forms.empty_form(type_, services().reader.cities(), services().reader.areas())


def _editable(public_id: str) -> tuple[Dossier, Desk]:
    dossier, rules = staff.opened(public_id)
    if Step.EDIT not in rules.steps(dossier):
        raise NotAllowed(staff.person().cities)
    return dossier, rules


def _within_reach(form: RecordForm, rules: Desk, draft: Draft) -> bool:
    """Whoever is limited to some cities names only those."""
    if rules.may_name(draft.cities):
        return True
    names = staff.place_names()
    form.cities.errors = [
        _(
            "Puoi scegliere soltanto: %(cities)s.",
            cities=", ".join(names.get(slug, slug) for slug in rules.person.cities),
        )
    ]
    return False


def _met(dossier: Dossier, draft: Draft, seen: int, revision: int) -> Response:
    """Two people wrote at once: the form again with both, and what the other one changed."""
    entries = services().reader.changes_since(dossier.record.public_id, seen)
    merged, meetings = differences.meet(content_of_draft(draft), entries)
    form = _empty(dossier.record.type)
    record_forms.fill(form, draft_of(dossier.record.type, merged))
    form.seen.data = str(revision)
    page = _form_page(form, dossier.record.type, dossier, meetings=meetings, entries=entries)
    return make_response(page, 409)


def _form_page(
    form: RecordForm,
    type_: str,
    dossier: Dossier | None = None,
    meetings: tuple[differences.Meeting, ...] = (),
    entries: tuple[AuditView, ...] = (),
    proposals: proposing.Proposals = proposing.NOTHING,
) -> str:
    """``proposals``: by field, what was read in the file, with its origin; staff decide."""
    if not form.sources.entries:
        record_forms.spare_sources(form)
    return render_template(
        "staff/record_form.html",
        form=form,
        type_=type_,
        dossier=dossier,
        types=labels.TYPES,
        meetings=meetings,
        entries=entries,
        shown=differences.Shown(staff.place_names()),
        fields=labels.FIELDS,
        proposals=proposals.words,
        filled=proposals.filled,
        reading=proposals.reading,
    )
