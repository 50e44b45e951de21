"""The way through the pages of a list: first, last, those around the current one."""

from collections.abc import Callable
from dataclasses import dataclass

WINDOW = 2  # page numbers shown on each side of the current one


@dataclass(frozen=True)
class Step:
    """One entry of the pagination; ``address`` is None for the gap between numbers."""

    number: int
    address: str | None
    current: bool = False


@dataclass(frozen=True)
class Paging:
    """What a template needs to lead through pages 1 to ``last``."""

    last: int
    steps: tuple[Step, ...]
    previous: str | None
    next: str | None


def last_page(total: int, size: int) -> int:
    """Number of the last page; an empty list has one page, too."""
    return max(1, -(-total // size))


def paging(current: int, last: int, address: Callable[[int], str]) -> Paging:
    """The pages around ``current`` (which may lie beyond ``last``), with their addresses."""
    middle = min(current, last)
    shown = sorted({1, last, *range(max(1, middle - WINDOW), min(last, middle + WINDOW) + 1)})
    steps: list[Step] = []
    for number in shown:
        if steps and number - steps[-1].number > 1:
            steps.append(Step(number - 1, None))
        steps.append(Step(number, address(number), number == current))
    return Paging(
        last=last,
        steps=tuple(steps),
        previous=address(current - 1) if 1 < current <= last else None,
        next=address(current + 1) if current < last else None,
    )
