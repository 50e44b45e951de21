"""Figures of a city's identity card: their names, and their values as a person writes them."""

import re
from collections.abc import Mapping
from datetime import date

from flask import Flask
from flask_babel import format_date, format_decimal

from corpus.records import CityFigure
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l

NAMES: Mapping[str, str] = {
    "municipalities": _l("Comuni"),
    "population": _l("Popolazione"),
    "population_2011": _l("Popolazione al censimento 2011"),
    "area_km2": _l("Superficie"),
    "legal_basis": _l("Base giuridica"),
    "established": _l("Istituzione"),
    "operational_since": _l("Operativa dal"),
}
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_MONTH = re.compile(r"\d{4}-\d{2}")
COUNTED = {"municipalities", "population", "population_2011", "area_km2"}


def name(figure: CityFigure) -> str:
    """What the figure counts or dates; its key when the collection adds an unknown one."""
    return str(NAMES.get(figure.key, figure.key))


def value(figure: CityFigure) -> str:
    """The value in Italian form: "2.208.370", "6.827 km²", "8 aprile 2014"."""
    if figure.key in COUNTED and re.fullmatch(r"\d+(\.\d+)?", figure.value):
        number = format_decimal(float(figure.value))
        return _("%(number)s km²", number=number) if figure.key == "area_km2" else number
    return moment(figure.value)


def moment(text: str) -> str:
    """An ISO day as a person writes it; any other text as it is ("2024", "tra il 2022 e ...")."""
    return format_date(date.fromisoformat(text), "d MMMM y") if ISO_DAY.fullmatch(text) else text


def partial_date(text: str) -> str:
    """An ISO year, month or day as a person writes it: "2020", "febbraio 2017"."""
    if ISO_MONTH.fullmatch(text):
        return format_date(date.fromisoformat(f"{text}-01"), "MMMM y")
    return moment(text)


def register(app: Flask) -> None:
    """Give templates the filters of this module."""
    app.jinja_env.filters.update(
        figure_name=name, figure_value=value, moment=moment, partial_date=partial_date
    )
