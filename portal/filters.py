"""How values look in templates: dates, sizes, marked text, paragraphs."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from math import log

from flask import Flask
from flask_babel import format_date as babel_date
from flask_babel import format_decimal
from markupsafe import Markup, escape

from indexer.engine import Run
from portal import addresses, labels
from portal.i18n import DEFAULT_LOCALE, current_locale
from portal.i18n import gettext as _

# Controls, except newline and tab, and the characters that turn the direction of text.
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
UNITS = ("byte", "kB", "MB", "GB", "TB")
KILO = 1000  # sizes are told in the units of the International System


def clean(text: str) -> str:
    """The text without control characters and direction overrides."""
    return INVISIBLE.sub("", text)


def number(value: int) -> str:
    """ "1.234": thousands apart, as the interface's language writes them."""
    grouped = f"{value:,}"
    return grouped.replace(",", ".") if current_locale() == DEFAULT_LOCALE else grouped


def file_size(size: int) -> str:
    """ "1,2 MB": bytes as a person reads them."""
    if size < KILO:
        return _("%(size)s byte", size=size)
    power = min(int(log(size, KILO)), len(UNITS) - 1)
    value = size / KILO**power
    return f"{format_decimal(round(value, 1 if value < 10 else 0))} {UNITS[power]}"


def day(value: date | datetime | None) -> str:
    """ "20 settembre 2023", or nothing for None."""
    return "" if value is None else babel_date(value, "d MMMM y")


def marked(runs: Iterable[Run]) -> Markup:
    """Runs as escaped HTML, matched ones in ``mark``."""
    return Markup("").join(
        Markup("<mark>{}</mark>").format(clean(run.text))
        if run.matched
        else escape(clean(run.text))
        for run in runs
    )


def split_paragraphs(runs: Iterable[Run]) -> Iterator[tuple[Run, ...]]:
    """Cut runs where the text has blank lines; a mark across the cut continues after it."""
    paragraph: list[Run] = []
    for run in runs:
        first, *rest = BLANK_LINES.split(run.text)
        if first:
            paragraph.append(Run(first, run.matched))
        for piece in rest:
            if paragraph:
                yield tuple(paragraph)
            paragraph = [Run(piece, run.matched)] if piece else []
    if paragraph:
        yield tuple(paragraph)


def paragraphs(text: str | Iterable[Run]) -> Markup:
    """Plain text or runs as HTML paragraphs; single line ends become spaces."""
    runs = (Run(text),) if isinstance(text, str) else text
    return Markup("\n").join(
        Markup("<p>{}</p>").format(marked(paragraph))
        for paragraph in split_paragraphs(runs)
        if "".join(run.text for run in paragraph).strip()
    )


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        clean=clean,
        file_size=file_size,
        day=day,
        marked=marked,
        paragraphs=paragraphs,
        number=number,
        kind_label=lambda record: labels.KIND[record.kind],
    )
    app.jinja_env.globals.update(
        record_url=addresses.record_url,
        file_url=addresses.file_url,
        reading_url=addresses.reading_url,
    )
