"""Forms about accounts: the second step, one's own profile, the desk of who administers."""

from typing import Any

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import (
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, Length, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from corpus.records import AccountView, CityView
from corpus.vocabulary import Role
from portal import labels
from portal.auth import step_up
from portal.forms import REQUIRED, AnonymousForm, NewPassword
from portal.i18n import lazy_gettext as _l


class SteppedUp(FlaskForm):  # type: ignore[misc]
    """Asks for the person's own password: each time, or when they have been in for a while."""

    always = True
    asked_last = True  # under the other fields, also among the errors
    own_password = PasswordField(_l("La tua password"), [REQUIRED])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if not step_up.asked(self.always):
            del self.own_password
        elif self.asked_last:
            self._fields["own_password"] = self._fields.pop("own_password")

    def may_go_on(self) -> bool:
        """True when every field is good and the person has shown again who they are."""
        if not self.validate():
            return False
        field = self.own_password
        problem = step_up.problem(field.data if field else None, self.always)
        if problem is not None and field:
            field.errors = [problem]
        elif problem is not None:
            self.form_errors.append(problem)
        return problem is None


class DeskStep(SteppedUp):
    """An action on a colleague's account."""

    always = False


class AskReset(AnonymousForm):
    """A link for a new password, by mail."""

    email = EmailField(_l("Posta elettronica"), [REQUIRED, Length(max=254)])


class OneTimeCode(SteppedUp):
    """The first code of an app just set up; ``key`` is the signed key that the page has drawn."""

    key = HiddenField()
    code = StringField(_l("Codice di sei cifre"), [REQUIRED, Length(max=20)])


class AddPasskey(SteppedUp):
    """``credential`` is what the browser answers, put there by the page's script."""

    name = StringField(_l("Nome della passkey"), [REQUIRED, Length(max=100)])
    challenge = HiddenField()
    credential = HiddenField()


class RenamePasskey(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Nome della passkey"), [REQUIRED, Length(max=100)])


class NewOwnPassword(SteppedUp):
    """The step-up field is the password of now."""

    asked_last = False
    password = PasswordField(_l("Nuova password"), [REQUIRED, NewPassword()])
    again = PasswordField(
        _l("Ripeti la nuova password"),
        [REQUIRED, EqualTo("password", _l("Le due password non sono uguali."))],
    )


class AccountForm(DeskStep):
    """Role and cities of a colleague. ``offered``: the cities that may be given."""

    name = StringField(_l("Nome e cognome"), [REQUIRED, Length(max=200)])
    role = RadioField(
        _l("Ruolo"),
        [REQUIRED],
        choices=lambda: [(role.value, label) for role, label in labels.ROLES.items()],
        default=Role.EDITOR.value,
    )
    cities = SelectMultipleField(
        _l("Solo per queste città"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, offered: tuple[CityView, ...], account: AccountView | None = None) -> None:
        known = {}
        if account is not None:
            known = {
                "name": account.name,
                "role": account.role.value,
                "cities": list(account.cities),
            }
        super().__init__(data=known)
        self.offered = [(city.slug, city.capital) for city in offered]
        self.cities.choices = list(self.offered)

    def validate_cities(self, field: SelectMultipleField) -> None:
        known = {slug for slug, _name in self.offered}
        if not known.issuperset(field.data or ()):
            raise StopValidation(str(_l("Una delle città non si può scegliere.")))


class Invite(AccountForm):
    email = EmailField(_l("Posta elettronica"), [REQUIRED, Length(max=254)])
