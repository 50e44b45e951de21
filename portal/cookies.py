"""The cookies that exist: the cookie page lists them, a browser test holds the list."""

from dataclasses import dataclass

from portal.auth.browser import COOKIE, WAY
from portal.i18n import lazy_gettext as _l
from portal.settings import Settings


@dataclass(frozen=True)
class Cookie:
    """One cookie in the words of the cookie page."""

    name: str
    when: str
    purpose: str
    duration: str


SESSION = Cookie(
    COOKIE,
    _l("dopo l'accesso della redazione"),
    _l("riconosce chi ha effettuato l'accesso"),
    _l("fino all'uscita, a 60 minuti di inattività o a 12 ore"),
)
PROVIDER = Cookie(
    WAY,
    _l("quando la redazione accede con l'identità dell'ente"),
    _l("lega la risposta dell'ente al browser che l'ha chiesta"),
    _l("fino al ritorno dall'ente, al massimo 10 minuti"),
)


def cookies(settings: Settings) -> tuple[Cookie, ...]:
    """The cookies of this installation."""
    return (SESSION, PROVIDER) if settings.oidc_issuer else (SESSION,)
