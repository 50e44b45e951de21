"""What commands say when a disk or a file plays tricks: a sentence and a code, never a trace."""

import argparse
import errno
import sqlite3
from pathlib import Path

import pytest

from indexer.importer import Outcome, Result
from portal.commands import backups, importing
from portal.commands.exits import CANNOT_START, Stop
from tests.portal.house import House, settings


@pytest.mark.parametrize(
    "trouble",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_ends_a_copy_with_a_sentence(
    trouble: Exception, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise trouble

    monkeypatch.setattr(backups, "backup", fails)
    monkeypatch.setattr(backups, "restore", fails)
    asked = argparse.Namespace(target=tmp_path / "copia", source=tmp_path / "copia")
    with pytest.raises(Stop, match="La copia non è riuscita") as stop:
        backups.save(asked, house.services.settings)
    assert stop.value.code == CANNOT_START
    with pytest.raises(Stop, match="Prima di ripeterlo svuota") as stop:
        backups.bring_back(asked, settings(tmp_path / "casa"))
    assert stop.value.code == CANNOT_START


def test_a_file_gives_no_commands_to_the_terminal() -> None:
    tricks = "\x1b]0;x\x07\u202e\n"
    line = importing._line(
        Result(f"a{tricks}.pdf", Outcome.REFUSED, None, f"No{tricks}", (f"Titolo{tricks}",))
    )
    assert line.isprintable()
    assert line.startswith("rifiutato  -  a")
