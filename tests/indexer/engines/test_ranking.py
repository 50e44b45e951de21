"""What the ranking prefers where the words alone do not decide."""

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
