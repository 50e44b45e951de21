"""From a text source (Jinja over Markdown) to the tree that the writers walk."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from corpus.seed.recipe.material import (
    EVIDENCE,
    FIGURES,
    SOURCE_KINDS,
    TEXTS,
    Material,
    day_in_words,
    figure_in_words,
    number_in_words,
    source_in_brief,
    source_with_links,
)
from corpus.seed.schema import DocumentLine


def tree(document: DocumentLine, material: Material) -> SyntaxTreeNode:
    """Return the text of ``document``, filled from ``material``.

    Headings, paragraphs, lists, tables and quotes (notes to the reader) are used; a horizontal
    rule asks for a new page. A name that the material does not know is an error.
    """
    environment = Environment(
        loader=FileSystemLoader(TEXTS),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  (Markdown of our own, for files)
    )
    environment.filters |= {
        "day": day_in_words,
        "number": number_in_words,
        "figure": figure_in_words,
        "short_source": source_in_brief,
        "linked": source_with_links,
        "cell": lambda text: text.replace("|", "/"),
    }
    environment.globals |= {
        "evidence_in_words": EVIDENCE,
        "figure_names": FIGURES,
        "source_kinds": SOURCE_KINDS,
    }
    markdown = environment.get_template(f"{document.key}.md").render(m=material, d=document)
    return SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(markdown))
