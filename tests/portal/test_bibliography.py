"""References are read back by the programs that researchers use."""

from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy

from portal.takeaway.bibliography import (
    Form,
    Name,
    Reference,
    bibtex,
    csl,
    dublin_core,
    highwire,
    name,
    ris,
)

REPORT = Reference(
    key="metropoli-abc2345",
    form=Form.REPORT,
    title="Diagnosi {del} territorio: 100% & oltre_tutto",
    authors=(Name("Allulli", "Massimo"), Name("ISTAT")),
    year=2020,
    day=date(2020, 2, 2),
    publisher="Redazione",
    language="it",
    abstract="Prima riga\nseconda riga",
    keywords=("SUAP", "piano strategico"),
    address="https://x.it/documenti/abc2345/diagnosi",
    pdf="https://x.it/documenti/abc2345/file",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Massimo Allulli", Name("Allulli", "Massimo")),
        ("Nuccia Sottosanti (consulente ANCI)", Name("Sottosanti", "Nuccia")),
        ("Francesco Domenico Moccia", Name("Moccia", "Francesco Domenico")),
        ("Giuseppe De Luca", Name("De Luca", "Giuseppe")),
        ("Anna D'Angelo", Name("D'Angelo", "Anna")),
        ("Allulli, Massimo", Name("Allulli", "Massimo")),
        ("De Luca, G.", Name("De Luca", "G.")),
        ("Rossi, Maria, Anna", Name("Rossi, Maria, Anna")),
        ("ISTAT", Name("ISTAT")),
        ("Comune di Bari", Name("Comune di Bari")),
        ("Presidenza del Consiglio dei Ministri", Name("Presidenza del Consiglio dei Ministri")),
        ("Gruppo di lavoro Città metropolitana", Name("Gruppo di lavoro Città metropolitana")),
        ("Intesa Sanpaolo", Name("Intesa Sanpaolo")),
        ("", Name("")),
    ],
)
def test_people_are_split_and_bodies_stay_whole(text: str, expected: Name) -> None:
    assert name(text) == expected


def test_bibtex_is_read_back_with_its_special_characters() -> None:
    library = bibtexparser.loads(bibtex([REPORT, replace(REPORT, key="metropoli-bcd2345")]))
    first, second = library.entries
    assert (first["ID"], second["ID"]) == ("metropoli-abc2345", "metropoli-bcd2345")
    assert first["ENTRYTYPE"] == "techreport"
    assert first["author"] == "Allulli, Massimo and {ISTAT}"
    assert first["title"] == r"{Diagnosi \{del\} territorio: 100\% \& oltre\_tutto}"
    assert first["url"] == REPORT.address


def test_ris_is_read_back() -> None:
    (entry,) = rispy.loads(ris([REPORT]))
    assert entry["type_of_reference"] == "RPRT"
    assert entry["title"] == REPORT.title
    assert entry["authors"] == ["Allulli, Massimo", "ISTAT"]
    assert entry["keywords"] == ["SUAP", "piano strategico"]
    assert entry["urls"] == [REPORT.address]
    assert entry["abstract"] == "Prima riga seconda riga"


def test_csl_has_the_type_and_the_date_in_parts() -> None:
    item = csl(REPORT)
    assert item["type"] == "report"
    assert item["issued"] == {"date-parts": [[2020, 2, 2]]}
    assert item["author"] == [{"family": "Allulli", "given": "Massimo"}, {"literal": "ISTAT"}]


def test_a_year_alone_is_not_made_a_day() -> None:
    undated = replace(REPORT, day=None)
    assert csl(undated)["issued"] == {"date-parts": [[2020]]}
    assert ("citation_publication_date", "2020") in highwire(undated)
    assert "DA  -" not in ris([undated])


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(REPORT, authors=(), year=None, day=None, abstract="", keywords=(), pdf=None)
    assert set(csl(bare)) == {"id", "type", "title", "publisher", "language", "URL"}
    assert "citation_pdf_url" not in dict(highwire(bare))
    assert "author" not in bibtex([bare])


def test_highwire_tags_keep_people_and_bodies_apart() -> None:
    # The comma after a body's name is for Zotero, which would split it at its last space.
    tags = highwire(REPORT)
    assert [value for tag, value in tags if tag == "citation_author"] == [
        "Allulli, Massimo",
        "ISTAT,",
    ]
    assert ("citation_pdf_url", REPORT.pdf) in tags


def test_a_page_that_is_no_work_has_dublin_core_alone() -> None:
    sheet = replace(REPORT, form=Form.WEB_PAGE)
    assert highwire(sheet) == ()
    assert ("DC.type", "webpage") in dublin_core(sheet)
    assert ("DC.creator", "Allulli, Massimo") in dublin_core(sheet)


def test_the_version_and_the_day_of_access_are_read_back() -> None:
    cited = replace(REPORT, version=2, accessed=date(2026, 11, 25))
    (entry,) = bibtexparser.loads(bibtex([cited])).entries
    assert (entry["version"], entry["urldate"]) == ("2", "2026-11-25")
    (entry,) = rispy.loads(ris([cited]))
    assert (entry["edition"], entry["access_date"]) == ("2", "2026/11/25/")
    assert csl(cited)["accessed"] == {"date-parts": [[2026, 11, 25]]}
    assert csl(cited)["version"] == "2"


def test_a_comma_in_the_name_of_a_body_makes_it_no_person() -> None:
    body = replace(REPORT, authors=(Name("Comune di Bari, area tecnica"),))
    (entry,) = rispy.loads(ris([body]))
    assert entry["authors"] == ["Comune di Bari - area tecnica"]
    (entry,) = bibtexparser.loads(bibtex([body])).entries
    assert entry["author"] == "{Comune di Bari, area tecnica}"
