"""HTML: the text that a reader would see, as plain text."""

from html.parser import HTMLParser

from indexer.extract import charset
from indexer.extract.allowance import Allowance, OutOfTime
from indexer.extract.base import Accessibility, FailureKind
from indexer.extract.draft import Draft
from indexer.extract.flow import Flow
from indexer.extract.reasons import unreadable
from indexer.extract.sections import Block, split
from indexer.extract.titles import sane_date

_UNSEEN = {"script", "style", "template", "noscript", "iframe", "object"}
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "dialog"}
    | {"div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr"}
    | {"legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"}
    | {"tbody", "tfoot", "thead", "ul"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DATES = ("dc.date", "dcterms.date", "dcterms.issued", "article:published_time", "date")


def read(content: bytes, allowance: Allowance) -> Draft:
    """Read a page of any quality. Scripts, styles and embedded pages are no text.

    Raises ``corrotto`` when the bytes are no text and ``limite_tempo`` when the markup is made
    to waste time.
    """
    text = _without_open_end(charset.decode(content, markup=True))
    page = _Page()
    try:
        with allowance.at_most(allowance.left):
            page.feed(text)
            page.close()
    except OutOfTime as error:
        raise unreadable(FailureKind.TOO_MUCH_TIME) from error
    pages, outline = split(page.blocks())
    return Draft(
        pages=pages,
        titles=["".join(page.title)],
        authors=page.authors,
        issued=sane_date(page.issued),
        outline=outline,
        accessibility=Accessibility(
            language=page.language or None,
            title=bool("".join(page.title).strip()),
            headings=bool(outline),
            alternative_texts=page.pictures == page.described if page.pictures else None,
        ),
    )


def _without_open_end(text: str) -> str:
    """No tag can end after the last ``>``; the parser would try each ``<`` there in vain."""
    end = text.rfind(">") + 1
    return text[:end] + text[end:].replace("<", " ")


def visible_text(fragment: str) -> str:
    """The words of a piece of HTML."""
    page = _Page()
    page.feed(_without_open_end(fragment))
    page.close()
    return "\n".join(block.text for block in page.blocks())


class _Page(HTMLParser):
    """Gathers text while the tags go by; nesting is counted only where text is unseen."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.authors: list[str] = []
        self.issued = ""
        self.language = ""
        self.pictures = self.described = 0
        self._flow = Flow()
        self._unseen: list[str] = []
        self._in_title = False
        self._open = False  # a paragraph
        self._tables: list[bool] = []  # of the open ones, whether a row is open

    def blocks(self) -> list[Block]:
        self._break()
        return list(self._flow.finish())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "title":
            self._in_title = not self.title
        elif tag == "body":
            self._unseen.clear()
        elif tag == "br":
            self._flow.text("\n")
        elif tag == "table":
            self._break()
            self._tables.append(False)
        elif tag == "tr":
            self._close_row()
            self._flow.open_row()
            self._tables[-1:] = [True]
        elif tag in ("td", "th"):
            self._break()
            self._flow.open_cell()
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._break()
            self._begin(_HEADINGS.get(tag, 0))
        self._facts(tag, dict(attributes[:50]))

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            if tag in self._unseen:
                del self._unseen[self._unseen.index(tag) :]
        elif tag == "title":
            self._in_title = False
        elif tag in ("td", "th"):
            self._break()
            self._flow.close_cell()
        elif tag == "tr":
            self._close_row()
        elif tag == "table" and self._tables:
            self._close_row()
            self._tables.pop()
        elif tag in _HEADINGS or tag in _BLOCKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._unseen:
            if not self._open and data.strip():
                self._begin(0)
            if self._open:
                self._flow.text(" ".join(data.split("\n")))

    def _begin(self, level: int) -> None:
        self._flow.open_paragraph(level)
        self._open = True

    def _break(self) -> None:
        if self._open:
            self._flow.close_paragraph()
            self._open = False

    def _close_row(self) -> None:
        """End the open row of the innermost table, which HTML need not end by itself."""
        self._break()
        if self._tables and self._tables[-1]:
            self._flow.close_row()
            self._tables[-1] = False

    def _facts(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "html":
            self.language = (attributes.get("lang") or "")[:20]
        elif tag == "img":
            self.pictures += 1
            self.described += attributes.get("alt") is not None
        elif tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").lower()
            value = attributes.get("content") or ""
            if name in ("author", "dc.creator", "dcterms.creator"):
                self.authors.append(value)
            elif name in _DATES and not self.issued:
                self.issued = value
