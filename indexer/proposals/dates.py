"""The day and the year of a document: as its first pages say, else as its properties do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from indexer.extract.base import Extract
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import Line, beginning, first_lines

_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
    "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_MONTH = "|".join(_MONTHS)
_DAY = re.compile(
    rf"(?i)\b(?P<day>\d{{1,2}})[°º]?\s+(?P<month>{_MONTH})\s+(?P<year>(?:19|20)\d\d)\b"
    r"|\b(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
)
_MONTH_YEAR = re.compile(rf"(?i)\b(?:{_MONTH})\s+['’]?(?P<year>(?:19|20)\d\d|\d\d)\b")
_PERIOD = re.compile(r"\b(?P<year>(?:19|20)\d\d)\s*[-–/]\s*(?:(?:19|20)?\d\d)\b")
_YEAR = re.compile(r"(?<![\d./-])(?P<year>(?:19|20)\d\d)(?![\d/-]|\.\d)")
_NAMED_DAY = re.compile(r"(?<!\d)(20\d\d)[-_. ](\d\d)[-_. ](\d\d)(?!\d)")
_NAMED_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
# A date of something else: a law, a protocol, an earlier act.
_OF_AN_ACT = re.compile(
    r"(?i)(?:\b(?:legg[ei]|l\.|d\.? ?lgs|d\.? ?l\b|d\.? ?p\.? ?r|d\.? ?p\.? ?c\.? ?m|d\.? ?m|dgr"
    r"|decret[oi](?: legislativ[oi])?|deliber\w+|determin\w+|ordinanza|regolamento|direttiva"
    r"|circolare|prot(?:ocollo)?|nota|sentenza|accordo|art|artt|comma|gazzetta|g\.u|serie generale"
    r"|tuel|cad|convocat[oa]|contratto|bando|nat[oa]|iso|uni|cig|vist[oaie])(?:\b|(?<=\.))[^;:]{0,80})$"
)
_SAYS_SO = re.compile(
    r"(?i)\b(?:version\w*|vers?\.|rev(?:isione)?\b|data|emission\w*|aggiorna\w*|edizion\w*|modific\w*"
    r"|seduta|rilascio|pubblica\w*|anno|approva\w*|redatt\w*|stato|riunione|del giorno|il giorno)"
)
_SHORT = 80  # characters; a longer line without a word that says so is a sentence
_NOT_PROSE = ("foglio", "tempo")  # rows of tables, spoken words
_MOST_LINES, _MOST_TEXT = 45, 200_000
_SURE, _LIKELY = 0.75, 0.62
_BARE = 30  # characters of a line in which four digits are a year
_FIRST, _LAST = 1990, 2100


Dates = tuple[Found[date] | None, Found[int] | None]  # the day, the year


@dataclass(frozen=True)
class _Dated:
    year: int
    day: date | None
    score: float
    line: Line
    words: str
    bare: bool = False  # four digits that may count anything
    titled: bool = False  # the years that a plan or a report covers, in its title


def find_dates(
    extract: Extract, name: str, title: str
) -> tuple[Found[date] | None, Found[int] | None]:
    """The day of issue and the year, either of which may be unknown."""
    stated = extract.issued
    written = [one for one in _written(extract, title) if _plausible(one.year)]
    best = max(written, key=lambda one: one.score, default=None)
    if best is not None and (stated is None or _prevails(best, stated, extract)):
        year = Found(best.year, Origin.TEXT, min(best.score, 0.95), best.words, best.line.page)
        if best.day is not None:
            return Found(best.day, Origin.TEXT, year.confidence, best.words, best.line.page), year
        same = stated is not None and stated.year == best.year
        return (_property(stated) if same and stated else None), year
    if stated is not None:
        issued = _property(stated)
        return issued, Found(stated.year, Origin.PROPERTIES, issued.confidence)
    return _of_name(name)


def _of_name(name: str) -> Dates:
    """What a file name says, where nothing else does: "verbale_2024-11-28.pdf"."""
    if found := _NAMED_DAY.search(name):
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            day = None
        if day is not None and _plausible(day.year):
            words = found[0]
            year = Found(day.year, Origin.NAME, 0.5, words)
            return Found(day, Origin.NAME, 0.5, words), year
    years = {int(found[1]) for found in _NAMED_YEAR.finditer(name)}
    if len(years) == 1 and _plausible(year_named := years.pop()):
        return None, Found(year_named, Origin.NAME, 0.45, str(year_named))
    return None, None


def _property(stated: date) -> Found[date]:
    return Found(stated, Origin.PROPERTIES, 0.6, stated.isoformat())


def _prevails(best: _Dated, stated: date, extract: Extract) -> bool:
    """Whether the text knows better than the day on which a program made the file."""
    if best.year == stated.year:
        return best.score >= 0.5
    near = 0 <= stated.year - best.year <= 1
    if best.day is not None and best.score >= _SURE and near:
        return True
    if best.titled and best.year < stated.year:
        return True
    return not best.bare and best.score >= _LIKELY and _was_converted(stated, extract)


def _was_converted(stated: date, extract: Extract) -> bool:
    """Made long after every year that the text names."""
    years = [int(match["year"]) for match in _YEAR.finditer(beginning(extract, _MOST_TEXT))]
    past = [year for year in years if _plausible(year) and year <= date.today().year]
    return bool(past) and stated.year - max(past) > 2


def _plausible(year: int) -> bool:
    return _FIRST <= year <= min(_LAST, date.today().year + 1)


def _written(extract: Extract, title: str) -> Iterator[_Dated]:
    if extract.unit in _NOT_PROSE:
        return
    lines = (Line(title, 1, 0), *first_lines(extract, _MOST_LINES, pages=2))
    for before, line in zip(("", *(line.text for line in lines)), lines, strict=False):
        titled = line is lines[0]
        early = 0.12 if titled else max(0.0, 0.1 - 0.004 * line.place)
        context = before[-80:] if line.text[:1].islower() or line.text[:1].isdigit() else ""
        for match in _DAY.finditer(line.text):
            if (day := _day(match)) and not _of_an_act(context, line.text, match.start()):
                yield _Dated(day.year, day, _weight(line.text, 0.6) + early, line, match[0])
        for pattern, base in ((_MONTH_YEAR, 0.6), (_PERIOD, 0.52), (_YEAR, 0.42)):
            for match in pattern.finditer(line.text):
                bare = pattern is _YEAR
                if _of_an_act(context, line.text, match.start()) or (
                    bare and len(line.text) > _BARE and not _SAYS_SO.search(line.text)
                ):
                    continue
                year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
                score = _weight(line.text, base) + early
                covered = titled and pattern is _PERIOD
                yield _Dated(year, None, score, line, match[0], bare, covered)


def _weight(line: str, base: float) -> float:
    says_so = bool(_SAYS_SO.search(line))
    if len(line) > 2 * _SHORT:
        return base - 0.3 if not says_so else base - 0.15
    if len(line) > _SHORT and not says_so:
        return base - 0.2
    return base + (0.15 if says_so else 0.05)


def _of_an_act(before: str, line: str, start: int) -> bool:
    return bool(_OF_AN_ACT.search(f"{before} {line[:start]}"))


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        if match["month"]:
            month = _MONTHS.index(match["month"].lower()) + 1
            return date(int(match["year"]), month, int(match["day"]))
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None
