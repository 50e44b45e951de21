"""Extracted text made plain: one form of each letter, no invisible characters, whole words."""

import re
import unicodedata

# Anything but the letters and signs of Western typography, which need no closer look.
_UNUSUAL = re.compile("[^\n\t -~\u00a0-\u00ac\u00ae-\u024f\u2012-\u2022\u2026\u20ac]")
# Latin ligatures and Arabic presentation forms are shapes of letters, not letters.
_PRESENTATION = re.compile("[\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufdfb\ufe70-\ufefc]+")
# PDFium writes U+0002 or U+FFFE for a hyphen at a line end, and leaves the line end out.
# Programs that set type by themselves write U+2010, which nobody types.
_MARKED_HYPHEN = re.compile(
    "(?<=(\\w))(?:([\u0002\ufffe\u00ad])[ \\t]*\n?|(\u2010)[ \\t]*\n)[ \\t]*(?=(\\w))"
)
_TYPED_HYPHEN = re.compile(r"(?<=([^\W\d_]))(-)()[ \t]*\n[ \t]*(?=([^\W\d_]))")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]+")  # bullets of symbol fonts
_LINES = re.compile("[\r\u000b\u000c\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_EDGES = re.compile(r" +\n *|\n +")


def clean(text: str) -> str:
    """``text`` in NFC with plain spaces and line ends, without control, zero-width or
    direction characters, ligatures and soft hyphens folded.

    Line-end hyphens that a layout program left a mark for are joined; HTML stays as it is.
    """
    text = text.replace("\r\n", "\n")
    if _UNUSUAL.search(text):
        text = _LINES.sub("\n", text)
        text = _MARKED_HYPHEN.sub(_without_hyphen, text)
        text = _PRESENTATION.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
        text = _PRIVATE.sub(" ", text).replace("\u2011", "-")
        text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
    text = _SPACES.sub(" ", text)
    text = _BLANK_LINES.sub("\n\n", _LINE_EDGES.sub("\n", text))
    return text.strip()


def clean_line(text: str, limit: int = 300) -> str:
    """``clean`` on a single line of at most ``limit`` characters, for titles and names."""
    return " ".join(clean(text[: limit * 4]).split())[:limit].rstrip()


def join_typed_hyphens(text: str) -> str:
    """Join words broken with a typed hyphen at a line end, for readers that leave no mark."""
    return _TYPED_HYPHEN.sub(_without_hyphen, text)


def _without_hyphen(found: re.Match[str]) -> str:
    """Nothing where a word goes on, the hyphen where a name or number begins.

    So ``sempli-\\nficare`` is one word, ``Emilia-\\nRomagna`` and ``Covid-\\n19`` keep theirs.
    """
    before, mark, set_by_program, after = found.groups()
    if mark == "\u00ad" or after.islower():
        return ""
    return "" if set_by_program and before.isupper() and after.isupper() else "-"
