"""Results of the reading process as JSON: plain values that cannot run anything."""

import json
import re
from dataclasses import asdict
from datetime import date
from typing import Any

from corpus.vocabulary import FileFormat
from indexer.engine import PageText
from indexer.extract.base import (
    Accessibility,
    Extract,
    FailureKind,
    Heading,
    Recognition,
    RecognitionUnavailable,
    Unreadable,
)
from indexer.extract.reasons import unreadable

_DRAWING = re.compile(rb"P5 ([1-9]\d{0,4}) ([1-9]\d{0,4}) 255\n")


def encode(extract: Extract) -> bytes:
    plain = asdict(extract)
    plain["pages"] = [[page.text, page.label] for page in extract.pages]
    plain["issued"] = extract.issued and extract.issued.isoformat()
    return json.dumps({"extract": plain}, ensure_ascii=False).encode()


def encode_format(file_format: FileFormat) -> bytes:
    return json.dumps({"format": file_format.value}).encode()


def encode_failure(failure: Unreadable, detail: str = "") -> bytes:
    """``detail`` is for the log, never for people."""
    plain = {"kind": failure.kind, "message": failure.message, "detail": detail}
    return json.dumps({"failure": plain}).encode()


def decode(content: bytes) -> tuple[Extract | Unreadable, str]:
    """What a reading process answered, and its detail for the log.

    The process has handled hostile bytes: an answer of the wrong shape counts as ``corrotto``.
    """
    try:
        answer = json.loads(content)
        if "failure" in answer:
            failure = answer["failure"]
            kind = FailureKind(failure["kind"])
            return Unreadable(kind, _text(failure["message"])), _text(failure["detail"])
        return _extract(answer["extract"]), ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return unreadable(FailureKind.CORRUPT), f"malformed answer: {error!r}"


def decode_format(content: bytes) -> FileFormat | Unreadable:
    """Like ``decode`` for a process that was asked for the format alone."""
    try:
        answer = json.loads(content)
        if "failure" in answer:
            failure = answer["failure"]
            return Unreadable(FailureKind(failure["kind"]), _text(failure["message"]))
        return FileFormat(answer["format"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return unreadable(FailureKind.CORRUPT)


def drawing(content: bytes) -> bytes | Unreadable:
    """The PGM image of a process that was asked to draw a page.

    Checked to be nothing else: programs that read images take other contents for a list of
    files, or of addresses.
    """
    head = _DRAWING.match(content)
    if head is not None and len(content) == head.end() + int(head[1]) * int(head[2]):
        return content
    failure, _detail = decode(content)
    return failure if isinstance(failure, Unreadable) else unreadable(FailureKind.CORRUPT)


def encode_recognised(text: str) -> bytes:
    return json.dumps({"recognised": text}, ensure_ascii=False).encode()


def encode_unavailable(reason: str) -> bytes:
    return json.dumps({"unavailable": reason}).encode()


def decode_recognised(content: bytes) -> str:
    """The text of a page; raises ``Unreadable`` or ``RecognitionUnavailable``."""
    answer = json.loads(content)
    if "unavailable" in answer:
        raise RecognitionUnavailable(answer["unavailable"])
    if "recognised" in answer:
        return _text(answer["recognised"])
    failure, _detail = decode(content)
    raise failure if isinstance(failure, Unreadable) else unreadable(FailureKind.CORRUPT)


def _extract(plain: dict[str, Any]) -> Extract:
    issued = plain["issued"]
    return Extract(
        format=FileFormat(plain["format"]),
        pages=tuple(
            PageText(number, _text(text), _text(label))
            for number, (text, label) in enumerate(plain["pages"], start=1)
        ),
        unit=_text(plain["unit"]),
        title=_text(plain["title"]),
        stated_title=_text(plain["stated_title"]),
        headlines=tuple(map(_text, plain["headlines"])),
        authors=tuple(map(_text, plain["authors"])),
        issued=None if issued is None else date.fromisoformat(issued),
        language=_text(plain["language"]),
        outline=tuple(map(_heading, plain["outline"])),
        accessibility=_accessibility(plain["accessibility"]),
        warnings=tuple(map(_text, plain["warnings"])),
        without_text=plain["without_text"] is True,
        recognition=Recognition(tuple(map(int, plain["recognition"]["pages"]))),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value))
    return value


def _heading(plain: dict[str, Any]) -> Heading:
    page = plain["page"]
    return Heading(int(plain["level"]), _text(plain["text"]), None if page is None else int(page))


def _accessibility(plain: dict[str, Any]) -> Accessibility:
    language = plain.pop("language")
    if not all(value is None or isinstance(value, bool) for value in plain.values()):
        raise TypeError("accessibility")
    return Accessibility(language=None if language is None else _text(language), **plain)
