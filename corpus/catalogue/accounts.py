"""Writing staff accounts and their one-time links; passwords arrive hashed."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from corpus.catalogue.checks import Problems
from corpus.catalogue.writing import SYSTEM, Write, Writer
from corpus.errors import InvalidLink, LastAdministrator
from corpus.models import Account, City, OneTimeLink, StaffSession
from corpus.vocabulary import Refused, Role

LINK_LIFE = timedelta(hours=24)

# Enough to catch a slip of the pen; whether mail arrives only mail can tell.
_EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class Newcomer:
    """Who an account is for."""

    email: str
    name: str
    role: Role
    cities: tuple[str, ...] = ()  # slugs; empty = all of them


class AccountWriter(Writer):
    """Accounts are found by address, upper and lower case alike; they are never deleted."""

    def add_account(
        self,
        email: str,
        name: str,
        role: Role,
        *,
        cities: Iterable[str] = (),
        actor: str = SYSTEM,
    ) -> int:
        """Add an account without a password and return its number.

        ``cities``: slugs that its rights are limited to; none = all. Raises ``InvalidRecord``.
        """
        with self._write(actor) as write:
            return _add(write, Newcomer(email, name, role, tuple(cities)))

    def change_account(
        self,
        account: int,
        *,
        name: str | None = None,
        role: Role | None = None,
        active: bool | None = None,
        cities: Iterable[str] | None = None,
        actor: str,
    ) -> None:
        """Change what is given and leave the rest; open sign-ins end.

        Raises ``LookupError`` for an unknown account, ``InvalidRecord``, and
        ``LastAdministrator`` when nobody would be left who can administer everything.
        """
        with self._write(actor) as write:
            row = account_row(write.session, account)
            somebody = _in_charge(write.session)
            problems = Problems()
            if name is not None:
                row.name = problems.line("name", name, required=True)
            if role is not None:
                row.role = role
            if active is not None:
                row.active = active
            if cities is not None:
                row.cities = _cities(write.session, cities, problems)
            problems.raise_any()
            if somebody and not _in_charge(write.session):
                raise LastAdministrator(row.email)
            end_sessions(write, row)
            write.log(
                "change_account",
                account=account,
                role=row.role.value,
                active=row.active,
                cities=sorted(city.slug for city in row.cities),
            )

    def set_password_hash(self, account: int, password: str, *, actor: str) -> None:
        """Keep the hash of a new password; open sign-ins and unused links end.

        ``password`` is the finished hash, never the password itself.
        """
        with self._write(actor) as write:
            _set_password(write, account, password)

    def accept_invitation(
        self, secret: str, purpose: str, password: str, *, newcomer: Newcomer | None = None
    ) -> int:
        """Use up the link and give its account a password hash, in one step; returns the account.

        A link made for nobody yet, as the first administrator's, makes the account of
        ``newcomer``. Raises ``InvalidLink``, ``InvalidRecord`` (then the link still works), and
        ``ValueError`` when such a link comes without a newcomer.
        """
        with self._write(SYSTEM) as write:
            link = self._good_link(write.session, secret, purpose)
            account = link.account_id
            if account is None:
                if newcomer is None:
                    raise ValueError("a link made for nobody needs a newcomer")
                account = _add(write, newcomer)
            link.used_at = write.now
            write.log("use_link", account=account, purpose=purpose)
            _set_password(write, account, password)
            return account

    def create_link(
        self,
        purpose: str,
        account: int | None = None,
        *,
        life: timedelta = LINK_LIFE,
        actor: str = SYSTEM,
    ) -> str:
        """A secret that works once within ``life``; it is returned here and kept nowhere.

        An earlier unused link of the same purpose and account stops working.
        """
        secret = secrets.token_urlsafe(32)
        with self._write(actor) as write:
            if account is not None:
                account_row(write.session, account)
            _void_links(write, account, purpose)
            write.session.add(
                OneTimeLink(
                    digest=_digest(secret),
                    purpose=purpose,
                    account_id=account,
                    created_at=write.now,
                    expires_at=write.now + life,
                )
            )
            write.log("create_link", account=account, purpose=purpose)
        return secret

    def check_link(self, secret: str, purpose: str) -> int | None:
        """The account of a link that would work now; raises ``InvalidLink``. Uses nothing up."""
        with self._database.session() as session:
            return self._good_link(session, secret, purpose).account_id

    def note_refusals(self, counts: Mapping[tuple[int | None, Refused], int]) -> None:
        """Put into the log how often each account's password or code was refused.

        None stands for all addresses that are no account's: which they were nobody keeps.
        """
        with self._write(SYSTEM) as write:
            for (account, refused), times in counts.items():
                if account is None:
                    write.log(refused.value, unknown=True, times=times)
                else:
                    email = account_row(write.session, account).email
                    write.log(refused.value, account=account, email=email, times=times)

    def _good_link(self, session: Session, secret: str, purpose: str) -> OneTimeLink:
        link = session.get(OneTimeLink, _digest(secret))
        if link is None or link.purpose != purpose:
            raise InvalidLink("unknown")
        if link.used_at is not None:
            raise InvalidLink("used")
        if self._now() >= link.expires_at:
            raise InvalidLink("expired")
        return link


def end_sessions(write: Write, row: Account) -> None:
    """End every sign-in of the account."""
    row.fs_uniquifier = secrets.token_hex(32)
    write.session.execute(delete(StaffSession).where(StaffSession.account_id == row.id))


def _in_charge(session: Session) -> bool:
    """True when somebody who can come in administers everything, not some cities alone."""
    somebody = select(Account.id).where(
        Account.active,
        Account.role == Role.ADMINISTRATOR,
        ~Account.cities.any(),
        Account.password.is_not(None) | Account.signed_in_at.is_not(None),
    )
    return session.scalar(somebody.limit(1)) is not None


def _add(write: Write, newcomer: Newcomer) -> int:
    problems = Problems()
    account = Account(
        email=_address(write.session, newcomer.email, problems),
        name=problems.line("name", newcomer.name, required=True),
        role=newcomer.role,
        cities=_cities(write.session, newcomer.cities, problems),
        fs_uniquifier=secrets.token_hex(32),
        created_at=write.now,
    )
    problems.raise_any()
    write.session.add(account)
    write.session.flush()
    cities = sorted(city.slug for city in account.cities)
    write.log("add_account", account=account.id, role=account.role.value, cities=cities)
    return account.id


def _set_password(write: Write, account: int, password: str) -> None:
    row = account_row(write.session, account)
    row.password = password
    end_sessions(write, row)
    _void_links(write, account)
    write.log("set_password", account=account)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def account_row(session: Session, account: int) -> Account:
    """Raises ``LookupError`` for an unknown account."""
    row = session.get(Account, account)
    if row is None:
        raise LookupError(f"no account {account}")
    return row


def _address(session: Session, email: str, problems: Problems) -> str:
    address = email.strip().lower()
    if not address.isascii() or not _EMAIL.fullmatch(address) or len(address) > 254:
        problems.add("email", "format")
    elif session.scalar(select(Account.id).where(Account.email == address)) is not None:
        problems.add("email", "taken")
    return address


def _cities(session: Session, slugs: Iterable[str], problems: Problems) -> list[City]:
    wanted = set(slugs)
    known = filter(str.isascii, wanted)
    rows = list(session.scalars(select(City).where(City.slug.in_(known))))
    if len(rows) != len(wanted):
        problems.add("cities", "unknown")
    return rows


def _void_links(write: Write, account: int | None, purpose: str | None = None) -> None:
    unused = update(OneTimeLink).where(
        OneTimeLink.account_id == account
        if account is not None
        else OneTimeLink.account_id.is_(None),
        OneTimeLink.used_at.is_(None),
    )
    if purpose is not None:
        unused = unused.where(OneTimeLink.purpose == purpose)
    write.session.execute(unused.values(used_at=write.now))
