"""Titles, authors and dates worth showing, out of what programs write by themselves."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from indexer.extract.cleaning import clean_line

_FILE_NAME = re.compile(
    r"\.(?:docx?|dotx?|odt|rtf|pdf|pptx?|odp|xlsx?|ods|indd|qxd|cdr|ai|psd|pub|txt|html?|tex|dvi"
    r"|dwg|jpe?g|png|tiff?)$",
    re.I,
)
_PROGRAM_MADE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel|office)\b"
    r"|(?:documento|document|presentazione|presentation|cartel|book|foglio|sheet)\s*\d*$"
    r"|(?:presentazione|diapositiva) (?:standard )?(?:di|in) (?:microsoft )?powerpoint"
    r"|powerpoint presentation|presentazione standard"
    r"|(?:untitled|senza titolo|senza nome|no title|titolo|title|intestazione|print|stampa"
    r"|slide|diapositiva|pagina|page|scan(?:ned)?|scansione|img|image|layout|bozza|draft)\b[\s\d_-]*$"
    r"|(?:https?|file|about):|[a-z]:\\)",
    re.I,
)
_NOBODY = re.compile(
    r"^(?:utente|user|admin\w*|administrator|amministratore|owner|proprietario|default|guest|pc|"
    r"author|autore|unknown|anonymous|root|windows user|utente windows|microsoft\b.*|apache poi|"
    r"python-docx|openpyxl|libreoffice|preferred customer|xp|win\w*|hp|acer|asus|lenovo|dell|test)"
    r"[\s\d_-]*$",
    re.I,
)
_EARLIEST = date(1990, 1, 1)
_TITLE_LENGTH = 250


def sane_title(text: str) -> str:
    """``text`` as one clean line, or nothing when it is no title for a person.

    Refused: file names, program names, default titles, single words with underscores, text
    without letters, and more than 250 characters.
    """
    title = clean_line(text, _TITLE_LENGTH + 1).strip(" -–_|")
    if not 3 <= len(title) <= _TITLE_LENGTH or _FILE_NAME.search(title):
        return ""
    if _PROGRAM_MADE.match(title) or (" " not in title and "_" in title):
        return ""
    letters = sum(character.isalpha() for character in title)
    return title if letters >= max(3, len(title) // 3) else ""


def first_sane(candidates: Iterable[str]) -> str:
    return next((title for text in candidates if (title := sane_title(text))), "")


def sane_authors(texts: Iterable[str]) -> tuple[str, ...]:
    """Names out of metadata, at most ten, parted at semicolons; accounts of machines left out."""
    names = (clean_line(name, 120) for text in texts for name in text[:2000].split(";"))
    kept = [name for name in names if len(name) > 2 and not _NOBODY.match(name)]
    return tuple(dict.fromkeys(kept))[:10]


def sane_date(value: date | datetime | str | None) -> date | None:
    """A date between 1990 and tomorrow; ISO text is read, anything else is no date."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    if isinstance(value, datetime):
        value = value.date()
    if value is None or not _EARLIEST <= value <= date.today() + timedelta(days=1):
        return None
    return value
