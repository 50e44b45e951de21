"""The last steps of reading, shared by all formats."""

from dataclasses import replace

from corpus.vocabulary import FileFormat
from indexer.engine import PageText
from indexer.extract.base import Extract, FailureKind, Heading
from indexer.extract.cleaning import clean, clean_line
from indexer.extract.draft import Draft
from indexer.extract.language import language_of
from indexer.extract.legibility import is_legible
from indexer.extract.limits import Limits
from indexer.extract.reasons import unreadable
from indexer.extract.titles import first_sane, sane_authors

NO_TEXT = "Il file non contiene testo leggibile: probabilmente è una scansione o un'immagine."
ILLEGIBLE = (
    "Il testo del file non è leggibile: i caratteri usati non dicono a quali lettere corrispondono."
)
_HEADINGS = 2_000


def finish(file_format: FileFormat, draft: Draft, limits: Limits) -> Extract:
    """Clean the text, judge it, and fill what the file does not say by itself.

    Raises ``limite_pagine`` or ``limite_espansione`` beyond the limits of pages and characters.
    """
    if len(draft.pages) > limits.pages and draft.unit == "pagina":
        raise unreadable(FailureKind.TOO_MANY_PAGES)
    if sum(map(len, draft.pages)) > limits.characters:
        raise unreadable(FailureKind.TOO_MUCH_EXPANSION)
    texts = [clean(text) for text in draft.pages]
    warnings = list(draft.warnings)
    legible = is_legible(texts)
    if not legible:
        warnings.append(ILLEGIBLE if any(texts) else NO_TEXT)
    outline = tuple(_headings(draft.outline))
    titles = [*draft.titles, *(heading.text for heading in outline[:1])]
    if legible:
        titles += _first_lines(texts)
    has_text = any(texts)
    return Extract(
        format=file_format,
        pages=tuple(_pages(texts, draft.labels)),
        unit=draft.unit,
        title=first_sane(titles),
        authors=sane_authors(draft.authors),
        issued=draft.issued,
        language=language_of(texts) if legible else "",
        outline=outline,
        accessibility=replace(draft.accessibility, text_layer=has_text),
        warnings=tuple(dict.fromkeys(warnings)),
        without_text=not legible,
    )


def _pages(texts: list[str], labels: list[str]) -> list[PageText]:
    labels = labels or [""] * len(texts)
    return [
        PageText(number, text, clean_line(label, 60))
        for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
    ]


def _headings(outline: tuple[Heading, ...]) -> list[Heading]:
    cleaned = (replace(heading, text=clean_line(heading.text)) for heading in outline[:_HEADINGS])
    return [heading for heading in cleaned if heading.text]


def _first_lines(texts: list[str]) -> list[str]:
    first = next((text for text in texts if text), "")
    return first.split("\n", 6)[:5]
