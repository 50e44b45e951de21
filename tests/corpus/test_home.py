"""The data folder."""

import stat
from pathlib import Path

from corpus.home import DataHome


def test_the_folders_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    home = DataHome(tmp_path / "new" / "home")
    home.create()
    for folder in (home.path, home.files, home.incoming, home.index):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_making_the_folders_again_keeps_what_is_there(tmp_path: Path) -> None:
    home = DataHome(tmp_path)
    home.create()
    (home.files / "kept").write_text("x")
    home.create()
    assert (home.files / "kept").read_text() == "x"


def test_naming_a_folder_touches_nothing(tmp_path: Path) -> None:
    home = DataHome(tmp_path / "home")
    assert home.catalogue.parent == home.path
    assert not home.path.exists()
