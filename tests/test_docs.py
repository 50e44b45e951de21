"""What the pages for operators promise is what the program does."""

import re
from pathlib import Path

from indexer.manifest import COLUMNS
from portal.commands.parser import parser

DOCS = Path(__file__).resolve().parent.parent / "docs"


def table_rows(page: str) -> list[tuple[str, str]]:
    text = (DOCS / page).read_text("utf-8")
    return re.findall(r"^\| `([^`]+)` \| ?([^|]*?) ?\|$", text, re.MULTILINE)


def test_every_column_of_a_list_is_explained_with_its_other_names() -> None:
    explained = {
        name: tuple(filter(None, rest.split(", "))) for name, rest in table_rows("importare.md")
    }
    assert explained == {headings[0]: headings[1:] for headings in COLUMNS.values()}


def test_every_command_is_explained() -> None:
    commands = next(a for a in parser()._actions if a.dest == "command" or a.choices)
    assert commands.choices is not None
    explained = {name for name, _ in table_rows("gestione.md")} - {"METROPOLI_TEXTS"}
    assert set(commands.choices) <= explained
