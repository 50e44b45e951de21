"""An extract with the text that was recognised on pages that are pictures: pure."""

import re
from dataclasses import replace

from indexer.extract.base import Extract, Recognition
from indexer.extract.finish import ILLEGIBLE, NO_TEXT, only_pictures
from indexer.extract.language import language_of
from indexer.extract.legibility import is_legible
from indexer.extract.titles import first_title

_WORD = re.compile(r"\w+")
_TITLE_LINES = 8


def with_page(extract: Extract, number: int, text: str) -> Extract:
    """The extract with what was recognised on page ``number``; ``text`` is empty for no words.

    Words that the file itself has there, such as a stamp, stay where the picture does not show
    them; wrong letters go.
    """
    now = extract.recognition
    if not text:
        return _changed(extract, replace(now, wordless=(*now.wordless, number)))
    own = extract.pages[number - 1].text
    kept = "" if _words(own) <= _words(text) or not is_legible([own]) else f"{own}\n\n"
    pages = tuple(
        replace(page, text=kept + text) if page.number == number else page for page in extract.pages
    )
    return _changed(
        replace(extract, pages=pages), replace(now, recognised=(*now.recognised, number))
    )


def without_page(extract: Extract, number: int) -> Extract:
    """The extract with the note that page ``number`` could not be recognised."""
    now = extract.recognition
    return _changed(extract, replace(now, failed=(*now.failed, number)))


def concluded(extract: Extract) -> Extract:
    """The extract with what its recognised text says of the whole document."""
    if not extract.without_text or not extract.readable:
        return extract
    texts = [page.text for page in extract.pages]
    first = next(text for text in texts if text).split("\n", _TITLE_LINES)[:_TITLE_LINES]
    return replace(
        extract,
        title=extract.title or first_title((), first),
        language=language_of(texts),
    )


def _changed(extract: Extract, now: Recognition) -> Extract:
    """The extract with ``now``, and warnings of what is still not seen."""
    changed = replace(extract, recognition=now)
    if not changed.readable:
        return changed
    stale = {NO_TEXT, ILLEGIBLE, only_pictures(extract.recognition.unseen)}
    warnings = [warning for warning in extract.warnings if warning not in stale]
    if now.unseen:
        warnings.append(only_pictures(now.unseen))
    return replace(changed, warnings=tuple(warnings))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))
