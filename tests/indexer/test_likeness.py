"""Sketches of texts: the same words in another format are nearly the same, others are not."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from indexer.extract.sandbox import Sandbox
from indexer.likeness import FEWEST_WORDS, NEARLY_THE_SAME, likeness, sketch

WORDS = [f"parola{number}" for number in range(4_000)]


def text(seed: int, words: int = 2_000) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)  # noqa: S311


def drawn(words: list[str], per_page: int = 300) -> bytes:
    return sketch(
        " ".join(words[start : start + per_page]) for start in range(0, len(words), per_page)
    )


def test_the_same_text_is_wholly_alike_however_it_is_cut_into_pages() -> None:
    words = text(1)
    assert likeness(drawn(words, 300), drawn(words, 70)) == 1.0
    assert likeness(drawn(words), drawn([word.upper() for word in words])) == 1.0


def test_different_texts_are_not_alike() -> None:
    assert likeness(drawn(text(1)), drawn(text(2))) < 0.05


@pytest.mark.parametrize("changed", [0.02, 0.1, 0.25])
def test_the_estimate_is_near_the_share_of_runs_in_common(changed: float) -> None:
    words = text(3, 6_000)
    cut = int(len(words) * (1 - changed))
    other = words[:cut] + text(4, len(words) - cut)
    true = (1 - changed) / (1 + changed)
    assert abs(likeness(drawn(words), drawn(other)) - true) < 0.08


def test_short_texts_are_never_alike() -> None:
    short = drawn(text(5, FEWEST_WORDS - 1))
    assert short == b""
    assert likeness(short, short) == 0.0


@pytest.mark.material
@pytest.mark.slow
def test_variants_of_one_document_are_recognised_and_others_are_not(
    material: Path, sandbox: Sandbox
) -> None:
    folder = material / "documenti" / "file"
    numbers = ("007", "062", "024", "041", "074", "075", "056", "057", "058", "005", "038")
    paths = {number: next(folder.glob(f"{number}-*")) for number in numbers}
    sketches = {
        number: sketch(page.text for page in sandbox.read(path).pages)
        for number, path in paths.items()
    }
    same = {("007", "062"), ("024", "041")}
    for one, other in same:
        assert likeness(sketches[one], sketches[other]) > 0.85
    for one, other in pairwise(numbers):
        if (one, other) not in same:
            assert likeness(sketches[one], sketches[other]) < NEARLY_THE_SAME
