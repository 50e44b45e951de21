"""What the filters show: order, folding, words."""

from indexer.engine import Facet, Page, Query
from portal import facets

LABELS = {
    Facet.CITY: {"bari": "Bari", "napoli": "Napoli", "roma": "Roma"},
    Facet.AREA: {"semplificazione": "Semplificazione", "pianificazione-strategica": "Piani"},
}


def group(query: Query, facet: Facet, counts: dict[str, int]) -> facets.Group:
    return facets.groups(query, Page((), 0, {facet: counts}), LABELS)[0]


def test_ticked_cities_come_first_then_those_with_more_results() -> None:
    query = Query(filters={Facet.CITY: ("napoli",)})
    found = group(query, Facet.CITY, {"bari": 2, "napoli": 1, "roma": 9})
    assert [(v.label, v.count, v.ticked) for v in found.first] == [
        ("Napoli", 1, True),
        ("Roma", 9, False),
        ("Bari", 2, False),
    ]
    assert found.ticked == 1


def test_areas_keep_the_order_of_the_programme() -> None:
    counts = {"pianificazione-strategica": 9, "semplificazione": 1}
    found = group(Query(), Facet.AREA, counts)
    assert [value.label for value in found.first] == ["Semplificazione", "Piani"]


def test_years_go_backwards() -> None:
    found = group(Query(), Facet.YEAR, {"2019": 5, "2023": 1, "2021": 3})
    assert [value.value for value in found.first] == ["2023", "2021", "2019"]


def test_a_long_list_folds_but_not_for_a_value_or_two() -> None:
    def years(last: int) -> dict[str, int]:
        return {str(year): 1 for year in range(2001, last + 1)}

    assert len(group(Query(), Facet.YEAR, years(2010)).more) == 0
    assert len(group(Query(), Facet.YEAR, years(2011)).more) == 3


def test_every_ticked_value_stays_in_sight() -> None:
    ticked = tuple(str(year) for year in range(2001, 2013))
    counts = {str(year): 1 for year in range(1990, 2020)}
    found = group(Query(filters={Facet.YEAR: ticked}), Facet.YEAR, counts)
    assert {value.value for value in found.first} == set(ticked)


def test_a_facet_without_values_is_left_out() -> None:
    assert facets.groups(Query(), Page((), 0, {Facet.CITY: {}}), LABELS) == ()


def test_active_filters_in_words_and_without_each() -> None:
    query = Query(text="x", filters={Facet.YEAR: ("2023",), Facet.CITY: ("bari", "napoli")}, page=3)
    names = {Facet.CITY: "Città", Facet.YEAR: "Anno"}
    assert facets.in_words(query, LABELS, names, "o") == ("Città: Bari o Napoli", "Anno: 2023")
    assert [(f.label, f.removal) for f in facets.active(query, LABELS)] == [
        ("Bari", "/ricerca?q=x&citta=napoli&anno=2023"),
        ("Napoli", "/ricerca?q=x&citta=bari&anno=2023"),
        ("2023", "/ricerca?q=x&citta=bari&citta=napoli"),
    ]
