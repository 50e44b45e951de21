"""Imports that staff ask for: one folder each, with what was sent, how far it is, what came out."""

import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from indexer.outcomes import Outcome

PARCEL, LIST, FILES = "parcel.zip", "list.csv", "files"  # in the folder of an import
_NAME = re.compile(r"[0-9a-f]{16}")


class Stage(StrEnum):
    """How far an import is; the values stand in its file."""

    WAITING = "in-attesa"  # for its trial
    TRIED = "provato"  # its sender decides
    CONFIRMED = "confermato"
    DONE = "importato"
    REFUSED = "rifiutato"  # the list or the ZIP as a whole

    @property
    def under_way(self) -> bool:
        """The worker has something to do."""
        return self in (Stage.WAITING, Stage.CONFIRMED)


@dataclass(frozen=True)
class Job:
    """An import. ``cities`` limits its sender; ``problem`` is plain Italian."""

    id: str
    account: int
    email: str
    cities: tuple[str, ...]
    filename: str
    at: datetime
    stage: Stage = Stage.WAITING
    problem: str = ""
    done: int = 0  # files read in the trial
    total: int = 0
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What would become, or has become, of one row of the list."""

    line: int  # of the CSV; 0 where there is none
    file: str
    outcome: Outcome
    title: str = ""
    reason: str = ""
    warnings: tuple[str, ...] = ()
    public_id: str | None = None


class Jobs:
    """The folders under ``home.imports``. Every change replaces a file in one step."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, account: int, email: str, cities: tuple[str, ...], filename: str) -> Job:
        """A new import; nobody works on it before it has been ``put``."""
        job = Job(secrets.token_hex(8), account, email, cities, filename, datetime.now(UTC))
        self.place(job.id).mkdir(mode=0o700, parents=True)
        return job

    def put(self, job: Job) -> None:
        _replace(self.place(job.id) / "job.json", asdict(job) | {"at": job.at.isoformat()})

    def get(self, id: str) -> Job:
        """Raises ``LookupError``."""
        if not _NAME.fullmatch(id):
            raise LookupError(id)
        try:
            kept = json.loads((self.place(id) / "job.json").read_text("utf-8"))
            kept |= {
                "at": datetime.fromisoformat(kept["at"]),
                "stage": Stage(kept["stage"]),
                "cities": tuple(kept["cities"]),
                "unknown_columns": tuple(kept["unknown_columns"]),
            }
            return Job(**kept)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LookupError(id) from error

    def all(self) -> tuple[Job, ...]:
        """Newest first; a folder that is not yet, or no longer, an import is left out."""
        return tuple(sorted(self._found(), key=lambda job: job.at, reverse=True))

    def lines(self, id: str) -> tuple[Line, ...]:
        """What the trial or the import gave, row by row."""
        try:
            kept = json.loads((self.place(id) / "lines.json").read_text("utf-8"))
        except (OSError, ValueError):
            return ()
        return tuple(map(_line, kept))

    def finish(self, job: Job, lines: tuple[Line, ...], stage: Stage) -> None:
        """Keep the lines, then the stage that they belong to."""
        _replace(self.place(job.id) / "lines.json", [asdict(line) for line in lines])
        self.put(replace(job, stage=stage, problem=""))

    def forget_files(self, job: Job) -> None:
        """Free the space of what was sent; the list and what became of it stay."""
        folder = self.place(job.id)
        shutil.rmtree(folder / FILES, ignore_errors=True)
        (folder / PARCEL).unlink(missing_ok=True)

    def refuse(self, job: Job, problem: str) -> None:
        self.put(replace(job, stage=Stage.REFUSED, problem=problem))

    def remove(self, id: str) -> None:
        """Let the import go with all that was sent; the documents that it added stay."""
        if _NAME.fullmatch(id):
            shutil.rmtree(self.place(id), ignore_errors=True)

    def sweep(self, before: datetime) -> None:
        """Remove imports from before this instant, and what never became one."""
        for folder in self._folder.glob("*"):
            if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < before:
                self.remove(folder.name)

    def place(self, id: str) -> Path:
        """The folder of an import."""
        return self._folder / id

    def _found(self) -> Iterator[Job]:
        for folder in self._folder.glob("*"):
            try:
                yield self.get(folder.name)
            except LookupError:
                continue


def _line(kept: dict[str, Any]) -> Line:
    warnings = tuple(kept["warnings"])
    return Line(**kept | {"outcome": Outcome(kept["outcome"]), "warnings": warnings})


def _replace(path: Path, content: object) -> None:
    """Write a file beside ``path`` and give it its name, so that it is whole or not there."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
