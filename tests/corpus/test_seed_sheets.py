"""The sheets of the founding collection say what they must, and a fault is easy to find."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from corpus import seed
from corpus.ids import derived_id, is_public_id
from corpus.seed import HERE
from corpus.seed.collection import Collection, read_collection
from corpus.seed.sheets import SheetError, read_sheet
from corpus.seed.words import Vocabulary
from corpus.vocabulary import AreaSlug, Evidence, Kind, Scope, SourceKind


@pytest.fixture(scope="module")
def collection() -> Collection:
    return read_collection()


def documents(collection: Collection, kind: Kind, *, own: bool) -> list[str]:
    return [
        document.key
        for document in collection.documents
        if document.kind is kind and (document.file is not None) is own
    ]


def test_the_collection_has_the_records_that_the_facts_give(collection: Collection) -> None:
    assert len(collection.cities) == 14
    assert [area.slug for area in collection.areas] == list(AreaSlug)
    assert len(collection.solutions) == 23
    assert len(collection.gaps) == 19
    assert len(documents(collection, Kind.RESEARCH, own=False)) == 15
    assert len(documents(collection, Kind.ARTICLE, own=False)) == 5
    assert len(collection.courses) == 6
    assert len(collection.events) == 15


def test_solutions_and_gaps_cover_each_of_the_42_cells_once(collection: Collection) -> None:
    cells = Counter(
        [
            *((solution.city, solution.area) for solution in collection.solutions),
            *((gap.city, gap.area) for gap in collection.gaps),
        ]
    )
    expected = {(city.slug, area.slug) for city in collection.cities for area in collection.areas}
    assert set(cells) == expected
    assert set(cells.values()) == {1}


def test_the_evidence_of_the_solutions_is_that_of_the_facts(collection: Collection) -> None:
    assert Counter(solution.evidence for solution in collection.solutions) == {
        Evidence.PORTAL: 12,
        Evidence.OFFICIAL: 5,
        Evidence.THIN: 6,
    }


def test_what_is_only_announced_claims_no_result(collection: Collection) -> None:
    for solution in collection.solutions:
        if solution.evidence is Evidence.THIN:
            assert not solution.actions, solution.key
            assert not solution.reusable, solution.key


def test_each_solution_draws_on_a_page_of_the_kind_that_its_evidence_says(
    collection: Collection,
) -> None:
    for solution in collection.solutions:
        if solution.evidence is Evidence.PORTAL:
            first = solution.sources[0]
            assert first.kind is SourceKind.PRIMARY, solution.key
            assert "metropolistrategiche.it/" in first.url, solution.key


def test_the_cities_add_up_to_the_published_totals(collection: Collection) -> None:
    municipalities = [city.figure("municipalities") for city in collection.cities]
    assert sum(int(figure.value) for figure in municipalities if figure) == 1268
    census = [city.figure("population_2011") for city in collection.cities]
    assert sum(int(figure.value) for figure in census if figure) == 21_181_927
    assert {figure.date for figure in census if figure} == {"2011-10-09"}


def test_figures_without_a_sure_date_or_act_are_marked_to_verify(collection: Collection) -> None:
    for city in collection.cities:
        for figure in city.figures:
            doubtful = "wikipedia" in figure.source.casefold() or figure.date.startswith("tra ")
            assert figure.to_verify or not doubtful, (city.slug, figure.key)


def test_the_metropolitan_code_is_the_province_code_plus_200(collection: Collection) -> None:
    assert {city.capital: city.istat_code for city in collection.cities} == {
        "Torino": "201",
        "Milano": "215",
        "Genova": "210",
        "Venezia": "227",
        "Bologna": "237",
        "Firenze": "248",
        "Roma": "258",
        "Napoli": "263",
        "Bari": "272",
        "Reggio Calabria": "280",
        "Palermo": "282",
        "Catania": "287",
        "Messina": "283",
        "Cagliari": "292",
    }


def test_no_file_is_given_out_that_is_not_our_own(collection: Collection) -> None:
    for document in collection.documents:
        ours = document.publisher == "Redazione del portale"
        assert (document.file is not None) is ours, document.key
        if ours:
            assert document.licence == "CC-BY-4.0", document.key


def test_copies_and_press_are_never_offered_as_the_document(collection: Collection) -> None:
    for document in collection.documents:
        owners = {line.url for line in document.sources if line.kind is SourceKind.PRIMARY}
        assert document.external_url is None or document.external_url in owners, document.key
        if not owners:
            assert document.external_url is None, document.key


def test_context_is_not_attributed_to_the_programme(collection: Collection) -> None:
    for document in collection.documents:
        if document.key.startswith("ctx-"):
            assert document.scope is Scope.CONTEXT, document.key


def test_every_public_id_has_its_shape_and_is_taken_once(collection: Collection) -> None:
    ids = [derived_id(record.key) for record in collection.records]
    assert all(is_public_id(public_id) for public_id in ids)
    assert len(set(ids)) == len(ids)


def test_every_theme_of_the_closed_list_is_used(collection: Collection) -> None:
    used = {topic for record in collection.records for topic in record.topics}
    assert used == set(collection.topics)


def test_events_without_a_sure_day_say_what_is_known(collection: Collection) -> None:
    undated = {event.key for event in collection.events if event.start is None}
    assert undated == {
        "ev-2017-12-bologna",
        "ev-2020-07-ufficio-europa",
        "ev-2021-03-catania",
        "ev-2021-uffici-europa",
    }


def test_the_programme_lists_three_levers_and_cites_every_row() -> None:
    programme = seed.programme()
    assert len(programme.method.levers) == 3
    assert all(row.sources for row in programme.identity)
    assert all(line.sources for line in (*programme.governance, *programme.timeline))
    assert programme.contacts.certified_email == "anci@pec.anci.it"
    assert [moment.date for moment in programme.timeline] == sorted(
        moment.date for moment in programme.timeline
    )


def test_the_vocabulary_has_94_acronyms_and_knows_which_are_ambiguous() -> None:
    vocabulary = read_sheet(HERE / "vocabulary.yaml", Vocabulary)
    assert len(vocabulary.acronyms) == 94
    assert {"CUP", "VIA", "SUA", "CUC"} <= vocabulary.ambiguous_set
    assert "SUAP" not in vocabulary.ambiguous_set
    assert any({"lavoro agile", "smart working"} <= set(family) for family in vocabulary.families)


def test_the_search_reads_the_words_of_the_checked_sheet() -> None:
    checked, read = read_sheet(HERE / "vocabulary.yaml", Vocabulary), seed.lexicon()
    assert [(word.acronym, word.expansion, word.also) for word in read.acronyms] == [
        (word.acronym, word.expansion, word.also) for word in checked.acronyms
    ]
    assert read.ambiguous == checked.ambiguous_set
    assert read.families == checked.families


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    folder = tmp_path / "seed"
    folder.mkdir()
    for sheet in HERE.glob("*.yaml"):
        shutil.copy(sheet, folder)
    (folder / "files").symlink_to(HERE / "files")
    return folder


def spoil(sheet: Path, right: str, wrong: str) -> None:
    text = sheet.read_text(encoding="utf-8")
    assert right in text
    sheet.write_text(text.replace(right, wrong, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("sheet", "right", "wrong", "named"),
    [
        ("events.yaml", "start: 2018-01-31", "start: 31/1/2018", "ev-2018-01-venezia, field start"),
        ("vocabulary.yaml", "meaning: 'Ente", "maening: 'Ente", "record CM, field maening"),
        ("solutions.yaml", "year: 2018", "yaer: 2018", "bologna-gestione-associata, field yaer"),
        ("cities.yaml", "plate: MI", "plate: Milano", "record milano, field plate"),
        ("research.yaml", "form: rapporto", "form: ''", "ric-unioni-bologna, field form"),
        ("articles.yaml", "cities: [genova,", "cities: [genoa,", "art-continuita, field cities"),
        ("training.yaml", "[Unioni di Comuni,", "[Unioni,", "for-antifragili-lab, field topics"),
        (
            "solutions.yaml",
            "documents: [ric-unioni-bologna,",
            "documents: [ric-unioni,",
            "bologna-gestione-associata, field documents",
        ),
        (
            "documents.yaml",
            "file: guida-ricerca.docx",
            "file: guida.docx",
            "guida-ricerca, field file",
        ),
    ],
)
def test_a_fault_is_told_with_file_record_and_field(
    sheets: Path, sheet: str, right: str, wrong: str, named: str
) -> None:
    spoil(sheets / sheet, right, wrong)
    with pytest.raises(SheetError) as caught:
        read_collection(sheets)
    assert sheet in str(caught.value)
    assert named in str(caught.value)


def test_two_lines_for_one_cell_are_refused(sheets: Path) -> None:
    spoil(
        sheets / "solutions.yaml",
        "{city: torino, area: semplificazione}",
        "{city: bologna, area: semplificazione}",
    )
    with pytest.raises(SheetError, match="bologna / semplificazione"):
        read_collection(sheets)
