"""One-time links of staff accounts, and the letters that bring them."""

from collections.abc import Callable
from datetime import timedelta

from corpus.records import AccountView
from portal.i18n import gettext as _
from portal.mail import Letter
from portal.services import Services
from portal.settings import site_address

FIRST_ACCESS = "first-access"  # purposes of the links
NEW_PASSWORD = "new-password"  # noqa: S105 - the name of a purpose

INVITATION_LIFE = timedelta(days=7)  # a colleague may be away
RESET_LIFE = timedelta(hours=24)  # handed over by who administers, or by the program
MAILED_LIFE = timedelta(hours=1)  # asked for a moment ago by the person


def link_for(
    services: Services, account: AccountView, actor: str, life: timedelta | None = None
) -> str:
    """The path of a new link with which the person chooses a password."""
    invited = account.password is None
    purpose = FIRST_ACCESS if invited else NEW_PASSWORD
    life = life or (INVITATION_LIFE if invited else RESET_LIFE)
    secret = services.catalogue.create_link(purpose, account.id, life=life, actor=actor)
    return f"/accedi/{'primo-accesso' if invited else 'nuova-password'}/{secret}"


def first_administrator_link(services: Services, actor: str) -> str:
    """The path of a new link with which whoever opens it becomes the first administrator."""
    secret = services.catalogue.create_link(FIRST_ACCESS, life=RESET_LIFE, actor=actor)
    return f"/accedi/primo-accesso/{secret}"


def link_letter(services: Services, account: AccountView, path: str) -> Letter:
    """The letter with a link that who administers has just made."""
    brand = services.settings.brand
    if account.password is None:
        subject = _("Il tuo accesso a %(brand)s", brand=brand)
        opening = _("la redazione di %(brand)s ti ha dato un accesso.", brand=brand)
        life = _("Vale 7 giorni e funziona una volta sola.")
    else:
        subject = _("Scegli una nuova password per %(brand)s", brand=brand)
        opening = _("chi amministra %(brand)s ti manda un collegamento.", brand=brand)
        life = _("Vale 24 ore e funziona una volta sola.")
    return Letter(account.email, subject, _text(services, account, opening, path, life))


def reset_letter(services: Services, email: str) -> Callable[[], Letter | None]:
    """Writes, when it is about to leave, the letter that somebody has asked for.

    None for an address that no active account has: nothing is sent, and nobody can tell.
    """

    def write() -> Letter | None:
        account = services.reader.account(email)
        if account is None or not account.active:
            return None
        path = link_for(services, account, account.email, MAILED_LIFE)
        brand = services.settings.brand
        opening = _("qualcuno, speriamo tu, ha chiesto di cambiare la tua password.")
        life = _(
            "Vale un'ora e funziona una volta sola. Se non l'hai chiesto, ignora il messaggio."
        )
        subject = _("Scegli una nuova password per %(brand)s", brand=brand)
        return Letter(account.email, subject, _text(services, account, opening, path, life))

    return write


def notify(services: Services, account: int, what: str) -> None:
    """Tell a person what has changed about their access, in case it was not they who did it."""

    def write() -> Letter | None:
        holder = services.reader.account_by_id(account)
        if holder is None:
            return None
        lines = (
            _("Buongiorno %(name)s,", name=holder.name),
            "",
            what,
            "",
            _("Se non sei stato tu, avvisa subito chi amministra il portale."),
            "",
            services.settings.publisher,
            "",
        )
        subject = _("Il tuo accesso a %(brand)s è cambiato", brand=services.settings.brand)
        return Letter(holder.email, subject, "\n".join(lines))

    services.mail.post(write)


def _text(services: Services, account: AccountView, opening: str, path: str, life: str) -> str:
    return "\n".join(
        (
            _("Buongiorno %(name)s,", name=account.name),
            "",
            opening,
            _("Per scegliere la password apri questo indirizzo:"),
            "",
            site_address(services.settings) + path,
            "",
            life,
            "",
            services.settings.publisher,
            "",
        )
    )
