"""What was done last and when, for monitors: one small file of the data folder for each deed."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BACKUP = "backup"
RELEVANCE = "relevance"
_AT = "at"


def note(home: Path, deed: str, **values: Any) -> None:
    """Remember that ``deed`` was done now, with its ``values``.

    A folder that takes nothing keeps what it had: the deed itself is done all the same.
    """
    content = {_AT: datetime.now(UTC).isoformat(timespec="seconds"), **values}
    arriving = home / f"last-{deed}.{os.getpid()}"
    with suppress(OSError):
        arriving.write_text(json.dumps(content), encoding="utf-8")
        arriving.replace(home / f"last-{deed}.json")


def noted(home: Path, deed: str) -> dict[str, Any]:
    """What was noted last; nothing when it never was, or cannot be read."""
    try:
        content = json.loads((home / f"last-{deed}.json").read_text(encoding="utf-8"))
        datetime.fromisoformat(content[_AT])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(content)


def time_of(noted: dict[str, Any]) -> datetime | None:
    """When the deed was done."""
    return datetime.fromisoformat(noted[_AT]) if noted else None
