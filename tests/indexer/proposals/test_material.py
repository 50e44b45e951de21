"""Proposals against the true values of 85 real documents. Needs ``METROPOLI_TEST_DATA``."""

from pathlib import Path

import pytest

from benchmarks.proposals import Judgement, judged, score
from indexer.extract.sandbox import Sandbox

pytestmark = [pytest.mark.material, pytest.mark.slow]

# Share of files where the form says what is true, and of proposals that are right.
FLOORS = {
    "titolo": (0.64, 0.64),
    "anno": (0.72, 0.80),
    "lingua": (0.90, 0.96),
    "tipo": (0.70, 0.80),
    "citta": (0.54, 0.85),
    "area": (0.66, 0.90),
}


@pytest.fixture(scope="module")
def judgements(material: Path, sandbox: Sandbox) -> list[Judgement]:
    return judged(material / "documenti", sandbox)


@pytest.mark.parametrize("field", FLOORS)
def test_proposals_stay_above_their_floor(field: str, judgements: list[Judgement]) -> None:
    found = score([one for one in judgements if one.field == field])
    accuracy, precision = FLOORS[field]
    assert found.accuracy >= accuracy
    assert found.precision >= precision
