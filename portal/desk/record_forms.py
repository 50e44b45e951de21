"""The forms in which staff write the records of the four types."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextArea

from corpus.contents import Draft
from corpus.errors import InvalidRecord
from corpus.records import (
    AreaView,
    CityView,
    CourseDraft,
    DocumentDraft,
    EventDraft,
    RecordView,
    SolutionDraft,
    Source,
)
from corpus.vocabulary import Evidence, Kind, Scope, SourceKind
from portal import labels
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.search_url import strict_number

SPARE_SOURCES = 2  # empty rows under the sources that are there
LONGEST_TEXT = 20_000
NOT_STATED = ""
_DAY = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*")
_ISO_DAY = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})\s*")
_REFERENCE = re.compile(r"(?:.*/)?(?:documenti|soluzioni|formazione|eventi)/([^/?#\s]+).*|(\S+)")

REFUSALS: Mapping[str, str] = {
    "required": _l("Questo campo serve: compilalo."),
    "unknown": _l("Qui c'è qualcosa che il portale non conosce: sceglilo di nuovo."),
    "too-long": _l("È troppo lungo: accorcialo."),
    "too-many": _l("Sono troppi: al massimo 200."),
    "format": _l("Non è scritto nel modo giusto: guarda l'esempio."),
    "range": _l("È fuori dai valori possibili: controllalo."),
    "order": _l("L'ultimo giorno viene prima del primo: scambiali."),
    "taken": _l("Per questa città e quest'area c'è già un'altra scheda: modifica quella."),
    "fixed": _l("Questo valore non si può cambiare."),
    "one-only": _l("Scegline una e una sola."),
}


class ParsedField(StringField):
    """One line that becomes a value; what cannot be read stays in the box with its error."""

    def __init__(
        self,
        label: str,
        parse: Callable[[str], Any],
        write: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self._parse, self._write = parse, write

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._write(self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = self._parse(text) if text else None


class LinesField(ParsedField):
    """Several values, one on each line."""

    widget = TextArea()

    def __init__(self, label: str, parse: Callable[[str], str] = str.strip, **options: Any) -> None:
        def lines(text: str) -> tuple[str, ...]:
            return tuple(filter(None, (parse(line) for line in text.splitlines())))

        super().__init__(label, lines, "\n".join, **options)


def day(text: str) -> date:
    """The day written as 20/09/2023 or 2023-09-20; ``ValueError`` says how to write it."""
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError(_("Questo giorno non c'è nel calendario.")) from None
    raise ValueError(_("Scrivi il giorno come 20/09/2023."))


def year(text: str) -> int:
    number = strict_number(text, 1861, 2100)
    if number is None:
        raise ValueError(_("Scrivi l'anno con quattro cifre, dal 1861 al 2100: per esempio 2023."))
    return number


def hours(text: str) -> int:
    number = strict_number(text, 1, 10_000)
    if number is None:
        raise ValueError(_("Scrivi le ore con un numero intero: per esempio 12."))
    return number


def italian_day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def reference(text: str) -> str:
    """The public id in the address of a document's page, or as it is."""
    found = _REFERENCE.fullmatch(text.strip())
    return (found[1] or found[2]) if found else text.strip()


class ChecksField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(REFUSALS["unknown"]) from None


class ChoiceField(SelectField):
    """One value out of a list, with our words when it is none of them."""

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(_("Scegli una delle voci.")) from None


def _choices(names: Mapping[Any, Any]) -> list[tuple[str, str]]:
    return [(str(value), str(label)) for value, label in names.items()]


class SourceForm(Form):
    """Where a statement comes from; a row without address and label is no source."""

    url = StringField(_l("Indirizzo della pagina"))
    words = StringField(_l("Come si chiama"))
    kind = ChoiceField(_l("Chi la pubblica"), choices=lambda: _choices(labels.SOURCE_KINDS))


def _field(kind: Callable[..., Any], name: str, *arguments: Any, **options: Any) -> Any:
    return kind(labels.FIELDS[name], *arguments, **options)


class RecordForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """What the four types share."""

    seen = HiddenField()  # the revision that the writer started from
    title = _field(StringField, "title", [DataRequired(REFUSALS["required"])])
    title_is_ours = BooleanField(
        _l("Il titolo è nostro: chi lo ha prodotto non gliene ha dato uno")
    )
    summary = _field(TextAreaField, "summary")
    cities = _field(ChecksField, "cities")
    areas = _field(ChecksField, "areas")
    topics = _field(LinesField, "topics")
    authors = _field(LinesField, "authors")
    year = _field(ParsedField, "year", year)
    issued = _field(ParsedField, "issued", day, italian_day)
    date_note = _field(StringField, "date_note")
    language = _field(ChoiceField, "language")
    scope = _field(ChoiceField, "scope", choices=lambda: _choices(labels.SCOPES))
    note = _field(TextAreaField, "note")
    sources = FieldList(FormField(SourceForm), labels.FIELDS["sources"])


class DocumentForm(RecordForm):
    kind = _field(
        ChoiceField,
        "kind",
        choices=lambda: [each for each in _choices(labels.KIND) if each[0] != Kind.EVENT],
    )
    form = _field(StringField, "form")
    publisher = _field(StringField, "publisher")
    licence = _field(ChoiceField, "licence")
    external_url = _field(StringField, "external_url")


class SolutionForm(RecordForm):
    cities = ChoiceField(_l("Città"), [DataRequired(REFUSALS["required"])])
    areas = ChoiceField(_l("Area d'intervento"), [DataRequired(REFUSALS["required"])])
    evidence = _field(ChoiceField, "evidence", choices=lambda: _choices(labels.EVIDENCE))
    problem = _field(TextAreaField, "problem")
    actions = _field(TextAreaField, "actions")
    outcome = _field(TextAreaField, "outcome")
    reusable = _field(TextAreaField, "reusable")
    contact_office = _field(TextAreaField, "contact_office")
    partners = _field(LinesField, "partners")
    facts = _field(LinesField, "facts")
    documents = _field(LinesField, "documents", reference)


class CourseForm(RecordForm):
    form = _field(StringField, "form")
    start = _field(ParsedField, "start", day, italian_day)
    end = _field(ParsedField, "end", day, italian_day)
    hours = _field(ParsedField, "hours", hours)


class EventForm(RecordForm):
    start = _field(ParsedField, "start", day, italian_day)
    end = _field(ParsedField, "end", day, italian_day)
    place = _field(StringField, "place")


FORMS: Mapping[str, type[RecordForm]] = {
    "document": DocumentForm,
    "pilot_solution": SolutionForm,
    "course": CourseForm,
    "event": EventForm,
}
# The drafts of new records: kinds that the type decides, and first values of the others.
BLANKS: Mapping[str, Draft] = {
    "document": DocumentDraft(kind=Kind.RESEARCH, title=""),
    "pilot_solution": SolutionDraft(kind=Kind.SOLUTION, title=""),
    "course": CourseDraft(kind=Kind.TRAINING, title=""),
    "event": EventDraft(kind=Kind.EVENT, title=""),
}
_LINES = ("topics", "authors", "partners", "facts", "documents")
_TEXTS = ("title", "problem", "actions", "outcome", "reusable", "contact_office")
_OPTIONAL = ("date_note", "note", "publisher", "external_url", "place")
_VALUES = ("title_is_ours", "year", "issued", "start", "end", "hours")


def empty_form(type_: str, cities: Sequence[CityView], areas: Sequence[AreaView]) -> RecordForm:
    """The form of a type, filled with what was sent, if anything was."""
    form = FORMS[type_]()
    for last in ("note", "sources"):  # as the page has them: errors are told in this order
        form._fields[last] = form._fields.pop(last)
    form.cities.choices = [(city.slug, city.capital) for city in cities]
    form.areas.choices = [(area.slug, area.short_label) for area in areas]
    if type_ == "pilot_solution":
        for field in (form.cities, form.areas):
            field.choices = [("", _("Scegli…")), *field.choices]
    form.language.choices = _choices(labels.LANGUAGES)
    if type_ == "document":
        form.licence.choices = [(NOT_STATED, _("non indicata da chi lo ha pubblicato"))]
        form.licence.choices += [
            (key, f"{each.name} ({key})") for key, each in labels.LICENCES.items()
        ]
    return form


def fill(form: RecordForm, record: RecordView | Draft) -> None:
    """Put the record into the form, in place of whatever it holds."""
    for field in form:
        if hasattr(field, "raw_data"):
            field.raw_data = None
    for name in (*_TEXTS, *_OPTIONAL, *_VALUES, *_LINES, "form"):
        if name in form:
            form[name].data = getattr(record, name)
    form.summary.data = record.summary_markdown or record.summary
    form.scope.data = record.scope.value
    _keep_choice(form.language, record.language)
    if isinstance(form, SolutionForm):
        form.cities.data = record.cities[0] if record.cities else ""
        form.areas.data = record.areas[0] if record.areas else ""
        form.evidence.data = record.evidence.value  # type: ignore[union-attr]
    else:
        form.cities.data, form.areas.data = list(record.cities), list(record.areas)
    if isinstance(form, DocumentForm):
        form.kind.data = record.kind.value
        _keep_choice(form.licence, record.licence or NOT_STATED)  # type: ignore[union-attr]
    while form.sources.entries:
        form.sources.pop_entry()
    for source in record.sources:
        form.sources.append_entry(
            {"url": source.url, "words": source.label, "kind": source.kind.value}
        )
    spare_sources(form)


def spare_sources(form: RecordForm) -> None:
    """Empty rows for sources still to be written."""
    for _each in range(SPARE_SOURCES):
        form.sources.append_entry({"kind": SourceKind.PRIMARY.value})


def allow_kept(form: RecordForm, record: RecordView | Draft) -> None:
    """Accept values of the record that no list offers any more."""
    for name in ("language", "licence"):
        if name in form and getattr(record, name):
            _add_choice(form[name], getattr(record, name))


def _keep_choice(field: Any, value: str) -> None:
    _add_choice(field, value)
    field.data = value


def _add_choice(field: Any, value: str) -> None:
    if value not in {each for each, _label in field.choices}:
        field.choices = [*field.choices, (value, value)]


def draft_of_form(form: RecordForm, type_: str) -> Draft | None:
    """What the form says, or None with its errors noted beside the fields."""
    valid = form.validate()
    if len(form.summary.data or "") > LONGEST_TEXT:
        form.summary.errors = [REFUSALS["too-long"]]
        valid = False
    if not valid:
        _check_addresses(form)  # all mistakes are told at once
        return None
    values: dict[str, Any] = {}
    for names, empty in ((_LINES, ()), (_TEXTS, ""), (_OPTIONAL, None), (_VALUES, None)):
        values |= {name: form[name].data or empty for name in names if name in form}
    values["title_is_ours"] = bool(form.title_is_ours.data)
    if "form" in form:
        values["form"] = form["form"].data or ("" if type_ == "course" else None)
    if type_ != "document":
        values["kind"] = BLANKS[type_].kind
    return type(BLANKS[type_])(**values, **_text_values(form), **_choice_values(form))


def _check_addresses(form: RecordForm) -> None:
    """Note the addresses that the catalogue would refuse, where it is not asked."""
    rows = [(row.url.data or "", row.words.data or "") for row in form.sources]
    if any(not _is_web(url) for url, words in rows if url.strip() or words.strip()):
        form.sources.errors = [_refusal("sources", "format")]
    address = form.external_url.data or "" if isinstance(form, DocumentForm) else ""
    if address.strip() and not _is_web(address):
        form["external_url"].errors = [_refusal("external_url", "format")]


def _is_web(address: str) -> bool:
    return address.strip().startswith(("https://", "http://"))


def _text_values(form: RecordForm) -> dict[str, Any]:
    from portal.richtext import summary  # its libraries are seldom needed

    markdown = (form.summary.data or "").strip()
    written = summary(markdown) if markdown else None
    return {
        "summary": written.plain if written else "",
        "summary_markdown": markdown or None,
        "summary_html": str(written.html) if written else None,
        "sources": tuple(
            Source((row.url.data or "").strip(), SourceKind(row.kind.data), row.words.data or "")
            for row in form.sources
            if (row.url.data or "").strip() or (row.words.data or "").strip()
        ),
    }


def _choice_values(form: RecordForm) -> dict[str, Any]:
    values: dict[str, Any] = {
        "scope": Scope(form.scope.data),
        "language": form.language.data,
    }
    if isinstance(form, SolutionForm):
        values["cities"] = (form.cities.data,)
        values["areas"] = (form.areas.data,)
        values["evidence"] = Evidence(form.evidence.data)
    else:
        values["cities"], values["areas"] = tuple(form.cities.data), tuple(form.areas.data)
    if isinstance(form, DocumentForm):
        values["kind"] = Kind(form.kind.data)
        values["licence"] = form.licence.data or None
    return values


def show_problems(form: RecordForm, refusal: InvalidRecord) -> None:
    """Put what the catalogue refuses beside the fields, in words."""
    for name, code in refusal.problems.items():
        place = name.removesuffix("_markdown")
        form[place if place in form else "title"].errors = [_refusal(name, code)]


def _refusal(name: str, code: str) -> str:
    if name == "sources":
        return _("Ogni fonte vuole un indirizzo che comincia con https:// (o http://).")
    if name == "external_url":
        return _("Scrivi un indirizzo intero, che comincia con https:// (o http://).")
    if name == "documents":
        return _("Scrivi l'indirizzo o l'identificativo di documenti della raccolta, uno per riga.")
    return str(REFUSALS.get(code, code))
