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
_ONE_WORD_NAME = re.compile(r"\S*(?:[_\-]|[a-z][A-Z]|\w\d)\S*")  # of a file, in camel case or so
_PLACEHOLDER = re.compile(r"\$\{|^\$|\{\{|<<|«#|\[\[|_{3}|\.{4}|…{2}")
_GENERIC = re.compile(
    r"^(?:indice|sommario|premess[ae]|introduzione|presentazione|contenuti|abstract|prefazione"
    r"|table of contents|contents|summary|executive summary|introduction|allegat[oi]|modulo"
    r"|capitolo|parte|sezione|repubblica italiana|il (?:dirigente|direttore|sindaco|presidente)"
    r"|spett\w*|alla?|al|oggetto|home|version[ei]|revision[ei]|not[ae]|pag\w*)\b"
    r"(?: (?:dei contenuti|generale))?"
    r"[\s\d.:/A-Z-]{0,8}$",
    re.I,
)
_NOBODY = re.compile(
    r"(?:utente|user|admin\w*|amministratore|owner|proprietario|default|guest|author|autore"
    r"|unknown|anonymous|windows user|utente windows|microsoft\b.*|apache poi|python-docx|openpyxl"
    r"|libreoffice.*|preferred customer|pl/sql developer|utente di microsoft office)",
    re.I,
)
_ACRONYM = re.compile(r"[A-Z][A-Z.&]{1,11}")
_ACCOUNT_NUMBER = re.compile(r"[\s\d]+$")
_EARLIEST = date(1990, 1, 1)
_TITLE_LENGTH = 250
_HEADING_LENGTH = 180


def sane_title(text: str) -> str:
    """``text`` as one clean line, or nothing when it is no title for a person.

    Refused: file names, program names, default titles, words with underscores or in camel case,
    text without letters, and more than 250 characters.
    """
    title = clean_line(text, _TITLE_LENGTH + 1).strip(" -–_|")
    if not 3 <= len(title) <= _TITLE_LENGTH or _FILE_NAME.search(title):
        return ""
    if _PROGRAM_MADE.match(title) or "_" in title or _PLACEHOLDER.search(title):
        return ""
    if " " not in title and _ONE_WORD_NAME.fullmatch(title):
        return ""
    letters = sum(character.isalpha() for character in title)
    return title if letters >= max(3, len(title) // 3) else ""


def sane_heading(text: str) -> str:
    """Like ``sane_title`` for a line of the text, which may be anything: a title begins a
    sentence, does not stop in the middle of it, and is not "Indice" or "Premessa"."""
    title = sane_title(text)
    if not title or _GENERIC.match(title) or len(title) > _HEADING_LENGTH:
        return ""
    return "" if title[0].islower() or title[-1] in ",;:" else title


def first_title(metadata: Iterable[str], lines: Iterable[str]) -> str:
    """The first sane title of the metadata, else the first line of the text that may be one."""
    sane = [*map(sane_title, metadata), *map(sane_heading, lines)]
    return next(filter(None, sane), "")


def sane_authors(texts: Iterable[str]) -> tuple[str, ...]:
    """Names out of metadata, at most ten, parted at semicolons.

    A name has two words or is an acronym: what has one is the account of a computer.
    """
    names = (clean_line(name, 120) for text in texts for name in text[:2000].split(";"))
    plain = (_ACCOUNT_NUMBER.sub("", name) for name in names)
    kept = [name for name in plain if " " in name or _ACRONYM.fullmatch(name)]
    people = [name for name in kept if "@" not in name and not _NOBODY.fullmatch(name)]
    return tuple(dict.fromkeys(people))[:10]


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
