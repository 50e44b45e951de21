"""How values look in templates: dates, sizes, marked text, paragraphs."""

import re
from collections.abc import Iterable
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
from portal.reading import paragraphs as cut_paragraphs
from portal.reading import without_leaders

# Controls, except newline and tab, and the characters that turn the direction of text.
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
UNITS = ("byte", "kB", "MB", "GB", "TB")
KILO = 1000  # sizes are told in the units of the International System


def clean(text: str) -> str:
    """The text without control characters and direction overrides."""
    return INVISIBLE.sub("", text)


def xml_text(text: str) -> str:
    """The text without the characters that no XML may hold."""
    return NOT_XML.sub("", text)


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


def paragraphs(text: str) -> Markup:
    """Text of a record as HTML paragraphs: blank lines part, single line ends are spaces."""
    parts = (part.strip() for part in BLANK_LINES.split(text))
    return Markup("\n").join(Markup("<p>{}</p>").format(clean(part)) for part in parts if part)


def reading(runs: Iterable[Run], wrapped: bool) -> Markup:
    """A page of a document as HTML paragraphs, matched words marked."""
    return Markup("\n").join(
        Markup("<p>{}</p>").format(marked(map(without_leaders, part)).strip())
        for part in cut_paragraphs(runs, wrapped)
    )


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        clean=clean,
        xml_text=xml_text,
        file_size=file_size,
        day=day,
        marked=marked,
        paragraphs=paragraphs,
        reading=reading,
        number=number,
        kind_label=lambda record: labels.KIND[record.kind],
    )
    app.jinja_env.globals.update(
        record_url=addresses.record_url,
        file_url=addresses.file_url,
        reading_url=addresses.reading_url,
    )
