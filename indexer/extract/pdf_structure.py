"""What a PDF says about itself, and the text of pages that the fast reader cannot open: pypdf."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pypdf
from pypdf.errors import PyPdfError
from pypdf.generic import Destination

from indexer.extract.base import FailureKind, Heading
from indexer.extract.cleaning import join_typed_hyphens
from indexer.extract.reasons import unreadable
from indexer.extract.titles import sane_date

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of every oddity of a file

_DEEPEST_OUTLINE = 6
_MOST_TAGS = 20_000  # looked at; a cycle of tags ends here too
_LONGEST_OUTLINE = 2_000
# A hostile structure makes pypdf raise nearly anything; the reader of one file ends here.
_ANY = (Exception,)
# pypdf writes the names of glyphs that stand for no letter, such as /g38/g80/g41.
_GLYPH_NAMES = re.compile(r"(?:/[A-Za-z]{1,8}\d{1,5}){3,}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass
class Structure:
    """Facts of the document; empty or None where it does not say."""

    title: str = ""
    author: str = ""
    created: date | None = None
    language: str | None = None
    tagged: bool = False
    described: bool | None = None  # every figure of the tags has a text; None without figures
    outline: tuple[Heading, ...] = ()
    labels: tuple[str, ...] = ()


class PypdfReader:
    """One document. Opening raises ``cifrato`` or ``corrotto``."""

    def __init__(self, content: bytes) -> None:
        try:
            self._reader = pypdf.PdfReader(io.BytesIO(content))
        except (*_ANY, RecursionError) as error:
            raise unreadable(FailureKind.CORRUPT) from error
        if self._reader.is_encrypted and not self._unlock():
            raise unreadable(FailureKind.ENCRYPTED)

    def _unlock(self) -> bool:
        """Open with the empty password, which files that only forbid printing have."""
        try:
            return bool(self._reader.decrypt(""))
        except _ANY:  # a protection that is unknown, or needs a package that is not there
            return False

    def page_count(self) -> int:
        try:
            return len(self._reader.pages)
        except (*_ANY, RecursionError) as error:
            raise unreadable(FailureKind.CORRUPT) from error

    def text(self, index: int) -> str | None:
        """Text of one page; None when it cannot be read."""
        try:
            text = _GLYPH_NAMES.sub("", self._reader.pages[index].extract_text())
            return join_typed_hyphens(text)
        except (*_ANY, RecursionError):
            return None

    def structure(self, page_count: int) -> Structure:
        """Whatever of the structure can be read; a damaged part is as if it were not there."""
        found = Structure()
        for step in (
            self._read_catalogue,
            self._read_metadata,
            self._read_outline,
            self._read_figures,
        ):
            try:
                step(found)
            except (*_ANY, RecursionError):
                continue
        found.labels = self._labels(page_count)
        return found

    def _read_catalogue(self, found: Structure) -> None:
        root = self._reader.root_object
        language = str(root.get("/Lang", "")).strip()
        found.language = language if _LANGUAGE.fullmatch(language) else None
        marks: Any = root.get("/MarkInfo")
        marked = marks.get_object().get("/Marked") if marks is not None else None
        found.tagged = bool(marked and marked.value) and "/StructTreeRoot" in root

    def _read_metadata(self, found: Structure) -> None:
        metadata = self._reader.metadata
        if metadata is None:
            return
        found.title = metadata.title or ""
        found.author = metadata.author or ""
        found.created = _creation_date(metadata)

    def _read_outline(self, found: Structure) -> None:
        if "/Outlines" not in self._reader.root_object:
            return
        found.outline = tuple(self._headings(self._reader.outline, 1, []))

    def _read_figures(self, found: Structure) -> None:
        """Look at the tags one by one, as many as time and ``_MOST_TAGS`` allow."""
        if not found.tagged:
            return
        waiting: list[Any] = [self._reader.root_object["/StructTreeRoot"]]
        for _ in range(_MOST_TAGS):
            if not waiting:
                return
            tag = waiting.pop().get_object()
            if isinstance(tag, list):
                waiting.extend(tag)
            elif isinstance(tag, dict):
                if tag.get("/S") == "/Figure":
                    text = str(tag.get("/Alt", "")) + str(tag.get("/ActualText", ""))
                    found.described = found.described is not False and bool(text.strip())
                elif "/K" in tag:
                    waiting.append(tag["/K"])

    def _headings(self, entries: list[Any], level: int, seen: list[int]) -> Iterator[Heading]:
        for entry in entries:
            if isinstance(entry, list):
                if level < _DEEPEST_OUTLINE:
                    yield from self._headings(entry, level + 1, seen)
            elif isinstance(entry, Destination) and len(seen) < _LONGEST_OUTLINE:
                seen.append(level)
                yield Heading(level, str(entry.title or ""), self._page_of(entry))

    def _page_of(self, entry: Destination) -> int | None:
        try:
            number = self._reader.get_destination_page_number(entry)
        except _ANY:
            return None
        return None if number is None or number < 0 else number + 1

    def _labels(self, page_count: int) -> tuple[str, ...]:
        try:
            if "/PageLabels" not in self._reader.root_object:
                return ()
            labels = tuple(self._reader.page_labels)
        except (*_ANY, RecursionError):
            return ()
        plain = all(label == str(number) for number, label in enumerate(labels, start=1))
        return () if plain or len(labels) != page_count else labels


def is_sound(content: bytes) -> bool:
    """Whether pypdf, told to forgive nothing, can decode every page of a file."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
        for page in reader.pages:
            page.get_contents()
    except (*_ANY, RecursionError):
        return False
    return True


def _creation_date(metadata: pypdf.DocumentInformation) -> date | None:
    try:
        created: datetime | None = metadata.creation_date
    except (ValueError, PyPdfError):
        return None
    return sane_date(created)
