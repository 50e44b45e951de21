"""The English catalogue: every sentence of the public pages, with the same places to fill in."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from portal.i18n import TRANSLATIONS

ROOT = Path(__file__).resolve().parents[2]
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as catalogue:
        return read_po(catalogue, "en")


@pytest.fixture(scope="module")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the command of portal/babel.cfg extracts today."""
    extracted = tmp_path_factory.mktemp("pot") / "portal.pot"
    arguments = ["-q", "extract", "-F", str(ROOT / "portal" / "babel.cfg"), "-k", "_l"]
    arguments += ["-k", "lazy_gettext", "-o", str(extracted), str(ROOT)]
    CommandLineInterface().run(["pybabel", *arguments])
    with extracted.open("rb") as found:
        return read_po(found)


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def test_every_sentence_of_the_public_pages_is_there_and_no_other(
    english: Catalog, sentences: Catalog
) -> None:
    wanted = {forms(message.id) for message in messages(sentences)}
    known = {forms(message.id) for message in messages(english)}
    assert sorted(wanted - known) == [], "to translate in portal/translations/en"
    assert sorted(known - wanted) == [], "no longer used"


def test_every_sentence_is_translated(english: Catalog) -> None:
    missing = [m.id for m in messages(english) if not all(forms(m.string)) or m.fuzzy]
    assert missing == []


def test_a_translation_fills_in_the_same_values(english: Catalog) -> None:
    for message in messages(english):
        wanted = {place for form in forms(message.id) for place in PLACE.findall(form)}
        for form in forms(message.string):
            assert set(PLACE.findall(form)) <= wanted, message.id
        assert {p for form in forms(message.string) for p in PLACE.findall(form)} == wanted
