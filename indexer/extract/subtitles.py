"""WebVTT and SubRip: one page a minute, labelled with the time at which it begins."""

import html
import re
from dataclasses import dataclass

from indexer.extract import charset
from indexer.extract.base import Accessibility, FailureKind
from indexer.extract.draft import Draft
from indexer.extract.reasons import unreadable

STRETCH = 60  # seconds of speech that make a page

_TIMES = re.compile(
    r"^[ \t]*(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})[ \t]+-->[ \t]+[\d:.,]+[^\n]*\n?",
    re.M | re.A,
)
# A cue's text ends at an empty line or where the next cue's number and times begin.
_TAG = re.compile(
    r"</?(?:[bciu]|v|lang|ruby|rt|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]{4,12}>", re.I
)
_POSITION = re.compile(r"\{\\an?\d\}")
_NOT_CUES = re.compile(r"^(?:NOTE|STYLE|REGION)\b")


@dataclass(frozen=True)
class Cue:
    start: int  # seconds
    text: str


def read(content: bytes) -> Draft:
    """Read subtitles. Markup of cues goes, their words stay, repeated lines stand once.

    Raises ``corrotto`` when no cue is found. Cues keep the order of the file, whatever their
    times say.
    """
    text = charset.decode(content).lstrip("\ufeff")
    cues = _cues(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not cues and text.strip() != "WEBVTT":
        raise unreadable(FailureKind.CORRUPT)
    labels: list[str] = []
    pages: list[list[str]] = []
    minute = None
    for cue in cues:
        if minute is None or cue.start // STRETCH != minute:
            minute = cue.start // STRETCH
            labels.append(_clock(cue.start))
            pages.append([])
        if not pages[-1] or pages[-1][-1] != cue.text:
            pages[-1].append(cue.text)
    return Draft(
        pages=["\n".join(lines) for lines in pages],
        unit="tempo",
        labels=labels,
        title_in_text=False,
        titles=[_heading(text)],
        accessibility=Accessibility(),
    )


def _cues(text: str) -> list[Cue]:
    found = list(_TIMES.finditer(text))
    ends = [after.start() for after in found[1:]] + [len(text)]
    cues: list[Cue] = []
    for at, end in zip(found, ends, strict=True):
        words = _words(text[at.end() : end], last=end == len(text))
        if words:
            hours, minutes, seconds = (int(part or 0) for part in at.groups()[:3])
            cues.append(Cue(hours * 3600 + minutes * 60 + seconds, words))
    return cues


def _words(between: str, last: bool) -> str:
    """Text of a cue out of what stands between its times and the next ones."""
    lines = between.rstrip(" \t").split("\n")
    if not last and len(lines) > 1:
        lines = _without_identifier(lines[:-1] if not lines[-1] else lines)
    blocks = re.split(r"\n[ \t]*\n", "\n".join(lines).strip("\n"))
    kept = " ".join(block for block in blocks if not _NOT_CUES.match(block))
    return " ".join(html.unescape(_TAG.sub("", _POSITION.sub("", kept))).split())


def _without_identifier(lines: list[str]) -> list[str]:
    """The next cue's number or name stands right above its times, after an empty line."""
    named = len(lines) > 1 and lines[-1].strip() and not lines[-2].strip()
    return lines[:-1] if named or lines[-1].strip().isdecimal() else lines


def _heading(text: str) -> str:
    first = text.split("\n", 1)[0].strip()
    return first.removeprefix("WEBVTT").strip(" -–\t") if first.startswith("WEBVTT") else ""


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
