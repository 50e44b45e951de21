"""Scans get their text page by page, a stop loses none of it, and search then finds them."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from corpus.records import DocumentDraft, NewFile
from corpus.vocabulary import FileFormat, Kind, State
from indexer.accessibility import Level, level
from indexer.derived import Derived, FileFacts
from indexer.extract.base import Recognition
from indexer.recognition import Recogniser
from tests.indexer.extract import made
from tests.indexer.house import House

SCAN = made.scan(["Uno"], ["Due"], ["Tre"])
THREE = (1, 2, 3)


def fake(folder: Path, script: str) -> str:
    path = made.file(folder, "tesseract", f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def recogniser(house: House, program: str, most: int = 10) -> Recogniser:
    return Recogniser(
        house.reader, house.catalogue, house.store, house.derived, house.sandbox, program, most
    )


def add(house: House, content: bytes = SCAN, state: State = State.PUBLISHED) -> str:
    """The digest of a scan that belongs to a document and was read."""
    stored = house.store.receive(BytesIO(content), limit=1 << 24)
    new = NewFile(stored.sha256, stored.size, FileFormat.PDF, "scansione.pdf")
    draft = DocumentDraft(kind=Kind.RESEARCH, title="Un verbale")
    house.catalogue.add(draft, new, actor="prova", state=state)
    house.indexer.catch_up()
    house.indexer.read_unpublished(10)
    return stored.sha256


def facts(house: House, sha256: str) -> FileFacts:
    found = house.derived.facts(sha256)
    assert found is not None
    return found


def now(house: House, sha256: str) -> Recognition:
    return facts(house, sha256).recognition


def test_a_published_scan_is_found_by_its_words_and_stays_without_text(
    house: House, program: str
) -> None:
    lines = [
        "Relazione sulla gestione associata dei servizi di polizia locale",
        "nei comuni della valle, con le convenzioni e i regolamenti adottati",
    ] * 4
    sha256 = add(house, made.scan(lines))
    assert house.found("regolamenti adottati") == set()
    recogniser(house, program).work()
    house.indexer.catch_up()
    assert len(house.found("regolamenti adottati")) == 1
    page = house.derived.page(sha256, 1)
    assert page is not None
    assert "convenzioni" in page.text
    known = facts(house, sha256)
    assert (known.title, known.language) == (lines[0], "it")
    assert known.accessibility.text_layer is False
    assert level(known) is Level.POOR


def test_each_page_is_kept_when_it_is_done_and_a_stop_loses_none(
    house: House, tmp_path: Path
) -> None:
    sha256 = add(house)
    first = recogniser(house, fake(tmp_path, "echo prima"))
    assert first.next_page()
    kept = Derived(house.home.derived)
    assert [page.text for page in kept.pages(sha256)] == ["prima", "", ""]
    assert house.found("prima") == set(), "the index gets the document when it is whole"
    then = replace(first, derived=kept, program=fake(tmp_path, "echo dopo"))
    assert then.next_page()
    assert then.next_page()
    assert not then.next_page()
    assert [page.text for page in kept.pages(sha256)] == ["prima", "dopo", "dopo"]
    assert now(house, sha256).recognised == THREE
    house.indexer.catch_up()
    assert len(house.found("prima dopo")) == 1
    kept.close()


def test_a_stop_before_the_last_page_is_kept_repeats_it(house: House, tmp_path: Path) -> None:
    """The record is put behind first; what was not kept is recognised again."""
    add(house, made.scan(["Uno"]))
    stopped = recogniser(house, fake(tmp_path, "echo parola"))

    class Stop(Exception):
        pass

    class Stopping(Derived):
        def put(self, *arguments: object) -> None:
            raise Stop

    with pytest.raises(Stop):
        replace(stopped, derived=Stopping(house.home.derived)).next_page()
    house.indexer.catch_up()
    assert house.found("parola") == set()
    assert stopped.next_page()
    house.indexer.catch_up()
    assert len(house.found("parola")) == 1


def test_a_document_is_looked_at_up_to_the_limit_and_goes_on_where_it_grows(
    house: House, tmp_path: Path
) -> None:
    sha256 = add(house)
    some = recogniser(house, fake(tmp_path, "echo testo"), most=2)
    some.work()
    assert not some.next_page()
    assert now(house, sha256).recognised == (1, 2)
    assert "La pagina 3 è quasi soltanto immagine" in facts(house, sha256).warnings[0]
    replace(some, most=3).work()
    assert now(house, sha256).recognised == THREE
    assert facts(house, sha256).warnings == ()


def test_pages_that_fail_are_noted_and_the_others_are_recognised(
    house: House, tmp_path: Path
) -> None:
    sha256 = add(house)
    bad = recogniser(house, fake(tmp_path, "kill -SEGV $$"))
    assert bad.next_page()
    good = replace(bad, program=fake(tmp_path, "echo testo"))
    good.work()
    assert now(house, sha256) == Recognition(THREE, recognised=(2, 3), failed=(1,))
    assert not good.next_page()
    house.derived.recognise_again(sha256)
    good.program = fake(tmp_path, "echo ora")
    good.work()
    assert now(house, sha256) == Recognition(THREE, recognised=(2, 3, 1))
    assert [page.text for page in house.derived.pages(sha256)] == ["ora", "testo", "testo"]


def test_where_the_program_lacks_something_no_page_is_given_up(
    house: House, tmp_path: Path
) -> None:
    sha256 = add(house)
    absent = recogniser(house, str(tmp_path / "mancante"))
    absent.work()
    assert now(house, sha256).done == 0
    absent.program = fake(tmp_path, "echo testo")
    absent.work()
    assert now(house, sha256).done == 0, "it rests for some minutes"
    replace(absent).work()
    assert now(house, sha256).done == 3


def test_files_of_an_import_that_nobody_confirmed_hinder_no_other(
    house: House, tmp_path: Path
) -> None:
    path = made.file(tmp_path, "altra.pdf", made.scan(["Altra"]))
    house.derived.put("0" * 64, house.sandbox.read(path))
    sha256 = add(house, state=State.DRAFT)
    recogniser(house, fake(tmp_path, "echo testo")).work()
    assert now(house, sha256).done == 3
    assert now(house, "0" * 64).done == 0


def test_documents_take_turns(house: House, tmp_path: Path) -> None:
    first, second = add(house), add(house, made.scan(["Quattro"], ["Cinque"]))
    working = recogniser(house, fake(tmp_path, "echo testo"))
    assert working.next_page()
    assert working.next_page()
    assert (now(house, first).done, now(house, second).done) == (1, 1)


def test_what_is_forgotten_is_read_and_recognised_anew(house: House, tmp_path: Path) -> None:
    sha256 = add(house, state=State.DRAFT)
    recogniser(house, fake(tmp_path, "kill -SEGV $$")).work()
    assert now(house, sha256).failed == THREE
    house.derived.forget(sha256)
    assert house.derived.unseen(10) == ()
    house.indexer.read_unpublished(10)
    recogniser(house, fake(tmp_path, "echo testo")).work()
    assert now(house, sha256).recognised == THREE
