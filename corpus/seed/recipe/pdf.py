"""PDF/UA-1 through Typst: tags, language, title, bookmarks and a linked table of contents."""

from datetime import UTC, datetime, time
from pathlib import Path

import typst
from markdown_it.tree import SyntaxTreeNode

from corpus.seed.recipe.material import day_in_words, issue_day
from corpus.seed.schema import DocumentLine

STYLE = (Path(__file__).resolve().parent / "style.typ").read_text(encoding="utf-8")


def write(document: DocumentLine, text: SyntaxTreeNode, path: Path) -> None:
    """Write ``text`` to ``path``. Only the fonts inside Typst are used (Libertinus, OFL)."""
    day = issue_day(document)
    head = (
        f"{STYLE}\n#show: publication.with(title: {quoted(document.title)}, "
        f"summary: {quoted(document.summary)}, issued: {quoted(day_in_words(day))}, "
        f"day: datetime(year: {day.year}, month: {day.month}, day: {day.day}), "
        f"authors: ({', '.join(quoted(author) for author in document.authors)},))\n"
    )
    source = head + "\n".join(block(node) for node in text.children)
    typst.compile(
        source.encode(),
        output=str(path),
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(datetime.combine(day, time(), UTC).timestamp()),
    )


def quoted(text: str) -> str:
    """A Typst string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def escaped(text: str) -> str:
    """Typst markup that shows exactly ``text`` (but with typographic quotes)."""
    return "".join(f"\\{letter}" if letter in "\\#$*_`<>@[]~=+-/" else letter for letter in text)


def block(node: SyntaxTreeNode) -> str:
    """One block of the tree as Typst markup."""
    match node.type:
        case "heading":
            return f"{'=' * int(node.tag[1])} {inlines(node)}\n"
        case "paragraph":
            return f"{inlines(node)}\n"
        case "bullet_list" | "ordered_list":
            mark = "-" if node.type == "bullet_list" else "+"
            return "\n".join(f"{mark} {entry(child)}" for child in node.children) + "\n"
        case "blockquote":
            return f"#notice[{''.join(block(child) for child in node.children)}]\n"
        case "table":
            return table(node)
        case "hr":
            return "#pagebreak(weak: true)\n"
    raise ValueError(f"no Typst form for {node.type}")


def entry(node: SyntaxTreeNode) -> str:
    """A list entry; what follows its first block is indented below it."""
    return "\n  ".join(block(child).strip().replace("\n", "\n  ") for child in node.children)


def table(node: SyntaxTreeNode) -> str:
    """A table whose first row repeats on every page; the first column takes what it needs."""
    header, *rows = [row for part in node.children for row in part.children]
    lines = [
        f"#grid-of(columns: {len(header.children)}, header: ({cells(header)},),",
        *(f"  {cells(row)}," for row in rows),
        ")\n",
    ]
    return "\n".join(lines)


def cells(row: SyntaxTreeNode) -> str:
    """The cells of a row as Typst content blocks."""
    return ", ".join(f"[{inlines(cell)}]" for cell in row.children)


def inlines(node: SyntaxTreeNode) -> str:
    """The running text inside a block."""
    return "".join(inline(child) for part in node.children for child in part.children)


def inline(node: SyntaxTreeNode) -> str:
    """One piece of running text as Typst markup."""
    inside = "".join(inline(child) for child in node.children)
    match node.type:
        case "text":
            return escaped(node.content)
        case "softbreak":
            return " "
        case "hardbreak":
            return " \\\n"
        case "strong":
            return f"#strong[{inside}]"
        case "em":
            return f"#emph[{inside}]"
        case "code_inline":
            return f"#raw({quoted(node.content)})"
        case "link":
            return f"#link({quoted(str(node.attrs['href']))})[{inside}]"
    raise ValueError(f"no Typst form for {node.type}")
