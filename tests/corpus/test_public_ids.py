"""Public ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.ids import ALPHABET, LENGTH, derived_id, is_public_id, random_id


@given(st.text())
def test_any_key_gives_a_well_formed_id_and_always_the_same(key: str) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        return
    assert is_public_id(derived_id(key))
    assert derived_id(key) == derived_id(key)


def test_the_derivation_never_changes() -> None:
    # Addresses of the founding collection stand on this: a new value here breaks every link.
    assert derived_id("ric-unioni-bologna") == "r66spjb"


def test_random_ids_are_well_formed_and_differ() -> None:
    ids = {random_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(is_public_id(id) for id in ids)


@pytest.mark.parametrize(
    "text", ["", "2345678\n", "234567", "23456789", "abcdefg", "BCDFGHJ", "234567٢", "../2345"]
)
def test_what_could_not_be_an_id_is_told_apart(text: str) -> None:
    assert not is_public_id(text)


def test_the_alphabet_has_no_vowels_and_no_letters_that_look_like_digits() -> None:
    assert not set(ALPHABET) & set("aeiouyl01")
    assert len(set(ALPHABET)) == len(ALPHABET) == 27
    assert LENGTH == 7
