"""Citations of laws: every way of writing an act is the same act, with its address."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import citations
from indexer.citations import find, find_typed

# On each line, ways to write one act, after its key.
SPELLINGS = """
    §legge:2014:56 | l. 56/2014 | L. 56/14 | L. n. 56/2014 | legge 56/2014 | legge n. 56 del 2014
    §legge:2014:56 | legge 7 aprile 2014, n. 56 | LEGGE 7 APRILE 2014, N. 56 | legge n.56/2014
    §legge:2014:56 | legge del 7 aprile 2014 n. 56 | legge n. 56 del 7 aprile 2014 | l 56/2014
    §legge:2014:56 | L.7/4/2014 n.56 | legge 07.04.2014, n. 56 | legge 7-4-2014 n. 56 | l. n.56/2014
    §legge:2014:56 | legge n° 56/2014 | legge nr. 56 del 2014 | legge numero 56 del 2014
    §legge:2014:56 | legge 56 del 2014 | LEGGE 56 DEL 2014 | legge Delrio | riforma Delrio
    §dlgs:2000:267 | D.Lgs. 267/2000 | d.lgs. n. 267/2000 | dlgs 267/2000 | D. Lgs. n. 267 del 2000
    §dlgs:2000:267 | decreto legislativo 18 agosto 2000, n. 267 | D.Lgs 18/08/2000 n. 267 | TUEL
    §dlgs:2000:267 | D.L.vo 267/2000 | T.U.E.L. | testo unico degli enti locali
    §dlgs:2000:267 | decreto lgs. 267/00
    §dlgs:2005:82 | CAD | codice dell’amministrazione digitale | d.lgs. 7 marzo 2005, n. 82
    §dl:2020:34 | d.l. 34/2020 | D.L. n. 34/2020 | DL 34/2020 | decreto-legge 19 maggio 2020, n. 34
    §dl:2020:34 | decreto legge n. 34 del 2020 | d. l. 34/2020
    §dpr:2010:160 | D.P.R. 160/2010 | dpr n. 160/2010 | d.P.R. 7 settembre 2010, n. 160
    §dpr:2010:160 | decreto del Presidente della Repubblica 7 settembre 2010, n. 160
    §rd:1942:262 | regio decreto 16 marzo 1942, n. 262 | R.D. 262/1942
    §lcost:2001:3 | l. cost. 3/2001 | legge costituzionale 18 ottobre 2001, n. 3
    §reg:2016:679 | regolamento (UE) 2016/679 | regolamento UE 679/2016 | GDPR | Reg. UE 2016/679
    §reg:2016:679 | regolamento 2016/679/UE | regolamento europeo 2016/679 | regolamento 2016/679
    §reg:2016:679 | regolamento generale sulla protezione dei dati | regolamento (UE) n. 2016/679
    §reg:2013:1303 | regolamento (UE) n. 1303/2013 | Reg. (UE) n. 1303/2013
    §reg:2013:1303 | regolamento UE 1303/2013
    §reg:2006:1083 | regolamento (CE) n. 1083/2006
    §reg_del:2015:481 | regolamento delegato (UE) 2015/481
    §reg_impl:2014:215 | regolamento di esecuzione (UE) n. 215/2014
    §dir:2014:24 | direttiva 2014/24/UE | direttiva (UE) 2014/24 | direttiva 2014/24
    §dir:1995:46 | direttiva 95/46/CE
"""
ROWS = [[part.strip() for part in line.split(" | ")] for line in SPELLINGS.strip().splitlines()]

NO_CITATION = """
    legge regionale n. 13 del 2015 | l.r. 13/2015 | regolamento n. 12/2015 | la legge è uguale
    regolamento 12 del 2015 | delibera n. 56/2014 | decisione 2015/2016 | euro 5 cad. 10/12
    art. 117 | via Cad 5 | il n. 3/2014 della rivista | Costituzione della società | legge 0/2014
""".replace("\n", " | ")


@pytest.mark.parametrize(
    ("key", "text"), [(key, text) for key, *texts in ROWS for text in texts], ids=str
)
def test_every_spelling_is_the_same_act(key: str, text: str) -> None:
    (citation,) = find(text)
    assert citation.act.key == key
    assert text[citation.start : citation.end] == text
    (inside,) = find(f"Secondo la {text}, che vale.")
    assert inside.act == citation.act
    assert find_typed(text.lower())[0].act.key == key


@pytest.mark.parametrize("text", [t.strip() for t in NO_CITATION.split(" | ") if t.strip()])
def test_what_is_no_act_of_the_state_or_the_union_is_left_alone(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "cited", "article", "url"),
    [
        (
            "all'art. 14-bis del TUEL",
            "art. 14-bis del TUEL",
            "14-bis",
            "urn:nir:stato:decreto.legislativo:2000-08-18;267~art14bis",
        ),
        (
            "l'articolo 1, commi 44 e 85, lettera b), della legge n. 56/2014",
            "articolo 1, commi 44 e 85, lettera b), della legge n. 56/2014",
            "1",
            "urn:nir:stato:legge:2014-04-07;56~art1",
        ),
        (
            "il d.lgs. 267/2000, art. 30, comma 2",
            "d.lgs. 267/2000, art. 30",
            "30",
            "urn:nir:stato:decreto.legislativo:2000-08-18;267~art30",
        ),
        (
            "l'art. 117 della Costituzione",
            "art. 117 della Costituzione",
            "117",
            "urn:nir:stato:costituzione:1947-12-27~art117",
        ),
        ("un d.P.R. n. 9/2011", "d.P.R. n. 9/2011", "", None),
        (
            "art. 5 del regolamento (UE) 2016/679",
            "art. 5 del regolamento (UE) 2016/679",
            "5",
            "http://data.europa.eu/eli/reg/2016/679/art_5/oj",
        ),
    ],
)
def test_the_article_belongs_to_its_act(
    text: str, cited: str, article: str, url: str | None
) -> None:
    (citation,) = find(text)
    assert text[citation.start : citation.end] == cited
    assert citation.article == article
    if url is not None:
        assert citation.url.removeprefix("https://www.normattiva.it/uri-res/N2Ls?") == url


def test_an_article_is_never_given_to_the_wrong_act() -> None:
    text = "La legge 241/1990, l'art. 3 del d.lgs. 33/2013 e l'art. 2. La legge n. 3 del 2001 no."
    assert [(c.act.key, c.article) for c in find(text)] == [
        ("§legge:1990:241", ""),
        ("§dlgs:2013:33", "3"),
        ("§legge:2001:3", ""),
    ]


def test_a_decree_and_the_law_that_converts_it_are_two_citations() -> None:
    text = "decreto-legge 19 maggio 2020, n. 34, convertito dalla legge 17 luglio 2020, n. 77"
    assert [c.act.label for c in find(text)] == [
        "decreto-legge 19 maggio 2020, n. 34",
        "legge 17 luglio 2020, n. 77",
    ]


def test_an_impossible_day_leaves_the_year() -> None:
    (citation,) = find("decreto-legge n. 1 del 32 gennaio 2020")
    assert citation.url.endswith("decreto.legge:2020;1")


def test_acts_are_shown_as_they_are_cited() -> None:
    assert citations.label_of("§legge:2014:56") == "legge 7 aprile 2014, n. 56"
    assert citations.label_of("§dpr:2010:160").endswith("n. 160 del 2010")
    assert citations.label_of("§reg:2013:1303") == "regolamento (UE) n. 1303/2013"


@given(st.text(alphabet="lLegd.Ln/ 0123456789'’art-bis,UE()TUELCAD\n"))
def test_citations_lie_in_the_text_in_order(text: str) -> None:
    reached = 0
    for citation in find(text):
        assert reached <= citation.start <= citation.act_start < citation.act_end <= citation.end
        reached = citation.end
    assert reached <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "legge n. " * 20_000,
        "1/" * 80_000,
        "art. 1, comma 2, " * 10_000 + "legge 1/2001",
        "d. " * 50_000 + "1/1",
        "legge" + " " * 100_000 + "x 1/2001",
        "1/1 testo" + " " * 100_000 + "unic",
        "regolamento (" * 10_000 + "1/2",
    ],
    ids=["acts", "numbers", "articles", "letters", "blanks", "name", "brackets"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    start = time.process_time()
    find(text)
    assert time.process_time() - start < 2


def test_the_development_page_says_where_citations_are() -> None:
    page = Path(citations.__file__).parents[1] / "docs" / "sviluppo.md"
    assert "`citations.py`" in page.read_text("utf-8")
