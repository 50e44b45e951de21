"""The cookies that exist: the cookie page lists them, a browser test holds the list."""

from dataclasses import dataclass

from portal.auth.browser import COOKIE
from portal.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Cookie:
    """One cookie in the words of the cookie page."""

    name: str
    when: str
    purpose: str
    duration: str


COOKIES = (
    Cookie(
        COOKIE,
        _l("dopo l'accesso della redazione"),
        _l("riconosce chi ha effettuato l'accesso"),
        _l("fino all'uscita, a 60 minuti di inattività o a 12 ore"),
    ),
)
