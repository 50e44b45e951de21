"""References are read back by the programs that researchers use."""

from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy

from portal.bibliography import Form, Name, Reference, bibtex, csl, highwire, name, ris

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


def test_a_report_is_saved_by_zotero_as_a_report_with_its_pdf() -> None:
    # Zotero's Embedded Metadata translator takes citation_technical_report_institution as the
    # sign of a report and citation_pdf_url as its attachment.
    tags = highwire(REPORT)
    assert ("citation_technical_report_institution", "Redazione") in tags
    assert ("citation_pdf_url", REPORT.pdf) in tags
    assert [value for tag, value in tags if tag == "citation_author"] == [
        "Massimo Allulli",
        "ISTAT",
    ]
