"""Years as people write them → values of the year filter, and back into words. Pure."""

import re
from dataclasses import dataclass

from portal.i18n import gettext as _

FIRST_YEAR, LAST_YEAR = 1861, 2100  # what the catalogue accepts
LONGEST = 80  # letters that are read

_MONTHS = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
    "|january|february|march|april|may|june|july|august|september|october|november|december"
    "|gen|feb|mar|apr|mag|giu|lug|ago|set|sett|ott|nov|dic"
)
_YEAR = r"((?:1[89]|20|21)\d\d)"
_DASH = r"\s*(?:-|–|—|‑|/|\.\.+)\s*"
_FROM, _TO = r"(?:da|dal|dall'anno|from)", r"(?:a|al|to)"
_SINCE = r"(?:da|dal|dall'anno|dopo|since|from|after|oltre)"
_UNTIL = r"(?:fino a|fino al|sino a|sino al|entro|entro il|prima del|prima di|until|to|before)"
_BETWEEN = re.compile(rf"(?:tra|fra|between)\s+(?:il\s+)?{_YEAR}\s+(?:e|and)\s+(?:il\s+)?{_YEAR}")
_ALONE = re.compile(rf"(?:(?:nel|in|del|anno|l'anno|year)\s+)?{_YEAR}")
_MONTH = re.compile(
    rf"(?:\d{{1,2}}[°º]?\s+)?(?:{_MONTHS})\.?\s+(?:del\s+)?{_YEAR}"
    rf"|(?:\d{{1,2}}\s*[-/.]\s*)?\d{{1,2}}\s*[-/.]\s*{_YEAR}"
    rf"|{_YEAR}\s*[-/.]\s*(?:0?[1-9]|1[0-2])(?:\s*[-/.]\s*\d{{1,2}})?"
)
_SPAN = re.compile(
    rf"(?:{_FROM}\s+)?{_YEAR}(?:{_DASH}|\s+{_TO}\s+)(?:((?:1[89]|20|21)\d\d)|(\d\d))"
)
_OPEN_END = re.compile(
    rf"(?:{_SINCE}\s+(?:il\s+)?{_YEAR}(?:\s+(?:in poi|ad oggi|a oggi|on|onwards))?"
    rf"|{_YEAR}\s*(?:-|–|in poi))"
)
_OPEN_START = re.compile(rf"(?:{_UNTIL}\s+{_YEAR}|(?:-|–)\s*{_YEAR})")
_AFTER, _BEFORE = re.compile(r"(?:dopo|oltre|after)\b"), re.compile(r"(?:prima|before)\b")


@dataclass(frozen=True)
class Read:
    """Values of the filter: "2023", "2021-2023", "2019-", "-2015". ``months``: one was named."""

    values: tuple[str, ...]
    months: bool = False


def read(text: str) -> Read | None:
    """What was written, or None where it is no year.

    Known: "2023", "marzo 2023", "2021-2023", "dal 2021 al 2023", "dal 2019", "fino al 2015", and
    several of them with commas or "e" between. A month or a day counts as its year.
    """
    text = " ".join(text[:LONGEST].lower().replace("’", "'").split()).strip(" .")
    whole = _one(text)
    if whole is not None:
        return whole
    found = [_one(part) for part in re.split(r"\s*[,;]\s*|\s+(?:e|o|and|or)\s+", text) if part]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    values = dict.fromkeys(value for one in known for value in one.values)
    return Read(tuple(values), any(one.months for one in known))


def words(value: str) -> str:
    """A value as a person reads it: "2023", "2021-2023", "dal 2019", "fino al 2015"."""
    first, dash, last = value.partition("-")
    if not dash or (first and last):
        return value
    return _("dal %(year)s", year=first) if first else _("fino al %(year)s", year=last)


def first_year(value: str) -> int:
    """For the order of a list: the year, or the first one of a span (0 where it is open)."""
    year = value[:4]
    return int(year) if year.isascii() and year.isdigit() else 0


def _one(text: str) -> Read | None:
    if found := _ALONE.fullmatch(text):
        return _within(int(found[1]), int(found[1]))
    if found := _BETWEEN.fullmatch(text):
        return _within(*sorted((int(found[1]), int(found[2]))))
    if found := _SPAN.fullmatch(text):
        first = int(found[1])
        last = int(found[2]) if found[2] else first // 100 * 100 + int(found[3])
        if found[3] and last <= first:  # "2021-05" is a month
            return _month(text)
        return _within(min(first, last), max(first, last))
    if found := _OPEN_END.fullmatch(text):
        return _within(_number(found) + bool(_AFTER.match(text)), None)
    if found := _OPEN_START.fullmatch(text):
        return _within(None, _number(found) - bool(_BEFORE.match(text)))
    return _month(text)


def _month(text: str) -> Read | None:
    found = _MONTH.fullmatch(text)
    if found is None:
        return None
    year = _within(_number(found), _number(found))
    return year and Read(year.values, months=True)


def _number(found: re.Match[str]) -> int:
    return int(next(group for group in found.groups() if group))


def _within(first: int | None, last: int | None) -> Read | None:
    """The value of a span, where it lies within what the catalogue accepts."""
    if any(year is not None and not FIRST_YEAR <= year <= LAST_YEAR for year in (first, last)):
        return None
    if first == last:
        return Read((str(first),))
    return Read((f"{first or ''}-{last or ''}",))
