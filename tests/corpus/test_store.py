"""The store of files."""

import errno
import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from corpus.errors import DamagedFile, FileTooLarge, MissingFile, NoSpace
from corpus.home import DataHome
from corpus.store import CHUNK, FileStore


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("content", [b"", b"a", b"x" * CHUNK, os.urandom(2 * CHUNK + 7)])
def test_what_is_received_is_read_back_under_its_digest(store: FileStore, content: bytes) -> None:
    stored = store.receive(io.BytesIO(content), len(content))
    assert (stored.sha256, stored.size) == (digest(content), len(content))
    with store.open(stored.sha256) as file:
        assert file.read() == content
    assert store.verify(stored.sha256) == len(content)
    assert list(store.digests()) == [stored.sha256]


def test_a_stored_file_cannot_be_written(store: FileStore) -> None:
    stored = store.receive(io.BytesIO(b"testo"), 10)
    assert stat.S_IMODE(store.path(stored.sha256).stat().st_mode) == 0o444


def test_one_byte_beyond_the_limit_is_refused_and_nothing_is_kept(
    store: FileStore, home: DataHome
) -> None:
    with pytest.raises(FileTooLarge) as refusal:
        store.receive(io.BytesIO(b"x" * (CHUNK + 1)), CHUNK)
    assert refusal.value.limit == CHUNK
    assert not list(home.incoming.iterdir())
    assert not list(store.digests())


def test_a_stream_that_never_ends_is_cut_at_the_limit(store: FileStore) -> None:
    with open("/dev/zero", "rb") as endless, pytest.raises(FileTooLarge):
        store.receive(endless, 3 * CHUNK)


def test_an_upload_that_would_eat_the_reserve_is_refused(home: DataHome) -> None:
    with pytest.raises(NoSpace) as refusal:
        FileStore(home, reserve=1 << 60).receive(io.BytesIO(b"x"), 10)
    assert refusal.value.needed > refusal.value.free
    assert not list(home.incoming.iterdir())


def test_a_disk_that_fills_up_while_writing_is_reported_as_no_space(
    store: FileStore, home: DataHome
) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(NoSpace):
        store.receive(Full(), 10)
    assert not list(home.incoming.iterdir())


def test_an_interrupted_upload_leaves_nothing(store: FileStore, home: DataHome) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.receive(Broken(), 10)
    assert not list(home.incoming.iterdir())
    assert not list(store.digests())


@pytest.mark.parametrize(
    "name", ["", "..", "a" * 63, "A" * 64, "g" * 64, "a" * 65, "../" * 20 + "etcc", "a" * 64 + "\n"]
)
def test_what_is_not_a_digest_names_no_file(store: FileStore, name: str) -> None:
    with pytest.raises(MissingFile):
        store.path(name)


def test_an_unknown_digest_names_no_file(store: FileStore) -> None:
    with pytest.raises(MissingFile) as missing:
        store.open(digest(b"never seen"))
    assert missing.value.sha256 == digest(b"never seen")


@pytest.mark.parametrize("damage", [b"", b"testp", b"testo "])
def test_changed_cut_and_lengthened_files_are_found(store: FileStore, damage: bytes) -> None:
    stored = store.receive(io.BytesIO(b"testo"), 10)
    place = store.path(stored.sha256)
    place.chmod(0o644)
    place.write_bytes(damage)
    with pytest.raises(DamagedFile):
        store.verify(stored.sha256)


def test_receiving_the_same_bytes_again_mends_a_damaged_file(store: FileStore) -> None:
    stored = store.receive(io.BytesIO(b"testo"), 10)
    place = store.path(stored.sha256)
    place.chmod(0o644)
    place.write_bytes(b"guasto")
    store.receive(io.BytesIO(b"testo"), 10)
    assert store.verify(stored.sha256) == 5


def test_strange_files_in_the_store_are_not_listed(store: FileStore, home: DataHome) -> None:
    stored = store.receive(io.BytesIO(b"testo"), 10)
    (home.files / "ab" / "cd").mkdir(parents=True)
    (home.files / "ab" / "cd" / "notes.txt").write_text("x")
    (home.files / "ab" / "cd" / stored.sha256).write_text("in the wrong folder")
    assert list(store.digests()) == [stored.sha256]


def test_only_old_leftovers_of_uploads_are_discarded(store: FileStore, home: DataHome) -> None:
    (home.incoming / "old").write_text("x")
    os.utime(home.incoming / "old", (0, 0))
    (home.incoming / "under way").write_text("x")
    assert store.discard_incoming(timedelta(hours=1)) == 1
    assert [left.name for left in home.incoming.iterdir()] == ["under way"]


def test_many_uploads_of_the_same_bytes_at_once_leave_one_good_file(store: FileStore) -> None:
    content = os.urandom(300_000)
    threads = [
        Thread(target=store.receive, args=(io.BytesIO(content), CHUNK), daemon=True)
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(store.digests()) == [digest(content)]
    assert store.verify(digest(content)) == len(content)


def test_the_file_and_its_folders_are_on_disk_before_the_upload_is_acknowledged(
    store: FileStore, home: DataHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    place = store.path(store.receive(io.BytesIO(b"testo"), 10).sha256)
    arrived, *folders = synced
    assert arrived.parent == home.incoming.resolve()
    assert folders == [f.resolve() for f in (place.parent, place.parent.parent, home.files)]
