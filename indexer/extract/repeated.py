"""Running headers and footers kept from drowning the text of the pages."""

import re
from collections import Counter
from itertools import takewhile

_FEWEST_PAGES = 4
_EDGE_LINES = 8  # lines at the top and at the bottom that may be running lines
_SHARE = 0.5  # of the pages
_MOST_LOST = 0.03  # of the words of the document
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+")


def without_running_lines(pages: list[str]) -> list[str]:
    """``pages`` with the top and bottom lines that most of them share on their first page only.

    Numbers count as equal, because page numbers change. No word is lost to search, and never
    more than three words in a hundred are dropped: lines that weigh more than that move to the
    foot of their page, so that each page begins with its own text. Documents of fewer than four
    pages with text are left alone.
    """
    split = [page.replace("\r\n", "\n").split("\n") for page in pages]
    filled = sum(1 for page in pages if page.strip())
    if filled < _FEWEST_PAGES:
        return pages
    counts = Counter(key for lines in split for key in {_key(lines[at]) for at in _edges(lines)})
    running = {key: count for key, count in counts.items() if key and count >= filled * _SHARE}
    if not running:
        return pages
    dropped = _affordable(running, sum(map(_words, pages)))
    seen: set[str] = set()
    return [_arrange(lines, running, dropped, seen) for lines in split]


def _affordable(running: dict[str, int], words: int) -> set[str]:
    """The running lines to drop, those that cost fewest words first."""
    left = words * _MOST_LOST
    dropped = set()
    costs = {key: _words(key.replace("#", "0")) * (count - 1) for key, count in running.items()}
    for key in sorted(costs, key=lambda key: costs[key]):
        left -= costs[key]
        if left >= 0:
            dropped.add(key)
    return dropped


def _words(text: str) -> int:
    return len(_WORD.findall(text))


def _edges(lines: list[str]) -> list[int]:
    filled = [at for at, line in enumerate(lines) if line.strip()]
    return sorted({*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]})


def _key(line: str) -> str:
    return " ".join(_NUMBER.sub("#", line).split())


def _arrange(lines: list[str], running: dict[str, int], dropped: set[str], seen: set[str]) -> str:
    """One page, with the running lines that an earlier page has shown dropped or at its foot."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    top = list(takewhile(lambda at: _key(lines[at]) in running, filled[:_EDGE_LINES]))
    bottom = list(takewhile(lambda at: _key(lines[at]) in running, filled[: -_EDGE_LINES - 1 : -1]))
    known = {at for at in (*top, *bottom) if _key(lines[at]) in seen}
    seen.update(_key(lines[at]) for at in (*top, *bottom))
    own = [line for at, line in enumerate(lines) if at not in known]
    return "\n".join(own + [lines[at] for at in sorted(known) if _key(lines[at]) not in dropped])
