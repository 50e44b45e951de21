"""What the pages for operators promise is what the program does."""

import re
from pathlib import Path

from indexer.manifest import COLUMNS
from portal.commands.parser import parser

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


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


def test_the_list_of_decisions_has_each_by_its_title() -> None:
    listed = re.findall(
        r"^- \[(\d{4})\. (.+)\]\((.+)\)$", (DOCS / "decisions/README.md").read_text("utf-8"), re.M
    )
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    titles = [page.read_text("utf-8").partition("\n")[0].partition(". ")[2] for page in pages]
    assert listed == [
        (page.name[:4], title, page.name) for page, title in zip(pages, titles, strict=True)
    ]


def test_what_the_pages_say_lies_there() -> None:
    named = re.compile(r"`((?:corpus|indexer|portal|templates|tests|docs)/[\w./-]+)`")
    gone = [
        f"{page.relative_to(ROOT)}: {path}"
        for page in (ROOT / "README.md", *DOCS.rglob("*.md"))
        for path in named.findall(page.read_text("utf-8"))
        if not (ROOT / path).exists()
    ]
    assert gone == []
