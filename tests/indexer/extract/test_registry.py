"""The registry chooses a reader and loads heavy libraries only when they read."""

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.vocabulary import FileFormat
from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.registry import read, read_content, sniff
from tests.indexer.extract import made

HEAVY = ("pypdf", "pypdfium2", "docx", "lxml", "PIL", "numpy", "markdown_it", "python_calamine")


@pytest.mark.parametrize("module", ["registry", "sandbox"])
def test_nothing_heavy_loads_before_the_first_file(module: str) -> None:
    program = (
        f"import sys, indexer.extract.{module}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_trusted_file_is_read_in_this_process(tmp_path: Path) -> None:
    path = made.file(tmp_path, "senza-nome", made.docx(made.paragraph("Ciao a tutti")))
    assert sniff(path) is FileFormat.DOCX
    assert read(path).pages[0].text == "Ciao a tutti"


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        (Limits(file_bytes=10), FailureKind.TOO_MANY_BYTES),
        (Limits(characters=10), FailureKind.TOO_MUCH_EXPANSION),
    ],
)
def test_limits_of_size_hold(limits: Limits, kind: FailureKind) -> None:
    with pytest.raises(Unreadable) as failure:
        read_content(b"Una riga di testo.", limits=limits)
    assert failure.value.kind is kind


def test_the_time_granted_grows_with_the_file_up_to_the_limit() -> None:
    limits = Limits(cpu_seconds=30)
    assert limits.cpu_for(1_000) == 12
    assert limits.cpu_for(10 << 20) == 22
    assert limits.cpu_for(50 << 20) == 30
    assert Limits(cpu_seconds=5).cpu_for(50 << 20) == 5
