"""Passages as people read them: whole sentences where possible, nothing of the layout. Pure."""

import re
from collections.abc import Iterable

from indexer.engine import Passage, Run

CUT = "…"
# Between two sentences; where a sentence, an item of a list or a cell of a table begins.
SENTENCE = re.compile(r"[.!?…]\s+(?=[«“\"(]?[A-ZÀ-Ý0-9])")
BOUNDARY = re.compile(SENTENCE.pattern + r"|\n\s*(?=[A-ZÀ-Ý«])|[•▪◦‣·|]\s+")
SENTENCE_END = re.compile(r"[.!?…:;»”)]\s*$")
LEADERS = re.compile(r"(?:\s?[._·…]){5,}(?:\s*\d{1,4}\b)?\s?")  # dots to a page number, in indexes
LEADER_SIGNS, LEAST_LEADERS = "._·…", 5
LAYOUT = re.compile(r"[|•▪◦‣]|https?://")  # with leaders, what ``_without_layout`` looks for
CELL = re.compile(r"\s*(?:\|\s*)+")  # empty ones too
LINE = re.compile(r"\s*\n\s*")
BULLET = re.compile(r"\s*[•▪◦‣]\s+")
AFTER_SENTENCE = re.compile(r"(?<=[.!?:;])\s+·\s+")  # the sign of an item says nothing more there
WEB_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s/()]{4,80})/\S*")
LEAST_TAIL = 40  # letters after the last match: a longer tail may lose its broken sentence


def is_index(runs: Iterable[Run]) -> bool:
    """True for a stretch of a table of contents, which says nothing beside better passages."""
    text = "".join([run.text for run in runs])
    return _may_lead(text) and len(LEADERS.findall(text)) > 1


def _may_lead(text: str) -> bool:
    """False when there are too few signs for a line of them: much quicker than looking for one."""
    return sum(map(text.count, LEADER_SIGNS)) >= LEAST_LEADERS


def tidy(passage: Passage, lines: bool = False) -> tuple[Run, ...]:
    """Its runs, from a sentence near its start to one near its end; a cut shows as "…".

    ``lines``: they end where the author ended them, not where a page was full, and are kept apart.
    """
    runs, follows, goes_on = passage.runs, passage.follows, passage.goes_on
    matched = [place for place, run in enumerate(runs) if run.matched]
    if matched:
        first, last = matched[0], matched[-1]
        lead = "".join(run.text for run in runs[:first])
        tail = "".join(run.text for run in runs[last + 1 :])
        start = BOUNDARY.search(lead + runs[first].text[:1]) if follows else None
        if start:
            lead, follows = lead[start.end() :], False
        if goes_on:
            tail = _whole_sentences(tail)
        runs = (Run(lead), *runs[first : last + 1], Run(tail))
    text = "".join(run.text for run in runs)
    if LAYOUT.search(text) or _may_lead(text) or (lines and "\n" in text):
        runs = tuple(Run(_without_layout(run.text, lines), run.matched) for run in runs)
    before = (Run(f"{CUT} "),) if follows else ()
    after = (Run(f" {CUT}"),) if goes_on and not SENTENCE_END.search(text) else ()
    return tuple(run for run in (*before, *runs, *after) if run.text)


def _whole_sentences(tail: str) -> str:
    """``tail`` up to its last sentence that ends, where that leaves enough to read."""
    if SENTENCE_END.search(tail):
        return tail
    ends = [found.start() + 1 for found in SENTENCE.finditer(tail)]
    return tail[: ends[-1]] if ends and ends[-1] >= LEAST_TAIL else tail


def _without_layout(text: str, lines: bool) -> str:
    text = LEADERS.sub(f" {CUT} ", text)
    text = WEB_ADDRESS.sub(rf"\1/{CUT}", text)
    text = CELL.sub(" · ", BULLET.sub(" · ", text))
    return AFTER_SENTENCE.sub(" ", LINE.sub(" · ", text) if lines else text)
