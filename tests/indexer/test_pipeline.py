"""The index follows the catalogue: nothing lost, nothing leaked, one bad record stops nobody."""

import shutil
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest

from corpus.records import DocumentDraft, NewFile
from corpus.vocabulary import FileFormat, Kind, State
from indexer.engine import EngineUnavailable, Entry, Facet, Query
from indexer.extract.base import FailureKind
from indexer.pipeline import Indexer
from tests.indexer.house import House


def indexer_with(house: House, engine: Any) -> Indexer:
    return Indexer(house.reader, house.catalogue, house.store, house.derived, house.sandbox, engine)


def test_what_is_published_is_found_by_the_words_of_its_file(house: House) -> None:
    id = house.add("Il piano", "La governance metropolitana\fe lo sportello unico", year=2021)
    assert house.indexer.catch_up() == 1
    assert house.found("sportello") == {id}
    page = house.engine.search(Query(text="sportello"))
    assert page.counts[Facet.FORMAT] == {"txt": 1}
    assert page.counts[Facet.YEAR] == {"2021": 1}
    assert house.reader.behind(10) == ()


def test_nothing_to_do_applies_nothing(house: House) -> None:
    house.add("Il piano", "testo")
    house.indexer.catch_up()
    assert house.indexer.catch_up() == 0


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW])
def test_what_is_not_published_is_nowhere_in_the_index(house: House, state: State) -> None:
    house.add("Bozza crittografata", "parolasegreta", state)
    house.indexer.catch_up()
    assert house.found("parolasegreta") == set()
    assert house.engine.search(Query()).total == 0
    assert house.reader.behind(10) == ()
    assert house.indexer.rebuild() == 0
    assert house.found("parolasegreta") == set()


def test_withdrawing_takes_the_record_out(house: House) -> None:
    id = house.add("Il piano", "sportello")
    house.indexer.catch_up()
    house.catalogue.withdraw(id, actor="prova", reason="superato")
    assert house.indexer.catch_up() == 1
    assert house.found("sportello") == set()


def test_a_new_version_waits_for_its_publication(house: House) -> None:
    id = house.add("Il piano", "vecchio contenuto")
    house.indexer.catch_up()
    stored = house.store.receive(BytesIO(b"contenuto nuovissimo"), 1 << 20)
    file = NewFile(stored.sha256, stored.size, FileFormat.TEXT, "nuovo.txt")
    house.catalogue.add_version(id, file, actor="prova")
    house.indexer.catch_up()
    assert house.found("nuovissimo") == set()
    house.catalogue.publish(id, actor="prova")
    house.indexer.catch_up()
    assert house.found("nuovissimo") == {id}
    assert house.found("vecchio") == set()


def test_a_hostile_file_costs_one_failed_row_and_its_record_is_still_found(house: House) -> None:
    stored = house.store.receive(BytesIO(b"%PDF-1.7\nnon e' un vero PDF"), 1 << 20)
    file = NewFile(stored.sha256, stored.size, FileFormat.PDF, "rotto.pdf")
    draft = DocumentDraft(kind=Kind.GUIDE, title="Guida irraggiungibile")
    broken = house.catalogue.add(draft, file, actor="prova", state=State.PUBLISHED)
    good = house.add("Altro", "leggibile")
    assert house.indexer.catch_up() == 2
    failure = house.derived.failure(stored.sha256)
    assert failure is not None
    assert failure.kind is FailureKind.CORRUPT
    assert failure.message.startswith("Il file è danneggiato")
    assert house.found("irraggiungibile") == {broken}
    assert house.found("leggibile") == {good}


def test_a_file_missing_from_the_store_does_not_stop_the_others(house: House) -> None:
    lost = house.add("Senza byte", "sparito")
    good = house.add("Altro", "leggibile")
    version = house.reader.file_of(lost)
    house.store.path(version.sha256).unlink()
    assert house.indexer.catch_up() == 2
    assert house.found("byte") == {lost}
    assert house.found("leggibile") == {good}


class Picky:
    """A real engine that cannot take one record."""

    def __init__(self, house: House, poison: str) -> None:
        self._engine = house.engine
        self._poison = poison

    def apply(self, entries: Sequence[Entry], removed: Sequence[str] = ()) -> None:
        if any(entry.title == self._poison for entry in entries):
            raise RuntimeError("cannot take it")
        self._engine.apply(entries, removed)


def test_one_record_that_the_engine_refuses_stops_nobody(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ids = [house.add(f"Documento {n}", f"parola{n}") for n in range(7)]
    house.add("Veleno", "veleno")
    indexer = indexer_with(house, Picky(house, "Veleno"))
    assert indexer.catch_up() == 7
    assert house.engine.search(Query()).total == 7
    ((refused, _, _),) = house.reader.behind(10)
    assert refused not in ids
    assert refused in caplog.text
    caplog.clear()
    assert indexer.catch_up() == 0
    assert caplog.text == "", "the same revision is not tried for ever"
    house.catalogue.revise(
        refused, DocumentDraft(kind=Kind.RESEARCH, title="Guarito"), actor="prova"
    )
    assert indexer.catch_up() == 1
    assert house.found("guarito") == {refused}


class Crashing:
    """A real engine on a machine that loses power at the given call."""

    def __init__(self, house: House, before: bool) -> None:
        self._engine = house.engine
        self._before = before

    def apply(self, entries: Sequence[Entry], removed: Sequence[str] = ()) -> None:
        if not self._before:
            self._engine.apply(entries, removed)
        raise EngineUnavailable("power lost")


@pytest.mark.parametrize("before", [True, False])
def test_a_crash_around_the_commit_repeats_work_and_loses_none(house: House, before: bool) -> None:
    id = house.add("Il piano", "sportello")
    with pytest.raises(EngineUnavailable):
        indexer_with(house, Crashing(house, before)).catch_up()
    assert [row[0] for row in house.reader.behind(10)] == [id]
    assert house.indexer.catch_up() == 1
    assert house.found("sportello") == {id}
    assert house.engine.search(Query()).total == 1


def test_a_record_revised_while_it_is_applied_stays_behind(house: House) -> None:
    id = house.add("Prima", "testo")
    real = house.engine

    class Meanwhile:
        def apply(self, entries: Sequence[Entry], removed: Sequence[str] = ()) -> None:
            draft = DocumentDraft(kind=Kind.RESEARCH, title="Dopo")
            house.catalogue.revise(id, draft, actor="prova")
            real.apply(entries, removed)

    indexer_with(house, Meanwhile()).catch_up()
    assert [row[0] for row in house.reader.behind(10)] == [id]
    house.indexer.catch_up()
    assert house.found("dopo") == {id}


def test_more_records_than_one_batch_are_all_applied_with_progress(house: House) -> None:
    for number in range(230):
        house.add(f"Documento {number}")
    seen: list[tuple[int, int]] = []
    assert house.indexer.catch_up(lambda done, total: seen.append((done, total))) == 230
    assert seen[-1] == (230, 230)
    assert house.engine.search(Query()).total == 230


def test_rebuilding_gives_the_same_answers(house: House) -> None:
    ids = {house.add(f"Il piano {n}", f"sportello unico numero {n}") for n in range(5)}
    house.indexer.catch_up()
    before = house.engine.search(Query(text="sportello"))
    seen: list[tuple[int, int]] = []
    assert house.indexer.rebuild(lambda done, total: seen.append((done, total))) == 5
    assert house.engine.search(Query(text="sportello")) == before
    assert {hit.id for hit in before.hits} == ids
    assert seen[-1] == (5, 5)
    assert house.reader.behind(10) == ()


def test_what_changes_during_a_rebuild_is_in_the_new_index(house: House) -> None:
    kept = house.add("Resta", "sportello")
    gone = house.add("Ritirato", "sportello ritirato")
    house.indexer.catch_up()
    added: list[str] = []

    def meanwhile(done: int, total: int) -> None:
        if not added:
            added.append(house.add("Nuovo", "sportello nuovo"))
            house.catalogue.withdraw(gone, actor="prova", reason="superato")

    house.indexer.rebuild(meanwhile)
    assert house.found("sportello") == {kept, *added}
    house.indexer.catch_up()
    assert house.found("sportello") == {kept, *added}


def test_a_deleted_index_comes_back_from_the_catalogue(house: House) -> None:
    id = house.add("Il piano", "sportello")
    house.indexer.catch_up()
    house.engine.close()
    shutil.rmtree(house.home.index)
    again = House.open(house.home.path, house.sandbox)
    assert again.indexer.catch_up() == 0
    assert again.indexer.reconcile() == 1
    assert again.indexer.catch_up() == 1
    assert again.found("sportello") == {id}
    again.close()


def test_lost_texts_are_read_again(house: House) -> None:
    id = house.add("Il piano", "sportello")
    house.indexer.catch_up()
    version = house.reader.file_of(id)
    house.home.derived.unlink()
    assert house.derived.page(version.sha256, 1) is None
    assert house.indexer.reconcile() == 1
    house.indexer.catch_up()
    page = house.derived.page(version.sha256, 1)
    assert page is not None
    assert page.text == "sportello"


def test_what_the_index_has_in_excess_is_dropped(house: House) -> None:
    house.engine.apply([Entry(id="zzzzzzz", title="Un fantasma")])
    assert house.indexer.reconcile() == 1
    assert house.found("fantasma") == set()


def test_drafts_are_read_for_the_desk_and_stay_out_of_the_index(house: House) -> None:
    house.add("Bozza", "parolasegreta della bozza", State.DRAFT)
    assert house.indexer.read_unpublished(10) == 1
    (sha256,) = house.reader.digests()
    assert house.derived.facts(sha256) is not None
    assert house.derived.under_way() == set()
    house.indexer.catch_up()
    assert house.found("parolasegreta") == set()
    assert house.indexer.read_unpublished(10) == 0


def test_one_lost_file_holds_no_other_up_and_is_not_sought_for_ever(house: House) -> None:
    house.add("Persa", "testo perso", State.DRAFT)
    (sha256,) = house.reader.digests()
    house.store.path(sha256).unlink()
    house.add("Sana", "testo sano", State.DRAFT)
    assert house.indexer.read_unpublished(10) == 1
    assert house.indexer.read_unpublished(10) == 0


def test_what_was_being_read_when_the_program_ended_is_read_again(house: House) -> None:
    house.add("Bozza", "testo", State.DRAFT)
    (sha256,) = house.reader.digests()
    house.derived.begin(sha256)
    house.indexer.begin_anew()
    assert house.derived.under_way() == set()
    assert house.indexer.read_unpublished(10) == 1
