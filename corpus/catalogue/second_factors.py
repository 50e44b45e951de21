"""Writing what staff prove themselves with besides the password, and tokens that work once."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corpus.catalogue.accounts import account_row, end_sessions
from corpus.catalogue.checks import Problems
from corpus.catalogue.writing import Writer
from corpus.errors import InvalidRecord
from corpus.models import Passkey, RecoveryCode, SpentToken, TotpKey

CODES = 10  # recovery codes made together
_CODE_BYTES = 10  # 80 bits: nobody finds one by trying, so a plain digest keeps it
_PASSKEYS = 20  # of one person


@dataclass(frozen=True)
class NewPasskey:
    """A WebAuthn credential whose registration was verified; binary parts in base64url."""

    credential: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    name: str


class SecondFactorWriter(Writer):
    """One-time codes, passkeys, recovery codes. What is unknown raises ``LookupError``."""

    def set_totp(self, account: int, secret: str, step: int, *, actor: str) -> None:
        """Keep the key of the person's app; ``step`` is that of the code just shown.

        It replaces an earlier key.
        """
        with self._write(actor) as write:
            account_row(write.session, account)
            write.session.execute(delete(TotpKey).where(TotpKey.account_id == account))
            write.session.add(
                TotpKey(account_id=account, secret=secret, last_step=step, created_at=write.now)
            )
            write.log("set_totp", account=account)

    def use_totp_step(self, account: int, step: int) -> bool:
        """Use up the code of ``step``; False when it, or a later one, was used already."""
        with self._database.transaction() as session:
            key = session.get(TotpKey, account)
            if key is None or step <= key.last_step:
                return False
            key.last_step = step
            return True

    def remove_totp(self, account: int, *, actor: str) -> None:
        with self._write(actor) as write:
            write.session.execute(delete(TotpKey).where(TotpKey.account_id == account))
            write.log("remove_totp", account=account)
            _drop_idle_codes(write.session, account)

    def add_passkey(self, account: int, passkey: NewPasskey, *, actor: str) -> None:
        """Raises ``InvalidRecord``: "credential" when known already, "name", "passkeys"."""
        with self._write(actor) as write:
            account_row(write.session, account)
            problems = Problems()
            name = problems.line("name", passkey.name, required=True)
            known = select(Passkey.id).where(Passkey.credential == passkey.credential)
            if write.session.scalar(known) is not None:
                problems.add("credential", "taken")
            own = select(func.count()).where(Passkey.account_id == account)
            if (write.session.scalar(own) or 0) >= _PASSKEYS:
                problems.add("passkeys", "too-many")
            problems.raise_any()
            write.session.add(
                Passkey(
                    account_id=account,
                    credential=passkey.credential,
                    public_key=passkey.public_key,
                    sign_count=passkey.sign_count,
                    transports=list(passkey.transports),
                    name=name,
                    created_at=write.now,
                )
            )
            write.log("add_passkey", account=account, name=name)

    def use_passkey(self, credential: str, sign_count: int) -> bool:
        """Note that it was used; False when its counter went back, as that of a copy does."""
        with self._database.transaction() as session:
            row = session.scalar(select(Passkey).where(Passkey.credential == credential))
            if row is None or (sign_count <= row.sign_count and (sign_count or row.sign_count)):
                return False
            row.sign_count, row.used_at = sign_count, self._now()
            return True

    def rename_passkey(self, account: int, passkey: int, name: str, *, actor: str) -> None:
        """Raises ``InvalidRecord``."""
        with self._write(actor) as write:
            row = _passkey(write.session, account, passkey)
            problems = Problems()
            row.name = problems.line("name", name, required=True)
            problems.raise_any()
            write.log("rename_passkey", account=account, name=row.name)

    def remove_passkey(self, account: int, passkey: int, *, actor: str) -> None:
        with self._write(actor) as write:
            row = _passkey(write.session, account, passkey)
            write.session.delete(row)
            write.log("remove_passkey", account=account, name=row.name)
            write.session.flush()
            _drop_idle_codes(write.session, account)

    def new_recovery_codes(self, account: int, *, actor: str) -> tuple[str, ...]:
        """Codes of which each works once; they are returned here and kept nowhere.

        Earlier ones stop working. Raises ``InvalidRecord`` when there is no second factor that
        they could stand in for.
        """
        codes = tuple(_new_code() for _ in range(CODES))
        with self._write(actor) as write:
            if not _has_factor(write.session, account):
                raise InvalidRecord({"codes": "required"})
            write.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
            write.session.add_all(
                RecoveryCode(digest=_digest(account, code), account_id=account) for code in codes
            )
            write.log("new_recovery_codes", account=account)
        return codes

    def use_recovery_code(self, account: int, code: str, *, actor: str) -> bool:
        """Use the code up, however it is spaced; False when it is wrong or used already."""
        digest = _digest(account, code)
        with self._write(actor) as write:
            row = write.session.get(RecoveryCode, digest)
            if row is None or row.account_id != account or row.used_at is not None:
                return False
            row.used_at = write.now
            write.log("use_recovery_code", account=account)
            return True

    def remove_second_factors(self, account: int, *, actor: str) -> None:
        """Take away app, passkeys and codes of who has lost them; open sign-ins end."""
        with self._write(actor) as write:
            row = account_row(write.session, account)
            for table in (TotpKey, Passkey, RecoveryCode):
                write.session.execute(delete(table).where(table.account_id == account))
            end_sessions(write, row)
            write.log("remove_second_factors", account=account)

    def spend(self, token: str, expires_at: datetime) -> bool:
        """Use up a signed token that expires then; False when it was used already."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
        with self._database.transaction() as session:
            session.execute(delete(SpentToken).where(SpentToken.expires_at < self._now()))
            if session.get(SpentToken, digest) is not None:
                return False
            session.add(SpentToken(digest=digest, expires_at=expires_at))
            return True


def _passkey(session: Session, account: int, passkey: int) -> Passkey:
    row = session.get(Passkey, passkey)
    if row is None or row.account_id != account:
        raise LookupError(f"account {account} has no passkey {passkey}")
    return row


def _has_factor(session: Session, account: int) -> bool:
    return (
        session.get(TotpKey, account) is not None
        or session.scalar(select(Passkey.id).where(Passkey.account_id == account).limit(1))
        is not None
    )


def _drop_idle_codes(session: Session, account: int) -> None:
    """Without a second factor there is nothing that recovery codes could stand in for."""
    if not _has_factor(session, account):
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))


def _new_code() -> str:
    """Sixteen letters and digits in groups of four, without 0, 1, 8 and 9 (base 32)."""
    letters = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _digest(account: int, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(f"{account}:{plain}".encode("utf-8", "surrogatepass")).hexdigest()
