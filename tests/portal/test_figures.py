"""Figures of a city as a person writes them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import Babel

from corpus.records import CityFigure
from portal import figures


@pytest.fixture(autouse=True)
def italian() -> Iterator[None]:
    app = Flask("test")
    Babel(app, default_locale="it")
    with app.test_request_context():
        yield


def figure(key: str, value: str) -> CityFigure:
    return CityFigure(key, value, date="2024", source="ISTAT")


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("population", "2208370", "2.208.370"),
        ("area_km2", "2472.9", "2.472,9 km²"),
        ("established", "2014-04-08", "8 aprile 2014"),
        ("operational_since", "2017", "2017"),
        ("legal_basis", "Legge 7 aprile 2014, n. 56", "Legge 7 aprile 2014, n. 56"),
    ],
)
def test_values_are_written_in_italian_form(key: str, value: str, shown: str) -> None:
    assert figures.value(figure(key, value)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2020", "2020"), ("2017-02", "febbraio 2017"), ("2018-01-31", "31 gennaio 2018")],
)
def test_dates_are_as_precise_as_their_source(text: str, shown: str) -> None:
    assert figures.partial_date(text) == shown
