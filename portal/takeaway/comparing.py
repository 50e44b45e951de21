"""Two or three pilot solutions side by side: which parts of their sheets, in which order."""

from collections.abc import Callable
from dataclasses import dataclass

from corpus.records import SolutionView
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l

MOST = 3  # more columns are not read side by side

Texts = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a part, and what each solution says of it (empty: unknown)."""

    label: str
    cells: tuple[Texts, ...]

    @property
    def alike(self) -> bool:
        """All say the same, and something."""
        return bool(self.cells[0]) and len(set(self.cells)) == 1


def _one(text: str) -> Texts:
    return tuple(part for part in text.split("\n\n") if part.strip())


PARTS: tuple[tuple[str, Callable[[SolutionView], Texts]], ...] = (
    (_l("In breve"), lambda s: _one(s.summary)),
    (_l("Il problema"), lambda s: _one(s.problem)),
    (_l("Che cosa è stato fatto"), lambda s: _one(s.actions)),
    (_l("Chi ha partecipato"), lambda s: s.partners),
    (_l("L'esito"), lambda s: _one(s.outcome)),
    (_l("Che cosa si può riusare"), lambda s: _one(s.reusable)),
    (_l("Fatti e numeri"), lambda s: s.facts),
    (_l("Temi"), lambda s: s.topics),
    (_l("Anno attestato"), lambda s: (str(s.year),) if s.year else ()),
    (_l("Ufficio di riferimento"), lambda s: _one(s.contact_office)),
)


def rows(solutions: tuple[SolutionView, ...], places: Callable[[SolutionView], Texts]) -> list[Row]:
    """The lines of the comparison; those of which no solution says anything are left out.

    ``places`` gives city and area, which come first.
    """
    parts = ((_("Città e area"), places), *PARTS)
    lines = [Row(str(label), tuple(read(s) for s in solutions)) for label, read in parts]
    return [line for line in lines if any(line.cells)]
