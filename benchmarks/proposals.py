"""How often what is proposed for a file is what its record says, field by field.

    METROPOLI_TEST_DATA=… python -m benchmarks.proposals [--wrong] [--field titolo]

reads ``documenti`` from the folder of test material, whose CSV has the true values. A file goes by
the name it had where it comes from: the names in the folder were made from the true titles.
"""

import argparse
import csv
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.seed import HERE
from corpus.seed.places import AreaSheet, CitySheet
from corpus.seed.sheets import read_sheet
from indexer.extract.base import Extract
from indexer.extract.sandbox import Sandbox
from indexer.manifest import plain
from indexer.proposals.base import Suggestions
from indexer.proposals.head import stems
from indexer.proposals.kinds import KINDS
from indexer.proposals.places import Places
from indexer.proposals.suggesting import suggest

FIELDS = ("titolo", "anno", "lingua", "tipo", "citta", "area")
_ENOUGH = 0.5  # of the words of the true title


@dataclass(frozen=True)
class Judgement:
    """One field of one file: ``right`` is None where nothing was proposed."""

    file: str
    field: str
    true: str
    proposed: str
    right: bool | None


def places() -> Places:
    cities = read_sheet(HERE / "cities.yaml", CitySheet).cities
    areas = read_sheet(HERE / "areas.yaml", AreaSheet).areas
    return Places([city.view() for city in cities], [area.view() for area in areas])


def original_name(row: dict[str, str]) -> str:
    """The name at the source; files that were made for the tests have none that helps."""
    if row["derivato"] == "si":
        return f"documento.{row['formato']}"
    return Path(row["percorso"]).name


def judge(row: dict[str, str], found: Suggestions, known: Places) -> Iterator[Judgement]:
    """Compare what is proposed with the true values; fields without a true value are left out
    but for city and area, where proposing one is then a mistake."""
    file = Path(row["file"]).name
    title = re.sub(r"\(.*?\)", "", row["titolo"])
    proposed = found.title.value if found.title else ""
    wanted = stems(title)
    shared = len(wanted & stems(proposed)) / len(wanted) if wanted else 0.0
    yield Judgement(file, "titolo", title, proposed, shared >= _ENOUGH if proposed else None)
    if row["anno"]:
        year = str(found.year.value) if found.year else ""
        yield Judgement(file, "anno", row["anno"], year, year == row["anno"] if year else None)
    language = found.language.value if found.language else ""
    yield Judgement(
        file, "lingua", row["lingua"], language, language == row["lingua"] if language else None
    )
    kind = KINDS.get(plain(row["tipo"]))
    if kind:
        said = found.kind.value.value if found.kind else ""
        yield Judgement(file, "tipo", kind.value, said, said == kind.value if said else None)
    for field, resolve, slugs in (
        ("citta", known.city, found.cities),
        ("area", known.area, found.areas),
    ):
        true = str(resolve(row[field]) or "")
        said = " ".join(slugs.value) if slugs else ""
        yield Judgement(file, field, true, said, said == true if said else None)


def judged(folder: Path, sandbox: Sandbox) -> list[Judgement]:
    """Judgements on every file of ``documenti.csv`` that can be read."""
    known = places()
    with (folder / "documenti.csv").open(encoding="utf-8", newline="") as stream:
        rows = {folder / row["file"]: row for row in csv.DictReader(stream)}
    found: list[Judgement] = []
    for outcome in sandbox.read_many([(path, path.name) for path in rows]):
        if outcome.extract is not None:
            row = rows[outcome.path]
            found += judge(row, _suggest(outcome.extract, row, known), known)
    return sorted(found, key=lambda one: (one.field, one.file))


def _suggest(extract: Extract, row: dict[str, str], known: Places) -> Suggestions:
    return suggest(extract, original_name(row), known)


@dataclass(frozen=True)
class Score:
    """``right`` of ``proposed`` are right; ``known`` files have a true value.

    ``silent`` proposals were not made where there was nothing to propose.
    """

    known: int
    proposed: int
    right: int
    silent: int

    @property
    def accuracy(self) -> float:
        """Share of files where the form says what is true, silence included."""
        return (self.right + self.silent) / max(1, self.known)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.proposed)


def score(judgements: list[Judgement]) -> Score:
    return Score(
        known=len(judgements),
        proposed=sum(one.right is not None for one in judgements),
        right=sum(one.right is True for one in judgements),
        silent=sum(one.right is None and not one.true for one in judgements),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list what was not proposed rightly")
    parser.add_argument("--field", choices=FIELDS)
    arguments = parser.parse_args()
    with Sandbox() as sandbox:
        found = judged(Path(os.environ["METROPOLI_TEST_DATA"]) / "documenti", sandbox)
    print(
        f"{'field':8} {'known':>6} {'proposed':>9} {'right':>6} {'accuracy':>9} {'precision':>10}"
    )
    for field in (arguments.field,) if arguments.field else FIELDS:
        of_field = [one for one in found if one.field == field]
        s = score(of_field)
        counts = f"{field:8} {s.known:6} {s.proposed:9} {s.right:6}"
        print(f"{counts} {s.accuracy:9.0%} {s.precision:10.0%}")
        if arguments.wrong:
            for one in of_field:
                if not (one.right or (one.right is None and not one.true)):
                    print(f"    {one.file[:44]:44} {one.true!r} <- {one.proposed!r}")


if __name__ == "__main__":
    main()
