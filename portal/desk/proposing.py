"""What the file of a draft says of its record, in words for the form where staff confirm it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.records import DocumentView, RecordView
from corpus.vocabulary import Kind, State
from indexer.intake import first_draft
from indexer.proposals.base import SHY, Found, Origin, Suggestions
from portal import labels
from portal.desk import staff
from portal.desk.record_forms import DocumentForm, RecordForm, italian_day
from portal.i18n import gettext as _
from portal.services import services

LINES = ("authors",)


@dataclass(frozen=True)
class Proposed:
    """The words under a field: what was read, and where."""

    value: str
    origin: str


@dataclass(frozen=True)
class Proposals:
    """What a form needs: the words by field, and whether they stand in the fields already."""

    words: Mapping[str, Proposed]
    filled: bool = False
    reading: bool = False  # the file has not been read yet


NOTHING = Proposals({})


def propose(record: RecordView, form: RecordForm, fill: bool) -> Proposals:
    """Proposals for the form of ``record``.

    ``fill`` puts them into the fields, but only while nobody has written the record: what a
    person has saved, or has said in the list of an import, is never replaced.
    """
    current = record.current if isinstance(record, DocumentView) else None
    if current is None or not isinstance(form, DocumentForm):
        return NOTHING
    derived, reader = services().derived, services().reader
    extract = derived.get(current.sha256)
    if extract is None:
        return Proposals({}, reading=not derived.knows(current.sha256))
    # Many patterns, compiled when the first draft is opened and not whenever the portal starts.
    from indexer.proposals.places import Places
    from indexer.proposals.suggesting import suggest

    found = suggest(extract, current.filename, Places(reader.cities(), reader.areas()))
    fresh = _as_it_arrived(record, current.filename)
    if fill and fresh:
        _fill(form, found)
    return Proposals(_words(found), filled=fill and fresh)


def _as_it_arrived(record: RecordView, filename: str) -> bool:
    """True while the record says nothing but the name of its file."""
    arrived = first_draft(filename)
    said = (record.cities, record.areas, record.authors, record.topics, record.summary, record.year)
    return (
        record.state is State.DRAFT
        and record.revision == 1
        and (record.title, record.kind) == (arrived.title, arrived.kind)
        and not any(said)
    )


def _fill(form: DocumentForm, found: Suggestions) -> None:
    """Only what is likely; a person limited to cities gets no other city."""
    values: dict[str, Found[Any] | None] = {
        "title": found.title,
        "authors": found.authors,
        "year": found.year,
        "issued": found.issued,
        "form": found.form,
        "summary": found.summary,
    }
    for name, each in values.items():
        if each is not None and each.confidence >= SHY:
            form[name].data = each.value
    if found.kind is not None and found.kind.confidence >= SHY:
        form.kind.data = found.kind.value.value
    if found.language is not None and found.language.value in dict(form.language.choices):
        form.language.data = found.language.value
    own = staff.person().cities
    if found.cities is not None and found.cities.confidence >= SHY:
        form.cities.data = [slug for slug in found.cities.value if not own or slug in own]
    if not form.cities.data and len(own) == 1:
        form.cities.data = list(own)  # the only one that this person works for
    if found.areas is not None and found.areas.confidence >= SHY:
        form.areas.data = list(found.areas.value)


def _words(found: Suggestions) -> dict[str, Proposed]:
    names = staff.place_names()
    shown: dict[str, tuple[Found[Any] | None, str]] = {
        "title": (found.title, found.title.value if found.title else ""),
        "authors": (found.authors, "; ".join(found.authors.value) if found.authors else ""),
        "year": (found.year, str(found.year.value) if found.year else ""),
        "issued": (found.issued, italian_day(found.issued.value) if found.issued else ""),
        "language": (found.language, _language(found.language)),
        "kind": (found.kind, _kind(found.kind)),
        "form": (found.form, found.form.value if found.form else ""),
        "summary": (found.summary, found.summary.value if found.summary else ""),
        "cities": (found.cities, _places(found.cities, names)),
        "areas": (found.areas, _places(found.areas, names)),
    }
    return {
        name: Proposed(text, _origin(each)) for name, (each, text) in shown.items() if each and text
    }


def _language(found: Found[str] | None) -> str:
    return "" if found is None else str(labels.LANGUAGES.get(found.value, found.value))


def _kind(found: Found[Kind] | None) -> str:
    return "" if found is None else str(labels.KIND[found.value])


def _places(found: Found[tuple[str, ...]] | None, names: Mapping[str, str]) -> str:
    return "" if found is None else ", ".join(names.get(slug, slug) for slug in found.value)


def _origin(found: Found[Any]) -> str:
    """Where it was read, and a warning where that says little."""
    match found.origin:
        case Origin.PROPERTIES:
            where = _("dalle proprietà del file")
        case Origin.NAME:
            where = _("dal nome del file")
        case Origin.VOCABULARY:
            where = _("dagli elenchi del portale, per «%(words)s»", words=found.evidence)
        case Origin.TEXT if found.page is not None:
            where = _("dal testo, pag. %(page)s", page=found.page)
        case _:
            where = _("dal testo")
    return where if found.confidence >= SHY else _("%(where)s; poco sicuro", where=where)
