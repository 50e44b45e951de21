"""Forms that people fill in, and the checks of their fields."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask_wtf import FlaskForm  # type: ignore[import-untyped]
from wtforms import (
    EmailField,
    Field,
    FileField,
    HiddenField,
    MultipleFileField,
    PasswordField,
    RadioField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length, StopValidation

from corpus.vocabulary import Rhythm
from portal.auth import passwords
from portal.i18n import lazy_gettext as _l

SEARCH_LENGTH = 4096  # of the address of a search
MAILBOX = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")  # ASCII without @ and blanks
REQUIRED = InputRequired(_l("Questo campo serve: compilalo."))


class OneAddress:
    """Refuses what cannot be an address of mail, and several at once."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not MAILBOX.fullmatch((field.data or "").strip()):
            raise StopValidation(
                _l("Scrivi un indirizzo solo, come nome@esempio.it, senza accenti né spazi.")
            )


class NewPassword:
    """Refuses passwords that are short, common or cannot be typed."""

    def __init__(self, *names: str) -> None:
        self.names = names  # of fields that tell who the person is

    def __call__(self, form: FlaskForm, field: Field) -> None:
        known = tuple(str(form[name].data or "") for name in self.names if name in form)
        problem = passwords.problem(field.data or "", known)
        if problem is not None:
            raise StopValidation(problem)


class AnonymousForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Sent before any session exists: guarded by the Origin check, not by a token in a cookie."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class SignIn(AnonymousForm):
    email = EmailField(_l("Posta elettronica"), [REQUIRED, Length(max=254)])
    password = PasswordField(_l("Password"), [REQUIRED])
    poi = HiddenField()


class FollowSearch(AnonymousForm):
    """Where to tell what is new in a search, and how often."""

    email = EmailField(_l("Posta elettronica"), [REQUIRED, Length(max=254), OneAddress()])
    ogni = RadioField(
        _l("Quando scriverti"),
        choices=[rhythm.value for rhythm in Rhythm],  # type: ignore[misc]  # stubs want pairs
        default=Rhythm.WEEKLY.value,
    )
    ricerca = HiddenField()

    def address(self) -> str:
        """As it is written, the domain in small letters: two spellings are one address."""
        name, _, domain = str(self.email.data or "").strip().rpartition("@")
        return f"{name}@{domain.lower()}"

    def search(self) -> str:
        return str(self.ricerca.data or "")[:SEARCH_LENGTH]


def _again() -> PasswordField:
    return PasswordField(
        _l("Ripeti la password"),
        [REQUIRED, EqualTo("password", _l("Le due password non sono uguali."))],
    )


class ChoosePassword(AnonymousForm):
    """The first password of an account that a colleague has made."""

    password = PasswordField(_l("Password"), [REQUIRED, NewPassword()])
    again = _again()


class FirstAdministrator(ChoosePassword):
    """The first account of all, made with the link that is printed at first start."""

    name = StringField(_l("Nome e cognome"), [REQUIRED, Length(max=200)])
    email = EmailField(_l("Posta elettronica"), [REQUIRED, Length(max=254)])
    password = PasswordField(_l("Password"), [REQUIRED, NewPassword("name", "email")])
    again = _again()  # once more: errors are told in the order in which fields are declared


class SendFiles(FlaskForm):  # type: ignore[misc]
    files = MultipleFileField(_l("File"))
    lotto = HiddenField()


class SendImport(FlaskForm):  # type: ignore[misc]
    parcel = FileField(_l("Archivio ZIP"))
    listed = FileField(_l("Elenco CSV"))


class Confirm(FlaskForm):  # type: ignore[misc]
    """Only the token: for buttons that change something."""


class SignOut(FlaskForm):  # type: ignore[misc]
    """Only the token: signing out changes something, so it is a form, never a link."""


def own_path(address: Any, otherwise: str) -> str:
    """``address`` when it is a path of this site, else ``otherwise``: no redirect leads away."""
    text = str(address or "")
    if not text.startswith("/") or text.startswith(("//", "/\\")):
        return otherwise
    if any(letter <= " " or letter == "\\" or letter == "\x7f" for letter in text):
        return otherwise
    parts = urlsplit(text)
    return otherwise if parts.scheme or parts.netloc else text
