"""The read side of staff accounts: for the sign-in pages and those of who administers."""

from sqlalchemy import ColumnElement, func, select

from corpus import views
from corpus.models import Account, Passkey, RecoveryCode, TotpKey
from corpus.reading import DatabaseReader
from corpus.records import AccountView, PasskeyView, SecondFactors


class AccountReader(DatabaseReader):
    """Who works on the collection, and how they prove it."""

    def account(self, email: str) -> AccountView | None:
        """The account with this address, upper and lower case alike."""
        address = email.strip().lower()
        # No account has another address, and some texts cannot even be asked for.
        return self._account(Account.email == address) if address.isascii() else None

    def account_by_id(self, account: int) -> AccountView | None:
        return self._account(Account.id == account)

    def accounts(self) -> tuple[AccountView, ...]:
        """Every account, by address."""
        with self._database.session() as session:
            rows = session.scalars(select(Account).order_by(Account.email))
            return tuple(views.account_view(row) for row in rows)

    def second_factors(self, account: int) -> SecondFactors:
        """What the account proves itself with besides its password; false when there is none."""
        passkeys = select(Passkey).where(Passkey.account_id == account).order_by(Passkey.id)
        codes = select(func.count()).where(
            RecoveryCode.account_id == account, RecoveryCode.used_at.is_(None)
        )
        with self._database.session() as session:
            key = session.get(TotpKey, account)
            return SecondFactors(
                totp=None if key is None else key.secret,
                passkeys=tuple(views.passkey_view(row) for row in session.scalars(passkeys)),
                codes_left=session.scalar(codes) or 0,
            )

    def with_second_factor(self) -> frozenset[int]:
        """The accounts that have one."""
        with self._database.session() as session:
            keys = session.scalars(select(TotpKey.account_id))
            return frozenset(keys).union(session.scalars(select(Passkey.account_id)))

    def passkey(self, credential: str) -> PasskeyView | None:
        """The passkey with this credential id, whosever it is."""
        with self._database.session() as session:
            row = session.scalar(select(Passkey).where(Passkey.credential == credential))
            return None if row is None else views.passkey_view(row)

    def _account(self, condition: ColumnElement[bool]) -> AccountView | None:
        with self._database.session() as session:
            row = session.scalar(select(Account).where(condition))
            return None if row is None else views.account_view(row)
