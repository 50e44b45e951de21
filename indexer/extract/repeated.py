"""Running headers and footers, kept at their first page only."""

import re
from collections import Counter

_FEWEST_PAGES = 4
_EDGE_LINES = 3  # lines at the top and at the bottom that may be a running line
_SHARE = 0.5  # of the pages
_NUMBER = re.compile(r"\d+")


def without_running_lines(pages: list[str]) -> list[str]:
    """``pages`` without the top and bottom lines that most of them share.

    Numbers count as equal (page numbers change). The first occurrence of each stays, so no word
    is lost to search; documents of fewer than four pages with text are left alone.
    """
    split = [page.split("\n") for page in pages]
    filled = sum(1 for page in pages if page.strip())
    if filled < _FEWEST_PAGES:
        return pages
    counts = Counter(key for lines in split for key in {_key(lines[at]) for at in _edges(lines)})
    running = {key for key, count in counts.items() if key and count >= filled * _SHARE}
    if not running:
        return pages
    seen: set[str] = set()
    return [_strip(lines, running, seen) for lines in split]


def _edges(lines: list[str]) -> list[int]:
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _key(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).split())


def _strip(lines: list[str], running: set[str], seen: set[str]) -> str:
    dropped = set()
    for at in _edges(lines):
        key = _key(lines[at])
        if key in running:
            if key in seen:
                dropped.add(at)
            seen.add(key)
    return "\n".join(line for at, line in enumerate(lines) if at not in dropped)
