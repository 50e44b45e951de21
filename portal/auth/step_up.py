"""Showing again who one is before what a stolen session must not do."""

from datetime import UTC, datetime, timedelta

from corpus.vocabulary import Refused
from portal.auth import passwords, refusals, throttle
from portal.auth.current import signed_in
from portal.i18n import gettext as _
from portal.services import services

FRESH = timedelta(minutes=10)


def asked(always: bool) -> bool:
    """True when a form must ask for the password: ``always``, or because too long has passed."""
    return _password() is not None and (always or not _fresh())


def problem(password: str | None, always: bool) -> str | None:
    """Why the person of this request may not go on, in words, or None.

    Who has no password, because another office vouches for them, must have come in just now.
    """
    person = signed_in()
    kept = _password()
    if kept is None:
        return None if _fresh() else _("Per questa operazione esci e accedi di nuovo, poi riprova.")
    if not asked(always):
        return None
    throttle.stop_if_too_many(person.email)
    if not passwords.matches(kept, password or ""):
        throttle.note_failure(person.email)
        refusals.note(person.account, Refused.PASSWORD)
        return _("Non è la tua password attuale.")
    services().sessions.prove(person.session)
    return None


def _fresh() -> bool:
    return datetime.now(UTC) - signed_in().proved_at < FRESH


def _password() -> str | None:
    account = services().reader.account_by_id(signed_in().account)
    return None if account is None else account.password
