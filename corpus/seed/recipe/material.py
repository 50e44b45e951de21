"""What the texts draw from: the sheets of the collection, and Italian ways to write values."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path

from corpus.seed import HERE
from corpus.seed.places import AreaLine, AreaSheet, CityLine, CitySheet, FigureLine
from corpus.seed.project import Programme
from corpus.seed.schema import (
    CourseLine,
    CourseSheet,
    DocumentLine,
    DocumentSheet,
    EventLine,
    EventSheet,
    GapLine,
    RecordLine,
    SolutionLine,
    SolutionSheet,
)
from corpus.seed.sheets import read_sheet
from corpus.seed.strict import SourceLine, Strict, Text
from corpus.seed.words import Acronym, Vocabulary
from corpus.vocabulary import Scope

TEXTS = Path(__file__).resolve().parent / "texts"

_ADDRESS = re.compile(r"https?://([^/\s]+)[^\s,]*")
_ASIDE = re.compile(r" \((?:copia|deposito)[^)]*\)")
MONTHS = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)
FIGURES = {
    "municipalities": "Comuni",
    "population": "Popolazione",
    "population_2011": "Popolazione al censimento 2011",
    "area_km2": "Superficie (km²)",
    "legal_basis": "Legge di riferimento",
    "established": "Istituzione",
    "operational_since": "Operativa dal",
}
EVIDENCE = {
    "pagina-del-programma": "pagina propria sul portale del programma",
    "fonte-ufficiale": "fonte di un ente o stampa che la attribuisce al programma",
    "solo-annunciata": "solo annunciata: scheda da completare",
}
STATES = {
    "pagina-del-programma": "descritta",
    "fonte-ufficiale": "attestata",
    "solo-annunciata": "annunciata",
}
SOURCE_KINDS = {
    "ente": "sito dell'ente o del programma",
    "copia": "copia su un sito di terzi",
    "stampa": "stampa o blog",
    "redazione": "redazione del portale",
}


def day_in_words(text: str | date) -> str:
    """``2018-01-31`` as ``31 gennaio 2018``; months and years alone too, other text as it is."""
    parts = str(text).split("-")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return str(text)
    if len(parts) == 1:
        return parts[0]
    month = f"{MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) == 2:
        return month
    return f"{'1º' if int(parts[2]) == 1 else int(parts[2])} {month}"


def number_in_words(text: str) -> str:
    """``2472.9`` as ``2.472,9``; other text as it is."""
    whole, _, rest = text.partition(".")
    if not (whole.isascii() and whole.isdigit() and (not rest or rest.isdigit())):
        return text
    return f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")


def figure_in_words(figure: FigureLine) -> str:
    """The value of a figure as a reader expects it."""
    if figure.key in ("established", "operational_since"):
        return day_in_words(figure.value)
    return number_in_words(figure.value)


def source_in_brief(text: str) -> str:
    """The site instead of the whole address and no aside, for narrow columns."""
    return _ASIDE.sub("", _ADDRESS.sub(lambda found: found[1].removeprefix("www."), text))


def source_with_links(text: str) -> str:
    """The same text, with each address as a Markdown link."""
    return _ADDRESS.sub(lambda found: f"[{found[0]}]({found[0]})", text)


@dataclass(frozen=True)
class DatedLine:
    """A line of the chronology; ``when`` begins with the date, as precise as the source."""

    when: str
    what: str
    place: str
    source: SourceLine


def issue_day(document: DocumentLine) -> date:
    """The day that stands in the document and in its file; ValueError when it has none."""
    if document.issued is None:
        raise ValueError(f"{document.key}: a document of our own needs its day")
    return document.issued


class MomentLine(Strict):
    """A fact of the chronology that is not a record of its own."""

    date: Text
    what: Text
    place: str = ""
    source: SourceLine

    def line(self) -> DatedLine:
        """The same, beside events and courses."""
        return DatedLine(self.date, self.what, self.place, self.source)


class MomentSheet(Strict):
    """``texts/cronologia.yaml``."""

    moments: tuple[MomentLine, ...]


@dataclass(frozen=True)
class Material:
    """The sheets, read once, with the questions that the texts ask."""

    @cached_property
    def cities(self) -> tuple[CityLine, ...]:
        return read_sheet(HERE / "cities.yaml", CitySheet).cities

    @cached_property
    def areas(self) -> tuple[AreaLine, ...]:
        return read_sheet(HERE / "areas.yaml", AreaSheet).areas

    @cached_property
    def _cells(self) -> SolutionSheet:
        return read_sheet(HERE / "solutions.yaml", SolutionSheet)

    @property
    def solutions(self) -> tuple[SolutionLine, ...]:
        return self._cells.solutions

    @property
    def gaps(self) -> tuple[GapLine, ...]:
        return self._cells.gaps

    @cached_property
    def research(self) -> tuple[DocumentLine, ...]:
        return read_sheet(HERE / "research.yaml", DocumentSheet).documents

    @cached_property
    def articles(self) -> tuple[DocumentLine, ...]:
        return read_sheet(HERE / "articles.yaml", DocumentSheet).documents

    @cached_property
    def own(self) -> tuple[DocumentLine, ...]:
        return read_sheet(HERE / "documents.yaml", DocumentSheet).documents

    @cached_property
    def courses(self) -> tuple[CourseLine, ...]:
        return read_sheet(HERE / "training.yaml", CourseSheet).courses

    @cached_property
    def events(self) -> tuple[EventLine, ...]:
        return read_sheet(HERE / "events.yaml", EventSheet).events

    @cached_property
    def programme(self) -> Programme:
        return read_sheet(HERE / "programme.yaml", Programme)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return read_sheet(HERE / "vocabulary.yaml", Vocabulary)

    def city(self, slug: str) -> CityLine:
        """The city with this slug; StopIteration when there is none."""
        return next(city for city in self.cities if city.slug == slug)

    def solutions_of(self, area: str) -> list[SolutionLine]:
        """Solutions of an area, in the programme's order of cities."""
        order = [city.slug for city in self.cities]
        found = [solution for solution in self.solutions if solution.area == area]
        return sorted(found, key=lambda solution: order.index(solution.city))

    def cell(self, city: str, area: str) -> SolutionLine | GapLine:
        """What stands in one of the 42 cells."""
        lines: tuple[SolutionLine | GapLine, ...] = (*self.solutions, *self.gaps)
        return next(line for line in lines if line.city == city and line.area == area)

    def state(self, city: str, area: str) -> str:
        """One word for a cell: descritta, attestata, annunciata or vuota."""
        line = self.cell(city, area)
        return "vuota" if isinstance(line, GapLine) else STATES[line.evidence]

    def total(self, key: str) -> str:
        """Sum of a whole-number figure over the cities."""
        return str(sum(int(f.value) for c in self.cities for f in c.figures if f.key == key))

    def chronology(self) -> list[tuple[str, list[DatedLine]]]:
        """Events, courses, dated research and moments of ``cronologia.yaml``, year by year."""
        moments = read_sheet(TEXTS / "cronologia.yaml", MomentSheet).moments
        dated = [
            (line.date if "-" in line.date else f"{line.date}-99", line.line()) for line in moments
        ]
        for record in (*self.events, *self.courses):
            if record.year is not None:
                when = str(record.start) if record.start else record.date_note or str(record.year)
                place = record.place if isinstance(record, EventLine) else record.form
                line = DatedLine(when, record.title, place or "", record.sources[0])
                # Without a sure day a fact stands at the end of its year.
                dated.append((str(record.start or f"{record.year}-99"), line))
        for document in (*self.research, *self.articles):
            if document.issued is not None and document.scope is Scope.PROGRAMME:
                what = f"{document.form.capitalize()}: {document.title}"
                line = DatedLine(str(document.issued), what, "", document.sources[0])
                dated.append((str(document.issued), line))
        dated.sort(key=lambda pair: pair[0])
        years = groupby(dated, key=lambda pair: pair[0][:4])
        return [(year, [line for _, line in pairs]) for year, pairs in years]

    def acronyms_by_letter(self) -> list[tuple[str, list[Acronym]]]:
        """The acronyms in alphabetical order, under their first letter."""
        ordered = sorted(self.vocabulary.acronyms, key=lambda entry: entry.acronym.casefold())
        grouped = groupby(ordered, key=lambda entry: entry.acronym[0].upper())
        return [(letter, list(group)) for letter, group in grouped]

    def figure_sources(self) -> list[str]:
        """Every source of a figure, once, in order of first mention."""
        return list(dict.fromkeys(f.source for c in self.cities for f in c.figures))

    def about(self, lines: Iterable[RecordLine], city: str) -> list[RecordLine]:
        """The records that name this city, except those that cover all fourteen."""
        return [line for line in lines if city in line.cities and len(line.cities) < 14]

    def cited(self, lines: Iterable[RecordLine]) -> list[SourceLine]:
        """Sources of these records, each address once, in order of first mention."""
        by_url = {source.url: source for line in reversed([*lines]) for source in line.sources}
        order = dict.fromkeys(source.url for line in lines for source in line.sources)
        return [by_url[url] for url in order]
