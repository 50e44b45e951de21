"""The table of the programme has every cell, empty ones included."""

from datetime import UTC, datetime

from corpus.records import AreaView, CityView, GapView, SolutionView
from corpus.vocabulary import Evidence, Kind, Scope, State
from portal.cells import CellState, count_states, grid

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def city(slug: str) -> CityView:
    return CityView(slug, slug, slug, "", None, None, None, None, None, None, None, True, (), None)


def area(slug: str) -> AreaView:
    return AreaView(slug, slug, slug, slug, "", None, ())


def solution(city: str, area: str, evidence: Evidence) -> SolutionView:
    return SolutionView(
        public_id="abc2345",
        type="pilot_solution",
        kind=Kind.SOLUTION,
        scope=Scope.PROGRAMME,
        state=State.PUBLISHED,
        title="t",
        title_is_ours=False,
        summary="",
        language="it",
        authors=(),
        topics=(),
        year=None,
        issued=None,
        date_note=None,
        note=None,
        sources=(),
        cities=(city,),
        areas=(area,),
        revision=1,
        created_at=MOMENT,
        updated_at=MOMENT,
        published_at=MOMENT,
        city=city,
        area=area,
        evidence=evidence,
    )


ROWS = grid(
    (city("bari"), city("roma")),
    (area("a"), area("b")),
    (solution("bari", "a", Evidence.PORTAL), solution("roma", "b", Evidence.THIN)),
    (GapView("bari", "b", "Forse annunciata"), GapView("roma", "a", None)),
    {("bari", "a"): 3},
)


def test_each_cell_says_what_is_known_of_it() -> None:
    states = [[cell.state for cell in row.cells] for row in ROWS]
    assert states == [
        [CellState.DESCRIBED, CellState.EMPTY],
        [CellState.EMPTY, CellState.TO_COMPLETE],
    ]


def test_an_empty_cell_carries_its_hint_and_a_count_of_zero() -> None:
    cell = ROWS[0].cells[1]
    assert (cell.solution, cell.hint, cell.records) == (None, "Forse annunciata", 0)


def test_a_described_cell_counts_its_public_records() -> None:
    assert ROWS[0].cells[0].records == 3


def test_states_are_counted_over_the_whole_table() -> None:
    assert count_states(ROWS) == {
        CellState.DESCRIBED: 1,
        CellState.TO_COMPLETE: 1,
        CellState.EMPTY: 2,
    }
