"""Writing cities, areas and the notes on empty cells."""

from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Table, func, select, update

from corpus.catalogue.checks import Problems
from corpus.catalogue.writing import SYSTEM, Write, Writer
from corpus.models import Area, City, Record, SolutionGap, record_area, record_city
from corpus.records import AreaView, CityFigure, CityView, GapView
from corpus.texts import clean_line, clean_text


class PlaceWriter(Writer):
    """Cities, areas, gaps: reference data, written by the founding collection and by staff."""

    def put_city(self, city: CityView, *, actor: str = SYSTEM) -> None:
        """Add the city or bring it up to date; a new one goes to the end of the list.

        Records of a changed city fall behind in the index. Raises ``InvalidRecord``.
        """
        city = _checked_city(city)
        columns = _columns(city)
        with self._write(actor) as write:
            self._put(write, City, columns, record_city, "city_slug")

    def put_area(self, area: AreaView, *, actor: str = SYSTEM) -> None:
        """Add the area or bring it up to date, as ``put_city`` does."""
        area = _checked_area(area)
        columns = _columns(area)
        with self._write(actor) as write:
            self._put(write, Area, columns, record_area, "area_slug")

    def put_gap(self, gap: GapView, *, actor: str = SYSTEM) -> None:
        """Note that no source was found for a cell; raises ``InvalidRecord``."""
        hint = clean_text(gap.hint or "") or None
        with self._write(actor) as write:
            problems = Problems()
            if not gap.city.isascii() or write.session.get(City, gap.city) is None:
                problems.add("city", "unknown")
            if not gap.area.isascii() or write.session.get(Area, gap.area) is None:
                problems.add("area", "unknown")
            problems.raise_any()
            row = write.session.get(SolutionGap, (gap.city, gap.area))
            if row is None:
                row = SolutionGap(city_slug=gap.city, area_slug=gap.area, hint=hint)
                write.session.add(row)
            elif row.hint == hint:
                return
            row.hint = hint
            write.log("put_gap", city=gap.city, area=gap.area, hint=hint)

    def _put(
        self,
        write: Write,
        table: type[City] | type[Area],
        columns: dict[str, Any],
        link: Table,
        key: str,
    ) -> None:
        session = write.session
        row = session.get(table, columns["slug"])
        if row is None:
            last = session.scalar(select(func.max(table.position)))
            session.add(table(position=0 if last is None else last + 1, **columns))
        elif all(getattr(row, name) == value for name, value in columns.items()):
            return
        else:
            for name, value in columns.items():
                setattr(row, name, value)
            touched = select(link.c.record_id).where(link.c[key] == columns["slug"])
            session.execute(
                update(Record)
                .where(Record.id.in_(touched))
                .values(revision=Record.revision + 1)
                .execution_options(synchronize_session=False)
            )
        write.log(f"put_{table.__tablename__}", slug=columns["slug"])


def _columns(view: CityView | AreaView) -> dict[str, Any]:
    # JSON knows lists only: what is read back must equal what was written.
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(view).items()
    }


def _checked_city(city: CityView) -> CityView:
    problems = Problems()
    problems.slug("slug", city.slug)
    if city.latitude is not None and not -90 <= city.latitude <= 90:
        problems.add("latitude", "range")
    if city.longitude is not None and not -180 <= city.longitude <= 180:
        problems.add("longitude", "range")
    if city.website is not None:
        problems.address("website", city.website)
    problems.span("valid_to", city.valid_from, city.valid_to)
    clean = replace(
        city,
        name=problems.line("name", city.name, required=True),
        capital=problems.line("capital", city.capital, required=True),
        region=problems.line("region", city.region, required=True),
        istat_code=problems.optional_line("istat_code", city.istat_code),
        plate=problems.optional_line("plate", city.plate),
        figures=tuple(
            CityFigure(
                key=clean_line(figure.key),
                value=clean_text(figure.value),
                date=clean_line(figure.date),
                source=clean_text(figure.source),
                to_verify=figure.to_verify,
            )
            for figure in city.figures
        ),
        note=clean_text(city.note or "") or None,
    )
    if not all(figure.key and figure.value for figure in clean.figures):
        problems.add("figures", "required")
    problems.raise_any()
    return clean


def _checked_area(area: AreaView) -> AreaView:
    problems = Problems()
    problems.slug("slug", area.slug)
    clean = replace(
        area,
        label=problems.line("label", area.label, required=True),
        short_label=problems.line("short_label", area.short_label, required=True),
        label_en=problems.line("label_en", area.label_en),
        description=problems.text("description", area.description),
        note=clean_text(area.note or "") or None,
        sources=problems.sources("sources", area.sources),
    )
    problems.raise_any()
    return clean
