"""Citations of laws: one act is found and linked however it is written.

"l. 56/2014", "legge n. 56 del 2014", "legge 7 aprile 2014, n. 56" and "legge Delrio" are the same
act. ``find`` says where a text cites which act, with the address of the act on Normattiva or
EUR-Lex; the search indexes ``Act.key`` where the citation stands and asks for the same key.

Known: laws, constitutional laws, legislative, law and royal decrees, decrees of the President of
the Republic, the Constitution (with an article), European regulations, directives and decisions,
and the names in ``_NAMED``. Regional laws and acts of ministries are not: their addresses need the
authority, which citations leave out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain

_NORMATTIVA = "https://www.normattiva.it/uri-res/N2Ls?urn:nir:stato:"
_EUR_LEX = "http://data.europa.eu/eli/"

# Kind of act: its name in the URN of Normattiva, and how it is cited in full.
_ITALIAN = {
    "legge": ("legge", "legge"),
    "lcost": ("legge.costituzionale", "legge costituzionale"),
    "dlgs": ("decreto.legislativo", "decreto legislativo"),
    "dl": ("decreto.legge", "decreto-legge"),
    "dpr": (
        "decreto.del.presidente.della.repubblica",
        "decreto del Presidente della Repubblica",
    ),
    "rd": ("regio.decreto", "regio decreto"),
    "costituzione": ("costituzione", "Costituzione"),
}
# The same for the ELI of the Union.
_EUROPEAN = {
    "reg": ("reg", "regolamento (UE)"),
    "reg_del": ("reg_del", "regolamento delegato (UE)"),
    "reg_impl": ("reg_impl", "regolamento di esecuzione (UE)"),
    "dir": ("dir", "direttiva (UE)"),
    "dec": ("dec", "decisione (UE)"),
}
_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre"),
)
_FIRST_YEAR_FIRST = 2015  # European acts are numbered "year/number" from then on
_THIS_CENTURY = 47  # two digits of a year up to here are of this century; the Republic is of 1948
_BEFORE = 110  # characters before an act where its article may stand


@dataclass(frozen=True)
class Act:
    """A law. ``day`` is the ISO date where it is known; two acts are one if their keys agree."""

    kind: str
    year: int
    number: int
    day: str = ""

    @property
    def key(self) -> str:
        """What the index and the question hold for this act: never a word that people type."""
        return f"§{self.kind}:{self.year}:{self.number}"

    @property
    def label(self) -> str:
        """The act as it is cited: "legge 7 aprile 2014, n. 56", "regolamento (UE) 2016/679"."""
        if self.kind == "costituzione":
            return _ITALIAN[self.kind][1]
        if self.kind in _EUROPEAN:
            numbers = f"{self.year}/{self.number}"
            if self.year < _FIRST_YEAR_FIRST and self.kind.startswith("reg"):
                numbers = f"n. {self.number}/{self.year}"
            return f"{_EUROPEAN[self.kind][1]} {numbers}"
        if not self.day:
            return f"{_ITALIAN[self.kind][1]} n. {self.number} del {self.year}"
        month, day = map(int, self.day.split("-")[1:])
        written = f"{'1º' if day == 1 else day} {_MONTHS[month - 1]} {self.year}"
        return f"{_ITALIAN[self.kind][1]} {written}, n. {self.number}"

    def url(self, article: str = "") -> str:
        """The address of the act in force, at its ``article`` ("14-bis") where there is one."""
        place = article.replace("-", "").replace(" ", "")
        if self.kind in _EUROPEAN:
            at = f"art_{place}/" if place else ""
            return f"{_EUR_LEX}{_EUROPEAN[self.kind][0]}/{self.year}/{self.number}/{at}oj"
        at = f"~art{place}" if place else ""
        number = f";{self.number}" if self.number else ""
        return f"{_NORMATTIVA}{_ITALIAN[self.kind][0]}:{self.day or self.year}{number}{at}"


@dataclass(frozen=True)
class Citation:
    """A place of a text that cites an act: ``text[start:end]``, its article included.

    ``act_start`` and ``act_end`` bound the words of the act alone. ``by_name`` is true where it is
    called by its name ("legge Delrio", "TUEL").
    """

    start: int
    end: int
    act: Act
    article: str
    act_start: int
    act_end: int
    by_name: bool = False

    @property
    def url(self) -> str:
        return self.act.url(self.article)


# What people call acts by. Names that several acts bear ("decreto semplificazioni", "codice dei
# contratti") are left out on purpose. Acronyms count in capitals only, except in a question.
_NAMED = {
    Act("legge", 2014, 56, "2014-04-07"): ("legge Delrio", "riforma Delrio", "l. Delrio"),
    Act("dlgs", 2000, 267, "2000-08-18"): (
        "TUEL",
        "T.U.E.L.",
        "testo unico degli enti locali",
        "testo unico sugli enti locali",
        "testo unico delle leggi sull'ordinamento degli enti locali",
        "testo unico sull'ordinamento degli enti locali",
    ),
    Act("dlgs", 2005, 82, "2005-03-07"): (
        "CAD",
        "C.A.D.",
        "codice dell'amministrazione digitale",
        "codice amministrazione digitale",
    ),
    Act("reg", 2016, 679, "2016-04-27"): (
        "GDPR",
        "RGPD",
        "regolamento generale sulla protezione dei dati",
    ),
    Act("dlgs", 2003, 196, "2003-06-30"): (
        "codice della privacy",
        "codice privacy",
        "codice in materia di protezione dei dati personali",
    ),
    Act("dlgs", 2001, 165, "2001-03-30"): (
        "TUPI",
        "testo unico del pubblico impiego",
        "testo unico sul pubblico impiego",
    ),
    Act("dpr", 2001, 380, "2001-06-06"): ("testo unico dell'edilizia", "testo unico edilizia"),
    Act("dlgs", 2006, 152, "2006-04-03"): (
        "codice dell'ambiente",
        "testo unico ambientale",
        "testo unico dell'ambiente",
    ),
    Act("dlgs", 2016, 175, "2016-08-19"): (
        "TUSP",
        "testo unico sulle società partecipate",
        "testo unico in materia di società a partecipazione pubblica",
    ),
    Act("dlgs", 2017, 117, "2017-07-03"): ("codice del terzo settore", "codice terzo settore"),
    Act("dlgs", 2013, 33, "2013-03-14"): ("decreto trasparenza",),
    Act("dlgs", 2009, 150, "2009-10-27"): ("decreto Brunetta", "riforma Brunetta"),
    Act("legge", 2012, 190, "2012-11-06"): ("legge anticorruzione", "legge Severino"),
    Act("legge", 2015, 124, "2015-08-07"): ("legge Madia", "riforma Madia"),
    Act("legge", 1970, 300, "1970-05-20"): ("statuto dei lavoratori",),
    Act("legge", 1990, 241, "1990-08-07"): (
        "legge sul procedimento amministrativo",
        "legge sul procedimento",
    ),
}
_CONSTITUTION = Act("costituzione", 1947, 0, "1947-12-27")
_DAYS = {(act.kind, act.year, act.number): act.day for act in _NAMED}

_GAP, _SPACE = r"\s{0,3}", r"\s{1,3}"  # bounded: hostile text must take linear time
_APOSTROPHE = "['’‘`´ʼ]"
_NUMBER = r"(?:(?:n|nr|num)\s?[.°º]\s?|numero\s{1,3}|n\s{1,3})"
_SUFFIXES = "bis|ter|quater|(?:quinqu|sex|sept|oct|nov|dec|undec|duodec)ies"
_ARTICLE = (
    r"\b(?:artt?\s?\.|artt?\b|articol[oi])\s{0,3}"
    rf"(?P<article>\d{{1,4}}(?:\s?[-‐‑–]?\s?(?:{_SUFFIXES})\b)?)"
)


def _date(name: str) -> str:
    return (
        rf"(?:(?P<day_{name}>\d{{1,2}})[°º]?{_SPACE}(?P<word_{name}>{'|'.join(_MONTHS)}){_SPACE}"
        rf"(?P<year_{name}>\d{{4}})"
        rf"|(?P<day2_{name}>\d{{1,2}})(?P<sign_{name}>[./-])(?P<month2_{name}>\d{{1,2}})"
        rf"(?P=sign_{name})(?P<year2_{name}>\d{{4}}|\d{{2}}(?!\d)))"
    )


_ITALIAN_ACT = rf"""
    (?:
        (?P<lcost>l(?:egge|\.)\s?cost(?:ituzionale|\.))
      | (?P<dlgs>(?:d\.?|decreto)\s?(?:lgs|leg\.vo|l\.vo|lvo)\b\.?(?:vo\b\.?)?
          | decreto{_SPACE}legislativo)
      | (?P<dl>d\.\s?l\.|dl\b|decreto[\s‐‑–-]+legge)
      | (?P<dpr>d\.\s?p\.\s?r\.?|dpr\b
          | decreto{_SPACE}del{_SPACE}presidente{_SPACE}della{_SPACE}repubblica)
      | (?P<rd>r\.\s?d\.|regio{_SPACE}decreto)
      | (?P<legge>legg[ei]|l\.|l(?={_SPACE}(?:n|\d)))
    )
    {_GAP},?{_GAP}(?:del(?:l{_APOSTROPHE})?{_GAP})?
    (?:
        {_date("first")}{_GAP},?{_GAP}{_NUMBER}(?P<number_first>\d{{1,5}})
      | {_NUMBER}?(?P<number_of>\d{{1,5}}){_GAP},?{_GAP}del{_SPACE}
        (?:{_date("of")}|(?P<alone_of>\d{{4}}))
      | {_NUMBER}?(?P<number_slash>\d{{1,5}})\s?/\s?(?P<alone_slash>\d{{4}}|\d{{2}})
    )
"""

_MARK = r"(?:UE|CEE|CE|EU)\b"
_EUROPEAN_ACT = rf"""
    (?:
        (?P<reg>reg(?:olamento|\.)(?P<derived>{_SPACE}(?:delegato|di{_SPACE}esecuzione))?)
      | (?P<dir>dir(?:ettiva|\.))
      | (?P<dec>decisione)
    )
    {_GAP}(?P<mark>\(?{_MARK}\)?|europe[oa]\b)?{_GAP},?{_GAP}
    (?:
        {_date("eu")}{_GAP},?{_GAP}{_NUMBER}(?P<number_eu>\d{{1,5}})
      | {_NUMBER}?(?P<left>\d{{1,5}})(?:\s?/\s?|{_SPACE}(?P<del>del){_SPACE})(?P<right>\d{{2,5}})
    )
    (?P<mark_after>\s?/\s?\(?{_MARK}\)?|\s?\({_MARK}\))?
"""


def _written(name: str, any_case: bool) -> str:
    """The expression that finds a name; an acronym in capitals only, unless in ``any_case``."""
    pattern = re.escape(name).replace(r"\ ", _SPACE).replace("'", rf"{_APOSTROPHE}\s?")
    pattern = pattern.replace("à", f"(?:à|a{_APOSTROPHE}?)")
    return f"(?-i:{pattern})" if name.isupper() and not any_case else pattern


@cache
def _compiled(any_case: bool) -> re.Pattern[str]:
    named = "|".join(
        rf"(?P<named_{place}>{'|'.join(_written(name, any_case) for name in names)})"
        for place, names in enumerate(_NAMED.values())
    )
    return re.compile(
        rf"""(?=[cdglrst])(?<![\w.])(?:
            (?:{_ITALIAN_ACT}|{_EUROPEAN_ACT})(?!\d|/\d)
          | (?:{named}|(?P<costituzione>cost(?:ituzione\b|\.)))(?!\w)
        )""",
        re.VERBOSE | re.IGNORECASE,
    )


_NAMED_ACTS = tuple(_NAMED)
# No act is cited without one of these: most texts are told apart by them at little cost.
_NUMBER_SIGN = re.compile(r"/\s?\d|\bn(?:umero\s+|um|r)?\s?[.°º]?\s?\d|\bdel\s+\d", re.IGNORECASE)
_CAPITAL_SIGNS = ("TUEL", "T.U.E.L.", "CAD", "C.A.D.", "GDPR", "RGPD", "TUPI", "TUSP")
_NAME_SIGNS = (
    *("delrio", "testo unico", "codice ", "sulla protezione", "brunetta", "decreto trasparenza"),
    *("legge anticorruzione", "severino", "madia", "dei lavoratori", "legge sul", "costituzion"),
    "cost.",
)
_ARTICLE_AFTER = re.compile(rf",?\s*(?:all{_APOSTROPHE}\s?)?{_ARTICLE}", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(_ARTICLE, re.IGNORECASE)
_WORD = re.compile(r"\w+")
# What may stand between an article and its act: "comma 4, lettera b), del citato".
_BETWEEN = frozenset(
    (
        *("comma", "commi", "co", "c", "lettera", "lettere", "lett", "numero", "n", "punto"),
        *("paragrafo", "par", "periodo", "primo", "secondo", "terzo", "quarto", "ultimo", "e"),
        *("del", "della", "dello", "dell", "di", "cui", "al", "alla", "allo", "all", "citato"),
        *("citata", "predetto", "predetta", "medesimo", "medesima", "stesso", "stessa", "suddetto"),
        *("suddetta", "ed", "seguenti", "ss", "segg", "da", "a", "o", *_SUFFIXES.split("|")),
    )
)


def find(text: str) -> tuple[Citation, ...]:
    """Every citation in ``text``, in order; none overlaps another. Takes linear time."""
    return tuple(_citations(_compiled(any_case=False), text)) if _may_cite(text) else ()


def find_typed(question: str) -> tuple[Citation, ...]:
    """The same in what a person types, where acronyms come in small letters too."""
    return tuple(_citations(_compiled(any_case=True), question))


def label_of(key: str) -> str:
    """The act of a ``key`` as it is cited. Raises ``ValueError`` for what is no key."""
    kind, year, number = key.removeprefix("§").split(":")
    return _act(kind, int(year), int(number)).label


def keys_of_numbers(year: int, number: int) -> Iterator[str]:
    """The keys of every kind of act with this number and year, for a bare "56/2014"."""
    return (_act(kind, year, number).key for kind in chain(_ITALIAN, _EUROPEAN))


def _may_cite(text: str) -> bool:
    if _NUMBER_SIGN.search(text) or any(sign in text for sign in _CAPITAL_SIGNS):
        return True
    folded = " ".join(text.casefold().split())
    return any(sign in folded for sign in _NAME_SIGNS)


def _citations(pattern: re.Pattern[str], text: str) -> Iterator[Citation]:
    acts = [
        (match.start(), match.end(), act, not any(map(str.isdigit, match.group())))
        for match in pattern.finditer(text)
        if (act := _read(match)) is not None
    ]
    reached = 0  # what an earlier citation holds
    for place, (start, end, act, named) in enumerate(acts):
        before = _article_before(text, max(reached, start - _BEFORE), start)
        following = acts[place + 1][0] if place + 1 < len(acts) else None
        if before is not None:
            citation = Citation(before.start(), end, act, _number_of(before), start, end, named)
        elif act is _CONSTITUTION:
            continue
        elif (after := _article_after(text, end, following)) is not None:
            citation = Citation(start, after.end(), act, _number_of(after), start, end, named)
        else:
            citation = Citation(start, end, act, "", start, end, named)
        reached = citation.end
        yield citation


def _article_before(text: str, floor: int, start: int) -> re.Match[str] | None:
    """The last article before an act, if nothing but its commas and letters stands between."""
    found = None
    for match in _ARTICLE_BEFORE.finditer(text, floor, start):
        found = match
    if found is None or text[found.end() : start].strip()[-1:] in {".", ";", ":"}:
        return None
    between = _WORD.findall(text[found.end() : start].casefold())
    telling = (word for word in between if not word.isdigit() and len(word) > 1)
    return found if all(word in _BETWEEN for word in telling) else None


def _article_after(text: str, end: int, following: int | None) -> re.Match[str] | None:
    """The article right after an act, unless it is one of the act that begins at ``following``."""
    match = _ARTICLE_AFTER.match(text, end)
    if match is None or (
        following is not None
        and following - end < _BEFORE
        and _article_before(text, end, following) is not None
    ):
        return None
    return match


def _number_of(article: re.Match[str]) -> str:
    """ "14 bis" and "14bis" are "14-bis"."""
    parts = re.fullmatch(r"(\d+)\W*(\w*)", article["article"])
    if parts is None:  # the expression gives digits and letters only
        return article["article"]
    return "-".join(part.lower() for part in parts.groups() if part)


def _read(match: re.Match[str]) -> Act | None:
    """The act that a match means, unless its numbers can be those of no act."""
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    for name in found:
        if name.startswith("named_"):
            return _NAMED_ACTS[int(name.removeprefix("named_"))]
        if name == "costituzione":
            return _CONSTITUTION
        if name in _ITALIAN:
            return _italian(name, found)
        if name in _EUROPEAN:
            return _european(name, found)
    return None


def _italian(kind: str, found: dict[str, str]) -> Act | None:
    for place in ("first", "of", "slash"):
        number = found.get(f"number_{place}")
        if number is not None:
            year, day = _day(found, place)
            return _act(kind, year, int(number), day) if int(number) else None
    return None


def _european(kind: str, found: dict[str, str]) -> Act | None:
    if "derived" in found:
        kind = "reg_del" if found["derived"].split()[0].lower() == "delegato" else "reg_impl"
    marked = "mark" in found or "mark_after" in found
    if "number_eu" in found:
        return _act(kind, _day(found, "eu")[0], int(found["number_eu"])) if marked else None
    left, right = found["left"], found["right"]
    if "del" in found:
        year, number = right, left
    elif kind == "dir" or (_is_year(left) and int(left) >= _FIRST_YEAR_FIRST):
        year, number = (left, right) if not _is_year(right) or _is_year(left) else (right, left)
    else:
        year, number = (right, left) if _is_year(right) or len(right) == 2 else (left, right)
    unmarked = kind.startswith("reg") and len(right) > 2 and int(left) >= _FIRST_YEAR_FIRST
    certain = marked or (_is_year(left) and (unmarked or kind == "dir"))
    if not certain or not int(number) or len(year) not in (2, 4):
        return None
    return _act(kind, _whole(year), int(number))


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _day(found: dict[str, str], place: str) -> tuple[int, str]:
    """Year and ISO date, empty when the text gives the year alone or a day that is none."""
    if (word := found.get(f"word_{place}")) is not None:
        day, month = int(found[f"day_{place}"]), _MONTHS.index(word.lower()) + 1
        year = int(found[f"year_{place}"])
    elif (written := found.get(f"month2_{place}")) is not None:
        day, month = int(found[f"day2_{place}"]), int(written)
        year = _whole(found[f"year2_{place}"])
    else:
        return _whole(found[f"alone_{place}"]), ""
    try:
        return year, date(year, month, day).isoformat()
    except ValueError:
        return year, ""


def _whole(year: str) -> int:
    """The year that two digits or four mean."""
    if len(year) > 2:
        return int(year)
    return int(year) + (2000 if int(year) <= _THIS_CENTURY else 1900)


def _act(kind: str, year: int, number: int, day: str = "") -> Act:
    return Act(kind, year, number, _DAYS.get((kind, year, number), "") or day)
