"""XLSX of cells, cities, resources and sources: one table a sheet, headers in the first row."""

from datetime import datetime, time
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corpus.ids import derived_id
from corpus.seed.recipe.archive import settle
from corpus.seed.recipe.material import (
    EVIDENCE,
    FIGURES,
    SOURCE_KINDS,
    Material,
    day_in_words,
    figure_in_words,
    issue_day,
)
from corpus.seed.schema import DocumentLine, GapLine, RecordLine

Row = tuple[str | int | float | None, ...]
COLUMN = 46  # widest column, in characters


def write(document: DocumentLine, material: Material, path: Path) -> None:
    """Write the workbook to ``path``."""
    day = issue_day(document)
    book = Workbook()
    book.remove(book.active)
    add(book, "Leggimi", ("Foglio", "Che cosa contiene"), readme(document))
    add(book, "Caselle", CELL_HEADER, cells(material))
    add(
        book,
        "Città",
        ("Città", "Dato", "Valore", "Data", "Da verificare", "Fonte"),
        figures(material),
    )
    add(
        book,
        "Ricerche e articoli",
        RECORD_HEADER,
        [row(line, line.form, line.year) for line in (*material.research, *material.articles)],
    )
    add(
        book,
        "Formazione",
        RECORD_HEADER,
        [row(line, line.form, line.year) for line in material.courses],
    )
    add(
        book,
        "Eventi",
        RECORD_HEADER,
        [row(line, line.place, str(line.start or line.date_note)) for line in material.events],
    )
    add(book, "Fonti", ("Fonte", "Chi la pubblica", "Indirizzo"), sources(material))
    properties = book.properties
    properties.title, properties.description = document.title, document.summary
    properties.creator = properties.lastModifiedBy = ", ".join(document.authors)
    properties.language = "it-IT"
    properties.created = datetime.combine(day, time())
    book.save(path)
    settle(path, day)


def add(book: Workbook, name: str, header: tuple[str, ...], rows: list[Row]) -> None:
    """Add a sheet with a fixed header row, filters and readable columns."""
    sheet: Worksheet = book.create_sheet(name)
    sheet.append(header)
    for line in rows:
        sheet.append(line)
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="17324D")
        cell.fill = PatternFill("solid", fgColor="E8F0F8")
    for column, title in enumerate(header, start=1):
        lengths = [len(title), *(len(str(line[column - 1] or "")) for line in rows)]
        sheet.column_dimensions[get_column_letter(column)].width = min(COLUMN, max(lengths) + 2)
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def readme(document: DocumentLine) -> list[Row]:
    """What each sheet holds, and how to use the table."""
    return [
        (
            "Caselle",
            "Le 42 caselle (14 città per 3 aree): la soluzione trovata o lo spazio da completare.",
        ),
        ("Città", "Un dato per riga: valore, data, fonte e avviso quando il dato è da verificare."),
        ("Ricerche e articoli", "Le schede che rimandano a chi ha pubblicato il documento."),
        ("Formazione", "Le attività di formazione di cui si è trovata prova."),
        ("Eventi", "Gli eventi; dove il giorno non è sicuro c'è scritto che cosa si sa."),
        ("Fonti", "Tutte le pagine citate, ciascuna una volta sola."),
        (
            "Come citare",
            f"{', '.join(document.authors)}, {document.title}, "
            f"{day_in_words(issue_day(document))}, licenza {document.licence}.",
        ),
    ]


CELL_HEADER = (
    "Codice",
    "Città",
    "Area",
    "Stato",
    "Titolo",
    "Anno",
    "Sintesi",
    "Problema",
    "Che cosa è stato fatto",
    "Esito",
    "Che cosa si può riprendere",
    "Soggetti",
    "Avvertenze",
    "Fonti",
)


def cells(material: Material) -> list[Row]:
    """The 42 cells, city by city."""
    return [
        cell(material, city.slug, area.slug) for city in material.cities for area in material.areas
    ]


def cell(material: Material, city: str, area: str) -> Row:
    """One cell: the solution, or the gap with its hint."""
    line = material.cell(city, area)
    name = material.city(city).name
    label = next(entry.short_label for entry in material.areas if entry.slug == area)
    if isinstance(line, GapLine):
        hint = line.hint or "Nessuna fonte trovata."
        return (
            None,
            name,
            label,
            "scheda da completare: nessuna fonte trovata",
            *(None,) * 8,
            hint,
            None,
        )
    return (
        derived_id(line.key),
        name,
        label,
        EVIDENCE[line.evidence],
        line.title,
        line.year,
        line.summary,
        line.problem,
        line.actions,
        line.outcome,
        line.reusable,
        "; ".join(line.partners),
        line.note,
        " ".join(source.url for source in line.sources),
    )


def figures(material: Material) -> list[Row]:
    """Every figure of every city, one a row."""
    return [
        (
            city.name,
            FIGURES[figure.key],
            int(figure.value) if figure.value.isdigit() else figure_in_words(figure),
            day_in_words(figure.date),
            "sì" if figure.to_verify else "no",
            figure.source,
        )
        for city in material.cities
        for figure in city.figures
    ]


RECORD_HEADER = (
    "Codice",
    "Titolo",
    "Forma o luogo",
    "Data",
    "Città",
    "Aree",
    "Sintesi",
    "Avvertenze",
    "Fonti",
)


def row(line: RecordLine, form: str | None, when: str | int | None) -> Row:
    """A record of any kind."""
    return (
        derived_id(line.key),
        line.title,
        form,
        day_in_words(str(when)) if when else None,
        ", ".join(line.cities),
        ", ".join(line.areas),
        line.summary,
        line.note,
        " ".join(source.url for source in line.sources),
    )


def sources(material: Material) -> list[Row]:
    """Every page cited by a record, once."""
    lines = (
        *material.solutions,
        *material.research,
        *material.articles,
        *material.courses,
        *material.events,
    )
    return [
        (source.label, SOURCE_KINDS[source.kind], source.url) for source in material.cited(lines)
    ]
