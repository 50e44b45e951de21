"""A short summary out of the text: its own abstract, else its first paragraph of prose."""

import re
from collections.abc import Iterator, Sequence

from indexer.extract.base import Extract
from indexer.proposals.base import Found, Origin

_LONGEST = 500
_FEWEST_WORDS = 15
_PAGES = 8
_OPENING = re.compile(
    r"(?i)^\W*(?:\d+(?:\.\d+)*\.?\s+)?(?:abstract|sintesi|executive summary|sommario esecutivo"
    r"|in breve|premessa|introduzione|finalit[àa]|(?:scopo|obiettiv[oi])(?: del documento)?"
    r"|oggetto|presentazione)\W*$"
)
_OWN = re.compile(r"(?i)^(?:abstract|sintesi|riassunto|in breve)\s*[:.–-]\s*(?=\S)")
_DOTS = re.compile(r"\.{4,}|(?: \.){4,}|…{3,}|_{4,}|\$\{|\+\+\+|«#| \| ")
# Of acts and licences: they say why, or under which terms, and not what it is about.
_FORMULA = re.compile(
    r"(?i)(?:vist[oaie]|ritenut[oa]|considerat[oa]|premess[oa]|dato atto|richiamat[oaie]|atteso"
    r"|preso|copyright|licensed|©|il sottoscritto|la sottoscritta|ai sensi"
    r"|informativa (?:sul )?trattamento)\b"
)
_SENTENCE_END = re.compile(r"(?<=[a-zà-ù0-9)»”][.!?])\s+(?=[A-ZÀ-Ý«“\"])")


def find_summary(extract: Extract) -> Found[str] | None:
    """At most 500 characters, cut at the end of a sentence; None for tables and subtitles."""
    if not extract.readable or extract.unit in ("foglio", "tempo", "diapositiva"):
        return None
    first: Found[str] | None = None
    for number, paragraphs in _paged(extract):
        opened = False
        for paragraph in paragraphs:
            if _OPENING.match(paragraph):
                opened = True
                continue
            own = _OWN.match(paragraph)
            text = paragraph[own.end() :] if own else paragraph
            if not _is_prose(text):
                continue
            found = Found(_cut(text), Origin.TEXT, 0.7 if opened or own else 0.45, page=number)
            if opened or own:
                return found
            first = first or found
    return first


def _paged(extract: Extract) -> Iterator[tuple[int, list[str]]]:
    for page in extract.pages[:_PAGES]:
        lines = page.text.split("\n")
        # Formats without pages keep a paragraph on its line.
        yield page.number, lines if extract.unit == "sezione" else list(_paragraphs(lines))


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Lines put together again: one goes on while it is long and does not end a sentence."""
    current: list[str] = []
    for line in map(str.strip, lines):
        if not line or _OPENING.match(line):
            if current:
                yield " ".join(current)
            current = []
            if line:
                yield line
            continue
        current.append(line)
        if len(line) < 45 or line.endswith((".", ":", ";", "!", "?")):
            yield " ".join(current)
            current = []
    if current:
        yield " ".join(current)


def _is_prose(text: str) -> bool:
    words = text.split()
    if len(words) < _FEWEST_WORDS or _DOTS.search(text) or not text[0].isupper():
        return False
    if _FORMULA.match(text) or text.endswith((";", ":", ",")):
        return False
    letters = sum(character.isalpha() for character in text)
    lower = sum(character.islower() for character in text)
    return letters > 0.7 * len(text) and lower > 0.75 * letters


def _cut(text: str) -> str:
    """Whole sentences while they fit, else whole words."""
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > _LONGEST:
            break
        kept = longer
    return kept or text[:_LONGEST].rsplit(" ", 1)[0] + "…"
