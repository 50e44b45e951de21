"""A question made simpler: without its quotes, without its exclusions."""

import pytest

from indexer.question import without_exclusions, without_quotes


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"piano strategico" bari', "piano strategico bari"),
        ("«piano strategico»", "piano strategico"),
        ('piano -"legge 56"', 'piano -"legge 56"'),
        ("piano  strategico", "piano  strategico"),
        ("dell'area", "dell'area"),
    ],
)
def test_without_quotes_the_words_stay(text: str, wanted: str) -> None:
    assert without_quotes(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("piano -strategico", "piano"),
        ('piano -"legge 56" "di bari"', 'piano "di bari"'),
        ("area vasta", "area vasta"),
        ("2014-2020", "2014-2020"),
        ("-solo", ""),
    ],
)
def test_without_exclusions_what_is_wanted_stays(text: str, wanted: str) -> None:
    assert without_exclusions(text) == wanted
