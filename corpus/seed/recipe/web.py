"""HTML in one file: language, title, one main heading, a contents list with working links."""

from html import escape
from pathlib import Path

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from corpus.seed.recipe.material import day_in_words, issue_day
from corpus.seed.schema import DocumentLine

STYLE = """
body { max-width: 46rem; margin: 0 auto; padding: 1.5rem; color: #17324d; background: #fff;
  font: 1.05rem/1.6 "Titillium Web", Arial, sans-serif; }
h1, h2, h3 { line-height: 1.25; }
a { color: #0055aa; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #b9c6d3; padding: .4rem .5rem; text-align: left;
  vertical-align: top; }
thead th { background: #e8f0f8; }
blockquote { margin: 1rem 0; padding: .6rem 1rem; border-left: 4px solid #0055aa;
  background: #e8f0f8; }
"""


def write(document: DocumentLine, text: SyntaxTreeNode, path: Path) -> None:
    """Write ``text`` to ``path``."""
    day = issue_day(document)
    contents = []
    for number, node in enumerate(node for node in text.children if node.tag == "h2"):
        _opening(node).attrSet("id", f"parte-{number + 1}")
        words = "".join(part.content for part in node.children)
        contents.append(f'<li><a href="#parte-{number + 1}">{escape(words)}</a></li>')
    body = RendererHTML().render(text.to_tokens(), {}, {})  # type: ignore[arg-type]
    page = f"""<!DOCTYPE html>
<html lang="it">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(document.title)}</title>
<meta name="description" content="{escape(document.summary)}">
<meta name="author" content="{escape(", ".join(document.authors))}">
<meta name="dcterms.issued" content="{document.issued}">
<meta name="dcterms.license" content="https://creativecommons.org/licenses/by/4.0/">
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{escape(document.title)}</h1>
<p>{escape(document.summary)}</p>
<p>{escape(", ".join(document.authors))}, {day_in_words(day)}. Licenza CC-BY-4.0.</p>
</header>
<nav aria-labelledby="indice">
<h2 id="indice">Indice</h2>
<ul>
{chr(10).join(contents)}
</ul>
</nav>
<main>
{body}</main>
</body>
</html>
"""
    path.write_text(page.replace("<th>", '<th scope="col">'), encoding="utf-8")


def _opening(node: SyntaxTreeNode) -> Token:
    if node.nester_tokens is None:
        raise ValueError(f"{node.type} has no opening tag")
    return node.nester_tokens.opening
