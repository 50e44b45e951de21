"""Shapes of the sheets with cities and areas."""

from typing import Annotated

from pydantic import Field

from corpus.records import AreaView, CityFigure, CityView
from corpus.seed.strict import Address, Day, Key, Sources, Strict, Text, YesNo
from corpus.vocabulary import AreaSlug


class FigureLine(Strict):
    """One figure of a city: ``value`` for programs (digits, decimal point, ISO dates)."""

    key: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    value: Text
    date: str
    source: Text
    to_verify: YesNo

    def view(self) -> CityFigure:
        """The same, as the catalogue keeps it."""
        return CityFigure(
            key=self.key,
            value=self.value,
            date=self.date,
            source=self.source,
            to_verify=self.to_verify,
        )


class CityLine(Strict):
    """A metropolitan city of the programme."""

    slug: Key
    name: Text
    capital: Text
    region: Text
    istat_code: Annotated[str, Field(pattern=r"^\d{3}$")]
    plate: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    latitude: Annotated[float, Field(ge=35, le=48)]
    longitude: Annotated[float, Field(ge=6, le=19)]
    website: Address
    valid_from: Day
    valid_to: Day | None = None
    figures: tuple[FigureLine, ...]
    note: str | None = None

    def figure(self, key: str) -> FigureLine | None:
        """The figure with this key, or None when no source gives it."""
        return next((figure for figure in self.figures if figure.key == key), None)

    def view(self) -> CityView:
        """The same, as the catalogue keeps it."""
        return CityView(
            slug=self.slug,
            name=self.name,
            capital=self.capital,
            region=self.region,
            istat_code=self.istat_code,
            plate=self.plate,
            latitude=self.latitude,
            longitude=self.longitude,
            website=self.website,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            in_programme=True,
            figures=tuple(figure.view() for figure in self.figures),
            note=self.note,
        )


class CityTotals(Strict):
    """Published totals that the sum of the cities must agree with."""

    cities: int
    municipalities: int
    source: Text


class CitySheet(Strict):
    """``cities.yaml``; the order of the cities is the programme's."""

    totals: CityTotals
    coordinates_source: Text
    cities: tuple[CityLine, ...]


class AreaLine(Strict):
    """An intervention area with its texts."""

    slug: AreaSlug
    label: Text
    short_label: Text
    label_en: Text
    description: Text
    note: str | None = None
    sources: Sources

    def view(self) -> AreaView:
        """The same, as the catalogue keeps it."""
        return AreaView(
            slug=self.slug,
            label=self.label,
            short_label=self.short_label,
            label_en=self.label_en,
            description=self.description,
            note=self.note,
            sources=tuple(source.view() for source in self.sources),
        )


class AreaSheet(Strict):
    """``areas.yaml``, in the programme's order."""

    areas: tuple[AreaLine, ...]
