"""What a change of the search desk does to a list of results, result by result. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Move(StrEnum):
    """What happens to one result."""

    NEW = "nuovo"
    UP = "sale"
    DOWN = "scende"
    SAME = "resta"
    GONE = "esce"


@dataclass(frozen=True)
class Change:
    """A result and its place, counted from 1, before and after; None where it has none."""

    id: str
    before: int | None
    after: int | None

    @property
    def move(self) -> Move:
        if self.before is None:
            return Move.NEW
        if self.after is None:
            return Move.GONE
        if self.before == self.after:
            return Move.SAME
        return Move.UP if self.after < self.before else Move.DOWN


def changes(before: Sequence[str], after: Sequence[str]) -> tuple[Change, ...]:
    """Every result of both lists: those of ``after`` in their order, then those that leave."""
    old = {id: place for place, id in enumerate(before, 1)}
    new = {id: place for place, id in enumerate(after, 1)}
    kept = [Change(id, old.get(id), place) for id, place in new.items()]
    gone = [Change(id, place, None) for id, place in old.items() if id not in new]
    return (*kept, *gone)
