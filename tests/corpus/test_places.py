"""Cities, areas and empty cells."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from corpus.catalogue import Catalogue
from corpus.errors import InvalidRecord, RecordNotFound
from corpus.reader import Reader
from corpus.records import CityFigure, GapView, Source
from corpus.vocabulary import SourceKind, State
from tests.corpus import samples


def test_a_city_comes_back_as_it_was_written(catalogue: Catalogue, reader: Reader) -> None:
    sassari = samples.city(
        "sassari",
        valid_from=date(2025, 7, 17),
        in_programme=False,
        figures=(
            CityFigure("municipalities", "66", "2025", "legge regionale", to_verify=True),
            CityFigure("plate", "SS", "", "ISTAT"),
        ),
    )
    catalogue.put_city(sassari)
    assert reader.city("sassari") == sassari
    assert [city.slug for city in reader.cities()] == ["bari", "bologna", "sassari"]


def test_an_area_comes_back_as_it_was_written(catalogue: Catalogue, reader: Reader) -> None:
    area = samples.area("pianificazione-strategica", note="Una nota")
    catalogue.put_area(area)
    assert reader.area("pianificazione-strategica") == area
    assert reader.areas()[-1] == area


def test_writing_a_place_again_keeps_its_turn_and_writes_only_changes(
    catalogue: Catalogue, reader: Reader
) -> None:
    lines = len(reader.log())
    catalogue.put_city(reader.city("bari"))
    catalogue.put_area(reader.area("semplificazione"))
    assert len(reader.log()) == lines
    catalogue.put_city(replace(reader.city("bari"), note="Nuova nota"))
    assert reader.cities()[0].note == "Nuova nota"
    assert reader.log()[0].action == "put_city"


def test_a_changed_place_puts_its_records_behind_and_no_other(
    catalogue: Catalogue, reader: Reader
) -> None:
    of_city = catalogue.add(samples.document("a", cities=("bari",)), actor="x")
    of_area = catalogue.add(samples.document("b", areas=("semplificazione",)), actor="x")
    other = catalogue.add(samples.document("c", cities=("bologna",)), actor="x")
    catalogue.mark_indexed({of_city: 1, of_area: 1, other: 1})
    catalogue.put_city(samples.city("bari", name="Nuovo nome"))
    assert reader.behind(10) == ((of_city, 2, False),)
    catalogue.put_area(samples.area("semplificazione", label="Nuovo nome"))
    assert reader.behind(10) == ((of_city, 2, False), (of_area, 2, False))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"slug": "Bari Città"}, {"slug": "format"}),
        ({"slug": "../x"}, {"slug": "format"}),
        ({"name": ""}, {"name": "required"}),
        ({"latitude": 91.0}, {"latitude": "range"}),
        ({"longitude": float("nan")}, {"longitude": "range"}),
        ({"website": "www.example.org"}, {"website": "format"}),
        ({"valid_from": date(2025, 1, 1), "valid_to": date(2024, 1, 1)}, {"valid_to": "order"}),
        ({"figures": (CityFigure("population", "", "", ""),)}, {"figures": "required"}),
    ],
)
def test_a_wrong_city_is_refused(
    catalogue: Catalogue, reader: Reader, changes: dict[str, Any], problem: dict[str, str]
) -> None:
    before = reader.cities()
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.put_city(replace(samples.city("bari"), **changes))
    assert refusal.value.problems == problem
    assert reader.cities() == before


def test_a_wrong_area_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.put_area(
            samples.area("Nuova area", label="", sources=(Source("x", SourceKind.COPY),))
        )
    assert refusal.value.problems == {
        "slug": "format",
        "label": "required",
        "sources": "format",
    }


def test_unknown_places_are_not_found(reader: Reader) -> None:
    with pytest.raises(RecordNotFound):
        reader.city("atlantide")
    with pytest.raises(RecordNotFound):
        reader.area("altro")


def test_every_cell_without_a_public_solution_is_an_empty_cell(
    catalogue: Catalogue, reader: Reader
) -> None:
    catalogue.put_city(samples.city("sassari", in_programme=False))
    catalogue.put_gap(GapView("bologna", "semplificazione", "Forse nel 2019"))
    catalogue.add(samples.solution("bari", "semplificazione"), actor="x", state=State.PUBLISHED)
    draft = catalogue.add(samples.solution("bologna", "semplificazione"), actor="x")
    gaps = (
        GapView("bari", "gestione-associata", None),
        GapView("bologna", "semplificazione", "Forse nel 2019"),
        GapView("bologna", "gestione-associata", None),
    )
    assert reader.gaps() == gaps
    catalogue.publish(draft, actor="x")
    assert reader.gaps() == (gaps[0], gaps[2])


def test_a_gap_is_noted_once_and_its_hint_can_change(catalogue: Catalogue, reader: Reader) -> None:
    gap = GapView("bari", "semplificazione", "Una traccia")
    catalogue.put_gap(gap)
    lines = len(reader.log())
    catalogue.put_gap(gap)
    assert len(reader.log()) == lines
    catalogue.put_gap(replace(gap, hint="Un'altra traccia"))
    assert reader.gaps()[0].hint == "Un'altra traccia"


def test_a_gap_of_unknown_places_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.put_gap(GapView("atlantide", "altro", None))
    assert refusal.value.problems == {"city": "unknown", "area": "unknown"}
