"""The sets of the repository: one for each kind, city and area, by the values of the filters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.harvest_reader import Change, Selection
from corpus.records import AreaView, CityView
from corpus.vocabulary import Kind
from indexer.engine import Facet
from portal import labels
from portal.i18n import gettext as _
from portal.oai.errors import OaiError

# A dot, not the colon of hierarchies: nothing belongs to "citta" as such.
_JOINED = "."


@dataclass(frozen=True)
class Set:
    """A set by its name in requests and its name for people."""

    spec: str
    name: str


def all_sets(cities: tuple[CityView, ...], areas: tuple[AreaView, ...]) -> tuple[Set, ...]:
    """Every set there is, empty ones included."""
    kinds = [Set(_spec(Facet.KIND, kind.value), str(labels.KINDS[kind])) for kind in Kind]
    return (
        *kinds,
        *(Set(_spec(Facet.CITY, city.slug), city.name) for city in cities),
        *(Set(_spec(Facet.AREA, area.slug), area.label) for area in areas),
    )


def specs_of(change: Change) -> Iterator[str]:
    """The sets that a record belongs to."""
    yield _spec(Facet.KIND, change.kind.value)
    yield from (_spec(Facet.CITY, slug) for slug in change.cities)
    yield from (_spec(Facet.AREA, slug) for slug in change.areas)


def narrowed(selection: Selection, spec: str, known: tuple[Set, ...]) -> Selection:
    """The part of ``selection`` that lies in a set; ``OaiError`` when there is no such set."""
    if spec not in {each.spec for each in known}:
        raise OaiError("noRecordsMatch", _("Non c'è un insieme con questo nome."))
    facet, _dot, value = spec.partition(_JOINED)
    match Facet(facet):
        case Facet.KIND:
            return replace(selection, kind=Kind(value))
        case Facet.CITY:
            return replace(selection, city=value)
        case _:
            return replace(selection, area=value)


def _spec(facet: Facet, value: str) -> str:
    return f"{facet.value}{_JOINED}{value}"
