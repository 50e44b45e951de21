"""How values look in templates: dates, sizes, marked text, paragraphs."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from math import log

from flask import Flask
from flask_babel import format_date as babel_date
from flask_babel import format_datetime as babel_instant
from flask_babel import format_decimal
from markupsafe import Markup, escape

from corpus.records import CardView, RecordView
from indexer import citations
from indexer.engine import Run
from portal import addresses, labels
from portal.i18n import DEFAULT_LOCALE, current_locale, ngettext
from portal.i18n import gettext as _
from portal.reading import Form, Paragraph, blocks, cells, pieces, text_of, without_leaders
from portal.reading import paragraphs as cut_paragraphs

# Controls, except newline and tab, and the characters that turn the direction of text.
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
WEB_ADDRESS = re.compile(r"https?://(?:www\.)?([^\s/()?#]{4,80})(?:[^\s()]*[^\s().,;:])?")
LINK = Markup('<a href="{}" rel="nofollow">{}</a>')
# The site that is left learns nothing, not even that there was a page before.
LAW = Markup(
    '<a class="portal-law" href="{}" rel="noopener noreferrer nofollow">{}'
    '<span class="visually-hidden"> ({})</span></a>'
)
SCROLLING = Markup(
    '<div class="table-responsive portal-scroll" tabindex="0" role="region" aria-label="{}">'
    "{}</div>"
)
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


def results(count: int) -> str:
    """ "1.234 risultati"."""
    return ngettext("%(num)s risultato", "%(num)s risultati", count, num=number(count))


def file_size(size: int) -> str:
    """ "1,2 MB": bytes as a person reads them."""
    if size < KILO:
        return _("%(size)s byte", size=size)
    power = min(int(log(size, KILO)), len(UNITS) - 1)
    value = size / KILO**power
    return f"{format_decimal(round(value, 1 if value < 10 else 0))} {UNITS[power]}"


def day(value: date | datetime | None) -> str:
    """ "20 settembre 2023", or nothing for None."""
    return "" if value is None else _day(value, current_locale())


@lru_cache(maxsize=4096)
def _day(value: date | datetime, locale: str) -> str:
    # The zone is always that of the settings, and the locale that of this request.
    return babel_date(value, "d MMMM y")


def instant(value: datetime | None) -> str:
    """ "20 settembre 2023, 02:00": a point in time, as clocks in Italy show it; else nothing."""
    return "" if value is None else str(babel_instant(value, "d MMMM y, HH:mm"))


def marked(runs: Iterable[Run]) -> Markup:
    """Runs as escaped HTML, matched ones in ``mark``."""
    # A page of results has some hundred runs: they are escaped one by one and joined once.
    return Markup(  # noqa: S704
        "".join(
            f"<mark>{escape(clean(text))}</mark>" if matched else escape(clean(text))
            for text, matched in runs
        )
    )


def linked(text: str) -> Markup:
    """Text of a record whose web addresses are links, called by the name of their site."""
    parts, reached = [], 0
    text = clean(text)
    for found in WEB_ADDRESS.finditer(text):
        parts += [escape(text[reached : found.start()]), LINK.format(found[0], found[1])]
        reached = found.end()
    return Markup("").join((*parts, escape(text[reached:])))


def language(record: RecordView | CardView) -> Markup:
    """The ``lang`` attribute of what a record says, where that is not the page's language."""
    if record.language == current_locale():
        return Markup("")
    return Markup(' lang="{}"').format(record.language)


def italian() -> Markup:
    """The ``lang`` attribute of texts of the collection that exist in Italian only."""
    return Markup("") if current_locale() == DEFAULT_LOCALE else Markup(' lang="it"')


def paragraphs(text: str) -> Markup:
    """Text of a record as HTML paragraphs: blank lines part, single line ends are spaces."""
    parts = (part.strip() for part in BLANK_LINES.split(text))
    return Markup("\n").join(Markup("<p>{}</p>").format(clean(part)) for part in parts if part)


def lead(record: RecordView) -> Markup:
    """The summary under the title of a page: formatted where staff have formatted it."""
    spoken = language(record)
    if record.summary_html:
        html = Markup(record.summary_html)  # noqa: S704  two allow-lists passed over it when saved
        return Markup('<div class="lead"{}>{}</div>').format(spoken, html)
    if not record.summary:
        return Markup()
    return Markup('<p class="lead"{}>{}</p>').format(spoken, record.summary)


def reading(runs: Iterable[Run], unit: str, headings: Iterable[str] = ()) -> Markup:
    """A page of a document as HTML: words marked, laws linked, lists, tables and headings told.

    ``headings``: what the outline of the file says of this page.
    """
    runs = tuple(runs)
    titles = {_plain(heading) for heading in headings}
    laws = citations.find("".join(run.text for run in runs))
    parts = cut_paragraphs(pieces(runs, laws), wrapped=unit == "pagina")
    html: list[Markup] = []
    tables = 0
    for form, members in blocks(parts, tables=unit == "sezione"):
        if form is Form.LIST:
            html.append(_wrapped("ul", (_wrapped("li", [_inline(part)]) for part in members)))
        elif form is Form.TABLE:
            tables += 1
            html.append(_table(members, _("Tabella %(number)s", number=tables)))
        else:
            html += [_paragraph(part, _plain(text_of(part)) in titles) for part in members]
    return Markup("\n").join(html)


def _plain(text: str) -> str:
    """What makes two writings of a heading the same."""
    return " ".join(text.split()).casefold()


def _paragraph(part: Paragraph, heading: bool) -> Markup:
    if heading:
        return _wrapped("h2", [_inline(part)], ' class="h5"')
    return _wrapped("p", [_inline(part)])


def _wrapped(tag: str, inside: Iterable[Markup], attributes: str = "") -> Markup:
    """``inside`` in an element of ours; ``attributes`` are ours, too."""
    start = Markup(f"<{tag}{attributes}>")  # noqa: S704
    return start + Markup("").join(inside) + Markup(f"</{tag}>")  # noqa: S704


def _table(rows: Sequence[Paragraph], name: str) -> Markup:
    """Rows of cells, the first one as the heads of the columns; it scrolls by itself."""
    heads, *others = (list(map(_inline, cells(row))) for row in rows)
    columns = (
        _wrapped("th", [cell], ' scope="col"') if cell else _wrapped("td", []) for cell in heads
    )
    body = (_wrapped("tr", (_wrapped("td", [cell]) for cell in row)) for row in others)
    head = _wrapped("thead", [_wrapped("tr", columns)])
    table = _wrapped("table", [head, _wrapped("tbody", body)], ' class="table"')
    return SCROLLING.format(name, table)


def _inline(part: Paragraph) -> Markup:
    html = Markup("")
    for law, members in groupby(map(without_leaders, part), key=lambda piece: piece.law):
        text = marked(Run(piece.text, piece.matched) for piece in members)
        html += text if law is None else _law(law, text)
    return html.strip()


def _law(law: citations.Citation, text: Markup) -> Markup:
    """A citation as a link to the act, which says that it leads out of the portal."""
    site = "EUR-Lex" if "europa.eu" in law.url else "Normattiva"
    where = _("su %(site)s, sito esterno", site=site)
    return LAW.format(law.url, text, where)


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        clean=clean,
        xml_text=xml_text,
        file_size=file_size,
        day=day,
        instant=instant,
        language=language,
        lead=lead,
        linked=linked,
        marked=marked,
        paragraphs=paragraphs,
        reading=reading,
        number=number,
        results=results,
        kind_label=lambda record: labels.KIND[record.kind],
        area_label=labels.area_label,
        area_short=labels.area_short,
    )
    app.jinja_env.globals.update(
        italian=italian,
        record_url=addresses.record_url,
        file_url=addresses.file_url,
        reading_url=addresses.reading_url,
        compare_url=lambda *records: addresses.selection_url(
            (record.public_id for record in records), addresses.COMPARISON
        ),
    )
