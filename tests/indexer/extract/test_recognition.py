"""Text of scanned pages: what is recognised, and what a program that misbehaves costs."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.extract import tesseract, wire
from indexer.extract.base import (
    Extract,
    FailureKind,
    Recognition,
    RecognitionUnavailable,
    Unreadable,
)
from indexer.extract.finish import ILLEGIBLE
from indexer.extract.limits import Limits
from indexer.extract.pdf_drawing import MOST_PIXELS, draw
from indexer.extract.recognised import concluded, with_page, without_page
from indexer.extract.registry import read_content
from indexer.extract.sandbox import Sandbox
from tests.indexer.extract import made

LINES = [
    "Verbale della conferenza metropolitana di Bologna",
    "Il giorno 12 marzo 2024 si riuniscono i sindaci dei comuni per",
    "l'approvazione del piano strategico e della convenzione per la",
    "gestione associata dello sportello unico delle attività produttive.",
    "La città metropolitana coordina i servizi e ne dà comunicazione.",
] * 3
SCAN = made.scan(LINES)
NAP = "61.0625"  # seconds; no other test sleeps for so long
Fake = Callable[[str], str]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.casefold()))


def running() -> Iterator[str]:
    """The command lines of this machine."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            yield path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    """A program of the shell in the place of Tesseract."""

    def make(script: str) -> str:
        path = made.file(tmp_path, "tesseract", f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    return make


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return made.file(tmp_path, "scansione.pdf", SCAN)


@pytest.fixture(scope="module")
def tight() -> Iterator[Sandbox]:
    """Little time."""
    with Sandbox(Limits(cpu_seconds=1, wall_seconds=2), workers=1) as sandbox:
        yield sandbox


@pytest.mark.parametrize("turned", [0, 90, 180])
def test_a_scanned_page_is_recognised_however_it_lies(
    sandbox: Sandbox, program: str, tmp_path: Path, turned: int
) -> None:
    path = made.file(tmp_path, "a.pdf", made.scan(LINES, turned=turned))
    found = sandbox.recognise(path, 1, program)
    expected = words(" ".join(LINES))
    assert len(words(found.text) & expected) >= 0.95 * len(expected)
    assert 0 < found.cpu_seconds < 15


def test_a_page_without_words_has_none(sandbox: Sandbox, program: str, tmp_path: Path) -> None:
    path = made.file(tmp_path, "a.pdf", made.scan([]))
    assert sandbox.recognise(path, 1, program).text == ""


@pytest.mark.parametrize(("number", "content"), [(2, SCAN), (0, SCAN), (1, b"%PDF-1.7 rotto")])
def test_a_page_that_cannot_be_drawn_is_refused(
    sandbox: Sandbox, tmp_path: Path, fake: Fake, number: int, content: bytes
) -> None:
    path = made.file(tmp_path, "a.pdf", content)
    with pytest.raises(Unreadable) as failure:
        sandbox.recognise(path, number, fake("echo mai chiamato"))
    assert failure.value.kind is FailureKind.CORRUPT


def test_a_page_as_large_as_a_field_is_drawn_smaller() -> None:
    huge = made.pdf("x").replace(b"[0 0 595 842]", b"[0 0 14400 14400]")
    assert len(draw(huge, 1)) <= MOST_PIXELS * 1.01


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (f"exec sleep {NAP}", FailureKind.TOO_MUCH_TIME),
        ("while :; do :; done", FailureKind.TOO_MUCH_TIME),
        ("kill -SEGV $$", FailureKind.CORRUPT),
        ("exit 3", FailureKind.CORRUPT),
        ("exec head -c 2000000 /dev/zero", FailureKind.TOO_MUCH_EXPANSION),
        ("echo prova > scritto; echo prova > $0.scritto", FailureKind.CORRUPT),
    ],
)
def test_a_program_that_misbehaves_costs_one_page(
    tight: Sandbox, page: Path, fake: Fake, script: str, kind: FailureKind
) -> None:
    start = time.monotonic()
    with pytest.raises(Unreadable) as failure:
        tight.recognise(page, 1, fake(script))
    assert failure.value.kind is kind
    assert time.monotonic() - start < 20
    assert tight.recognise(page, 1, fake("echo ancora qui")).text == "ancora qui"
    assert not any(path.stat().st_size for path in page.parent.glob("*.scritto"))
    assert not [line for line in running() if str(page.parent) in line or NAP in line]


def test_what_it_writes_is_cleaned(sandbox: Sandbox, page: Path, fake: Fake) -> None:
    script = r"printf 'l\303\240 sempli-\nficazione \033[31m\377\0\342\200\256 fine\f'"
    assert sandbox.recognise(page, 1, fake(script)).text == "là semplificazione [31m fine"


def test_lines_far_apart_are_one_paragraph_where_the_sentence_goes_on(
    sandbox: Sandbox, page: Path, fake: Fake
) -> None:
    lines = ("Il giorno otto", "si riunisce il con-", "siglio.", "Presenti", "il sindaco.", "uno")
    script = "printf '%s\\n\\n' " + " ".join(f"'{line}'" for line in lines)
    text = sandbox.recognise(page, 1, fake(script)).text
    assert text == "Il giorno otto\nsi riunisce il consiglio.\n\nPresenti\nil sindaco.\n\nuno"


def test_it_has_no_secret_and_no_file_but_its_own(
    page: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METROPOLI_SECRET", "segretissima")
    with Sandbox(workers=1) as sandbox:
        told = sandbox.recognise(page, 1, fake('export; echo "$@"; echo /proc/$$/fd/*')).text
    assert "OMP_THREAD_LIMIT='1'" in told
    assert "segretissima" not in told
    assert "stdin stdout -l ita --psm 1" in told
    opened = {int(number) for number in re.findall(r"/fd/(\d+)", told)}
    assert opened <= {0, 1, 2, 3, 10}, "three pipes, the script and the folder that it lists"


def test_it_sees_no_network_where_the_system_can_take_it_away(
    sandbox: Sandbox, page: Path, fake: Fake
) -> None:
    unshare = shutil.which("unshare") or "/bin/false"
    taken = subprocess.run([unshare, "-Un", "true"], capture_output=True, check=False)
    if taken.returncode:
        pytest.skip("this system does not allow to take the network away")
    told = sandbox.recognise(
        page, 1, fake("while read -r line; do echo $line; done < /proc/net/dev")
    )
    interfaces = re.findall(r"^(\w+):", told.text, re.MULTILINE)
    assert interfaces == ["lo"]


@pytest.mark.parametrize(
    "script",
    ["echo \"Failed loading language 'ita'\" >&2; exit 1", None],
    ids=["without Italian", "not there any more"],
)
def test_a_program_that_lacks_something_is_no_fault_of_the_page(
    sandbox: Sandbox, page: Path, fake: Fake, script: str | None
) -> None:
    program = fake(script) if script else str(page.with_name("mancante"))
    with pytest.raises(RecognitionUnavailable):
        sandbox.recognise(page, 1, program)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (None, "manca tesseract: installa tesseract-ocr e tesseract-ocr-ita"),
        ("echo eng; echo osd", "mancano i dati «ita»: installa tesseract-ocr-ita"),
        ("echo ita", "mancano i dati «osd»: installa tesseract-ocr-osd"),
        ("exit 1", "non funziona"),
    ],
)
def test_what_lacks_on_this_machine_is_said(
    tmp_path: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch, script: str | None, said: str
) -> None:
    if script is not None:
        fake(script)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RecognitionUnavailable, match=said):
        tesseract.find()


@pytest.mark.parametrize(
    "content",
    [
        b"/etc/passwd\nhttp://example.org/\n",
        b"P5 2 2 255\n123",
        b"P5 2 2 255\n12345",
        b"P5 0 2 255\n",
        b"P6 1 1 255\n123",
        b'{"extract": {}}',
        b"",
    ],
)
def test_nothing_but_a_picture_reaches_the_program(content: bytes) -> None:
    """Tesseract takes what is no picture for a list of files and of addresses to open."""
    assert isinstance(wire.drawing(content), Unreadable)
    assert wire.drawing(b"P5 2 2 255\n1234") == b"P5 2 2 255\n1234"


def test_a_child_that_reads_cannot_claim_that_pages_were_recognised() -> None:
    claimed = with_page(read_content(SCAN), 1, "Testo")
    received, _detail = wire.decode(wire.encode(claimed))
    assert isinstance(received, Extract)
    assert received.recognition.pages == (1,)
    assert received.recognition.done == 0


class TestTheExtract:
    def test_pages_without_text_are_for_recognition_and_the_others_are_not(self) -> None:
        whole = read_content(made.scan(["uno"], ["due"]))
        assert whole.recognition.pages == (1, 2)
        assert not whole.readable
        assert read_content(made.pdf("Una pagina di testo")).recognition.pages == ()
        assert read_content(b"   \n").recognition.pages == ()

    def test_what_was_recognised_is_text_and_the_file_still_has_none(self) -> None:
        before = read_content(made.scan(["uno"], ["due"]))
        after = concluded(with_page(with_page(before, 1, "\n".join(LINES)), 2, ""))
        assert after.pages[0].text.startswith("Verbale della conferenza")
        assert after.readable
        assert after.without_text
        assert after.accessibility.text_layer is False
        assert (after.title, after.language) == (LINES[0], "it")
        assert after.recognition.recognised == (1,)
        assert after.recognition.wordless == (2,)
        assert after.warnings == ()

    def test_a_scan_without_words_stays_without_text(self) -> None:
        before = read_content(made.scan([]))
        after = concluded(with_page(before, 1, ""))
        assert not after.readable
        assert after.warnings == before.warnings

    def test_pages_still_unseen_are_named(self) -> None:
        after = read_content(made.scan(["uno"], ["due"], ["tre"]))
        after = without_page(with_page(after, 1, "uno"), 2)
        assert after.warnings == (
            "Le pagine 2, 3 sono quasi soltanto immagine:"
            " la ricerca non vede le parole che vi sono scritte.",
        )
        assert after.recognition.waiting(3) == (3,)
        assert after.recognition.waiting(2) == ()

    def test_a_stamp_of_the_file_stays_where_the_picture_does_not_show_it(self) -> None:
        page = read_content(made.scan(["uno"], stamp="Prot. 1234"))
        assert page.recognition.pages == (1,)
        assert with_page(page, 1, "Il testo visto").pages[0].text == "Prot. 1234\n\nIl testo visto"
        assert with_page(page, 1, "Visto, prot. 1234").pages[0].text == "Visto, prot. 1234"

    def test_wrong_letters_of_the_file_go(self) -> None:
        wrong = "JqXz Kwvg Bnrtx Pljhg Vcxzq Wrtpl Mnbvc Qwrtz Hgfds Zxcvb" * 3
        before = replace(
            read_content(made.pdf(wrong)),
            without_text=True,
            recognition=Recognition((1,)),
            warnings=(ILLEGIBLE,),
        )
        after = with_page(before, 1, "Le lettere giuste")
        assert after.pages[0].text == "Le lettere giuste"
        assert after.warnings == ()
