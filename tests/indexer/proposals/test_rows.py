"""From a row and a file to a draft: names resolved, mistakes told, silence filled by the file."""

from datetime import date

import pytest

from corpus.vocabulary import FileFormat, Kind, Scope
from indexer.engine import PageText
from indexer.extract.base import Extract
from indexer.manifest import Row
from indexer.proposals.places import Places
from indexer.proposals.rows import Defaults, Proposal, Proposer
from indexer.proposals.titles import title_from
from tests.indexer.house import AREAS, PLACES, area, city

CITIES = [city(slug, capital) for slug, capital in PLACES.items()]
INTERVENTION_AREAS = [area(slug, *labels) for slug, labels in AREAS.items()]
KNOWN = Places(CITIES, INTERVENTION_AREAS)
PROPOSER = Proposer(CITIES, INTERVENTION_AREAS)
EXTRACT = Extract(
    format=FileFormat.PDF,
    pages=(PageText(1, "testo"),),
    stated_title="Rapporto del file",
    authors=("Ada Rossi",),
    issued=date(2020, 3, 1),
    language="en",
)


def propose(file: str = "a.pdf", extract: Extract = EXTRACT, **cells: str) -> Proposal:
    return PROPOSER.propose(Row(2, file, cells), extract, "import:1")


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Roma", "roma"),
        ("Città metropolitana di Bologna", "bologna"),
        ("CITTA' METROPOLITANA DI BOLOGNA", "bologna"),
        ("Comune di Reggio Calabria", "reggio-calabria"),
        ("reggio-calabria", "reggio-calabria"),
        ("Romagna", None),
        ("", None),
    ],
)
def test_cities_are_recognised_by_any_of_their_names(written: str, slug: str | None) -> None:
    assert KNOWN.city(written) == slug


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("gestione associata e riassetto", "gestione-associata"),
        ("Semplificazione amministrativa", "semplificazione"),
        ("pianificazione strategica", "pianificazione-strategica"),
        ("Pianificazione strategica metropolitana", "pianificazione-strategica"),
        ("pianificazioni", None),
    ],
)
def test_areas_are_recognised_by_the_beginning_of_their_names(
    written: str, slug: str | None
) -> None:
    assert KNOWN.area(written) == slug


def test_a_full_row_wins_over_the_file() -> None:
    made = propose(
        title="Il piano",
        kind="Linee guida",
        cities="Roma; Bologna",
        areas="semplificazione amministrativa",
        year="2021",
        language="it",
        licence="CC-BY-4.0",
        authors="Ugo Bò",
        topics="SUAP|PUMS",
        scope="contesto",
    )
    draft = made.draft
    assert made.warnings == ()
    assert (draft.title, draft.kind, draft.form) == ("Il piano", Kind.GUIDE, "Linee guida")
    assert (draft.cities, draft.areas) == (("roma", "bologna"), ("semplificazione",))
    assert (draft.year, draft.issued, draft.language) == (2021, None, "it")
    assert (draft.licence, draft.authors, draft.topics) == (
        "CC-BY-4.0",
        ("Ugo Bò",),
        ("SUAP", "PUMS"),
    )
    assert draft.scope is Scope.CONTEXT
    assert draft.source_key == "import:1"


def test_without_a_row_the_file_speaks_for_itself() -> None:
    draft = propose("cartella/a.pdf").draft
    assert (draft.title, draft.authors) == ("Rapporto del file", ("Ada Rossi",))
    assert (draft.issued, draft.language) == (date(2020, 3, 1), "en")
    assert (draft.kind, draft.cities, draft.areas) == (Kind.OTHER, (), ())


def test_a_silent_file_is_called_by_its_name() -> None:
    silent = Extract(format=FileFormat.TEXT, pages=())
    draft = propose("x/004-linee_guida.txt", silent).draft
    assert (draft.title, draft.language) == ("Linee guida", "it")


@pytest.mark.parametrize(
    ("file", "title"),
    [("2021.pdf", "2021"), ("01 piano.pdf", "Piano"), ("a-b.c.pdf", "A b.c"), ("è.md", "È")],
)
def test_titles_from_names(file: str, title: str) -> None:
    assert title_from(file) == title


@pytest.mark.parametrize(
    ("cells", "warning"),
    [
        ({"cities": "Roma; Atlantide"}, "«Atlantide» non è il nome di una città metropolitana"),
        ({"areas": "cucina"}, "«cucina» non è il nome di una area"),
        ({"kind": "ricetta"}, "tipo «ricetta»"),
        ({"year": "²023"}, "L'anno «²023»"),
        ({"year": "0042"}, "L'anno «0042»"),
        ({"issued": "31/02/2023"}, "La data «31/02/2023»"),
        ({"language": "italiano antico"}, "La lingua «italiano antico»"),
        ({"scope": "universo"}, "L'ambito «universo»"),
    ],
)
def test_what_is_not_understood_is_left_out_and_told(cells: dict[str, str], warning: str) -> None:
    made = propose(**cells)
    assert len(made.warnings) == 1
    assert warning in made.warnings[0]


def test_an_italian_date_is_a_date() -> None:
    assert propose(issued="3/5/2021").draft.issued == date(2021, 5, 3)


def test_the_kind_of_the_import_holds_where_the_row_is_silent() -> None:
    proposer = Proposer([], [], Defaults(kind=Kind.TRAINING))
    assert proposer.propose(Row(2, "a.pdf", {}), EXTRACT, "k").draft.kind is Kind.TRAINING


def test_a_licence_that_is_no_identifier_stays_as_a_note() -> None:
    assert propose(licence="Tutti i diritti riservati").draft.licence is None
    told = propose(licence="EUPL-1.2 (publiccode.yml; LICENSE.md dice Apache-2.0)").draft
    assert told.licence == "EUPL-1.2"
    assert told.note is not None
    assert "Apache-2.0" in told.note


def test_where_it_came_from_is_told() -> None:
    draft = propose(repository="comunedibari/sit", commit="bb66c97").draft
    assert draft.note == "Provenienza: comunedibari/sit; versione: bb66c97"
