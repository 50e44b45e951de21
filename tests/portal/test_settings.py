"""Settings: every one documented, strict, no default key."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from portal.settings import InvalidSetting, Settings, declared, refused_key, secret_key

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD_KEY = "q7Jw0-Zk3VtX9nB2mLr8cYh5PdGfAs6eTuR1oKiHx4U"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (ROOT / "docs" / "gestione.md").read_text(encoding="utf-8")
    rows = {
        cells[1].strip().strip("`"): (cells[2].strip().strip("`"), cells[3].strip())
        for cells in (line.split("|") for line in page.splitlines())
        if len(cells) == 5 and cells[1].strip().startswith("`METROPOLI_")
    }
    assert rows == {name: (how.default, how.about) for name, how in declared().items()}


def test_without_variables_it_is_an_unofficial_portal_on_this_machine() -> None:
    settings = Settings.from_environment({})
    assert settings.host == "127.0.0.1"
    assert not settings.is_official
    assert settings.secret == ""
    assert settings.proxy_hops == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METROPOLI_PORT", "0"),
        ("METROPOLI_PORT", "²"),
        ("METROPOLI_PORT", "8000 "),
        ("METROPOLI_PAGE_SIZE", "51"),
        ("METROPOLI_HTTPS", "true"),
        ("METROPOLI_HOSTS", " , "),
        ("METROPOLI_PARENT_URL", "javascript:alert(1)"),
        ("METROPOLI_SECRET", "short"),
        ("METROPOLI_SECRET", "changeme-changeme-changeme-changeme"),
        ("METROPOLI_SECRET", "a" * 64),
        ("METROPOLI_PORTA", "8000"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting) as refused:
        Settings.from_environment({name: value})
    assert refused.value.name == name


def test_debug_is_refused_outside_this_machine() -> None:
    with pytest.raises(InvalidSetting):
        Settings.from_environment({"METROPOLI_DEBUG": "sì", "METROPOLI_HOST": "0.0.0.0"})  # noqa: S104
    assert Settings.from_environment({"METROPOLI_DEBUG": "sì"}).debug


def test_the_key_never_shows_in_a_log() -> None:
    assert GOOD_KEY not in repr(Settings.from_environment({"METROPOLI_SECRET": GOOD_KEY}))


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings, path = Settings.from_environment({}), tmp_path / "secret"
    key = secret_key(settings, path)
    assert not refused_key(key)
    assert secret_key(settings, path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key(replace(settings, secret=GOOD_KEY), path) == GOOD_KEY


def test_who_starts_while_the_key_is_made_finds_the_same_key(tmp_path: Path) -> None:
    settings, path = Settings.from_environment({}), tmp_path / "secret"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(settings, path), range(64)))
    assert len(keys) == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty file would be refused at every later start."""

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        secret_key(Settings.from_environment({}), tmp_path / "secret")
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_an_example_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("secret-key-for-development-only-0123456789")
    with pytest.raises(InvalidSetting):
        secret_key(Settings.from_environment({}), path)
