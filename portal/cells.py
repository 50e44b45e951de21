"""The 14 × 3 table of the programme: one cell for each city and area, empty ones included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpus.records import AreaView, CityView, GapView, SolutionView


class CellState(StrEnum):
    """What is known of a cell."""

    DESCRIBED = "descritta"
    TO_COMPLETE = "da-completare"
    EMPTY = "vuota"


@dataclass(frozen=True)
class Cell:
    """One city in one area: its solution, or the hint that the sources leave."""

    city: CityView
    area: AreaView
    solution: SolutionView | None
    hint: str | None
    records: int  # published records of this city and area, the solution included

    @property
    def state(self) -> CellState:
        if self.solution is None:
            return CellState.EMPTY
        return CellState.TO_COMPLETE if self.solution.to_complete else CellState.DESCRIBED


@dataclass(frozen=True)
class Row:
    """A city with its cells, in the order of the areas."""

    city: CityView
    cells: tuple[Cell, ...]


def grid(
    cities: Iterable[CityView],
    areas: Iterable[AreaView],
    solutions: Iterable[SolutionView],
    gaps: Iterable[GapView],
    records: Mapping[tuple[str, str], int],
) -> tuple[Row, ...]:
    """One row a city; every cell is there, whether or not anything is published for it.

    ``records`` counts published records by (city slug, area slug); a missing pair counts 0.
    """
    areas = tuple(areas)
    published = {(solution.city, solution.area): solution for solution in solutions}
    hints = {(gap.city, gap.area): gap.hint for gap in gaps}

    def cell(city: CityView, area: AreaView) -> Cell:
        place = (city.slug, area.slug)
        solution = published.get(place)
        hint = None if solution else hints.get(place)
        return Cell(city, area, solution, hint, records.get(place, 0))

    return tuple(Row(city, tuple(cell(city, area) for area in areas)) for city in cities)


def count_states(rows: Iterable[Row]) -> dict[CellState, int]:
    """How many cells are in each state; every state is a key."""
    counts = dict.fromkeys(CellState, 0)
    for row in rows:
        for cell in row.cells:
            counts[cell.state] += 1
    return counts
