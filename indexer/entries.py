"""From a published record to what the index holds of it: pure, no disk and no clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from corpus.records import (
    AreaView,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    RecordView,
    SolutionView,
)
from indexer.accessibility import level
from indexer.derived import FileFacts
from indexer.engine import Entry, Facet, PageText

_T = TypeVar("_T")

# The parts of a solution's sheet, by field, with the heading that readers see. A part's number in
# this order is its page number in the index, so that a passage can lead to it.
SOLUTION_PARTS: Mapping[str, str] = {
    "problem": "Il problema",
    "actions": "Che cosa è stato fatto",
    "outcome": "L'esito",
    "reusable": "Che cosa si può riusare",
    "facts": "Fatti e numeri",
    "partners": "Chi ha partecipato",
    "contact_office": "Ufficio di riferimento",
}


def entry(
    record: RecordView,
    facts: FileFacts | None,
    pages: Sequence[PageText],
    cities: Mapping[str, CityView],
    areas: Mapping[str, AreaView],
) -> Entry:
    """The index entry of ``record``; ``facts`` and ``pages`` are those of its latest file, if any.

    A file that was not read leaves a record that is found by its metadata. Slugs unknown to
    ``cities`` or ``areas`` stay as facet values and add no words.
    """
    return Entry(
        id=record.public_id,
        title=record.title,
        summary="\n".join(text for text in (record.summary, record.note) if text),
        pages=_written_pages(_parts(record) if isinstance(record, SolutionView) else pages),
        headings=tuple(heading.text for heading in facts.outline) if facts else (),
        keywords=_distinct(_keywords(record, cities, areas)),
        facets=_facets(record, facts),
        issued=_issued(record),
        revision=record.revision,
    )


def _written_pages(pages: Iterable[PageText]) -> tuple[PageText, ...]:
    """Blank pages have nothing to find; the others keep their numbers."""
    return tuple(page for page in pages if page.text.strip())


def _parts(solution: SolutionView) -> Iterator[PageText]:
    for number, (field, label) in enumerate(SOLUTION_PARTS.items(), start=1):
        value = getattr(solution, field)
        yield PageText(number, value if isinstance(value, str) else "\n".join(value), label)


def _keywords(
    record: RecordView, cities: Mapping[str, CityView], areas: Mapping[str, AreaView]
) -> Iterator[str]:
    yield from record.topics
    yield from record.authors
    yield record.kind.value.replace("-", " ")
    issued = _issued(record)
    if issued is not None:
        yield str(issued.year)
    for city in _known(record.cities, cities):
        yield city.name
        yield city.capital
    for area in _known(record.areas, areas):
        yield area.label
        yield area.short_label
    if isinstance(record, DocumentView):
        yield from filter(None, (record.form, record.publisher))
    elif isinstance(record, CourseView):
        yield record.form
    elif isinstance(record, EventView) and record.place:
        yield record.place


def _known(slugs: Iterable[str], views: Mapping[str, _T]) -> Iterator[_T]:
    return (views[slug] for slug in slugs if slug in views)


def _facets(record: RecordView, facts: FileFacts | None) -> dict[Facet, tuple[str, ...]]:
    issued = _issued(record)
    current = record.current if isinstance(record, DocumentView) else None
    facets = {
        Facet.CITY: record.cities,
        Facet.AREA: record.areas,
        Facet.KIND: (record.kind.value,),
        Facet.YEAR: (str(issued.year),) if issued else (),
        Facet.FORMAT: (current.format.value,) if current else (),
        Facet.LANGUAGE: (record.language,),
        Facet.ACCESSIBILITY: (level(facts).value,) if facts else (),
    }
    return {facet: values for facet, values in facets.items() if values}


def _issued(record: RecordView) -> date | None:
    """The day of the record; the year that the catalogue states wins over a day of another year."""
    start = record.start if isinstance(record, CourseView | EventView) else None
    day = record.issued or start
    if record.year is not None and (day is None or day.year != record.year):
        return date(record.year, 1, 1)
    return day


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
