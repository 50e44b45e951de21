"""Every file of the hostile material gets the outcome that its list calls right.

Needs ``METROPOLI_TEST_DATA``. The files that are too large to be kept are generated first.
"""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.extract.base import Extract
from indexer.extract.sandbox import Outcome, Sandbox

pytestmark = [pytest.mark.material, pytest.mark.slow]


def rows() -> list[dict[str, str]]:
    source = Path(os.environ.get("METROPOLI_TEST_DATA", "")) / "ostili" / "ostili.csv"
    if not source.is_file():
        return []
    with source.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


ROWS = rows()


@pytest.fixture(scope="module")
def outcomes(
    material: Path, tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox
) -> dict[str, Outcome]:
    """All files read once, the large ones as soon as the generator has written them."""
    source, generated = material / "ostili", tmp_path_factory.mktemp("ostili")
    generator = subprocess.Popen(
        [sys.executable, source / "genera_ostili.py", generated, "--variante", "1"],
        stdout=subprocess.DEVNULL,
    )
    present = [row["file"] for row in ROWS if row["presente"] == "si"]
    found = {o.path.name: o for o in sandbox.read_many(named(source / "file", present), workers=2)}
    assert generator.wait(300) == 0
    large = [row["file"] for row in ROWS if row["presente"] != "si"]
    return found | {
        outcome.path.name: outcome for outcome in sandbox.read_many(named(generated, large))
    }


def named(folder: Path, names: list[str]) -> list[tuple[Path, str | None]]:
    return [(folder / name, name) for name in names]


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_the_outcome_is_the_right_one(row: dict[str, str], outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[row["file"]]
    assert outcome.cpu_seconds <= float(row["max_secondi"])
    assert outcome.memory <= int(row["max_mib"]) << 20
    if outcome.failure is not None:
        assert row["esito"] in {"errore", "testo_o_errore"}
        assert not row["errore"] or outcome.failure.kind in accepted(row)
        assert outcome.failure.message.endswith(".")
        assert "Traceback" not in outcome.failure.message
    else:
        assert outcome.extract is not None
        assert row["esito"] != "errore"
        check_text(row, outcome.extract)


def accepted(row: dict[str, str]) -> set[str]:
    """The kinds of the list; a file of no bytes is ``vuoto`` whatever else it may be called."""
    return set(row["errore"].split("|")) | ({"vuoto"} if row["byte"] == "0" else set())


def check_text(row: dict[str, str], extract: Extract) -> None:
    text = "\n".join(page.text for page in extract.pages)
    if row["esito"] == "senza_testo":
        assert extract.without_text
        assert extract.warnings
    elif row["esito"] == "testo" or not extract.without_text:
        assert not extract.without_text
        assert [words for words in row["contiene"].split("|") if words not in text] == []
    assert [words for words in row["non_contiene"].split("|") if words and words in text] == []


def test_the_material_is_listed(material: Path) -> None:
    assert ROWS, f"{material} holds no list of hostile files"
