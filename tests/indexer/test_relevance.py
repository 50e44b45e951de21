"""Measures of a judged set, worked out by hand."""

import math

import pytest

from corpus.ids import is_public_id
from indexer.relevance import Judged, founding_judgements, score

JUDGED = Judged(question="suap", expected=("a", "b"))


def test_right_answers_on_top_score_one() -> None:
    found = score(JUDGED, ["b", "a", "x"])
    assert (found.ndcg, found.reciprocal_rank, found.recall) == (1, 1, 1)


def test_a_late_and_a_missing_answer_cost_what_the_formula_says() -> None:
    found = score(JUDGED, ["x", "y", "a"])
    assert found.ndcg == pytest.approx((1 / math.log2(4)) / (1 + 1 / math.log2(3)))
    assert found.reciprocal_rank == pytest.approx(1 / 3)
    assert found.recall == 0.5
    assert found.ranks == (("a", 3), ("b", None))


def test_what_comes_after_the_tenth_place_does_not_count() -> None:
    assert score(JUDGED, [*"cdefghilmn", "a", "b"]).ndcg == 0


def test_the_committed_set_has_the_42_questions_and_others_with_their_reason() -> None:
    judged = founding_judgements()
    assert len({each.question for each in judged.questions if not each.reason}) == 42
    assert len({each.question for each in judged.questions}) == len(judged.questions) > 70
    assert all(is_public_id(each) for one in judged.questions for each in one.expected)
    assert judged.floor > 0
