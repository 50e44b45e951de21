"""Small pure things: sizes, dates, addresses, pages of a list, counters."""

from datetime import date

import pytest
from flask import Flask

from indexer.engine import Run
from portal import filters
from portal.addresses import slug
from portal.limits import Counter
from portal.paging import last_page, paging


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 byte"), (999, "999 byte"), (1000, "1 kB"), (1536, "1,5 kB"), (12_345, "12 kB"),
     (1_250_000, "1,2 MB"), (999_999, "1.000 kB"), (5_000_000_000, "5 GB")],
)  # fmt: skip
def test_sizes_are_told_as_a_person_reads_them(size: int, words: str, app: Flask) -> None:
    with app.test_request_context():
        assert filters.file_size(size) == words


def test_days_and_numbers_are_italian(app: Flask) -> None:
    with app.test_request_context():
        assert filters.day(date(2023, 9, 1)) == "1 settembre 2023"
        assert filters.day(None) == ""
        assert filters.number(1234567) == "1.234.567"


def test_marked_text_is_escaped_and_loses_what_cannot_be_seen() -> None:
    runs = (Run("<b>\u202e a\x00"), Run("&", matched=True))
    assert filters.marked(runs) == "&lt;b&gt; a<mark>&amp;</mark>"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Città e perché", "citta-e-perche"),
        ("L’area d'intervento", "l-area-d-intervento"),
        ("???", "scheda"),
        ("日本", "scheda"),
        ("a" * 100, "a" * 60),
        ("parola " * 20, "parola-parola-parola-parola-parola-parola-parola-parola"),
        ("<script>", "script"),
    ],
)
def test_title_words_of_an_address(title: str, words: str) -> None:
    assert slug(title) == words


def test_pages_of_a_list() -> None:
    found = paging(5, 9, "/{}".format)
    shown = [(step.number, step.address is not None) for step in found.steps]
    assert shown == [
        (1, True), (2, False), (3, True), (4, True), (5, True), (6, True), (7, True), (8, False),
        (9, True),
    ]  # fmt: skip
    assert [step.number for step in found.steps if step.current] == [5]
    assert (found.previous, found.next) == ("/4", "/6")
    assert last_page(0, 10) == 1
    assert last_page(10, 10) == 1
    assert last_page(11, 10) == 2
    beyond = paging(12, 9, "/{}".format)
    assert (beyond.previous, beyond.next) == (None, None)
    assert not any(step.current for step in beyond.steps)


def test_a_counter_lets_so_many_pass_and_forgets_in_time() -> None:
    clock = [1000.0]
    counter = Counter(most=3, seconds=60, now=lambda: clock[0])
    assert [counter.hit("a") for _ in range(5)] == [True, True, True, False, False]
    assert counter.hit("b")
    assert counter.full("a")
    assert not counter.full("b")
    clock[0] += 180
    assert not counter.full("a")
    assert counter.hit("a")


@pytest.mark.parametrize(("early", "late"), [(0, 4), (3, 1), (3, 9), (2, 3), (0, 30)])
def test_who_waits_as_long_as_told_may_count_again_and_not_before(early: int, late: int) -> None:
    clock = [60_000.0]
    counter = Counter(most=3, seconds=60, now=lambda: clock[0])
    for _ in range(early):
        counter.hit("a")
    clock[0] += 70
    for _ in range(late):
        counter.hit("a")
    left, seconds = counter.room("a")
    assert left == 0
    clock[0] += seconds - 1.5
    assert counter.room("a")[0] == 0
    clock[0] += 1.5
    assert counter.hit("a")


def test_a_counter_keeps_the_keys_of_two_windows_at_most() -> None:
    clock = [0.0]
    counter = Counter(most=1, seconds=60, now=lambda: clock[0])
    for minute in range(50):
        clock[0] = minute * 60.0
        for reader in range(10):
            counter.hit(f"{minute}-{reader}")
    assert len(counter._counts) + len(counter._before) <= 20
