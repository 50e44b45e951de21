"""Passwords: which are accepted, how they are kept, how they are checked in even time."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.i18n import gettext as _

SHORTEST = 12
LONGEST = 256
ENOUGH_GUESSES = 8  # powers of ten that an attacker who knows common passwords would need
OUR_WORDS = "metropoli strategiche anci"
MEASURED = 72  # letters that the strength meter reads; beyond them nothing is common


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the library's parameters (RFC 9106, low memory)


@cache
def _nobody() -> str:
    """A hash that stands for accounts that do not exist, so that they cost the same work."""
    return _hasher().hash("nobody has this password")


def problem(password: str, known: tuple[str, ...] = ()) -> str | None:
    """Why the password is refused, in words, or None. ``known``: the person's name and address."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in password):
        return _("La password contiene caratteri di controllo, che non si possono digitare.")
    if len(password) < SHORTEST:
        return _("Servono almeno %(count)s caratteri.", count=SHORTEST)
    if len(password) > LONGEST:
        return _("Non più di %(count)s caratteri.", count=LONGEST)
    if _too_common(password, known):
        return _(
            "È troppo facile da indovinare: scegli per esempio tre o quattro parole "
            "che non stanno insieme in nessuna frase."
        )
    return None


def _too_common(password: str, known: tuple[str, ...]) -> bool:
    from zxcvbn import zxcvbn  # its dictionaries are large and seldom needed

    rest = password[:MEASURED].casefold()
    for word in re.findall(r"\w{4,}", " ".join((*known, OUR_WORDS)).casefold()):
        rest = rest.replace(word, "")  # what everybody knows of the person adds nothing
    return not rest.strip() or zxcvbn(rest)["guesses_log10"] < ENOUGH_GUESSES


def hash_of(password: str) -> str:
    """The argon2id hash to keep; the password is taken exactly as typed."""
    return _hasher().hash(password)


def matches(kept: str | None, password: str) -> bool:
    """True when the password is the kept one. Without a kept one the same work gives False."""
    try:
        _hasher().verify(kept or _nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None
