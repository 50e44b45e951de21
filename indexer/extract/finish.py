"""The last steps of reading, shared by all formats."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.vocabulary import FileFormat
from indexer.engine import PageText
from indexer.extract.base import Extract, FailureKind, Heading, Recognition
from indexer.extract.cleaning import clean, clean_line
from indexer.extract.draft import Draft
from indexer.extract.language import language_of
from indexer.extract.legibility import is_legible
from indexer.extract.limits import Limits
from indexer.extract.reasons import shortened, unreadable
from indexer.extract.titles import first_title, sane_authors, sane_heading

NO_TEXT = "Il file non contiene testo leggibile: probabilmente è una scansione o un'immagine."
ILLEGIBLE = (
    "Il testo del file non è leggibile: i caratteri usati non dicono a quali lettere corrispondono."
)
_HEADINGS = 2_000
_SCANNED_SHARE = 0.8  # of the pages: then their words are stamps and page numbers
_FEWEST_PAGES = 3  # a poster or a form may well be a picture with a caption


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
    usable = _usable(draft, texts)
    if not usable:
        garbled = draft.drawn and _has_words(texts) and not is_legible(texts)
        warnings.append(ILLEGIBLE if garbled else NO_TEXT)
    elif draft.pictures:
        warnings.append(only_pictures(draft.pictures))
    outline = tuple(_headings(draft.outline))
    headlines = _headlines(draft, outline, texts, usable)
    return Extract(
        format=file_format,
        pages=tuple(_pages(texts, draft.labels)),
        unit=draft.unit,
        title=first_title(draft.titles, [*headlines, *_first_lines(draft, texts, usable)]),
        stated_title=first_title(draft.titles, ()),
        headlines=tuple(filter(None, map(sane_heading, headlines))),
        authors=sane_authors(draft.authors),
        issued=draft.issued,
        language=language_of(texts) if usable else "",
        outline=outline,
        accessibility=replace(draft.accessibility, text_layer=any(texts)),
        warnings=tuple(dict.fromkeys(warnings)),
        without_text=not usable,
        recognition=Recognition(tuple(_pictures(draft, usable))),
    )


def _usable(draft: Draft, texts: list[str]) -> bool:
    """Whether there is text worth searching: not only pictures of it, and letters that are."""
    if not _has_words(texts) or (draft.drawn and not is_legible(texts)):
        return False
    scanned = len(draft.pictures) >= len(texts) * _SCANNED_SHARE
    return not (scanned and len(texts) >= _FEWEST_PAGES)


def _pictures(draft: Draft, usable: bool) -> Iterable[int]:
    """The pages to recognise: all of a document whose text is missing or illegible."""
    if not draft.drawn:
        return ()
    return draft.pictures if usable else range(1, len(draft.pages) + 1)


def _has_words(texts: list[str]) -> bool:
    return any(character.isalnum() for text in texts for character in text)


def only_pictures(numbers: Sequence[int]) -> str:
    """The warning for pages of which search sees no words."""
    shown = shortened(numbers)
    which = f"La pagina {shown} è" if len(numbers) == 1 else f"Le pagine {shown} sono"
    return f"{which} quasi soltanto immagine: la ricerca non vede le parole che vi sono scritte."


def _headlines(
    draft: Draft, outline: tuple[Heading, ...], texts: list[str], usable: bool
) -> list[str]:
    """What the layout shows as a title: a heading counts if the text begins with it."""
    if not usable or not draft.title_in_text:
        return []
    start = " ".join(" ".join(_first_lines(draft, texts, usable)).lower().split())
    return [*draft.headlines, *(h.text for h in outline[:2] if h.text.lower() in start)]


def _first_lines(draft: Draft, texts: list[str], usable: bool) -> list[str]:
    if not usable or not draft.title_in_text:
        return []
    return next(text for text in texts if text).split("\n", 8)[:8]


def _pages(texts: list[str], labels: list[str]) -> list[PageText]:
    labels = labels or [""] * len(texts)
    return [
        PageText(number, text, label if label.isalnum() else clean_line(label, 60))
        for number, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
    ]


def _headings(outline: tuple[Heading, ...]) -> list[Heading]:
    cleaned = (replace(heading, text=clean_line(heading.text)) for heading in outline[:_HEADINGS])
    return [heading for heading in cleaned if heading.text]
