"""What the ranking prefers where the words alone do not decide."""

import random
import time
from collections.abc import Callable

import pytest

from indexer.engine import Entry, PageText, Query
from indexer.engines.whoosh_engine import WhooshEngine

Order = Callable[[str], list[str]]


@pytest.fixture
def order() -> Order:
    """Ids of the answers to a question, best first, in a small collection."""
    texts = {
        "orientalismo": "L'orientalismo nella costruzione delle mura antiche.",
        "mura": "Le mura della costruzione sono alte.",
        "inizio": "Ponti e gallerie: " + "molte altre cose che qui si raccontano. " * 8,
        "fine": "Molte altre cose che qui si raccontano. " * 8 + "Ponti e gallerie.",
        "altro": "Un testo che parla del mare.",
    }
    engine = WhooshEngine(None)
    engine.rebuild(Entry(name, "", pages=(PageText(1, text),)) for name, text in texts.items())
    return lambda question: [hit.id for hit in engine.search(Query(question)).hits]


def test_a_word_of_the_same_root_counts_where_the_question_is_relaxed(order: Order) -> None:
    assert order("quale oriente sta nella costruzione delle mura?") == [
        "orientalismo",
        "mura",
    ]


def test_what_a_text_says_first_is_what_it_is_about(order: Order) -> None:
    assert order("ponti gallerie") == ["inizio", "fine"]


def test_a_word_that_only_begins_alike_is_no_answer_by_itself(order: Order) -> None:
    assert order("orientazione") == []


def test_a_few_words_find_the_record_that_is_about_them() -> None:
    survey = " ".join(["ponte galleria ponte strada ponte"] * 200)
    cities = ("Bari", "Napoli", "Roma", "Torino", "Milano", "Genova", "Catania", "Messina")
    engine = WhooshEngine(None)
    engine.rebuild(
        [
            Entry("rassegna", "Rassegna", pages=(PageText(1, survey),), keywords=cities),
            Entry("titolo", "Il ponte", pages=(PageText(1, "Si racconta."),), keywords=("Roma",)),
            Entry("bari", "Le gallerie", pages=(PageText(1, "Qui."),), keywords=("Bari",)),
            Entry("altro", "Altro", pages=(PageText(1, "Del mare."),)),
        ]
    )
    for question, first in (
        ("ponte", "titolo"),
        ("ponte Roma", "titolo"),
        ("galleria Bari", "bari"),
    ):
        assert [hit.id for hit in engine.search(Query(question)).hits] == [first, "rassegna"]


def test_a_part_of_a_code_counts_where_the_question_is_relaxed() -> None:
    engine = WhooshEngine(None)
    engine.rebuild(
        [
            Entry("anno", "", pages=(PageText(1, "Le modifiche dell'anno 2017 al piano."),)),
            Entry("altro", "", pages=(PageText(1, "Le modifiche al piano."),)),
        ]
    )
    hits = engine.search(Query("modifiche piano 1-2017")).hits
    assert [hit.id for hit in hits] == ["anno", "altro"]


def test_a_mended_question_is_relaxed_like_any_other() -> None:
    engine = WhooshEngine(None)
    engine.rebuild(
        [
            Entry("tutte", "", pages=(PageText(1, "Ponti, gallerie e strade."),)),
            Entry("due", "", pages=(PageText(1, "Ponti e gallerie."),)),
            Entry("altro", "", pages=(PageText(1, "Del mare."),)),
        ]
    )
    page = engine.search(Query("ponti gallerie straade"))
    assert [hit.id for hit in page.hits] == ["tutte", "due"]
    assert page.notices.corrected_from == "ponti gallerie straade"
    assert (page.notices.relaxed, page.notices.complete) == (True, 1)


def test_a_question_of_unknown_words_is_answered_in_bounded_time() -> None:
    chance = random.Random(3)  # noqa: S311 repeatable, not secret
    made = ["".join(chance.choices("aeioulnrst", k=10)) for _ in range(20_000)]
    pages = [" ".join(made[start : start + 100]) for start in range(0, len(made), 100)]
    engine = WhooshEngine(None)
    engine.rebuild(
        Entry(f"n{number}", "", pages=(PageText(1, text),)) for number, text in enumerate(pages)
    )
    unknown = " ".join("".join(chance.choices("aeioulnrst", k=10)) for _ in range(40))
    start = time.process_time()
    engine.search(Query(unknown))
    assert time.process_time() - start < 0.25


def test_a_rarer_synonym_is_not_worth_more_than_the_word() -> None:
    engine = WhooshEngine(None)
    written = [
        Entry(f"piano{n}", "Il piano strategico", pages=(PageText(1, "Testo."),)) for n in range(6)
    ]
    engine.rebuild([*written, Entry("sigla", "Il nuovo PSM", pages=(PageText(1, "Testo."),))])
    found = [hit.id for hit in engine.search(Query("piano strategico")).hits]
    assert found[-1] == "sigla"
    assert len(found) == 7
