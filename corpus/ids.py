"""Public ids: short, easy to read aloud, never made from the title."""

import hashlib
import re
import secrets

# No vowels and none of 0 1 l o u y: ids form no words and are not misread.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 7

_SHAPE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def is_public_id(text: str) -> bool:
    """Whether ``text`` has the shape of a public id (not whether a record has it)."""
    return _SHAPE.fullmatch(text) is not None


def random_id() -> str:
    """A new id out of 27^7, about ten thousand million; the caller checks that it is free."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def derived_id(key: str) -> str:
    """The id that belongs to ``key``: the same on every installation."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16])
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
