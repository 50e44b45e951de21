"""From bytes to text without being told the encoding."""

import codecs
import re

from indexer.extract.base import FailureKind
from indexer.extract.reasons import unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.02  # text files hold next to none, random bytes about a tenth
# Encodings of older Italian files; the letters are the ones that tell them apart.
_LEGACY = ("cp1252", "mac_roman", "cp850")
_ITALIAN = re.compile("(?<=[a-zA-Z])[àèéìòù](?![a-z])|[’“”«»€°–]")
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)


def is_binary(content: bytes) -> bool:
    """Whether ``content`` is no text in any encoding that ``decode`` knows."""
    sample = content[:_SAMPLE]
    if _marked(sample) or _utf16_without_mark(sample):
        return False
    return len(_CONTROL.findall(sample)) > 2 + len(sample) * _CONTROL_SHARE


def decode(content: bytes, markup: bool = False) -> str:
    """The text of ``content``; ``markup`` also heeds the encoding that HTML declares.

    Order of trust: byte order mark, UTF-8 when it fits, UTF-16 by its zero bytes, declaration,
    then the legacy encoding that gives the most Italian letters. Raises ``corrotto`` on bytes
    that are no text.
    """
    if is_binary(content):
        raise unreadable(FailureKind.CORRUPT)
    encoding = _marked(content) or _utf16_without_mark(content)
    if encoding:
        return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        broken_tail = error.start >= len(content) - 3
    if broken_tail and len(content) > 3:  # cut in the middle of a letter
        return content.decode("utf-8", errors="ignore")
    declared = _declared(content) if markup else None
    return content.decode(declared or _legacy(content[:_SAMPLE]), errors="replace")


def _marked(content: bytes) -> str | None:
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def _utf16_without_mark(content: bytes) -> str | None:
    """UTF-16 of Latin text has a zero in nearly every second byte, always on the same side."""
    sample = content[: _SAMPLE & ~1]
    if len(sample) < 8:
        return None
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _declared(content: bytes) -> str | None:
    found = _DECLARED.search(content[:2048])
    if not found:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except (LookupError, UnicodeDecodeError):
        return None
    return {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-8": None}.get(name, name)  # as browsers


def _legacy(sample: bytes) -> str:
    def score(name: str) -> int:
        text = sample.decode(name, errors="replace")
        return len(_ITALIAN.findall(text)) - 2 * text.count("\ufffd")

    return max(_LEGACY, key=score)
