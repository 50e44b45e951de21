"""Where the states of an index live: a folder of generations, or this process's memory.

``index/<generation>/`` holds Whoosh's files and manifests; ``index/current.json`` names the one
that answers and is swapped in one step. A damaged generation is renamed and never deleted.
"""

import fcntl
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from indexer.engine import EngineUnavailable
from indexer.engines import manifest as manifests
from indexer.engines.manifest import Damaged, Digest, Manifest, Outdated
from indexer.engines.whoosh_storage import FolderStorage, MemoryStorage, Storage
from indexer.engines.whoosh_writer import clean, empty_toc, files_of, read_toc

_POINTER = "current.json"
_LOCK = "lock"
_GENERATION = "generazione-"
_SET_ASIDE = ".danneggiato-"
_FIRST_WAIT, _LONGEST_WAIT = 0.005, 0.5  # seconds between attempts at the lock


@dataclass(frozen=True)
class Commit:
    """A state of the index that can answer. ``toc`` is Whoosh's table of contents."""

    generation: str
    storage: Storage
    toc: Any
    manifest: Manifest
    reduced: bool = False  # answers may be incomplete until the next rebuild


_NOTHING = Commit("", MemoryStorage(), empty_toc(), Manifest(0, "", {}))


class Home(Protocol):
    """The states of one index."""

    def nothing(self) -> Commit:
        """The state before anything was written."""
        ...

    def stamp(self) -> object:
        """Changes whenever another state may have been published; cheap."""
        ...

    def open(self, known: Commit | None) -> Commit | None:
        """The published state; None where there is none yet. Raises ``Damaged``
        and ``Outdated``."""
        ...

    def writing(self) -> Any:
        """Context in which no other writer works."""
        ...

    def begin(self) -> Commit:
        """An empty new generation that nobody sees yet."""
        ...

    def publish(self, commit: Commit, analysis: str) -> Commit:
        """Make ``commit`` the state that answers, in one step.

        Its manifest may still be that of the state before; the new one is written here.
        """
        ...

    def recover(self, damage: Damaged) -> Commit:
        """Set the damaged generation aside; the newest sound one, or nothing: reduced."""
        ...

    def damage(self, commit: Commit) -> tuple[str, ...]:
        """Files that differ from what was written."""
        ...


class MemoryHome:
    """One generation after other in this process; nothing is shared and nothing lasts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._published: Commit | None = None
        self._number = 0

    def stamp(self) -> object:
        return self._published

    def open(self, known: Commit | None) -> Commit | None:
        return self._published

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            yield

    def nothing(self) -> Commit:
        return _NOTHING

    def begin(self) -> Commit:
        self._number += 1
        return replace(_NOTHING, generation=str(self._number), storage=MemoryStorage())

    def publish(self, commit: Commit, analysis: str) -> Commit:
        manifest = Manifest(commit.toc.generation, analysis, {})
        self._published = replace(commit, manifest=manifest)
        clean(commit.storage, files_of(commit.storage, commit.toc))
        return self._published

    def recover(self, damage: Damaged) -> Commit:
        return replace(self.nothing(), reduced=True)

    def damage(self, commit: Commit) -> tuple[str, ...]:
        return ()


class FolderHome:
    """Generations in a folder, shared by processes; one of them writes at a time."""

    def __init__(self, path: Path, patience: float = 30.0) -> None:
        self._path = path
        self._pointer = os.fspath(path / _POINTER)  # looked at in every search
        self._patience = patience
        self._thread_lock = threading.Lock()
        path.mkdir(parents=True, exist_ok=True)

    def nothing(self) -> Commit:
        return _NOTHING

    def stamp(self) -> object:
        try:
            status = os.stat(self._pointer)
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def open(self, known: Commit | None) -> Commit | None:
        while True:
            stamp = self.stamp()
            if stamp is None:
                if self._generations():
                    raise Damaged("", (_POINTER,))
                return None
            try:
                return self._open_pointer(known)
            except FileNotFoundError as error:
                # A writer may have published and cleaned up while this reader was opening.
                if self.stamp() == stamp:
                    raise Damaged(self._pointed(), (str(error.filename),)) from error

    def _open_pointer(self, known: Commit | None) -> Commit | None:
        pointer = self._read_pointer()
        if pointer["generation"] is None:
            return replace(self.nothing(), reduced=bool(pointer["reduced"]))
        return self._open_manifest(
            pointer["generation"], pointer["manifest"], bool(pointer["reduced"]), known
        )

    def _read_pointer(self) -> dict[str, Any]:
        try:
            pointer = json.loads((self._path / _POINTER).read_bytes())
            generation, name = pointer["generation"], pointer["manifest"]
            if generation is not None and not (
                _is_generation(generation) and Path(name).name == name
            ):
                raise ValueError("names")
            if not isinstance(pointer["reduced"], bool):
                raise ValueError("reduced")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Damaged("", (_POINTER,)) from error
        return dict(pointer)

    def _pointed(self) -> str:
        with suppress(Damaged, FileNotFoundError):
            return self._read_pointer()["generation"] or ""
        return ""

    def _open_manifest(
        self, generation: str, name: str, reduced: bool, known: Commit | None
    ) -> Commit:
        folder = self._path / generation
        manifest = manifests.read_manifest(folder, name)
        sound: dict[str, Digest] = {}
        if known is not None and known.generation == generation:
            sound = known.manifest.files
        unchecked = [file for file, digest in manifest.files.items() if sound.get(file) != digest]
        if damaged := manifests.damaged_files(folder, manifest, unchecked):
            raise _as_missing(folder, damaged) or Damaged(generation, damaged)
        storage = (
            known.storage
            if known is not None and known.generation == generation
            else FolderStorage(folder)
        )
        toc = read_toc(storage, manifest.toc)
        return Commit(generation, storage, toc, manifest, reduced)

    @contextmanager
    def writing(self) -> Iterator[None]:
        deadline = time.monotonic() + self._patience
        if not self._thread_lock.acquire(timeout=self._patience):
            raise EngineUnavailable("another thread is writing the index")
        try:
            with open(self._path / _LOCK, "ab") as file:
                wait = _FIRST_WAIT
                while not _locked(file):
                    if time.monotonic() + wait > deadline:
                        raise EngineUnavailable("another process is writing the index")
                    time.sleep(wait)
                    wait = min(2 * wait, _LONGEST_WAIT)
                yield
        finally:
            self._thread_lock.release()

    def begin(self) -> Commit:
        self._drop_unfinished()
        taken = [_number(path.name) for path in self._path.glob(f"{_GENERATION}*")]
        generation = f"{_GENERATION}{max(taken, default=0) + 1:06d}"
        (self._path / generation).mkdir()
        return replace(self.nothing(), generation=generation, storage=self._storage(generation))

    def publish(self, commit: Commit, analysis: str) -> Commit:
        folder = self._path / commit.generation
        known = commit.manifest.files
        files = {
            name: known[name] if name in known else manifests.digest_of(folder / name)
            for name in files_of(commit.storage, commit.toc)
        }
        manifest = Manifest(commit.toc.generation, analysis, files)
        for name in files:
            if name not in known:
                _sync(folder / name)
        _write_whole(folder / manifest.name, manifest.packed())
        self._point(commit.generation, manifest.name, commit.reduced)
        clean(commit.storage, [*files, manifest.name])
        for old in self._generations()[:-2]:
            if old != commit.generation:
                shutil.rmtree(self._path / old, ignore_errors=True)
        return replace(commit, manifest=manifest)

    def recover(self, damage: Damaged) -> Commit:
        # Where the disk is read-only or another process writes, answering comes first.
        with suppress(OSError, EngineUnavailable), FolderHome(self._path, 0.0).writing():
            if damage.generation and self._pointed() == damage.generation:
                moment = time.strftime("%Y%m%dT%H%M%S")
                source = self._path / damage.generation
                source.rename(source.with_name(f"{source.name}{_SET_ASIDE}{moment}"))
        commit = self._newest_sound(damage.generation)
        with suppress(OSError, EngineUnavailable), FolderHome(self._path, 0.0).writing():
            self._point(
                commit.generation if commit else None,
                commit.manifest.name if commit else "",
                reduced=True,
            )
        return commit or replace(self.nothing(), reduced=True)

    def _newest_sound(self, damaged: str) -> Commit | None:
        for generation in reversed(self._generations()):
            for name in manifests.manifests_in(self._path / generation):
                if generation == damaged:
                    continue
                with suppress(Damaged, Outdated, FileNotFoundError):
                    return self._open_manifest(generation, name, True, None)
        return None

    def damage(self, commit: Commit) -> tuple[str, ...]:
        folder = self._path / commit.generation
        found = list(manifests.damaged_files(folder, commit.manifest, commit.manifest.files))
        try:
            self._read_pointer()
        except (Damaged, FileNotFoundError):
            found.append(_POINTER)
        if commit.generation:
            try:
                manifests.read_manifest(folder, commit.manifest.name)
            except (Damaged, Outdated, FileNotFoundError):
                found.append(commit.manifest.name)
        return tuple(found)

    def _point(self, generation: str | None, name: str, reduced: bool) -> None:
        pointer = {"generation": generation, "manifest": name, "reduced": reduced}
        _write_whole(self._path / _POINTER, json.dumps(pointer).encode())

    def _storage(self, generation: str) -> FolderStorage:
        return FolderStorage(self._path / generation)

    def _generations(self) -> list[str]:
        """Names of the generations that were not set aside, oldest first."""
        return sorted(
            path.name
            for path in self._path.glob(f"{_GENERATION}*")
            if _is_generation(path.name) and manifests.manifests_in(path)
        )

    def _drop_unfinished(self) -> None:
        """Remove what an interrupted rebuild left."""
        for path in self._path.glob(f"{_GENERATION}*"):
            if _is_generation(path.name) and not manifests.manifests_in(path):
                shutil.rmtree(path, ignore_errors=True)


def _is_generation(name: object) -> bool:
    return (
        isinstance(name, str)
        and name.startswith(_GENERATION)
        and name.removeprefix(_GENERATION).isdecimal()
    )


def _number(name: str) -> int:
    digits = name.removeprefix(_GENERATION).partition(_SET_ASIDE)[0]
    return int(digits) if digits.isdecimal() else 0


def _as_missing(folder: Path, names: tuple[str, ...]) -> FileNotFoundError | None:
    """A file that is gone may have been cleaned up by a writer meanwhile."""
    for name in names:
        if not (folder / name).exists():
            error = FileNotFoundError(name)
            error.filename = name
            return error
    return None


def _locked(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_whole(path: Path, content: bytes) -> None:
    """Replace a file in one step."""
    temporary = path.with_name(f"{path.name}.new")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
