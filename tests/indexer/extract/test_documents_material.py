"""Real documents are read whole: compared with poppler, with the XML itself, with known texts.

Needs ``METROPOLI_TEST_DATA``.
"""

import csv
import html
import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from indexer.extract.base import Extract, FailureKind
from indexer.extract.sandbox import Outcome, Sandbox

pytestmark = [pytest.mark.material, pytest.mark.slow]

MOST_LOST = 0.05
FILE_NAME = re.compile(
    r"\.(?:docx?|pdf|pptx?|xlsx?|odt|indd)$|^Microsoft (?:Word|PowerPoint)", re.I
)
WORD = re.compile(r"[^\W_]{2,}")
TEXT = re.compile(r"<(?:w|a):t(?: [^>]*)?>([^<]*)</(?:w|a):t>")
OPEN_TEXT = re.compile(r"<(?:[^<>]*)>")


@pytest.fixture(scope="module")
def listed(material: Path) -> dict[str, dict[str, str]]:
    with (material / "documenti" / "documenti.csv").open(encoding="utf-8", newline="") as stream:
        return {Path(row["file"]).name: row for row in csv.DictReader(stream)}


@pytest.fixture(scope="module")
def outcomes(
    material: Path, listed: dict[str, dict[str, str]], sandbox: Sandbox
) -> dict[str, Outcome]:
    files = [(material / "documenti" / row["file"], name) for name, row in listed.items()]
    return {outcome.path.name: outcome for outcome in sandbox.read_many(files, workers=2)}


@pytest.fixture(scope="module")
def extracts(outcomes: dict[str, Outcome]) -> dict[str, Extract]:
    return {name: outcome.extract for name, outcome in outcomes.items() if outcome.extract}


def words(text: str) -> set[str]:
    return set(WORD.findall(unicodedata.normalize("NFKC", text).lower().replace("\u00ad", "")))


def text_of(extract: Extract) -> str:
    return "\n".join(page.text for page in extract.pages)


def lost(reference: str, extract: Extract) -> float:
    """Share of the words of ``reference`` that the extract lacks."""
    wanted = words(reference)
    return len(wanted - words(text_of(extract))) / max(1, len(wanted))


def test_every_document_is_read_except_the_old_word_file(
    outcomes: dict[str, Outcome], listed: dict[str, dict[str, str]]
) -> None:
    refused = {name: o.failure.kind for name, o in outcomes.items() if o.failure}
    assert set(outcomes) == set(listed)
    assert refused == {
        name: FailureKind.TYPE_REFUSED for name, row in listed.items() if row["formato"] == "doc"
    }
    assert all(outcome.memory < 512 << 20 for outcome in outcomes.values())


def test_no_pdf_loses_words_that_pdftotext_sees(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]], material: Path
) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    losses = {}
    # Where the true text is known it is the better measure: poppler mixes up columns.
    known = {f"{truth.stem}.pdf" for truth in (material / "documenti" / "verita").iterdir()}
    for name, extract in extracts.items():
        if name.endswith(".pdf") and name not in known:
            path = material / "documenti" / listed[name]["file"]
            command = [shutil.which("pdftotext") or "", path, "-"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            losses[name] = lost(done.stdout, extract)
    assert {name: loss for name, loss in losses.items() if loss > MOST_LOST} == {}


def test_office_documents_hold_every_word_of_their_xml(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]], material: Path
) -> None:
    places = {
        "docx": r"word/(?:document|footnotes|endnotes|header\d*|footer\d*)\.xml",
        "pptx": r"ppt/(?:slides|notesSlides)/[^/]+\.xml",
    }
    losses = {}
    for name, extract in extracts.items():
        place = places.get(extract.format.value)
        if place is not None:
            with zipfile.ZipFile(material / "documenti" / listed[name]["file"]) as archive:
                parts = [archive.read(n).decode() for n in archive.namelist() if re.match(place, n)]
            # A paragraph's runs are parts of words; only whole paragraphs can be compared.
            lines = (
                "".join(TEXT.findall(re.sub(r"<w:(?:tab|br|cr)/>", "<w:t> </w:t>", paragraph)))
                for part in parts
                for paragraph in re.split(r"</(?:w|a):p>|<(?:w|a):p[ >]", part)
            )
            losses[name] = lost(html.unescape("\n".join(lines)), extract)
    assert len(losses) >= 15
    assert {name: loss for name, loss in losses.items() if loss > MOST_LOST} == {}


def test_open_documents_hold_every_word_of_their_xml(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]], material: Path
) -> None:
    losses = {}
    for name, extract in extracts.items():
        if extract.format.value in ("odt", "odp", "ods"):
            with zipfile.ZipFile(material / "documenti" / listed[name]["file"]) as archive:
                content = archive.read("content.xml").decode()
            body = content[content.index("<office:body") :]
            spaced = re.sub(r"</text:[ph]>|<text:(?:s|tab|line-break)[^>]*/>", " ", body)
            losses[name] = lost(html.unescape(OPEN_TEXT.sub("", spaced)), extract)
    assert len(losses) >= 7
    assert {name: loss for name, loss in losses.items() if loss > MOST_LOST} == {}


def test_known_texts_come_back(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]], material: Path
) -> None:
    compared = 0
    for truth in sorted((material / "documenti" / "verita").glob("*.txt")):
        name = f"{truth.stem}.pdf"
        if listed[name]["testo"] == "si":
            compared += 1
            assert lost(truth.read_text(encoding="utf-8"), extracts[name]) <= MOST_LOST, name
    assert compared >= 2


def test_scans_are_told_from_texts(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]]
) -> None:
    wrong = {
        name: listed[name]["testo"]
        for name, extract in extracts.items()
        if extract.without_text != (listed[name]["testo"] == "no")
    }
    assert wrong == {}
    mixed = [name for name, row in listed.items() if row["testo"] == "misto"]
    assert mixed
    assert all("immagine" in " ".join(extracts[name].warnings) for name in mixed)


def test_pages_and_language_are_those_of_the_list(
    extracts: dict[str, Extract], listed: dict[str, dict[str, str]]
) -> None:
    for name, extract in extracts.items():
        if listed[name]["pagine"]:
            assert len(extract.pages) == int(listed[name]["pagine"]), name
    found = Counter(
        extract.language == listed[name]["lingua"]
        for name, extract in extracts.items()
        if not extract.without_text
    )
    assert found[False] <= 1  # one manual is an English article under an Italian title


def test_most_documents_show_a_title_and_none_that_of_a_file(extracts: dict[str, Extract]) -> None:
    paged = [e for e in extracts.values() if e.unit == "pagina" and not e.without_text]
    assert sum(bool(extract.title) for extract in paged) >= 0.9 * len(paged)
    assert not [e.title for e in extracts.values() if FILE_NAME.search(e.title)]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("061-pagine-con-testo-e-pagine-scansionate", 6),
        ("063-piano-triennale-scansionato-a-colori", 2),
        ("077-verbale-scansionato-200-dpi", 2),
    ],
)
def test_what_is_recognised_on_a_scan_stands_in_its_source(
    material: Path, sandbox: Sandbox, program: str, name: str, number: int
) -> None:
    folder = material / "documenti"
    source = words((folder / "verita" / f"{name}.txt").read_text("utf-8"))
    found = sandbox.recognise(folder / "file" / f"{name}.pdf", number, program)
    seen = words(found.text)
    assert len(seen) > 80
    assert len(seen & source) >= 0.95 * len(seen)
