"""Texts from outside, made safe to keep and to show: no controls, no direction tricks."""

import re
import unicodedata
from urllib.parse import urlsplit

# Controls that a text may not hold, beside line breaks; directional overrides and isolates,
# which make a name read as another; invisible marks; halves of surrogate pairs, which no
# encoding can write; private code points, which broken fonts leave behind; no characters.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad"
    "\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?", re.IGNORECASE)

URL_LENGTH = 2000
FILENAME_LENGTH = 200


def clean_text(text: str) -> str:
    """``text`` in composed form (NFC), trimmed, without unwanted characters; lines are kept."""
    text = _LINE_BREAK.sub("\n", text)
    text = _UNWANTED.sub("", text.replace("\t", " "))
    text = _BLANKS.sub(" ", unicodedata.normalize("NFC", text))
    text = "\n".join(line.strip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """As ``clean_text``, on one line."""
    return " ".join(clean_text(text).split())


def clean_filename(name: str) -> str:
    """The last part of a path from any system, safe to show; at most 200 characters.

    The ending is kept when the name is cut. Never empty: "documento" stands for no name.
    """
    name = clean_line(re.split(r"[/\\]", name)[-1]).strip(". ")
    if not name:
        return "documento"
    if len(name) <= FILENAME_LENGTH:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:FILENAME_LENGTH]
    return f"{stem[: FILENAME_LENGTH - len(ending) - 1]}.{ending}"


def is_web_address(text: str) -> bool:
    """Whether ``text`` is a whole http or https address that is safe to link to.

    Refused: other schemes, user names before the host, blanks and controls, more than 2000
    characters, hosts without a dot.
    """
    if len(text) > URL_LENGTH or _UNWANTED.search(text) or re.search(r'[\s<>"\\^`{|}]', text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or port == 0:
        return False
    try:
        host = parts.netloc.encode("idna").decode() if parts.netloc else ""
    except UnicodeError:
        return False
    return _HOST.fullmatch(host) is not None
