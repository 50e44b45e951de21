"""The rules that every page of the site keeps, checked on every page that a test fetches."""

from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

import html5lib

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
NEED_LABEL = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


class Elements(HTMLParser):
    """Every element with the text inside it, in order of opening."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.found.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.found if element.tag in tags]


def check_page(html: str, language: str = "it") -> None:
    """Raise AssertionError with the rule that the page breaks."""
    html5lib.HTMLParser(strict=True).parse(html)
    page = Elements(html)
    _check_frame(page, language)
    _check_ids_and_labels(page)
    _check_nothing_inline(page)
    _check_forms_and_links(page)


def _check_frame(page: Elements, language: str) -> None:
    assert [e.attributes.get("lang") for e in page.all("html")] == [language]
    headings = [" ".join(e.text.split()) for e in page.all("h1")]
    assert len(headings) == 1, f"h1: {headings}"
    title = " ".join(page.all("title")[0].text.split())
    title = title.removeprefix("Errore: ").removeprefix("Error: ")  # of a form sent back
    assert title.startswith(headings[0]), f"title «{title}» does not begin with «{headings[0]}»"
    levels = [int(e.tag[1]) for e in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
    assert not jumps, f"heading levels jump: {levels}"
    assert len(page.all("main")) == 1


def _check_ids_and_labels(page: Elements) -> None:
    ids = [e.attributes["id"] for e in page.found if "id" in e.attributes]
    assert not [id for id, times in Counter(ids).items() if times > 1], "an id is used twice"
    for element in page.found:
        for name in ("aria-labelledby", "aria-describedby", "for", "form"):
            for wanted in element.attributes.get(name, "").split():
                assert wanted in ids, f"{name} names #{wanted}, which is not there"
    labelled = {e.attributes.get("for") for e in page.all("label")}
    for field in page.all(*NEED_LABEL):
        if field.attributes.get("type") not in NO_LABEL:
            assert field.attributes.get("id") in labelled, f"no label: {field}"
    for element in page.all("a", "button", "summary"):
        assert element.text.strip(), f"no words: {element}"


def _check_nothing_inline(page: Elements) -> None:
    assert not page.all("style"), "inline style sheet"
    for script in page.all("script"):
        kind = script.attributes.get("type", "")
        assert "src" in script.attributes or kind == "application/ld+json", "inline script"
    for element in page.found:
        handlers = [name for name in element.attributes if name.startswith("on")]
        assert not handlers, f"inline code: {element}"
        assert "style" not in element.attributes, f"inline style: {element}"


def _check_forms_and_links(page: Elements) -> None:
    for form in page.all("form"):
        if form.attributes.get("method") != "dialog":
            assert form.attributes.get("action"), f"no action: {form}"
    for link in page.all("a"):
        address = link.attributes.get("href", "")
        assert address not in ("", "#"), f"leads nowhere: {link}"
        assert not address.startswith("javascript:"), f"runs code: {link}"
    for element in page.all("script", "link", "img", "iframe", "source"):
        source = element.attributes.get("src") or element.attributes.get("href", "")
        if element.attributes.get("rel") not in ("canonical", "license", "alternate"):
            assert not source.startswith(("http:", "https:", "//")), f"third party: {element}"
