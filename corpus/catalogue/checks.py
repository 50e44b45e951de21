"""What a field may hold. Each refusal is a short code; the portal has the sentences."""

import re
from collections.abc import Iterable
from datetime import date

from corpus.errors import InvalidRecord
from corpus.records import Source
from corpus.texts import clean_line, clean_text, is_web_address
from corpus.vocabulary import SourceKind

LINE = 500  # characters
TEXT = 20_000
LIST = 200  # values
FIRST_YEAR, LAST_YEAR = 1861, 2100  # the Kingdom of Italy has had a gazette since 1861

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")  # ISO 639, with a country where it matters
_LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]{0,63}")  # shape of an SPDX identifier


class Problems:
    """Gathers what is wrong, field by field, so that a form can show all of it at once.

    Codes: required, unknown, too-long, too-many, format, range, order, taken, fixed, one-only.
    """

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    def add(self, field: str, code: str) -> None:
        """Note the problem; the first of a field stands."""
        self._found.setdefault(field, code)

    @property
    def found(self) -> dict[str, str]:
        """The code of each field that has a problem."""
        return dict(self._found)

    def raise_any(self) -> None:
        """Raise ``InvalidRecord`` when something was found."""
        if self._found:
            raise InvalidRecord(dict(self._found))

    def line(self, field: str, value: str, *, required: bool = False) -> str:
        """The value cleaned, on one line of at most 500 characters."""
        return self._sized(field, clean_line(value), LINE, required)

    def text(self, field: str, value: str, *, required: bool = False) -> str:
        """The value cleaned, of at most 20,000 characters."""
        return self._sized(field, clean_text(value), TEXT, required)

    def optional_line(self, field: str, value: str | None) -> str | None:
        return self.line(field, value or "") or None

    def optional_text(self, field: str, value: str | None) -> str | None:
        return self.text(field, value or "") or None

    def lines(self, field: str, values: Iterable[str]) -> list[str]:
        """The values cleaned, without empty ones and repetitions, in their order."""
        cleaned = list(dict.fromkeys(filter(None, (self.line(field, value) for value in values))))
        if len(cleaned) > LIST:
            self.add(field, "too-many")
        return cleaned

    def slug(self, field: str, value: str) -> None:
        if not _SLUG.fullmatch(value) or len(value) > 60:
            self.add(field, "format")

    def language(self, field: str, value: str) -> None:
        if not _LANGUAGE.fullmatch(value):
            self.add(field, "format")

    def licence(self, field: str, value: str | None) -> None:
        if value is not None and not _LICENCE.fullmatch(value):
            self.add(field, "format")

    def address(self, field: str, value: str) -> None:
        if not is_web_address(value):
            self.add(field, "format")

    def year(self, field: str, value: int | None) -> None:
        if value is not None and not FIRST_YEAR <= value <= LAST_YEAR:
            self.add(field, "range")

    def day(self, field: str, value: date | None) -> None:
        self.year(field, None if value is None else value.year)

    def span(self, field: str, start: date | None, end: date | None) -> None:
        """Refuse an end before its start; either may be open."""
        if start is not None and end is not None and end < start:
            self.add(field, "order")

    def sources(self, field: str, sources: Iterable[Source]) -> tuple[Source, ...]:
        """The sources with clean labels; only our own work may go without an address."""
        cleaned = tuple(
            Source(source.url, source.kind, self.line(field, source.label)) for source in sources
        )
        if len(cleaned) > LIST:
            self.add(field, "too-many")
        for source in cleaned:
            if source.url:
                self.address(field, source.url)
            elif source.kind is not SourceKind.OWN or not source.label:
                self.add(field, "required")
        return cleaned

    def _sized(self, field: str, value: str, most: int, required: bool) -> str:
        if required and not value:
            self.add(field, "required")
        if len(value) > most:
            self.add(field, "too-long")
        return value
