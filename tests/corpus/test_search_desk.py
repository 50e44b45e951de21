"""Best bets and synonyms: written by staff, seen by every process, refused with reasons."""

import pytest

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.errors import DeskEntryNotFound, InvalidRecord
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import BestBetView, SynonymView
from indexer.desk import CurrentDesk
from indexer.engine import BestBet, Desk
from tests.corpus import samples


def test_a_best_bet_is_added_changed_and_removed(catalogue: Catalogue, reader: Reader) -> None:
    one, two = (catalogue.add(samples.document(title=title), actor="x") for title in ("A", "B"))
    number = catalogue.put_best_bet([" suap ", "suap", "sportello  unico"], [two, one], actor="a")
    assert reader.best_bets() == (BestBetView(number, ("suap", "sportello unico"), (two, one)),)
    catalogue.put_best_bet(["suap"], [one], actor="b", id=number)
    assert reader.best_bets() == (BestBetView(number, ("suap",), (one,)),)
    catalogue.remove_best_bet(number, actor="c")
    assert reader.best_bets() == ()
    log = [(line.actor, line.action) for line in reader.log(limit=3)]
    assert log == [("c", "remove_best_bet"), ("b", "put_best_bet"), ("a", "put_best_bet")]


def test_synonyms_are_groups_of_at_least_two(catalogue: Catalogue, reader: Reader) -> None:
    number = catalogue.put_synonym(["tari", "tassa rifiuti"], actor="a")
    assert reader.synonyms() == (SynonymView(number, ("tari", "tassa rifiuti")),)
    with pytest.raises(InvalidRecord) as refused:
        catalogue.put_synonym(["tari", " tari "], actor="a")
    assert refused.value.problems == {"expressions": "required"}
    catalogue.remove_synonym(number, actor="a")
    assert reader.synonyms() == ()


@pytest.mark.parametrize(
    ("queries", "records", "problem"),
    [
        ([], ["x"], {"queries": "required", "records": "unknown"}),
        (["suap"], [], {"records": "required"}),
        (["suap"], ["2345678"], {"records": "unknown"}),
        (["s" * 257], ["' OR 1=1"], {"queries": "too-long", "records": "unknown"}),
        ([str(number) for number in range(21)], ["x"], {"queries": "too-many"}),
    ],
)
def test_what_makes_no_sense_is_refused(
    catalogue: Catalogue, queries: list[str], records: list[str], problem: dict[str, str]
) -> None:
    with pytest.raises(InvalidRecord) as refused:
        catalogue.put_best_bet(queries, records, actor="a")
    assert problem.items() <= refused.value.problems.items()


def test_an_entry_that_is_gone_is_said_to_be(catalogue: Catalogue) -> None:
    for act in (
        lambda: catalogue.remove_best_bet(9, actor="a"),
        lambda: catalogue.remove_synonym(9, actor="a"),
        lambda: catalogue.put_synonym(["a", "b"], actor="a", id=9),
    ):
        with pytest.raises(DeskEntryNotFound):
            act()


def test_the_desk_is_that_of_the_last_write_of_any_process(
    catalogue: Catalogue, reader: Reader, home: DataHome
) -> None:
    known = catalogue.add(samples.document(), actor="x")
    desk = CurrentDesk(reader)
    assert desk() == Desk()
    assert desk() is desk()
    elsewhere = Database(home.catalogue)
    Catalogue(elsewhere, catalogue._store).put_best_bet(["suap"], [known], actor="a")
    Catalogue(elsewhere, catalogue._store).put_synonym(["tari", "rifiuti"], actor="a")
    elsewhere.close()
    assert desk() == Desk((BestBet(("suap",), (known,)),), (("tari", "rifiuti"),))
    assert desk() is desk()
