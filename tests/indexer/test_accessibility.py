"""The level of accessibility of a file, by the facts that its reader found."""

from dataclasses import replace

import pytest

from corpus.vocabulary import FileFormat
from indexer.accessibility import Check, Level, checks, level
from indexer.derived import FileFacts
from indexer.extract.base import Accessibility

GOOD = FileFacts(
    format=FileFormat.PDF,
    page_count=30,
    unit="pagina",
    title="",
    stated_title="",
    headlines=(),
    authors=(),
    issued=None,
    language="it",
    outline=(),
    accessibility=Accessibility(
        tagged=True,
        language="it-IT",
        title=True,
        text_layer=True,
        bookmarks=True,
        alternative_texts=True,
    ),
    warnings=(),
    without_text=False,
)


def changed(**facts: object) -> FileFacts:
    return replace(GOOD, accessibility=replace(GOOD.accessibility, **facts))  # type: ignore[arg-type]


def test_a_file_that_passes_everything_has_no_known_problem() -> None:
    assert level(GOOD) is Level.GOOD


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(GOOD, without_text=True), Level.POOR),
        (changed(tagged=False), Level.POOR),
        (changed(title=False), Level.PARTIAL),
        (changed(language=None), Level.PARTIAL),
        (changed(bookmarks=False), Level.PARTIAL),
        (changed(alternative_texts=False), Level.PARTIAL),
        (changed(alternative_texts=None), Level.GOOD),
    ],
)
def test_one_lack_is_enough_to_lower_the_level(facts: FileFacts, expected: Level) -> None:
    assert level(facts) is expected


def test_only_long_documents_need_bookmarks() -> None:
    short = replace(changed(bookmarks=False), page_count=5)
    assert level(short) is Level.GOOD


def test_a_text_file_is_only_asked_for_text() -> None:
    plain = replace(GOOD, format=FileFormat.TEXT, accessibility=Accessibility())
    assert [checked.check for checked in checks(plain)] == [Check.TEXT]
    assert level(plain) is Level.GOOD


def test_a_long_word_document_needs_headings() -> None:
    word = replace(changed(headings=False, tagged=None), format=FileFormat.DOCX, page_count=4)
    assert Check.HEADINGS in {checked.check for checked in checks(word) if not checked.passed}
    assert level(word) is Level.PARTIAL
