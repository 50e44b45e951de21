"""The questions that come before a step in the life of a record."""

from datetime import datetime, time
from typing import Any, ClassVar

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, StopValidation

from portal.clock import ROME
from portal.desk.record_forms import REFUSALS, ChoiceField, ParsedField, day, italian_day, reference
from portal.desk.rules import Step
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l

LONGEST = Length(max=20_000, message=REFUSALS["too-long"])
REQUIRED = DataRequired(REFUSALS["required"])


def hour(text: str) -> time:
    """The hour written as 9, 9:30 or 9.30; ``ValueError`` says how to write it."""
    hours, _colon, minutes = text.replace(".", ":").partition(":")
    if hours.isascii() and hours.isdigit() and len(hours) <= 2:
        minutes = minutes or "00"
        if minutes.isascii() and minutes.isdigit() and len(minutes) == 2:
            try:
                return time(int(hours), int(minutes))
            except ValueError:
                pass
    raise ValueError(_("Scrivi l'ora come 9:30."))


class Written:
    """A value is written. What cannot be read keeps the error that says how to write it."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Any, field: ParsedField) -> None:
        if field.data is None and not field.process_errors:
            raise StopValidation(REFUSALS["required"])


class Ask(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A step that asks for nothing but to be confirmed."""


class AskComment(Ask):
    comment = TextAreaField(_l("Commento per chi lavora alla scheda"), [LONGEST])


class AskPublication(AskComment):
    seen = HiddenField()  # what the reviewer has looked at: revision and newest file


class AskReason(Ask):
    comment = TextAreaField(_l("Che cosa va sistemato"), [REQUIRED, LONGEST])


class AskWhen(Ask):
    seen = HiddenField()
    day = ParsedField(_l("Giorno"), day, italian_day, validators=[Written()])
    hour = ParsedField(
        _l("Ora"), hour, lambda value: value.strftime("%H:%M"), validators=[Written()]
    )

    @property
    def at(self) -> datetime:
        """The moment on Italian clocks."""
        chosen_day: Any = self.day.data  # parsed, not text
        chosen_hour: Any = self.hour.data
        return datetime.combine(chosen_day, chosen_hour, tzinfo=ROME)


class AskWithdrawal(Ask):
    reason = TextAreaField(_l("Perché viene ritirata"), [REQUIRED, LONGEST])
    successor_id = ParsedField(_l("Che cosa la sostituisce"), reference)


class AskOwner(Ask):
    owner = ChoiceField(_l("A chi"))


class AskPreview(Ask):
    purpose = StringField(_l("Per chi è"), [REQUIRED, Length(max=500)])
    days = ChoiceField(
        _l("Per quanto vale"),
        choices=lambda: [("1", _("un giorno")), ("7", _("7 giorni")), ("30", _("30 giorni"))],
        default="7",
    )


class AskNote(Ask):
    note = StringField(_l("Nota sulla versione"), [Length(max=500, message=REFUSALS["too-long"])])


FORMS: dict[Step, type[Ask]] = {
    Step.SUBMIT: AskComment,
    Step.TAKE_BACK: Ask,
    Step.RETURN: AskReason,
    Step.PUBLISH: AskPublication,
    Step.SCHEDULE: AskWhen,
    Step.UNSCHEDULE: Ask,
    Step.WITHDRAW: AskWithdrawal,
    Step.TRASH: Ask,
    Step.RESTORE: Ask,
    Step.GIVE: AskOwner,
}


def show_refusal(form: Any, problems: dict[str, str]) -> None:
    """Put what the catalogue refuses beside the fields, in words."""
    for name, code in problems.items():
        if name == "publish_at":
            form.day.errors = [_("Scegli un momento che deve ancora venire, entro cinque anni.")]
        elif name == "successor_id":
            form.successor_id.errors = [
                _("Scrivi l'indirizzo di un'altra scheda che non sia ritirata né nel cestino.")
            ]
        elif name in form:
            form[name].errors = [str(REFUSALS.get(code, code))]
