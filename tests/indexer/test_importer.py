"""A folder comes in: each file has one outcome, nothing is done twice, nothing harms."""

import csv
from pathlib import Path

import pytest

from corpus.records import DocumentView
from corpus.vocabulary import Kind, State
from indexer.extract.base import FailureKind
from indexer.importer import Choices, Importer, Result, files_in, inside
from indexer.manifest import Row, read_manifest
from indexer.outcomes import Outcome
from tests.indexer.house import House


def importer(house: House, state: State = State.PUBLISHED, retry: bool = False) -> Importer:
    choices = Choices(actor="prova", state=state, retry=retry)
    return Importer(
        house.reader, house.catalogue, house.store, house.derived, house.sandbox, choices
    )


def results(house: House, folder: Path, rows: tuple[Row, ...] | None = None) -> dict[str, Result]:
    given = files_in(folder) if rows is None else rows
    return {result.file: result for result in importer(house).run(folder, given)}


def document(house: House, public_id: str | None) -> DocumentView:
    assert public_id is not None
    record = house.reader.record(public_id, any_state=True)
    assert isinstance(record, DocumentView)
    return record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "materiali"
    (made / "sotto").mkdir(parents=True)
    (made / "sotto" / "01-il_suap.txt").write_text("Lo sportello unico metropolitano.")
    (made / "piano.md").write_text("# Il piano strategico\n\nGovernance e monitoraggio.")
    (made / ".nascosto").write_text("no")
    return made


def test_every_file_of_a_folder_becomes_a_document(house: House, folder: Path) -> None:
    done = results(house, folder)
    assert {file: result.outcome for file, result in done.items()} == {
        "piano.md": Outcome.ADDED,
        "sotto/01-il_suap.txt": Outcome.ADDED,
    }
    record = document(house, done["sotto/01-il_suap.txt"].public_id)
    assert (record.title, record.state, record.kind) == (
        "Lo sportello unico metropolitano.",
        State.PUBLISHED,
        Kind.OTHER,
    )
    assert record.versions[0].filename == "01-il_suap.txt"
    assert house.store.verify(record.versions[0].sha256)
    house.indexer.catch_up()
    assert house.found("monitoraggio") == {done["piano.md"].public_id}


def test_a_second_run_reads_and_adds_nothing(house: House, folder: Path) -> None:
    first = results(house, folder)
    closed = importer(house)
    closed._sandbox = None  # type: ignore[assignment]  any reading would fail
    again = {}
    for row in files_in(folder):
        found = closed._look(folder, row, house.reader.source_keys())
        assert isinstance(found, Result)
        again[row.file] = found
    assert {result.outcome for result in again.values()} == {Outcome.PRESENT}
    assert {f: r.public_id for f, r in again.items()} == {f: r.public_id for f, r in first.items()}
    assert len(house.reader.public_ids()) == 2


def test_an_interrupted_run_goes_on_where_it_stopped(house: House, folder: Path) -> None:
    run = importer(house).run(folder, files_in(folder))
    acknowledged = next(run)
    run.close()
    again = results(house, folder)
    assert again[acknowledged.file].outcome is Outcome.PRESENT
    assert again[acknowledged.file].public_id == acknowledged.public_id
    assert len(house.reader.public_ids()) == 2


def test_the_same_bytes_under_another_name_are_a_duplicate_that_names_its_twin(
    house: House, folder: Path
) -> None:
    (folder / "copia.md").write_bytes((folder / "piano.md").read_bytes())
    done = results(house, folder)
    outcomes = {done["piano.md"].outcome, done["copia.md"].outcome}
    assert outcomes == {Outcome.ADDED, Outcome.DUPLICATE}
    assert done["piano.md"].public_id == done["copia.md"].public_id
    assert done["copia.md"].public_id in done["copia.md"].reason + done["piano.md"].reason


def test_a_refused_file_is_nowhere_and_its_reason_is_told(house: House, folder: Path) -> None:
    (folder / "rotto.pdf").write_bytes(b"%PDF-1.7\nnon un PDF")
    (folder / "vuoto.txt").write_bytes(b"")
    done = results(house, folder)
    assert done["rotto.pdf"].outcome is Outcome.REFUSED
    assert done["rotto.pdf"].reason.startswith("Il file è danneggiato")
    assert done["vuoto.txt"].reason.startswith("Il file è vuoto")
    assert len(list(house.store.digests())) == 2
    assert len(house.reader.public_ids()) == 2


def test_a_refusal_is_remembered_until_one_asks_to_try_again(house: House, folder: Path) -> None:
    (folder / "rotto.pdf").write_bytes(b"%PDF-1.7\nnon un PDF")
    first = results(house, folder)["rotto.pdf"]
    (sha256,) = (s for s in house.derived.tried() if house.derived.failure(s))
    house.derived.put_failure(sha256, FailureKind.CORRUPT, "Come l'altra volta.")
    assert results(house, folder)["rotto.pdf"].reason == "Come l'altra volta."
    retried = importer(house, retry=True).run(folder, files_in(folder))
    assert first in list(retried)


def test_a_file_refused_for_its_name_is_welcome_under_the_right_one(
    house: House, folder: Path
) -> None:
    wrong = folder / "piano.pdf"
    (folder / "piano.md").rename(wrong)
    assert results(house, folder)["piano.pdf"].outcome is Outcome.REFUSED
    wrong.rename(folder / "piano.md")
    assert results(house, folder)["piano.md"].outcome is Outcome.ADDED


def test_a_row_gives_the_metadata_and_the_warnings(house: House, folder: Path) -> None:
    row = Row(2, "piano.md", {"title": "Il PSM", "cities": "Roma|Atlantide", "year": "2019"})
    done = results(house, folder, (row,))
    record = document(house, done["piano.md"].public_id)
    assert (record.title, record.cities, record.year) == ("Il PSM", ("roma",), 2019)
    assert any("Atlantide" in warning for warning in done["piano.md"].warnings)


@pytest.mark.parametrize(
    ("cells", "file", "reason"),
    [
        ({}, "non-esiste.pdf", "non si trova"),
        ({}, "../../etc/passwd", "esce dalla cartella"),
        ({}, "/etc/passwd", "esce dalla cartella"),
        ({}, "sotto", "non si trova"),
        ({}, "a\0b", "esce dalla cartella"),
        ({"sha256": "0" * 64}, "piano.md", "impronta SHA-256"),
        ({"title": "x" * 600}, "piano.md", "titolo: è troppo lungo"),
        ({"external_url": "javascript:alert(1)"}, "piano.md", "indirizzo: non è scritto"),
    ],
)
def test_rows_that_cannot_be_followed_are_refused_one_by_one(
    house: House, folder: Path, cells: dict[str, str], file: str, reason: str
) -> None:
    rows = (Row(2, file, cells), Row(3, "sotto/01-il_suap.txt", {}))
    done = results(house, folder, rows)
    assert done[file].outcome is Outcome.REFUSED
    assert reason in done[file].reason
    assert done["sotto/01-il_suap.txt"].outcome is Outcome.ADDED


def test_a_link_that_leaves_the_folder_is_not_followed(folder: Path) -> None:
    (folder / "fuori.txt").symlink_to("/etc/hostname")
    assert inside(folder.resolve(), "fuori.txt") is None
    assert inside(folder.resolve(), "piano.md") == folder.resolve() / "piano.md"


def test_a_draft_stays_with_the_staff(house: House, folder: Path) -> None:
    done = list(importer(house, state=State.DRAFT).run(folder, files_in(folder)))
    assert all(document(house, result.public_id).state is State.DRAFT for result in done)
    assert house.reader.public_ids() == ()


@pytest.mark.material
@pytest.mark.slow
def test_the_real_documents_go_through(house: House, material: Path) -> None:
    folder = material / "documenti"
    manifest = read_manifest(folder / "documenti.csv")
    assert len(manifest.rows) == 85
    done = results(house, folder, manifest.rows)
    refused = {file for file, result in done.items() if result.outcome is not Outcome.ADDED}
    assert all(Path(file).suffix == ".doc" for file in refused)
    with (folder / "documenti.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["file"] in refused:
                continue
            record = document(house, done[line["file"]].public_id)
            assert record.title == line["titolo"]
            assert record.year == (int(line["anno"]) if line["anno"] else record.year)
            assert len(record.cities) == (line["citta"].casefold() in {"roma", "bologna"})
            assert len(record.areas) == bool(line["area"])
            facts = house.derived.facts(record.versions[0].sha256)
            assert facts is not None
            if line["testo"] == "no":
                assert facts.without_text
                assert done[line["file"]].warnings
    assert house.indexer.catch_up() == 85 - len(refused)
    assert house.found("conferenza servizi")


@pytest.mark.material
@pytest.mark.slow
def test_hostile_files_come_through_without_harm(house: House, material: Path) -> None:
    folder = material / "ostili" / "file"
    rows = files_in(folder)
    done = results(house, folder, rows)
    assert len(done) == len(rows)
    assert all(result.reason for result in done.values() if result.outcome is Outcome.REFUSED)
    house.indexer.catch_up()
    added = {r.public_id for r in done.values() if r.outcome is Outcome.ADDED}
    assert set(house.engine.revisions()) == added
