"""How well an engine answers questions whose right answers are known.

Measures: nDCG@10 (Järvelin and Kekäläinen 2002, with binary gain), MRR@10 and Recall@10.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field

from corpus.ids import derived_id
from indexer.engine import Engine, Query

DEPTH = 10  # answers that count
_RESAMPLES = 2_000
_FOUNDING = Path(__file__).with_name("relevance.yaml")  # names records by their keys
_SEED = 20_250_101


class Judged(BaseModel):
    """A question and the ids of the entries that answer it; ``reason`` says why these."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str = Field(min_length=1)
    expected: tuple[str, ...] = Field(min_length=1)
    reason: str = ""


class JudgedSet(BaseModel):
    """A committed set of questions; ``floor`` is the least mean nDCG@10 that is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    floor: float = Field(ge=0, le=1)
    questions: tuple[Judged, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Score:
    """What one question got. ``ranks`` pairs each expected id with its place, None beyond it."""

    judged: Judged
    ranks: tuple[tuple[str, int | None], ...]
    ndcg: float
    reciprocal_rank: float
    recall: float


@dataclass(frozen=True)
class Interval:
    """A mean with the borders of its 95 % confidence interval (bootstrap over questions)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcome:
    """Scores of a whole set."""

    scores: tuple[Score, ...]

    @property
    def ndcg(self) -> Interval:
        return interval([score.ndcg for score in self.scores])

    @property
    def reciprocal_rank(self) -> Interval:
        return interval([score.reciprocal_rank for score in self.scores])

    @property
    def recall(self) -> Interval:
        return interval([score.recall for score in self.scores])


def read_judgements(path: Path) -> JudgedSet:
    """Read a set written in YAML. Raises ``pydantic.ValidationError`` for another shape."""
    # BaseLoader builds text, lists and mappings only: it cannot run anything.
    content = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return JudgedSet.model_validate(content)


def founding_judgements() -> JudgedSet:
    """The questions that every installation is judged by, with the ids of the founding records."""
    judged = read_judgements(_FOUNDING)
    questions = (
        each.model_copy(update={"expected": tuple(map(derived_id, each.expected))})
        for each in judged.questions
    )
    return JudgedSet(floor=judged.floor, questions=tuple(questions))


def measure(engine: Engine, questions: Iterable[Judged]) -> Outcome:
    """Ask every question as a reader would and score the first ten answers."""
    return Outcome(tuple(score(judged, _answers(engine, judged)) for judged in questions))


def score(judged: Judged, found: Sequence[str]) -> Score:
    """Score the ids that were found, best first."""
    places = {entry_id: place for place, entry_id in enumerate(found[:DEPTH], 1)}
    ranks = tuple((entry_id, places.get(entry_id)) for entry_id in judged.expected)
    hits = [place for _, place in ranks if place is not None]
    return Score(
        judged,
        ranks,
        sum(map(_gain, hits)) / sum(map(_gain, range(1, min(len(ranks), DEPTH) + 1))),
        1 / min(hits) if hits else 0.0,
        len(hits) / len(ranks),
    )


def interval(values: Sequence[float]) -> Interval:
    """The mean of ``values`` and its 95 % interval; the same values give the same interval."""
    row = np.asarray(values, float)
    random = np.random.default_rng(_SEED)
    means = row[random.integers(0, len(row), (_RESAMPLES, len(row)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(row.mean()), float(low), float(high))


def _answers(engine: Engine, judged: Judged) -> list[str]:
    page = engine.search(Query(judged.question, size=DEPTH, facets=False, passages=0))
    return [hit.id for hit in page.hits]


def _gain(place: int) -> float:
    return 1 / math.log2(place + 1)
