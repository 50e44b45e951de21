"""Markdown of staff becomes safe HTML, and a body's own legal texts replace ours."""

from pathlib import Path

import pytest

from portal.app import create_app
from portal.richtext import LENGTH, TextTooLong, render, summary
from portal.services import open_services
from tests.portal.house import settings
from tests.portal.pages_checker import check_page


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "<a href='data:text/html,x'>x</a>",
        '<p style="position:fixed">x</p>',
    ],
)
def test_nothing_that_runs_comes_through(hostile: str) -> None:
    html = render(hostile)
    assert "<script" not in html
    assert "<img" not in html
    assert "<a href=" not in html
    assert "<p style" not in html


def test_ordinary_markdown_keeps_its_structure() -> None:
    html = render("## Titolo\n\nUn [sito](https://example.org) e *corsivo*.\n\n- uno\n- due")
    assert "<h2>Titolo</h2>" in html
    assert '<a href="https://example.org">sito</a>' in html
    assert html.count("<li>") == 2


def test_a_text_too_long_is_refused() -> None:
    with pytest.raises(TextTooLong):
        render("a" * (LENGTH + 1))


def test_a_body_shows_its_own_legal_text(tmp_path: Path) -> None:
    (tmp_path / "privacy.md").write_text("Titolare: **Ente di prova** <b>x</b>", "utf-8")
    services = open_services(settings(tmp_path / "casa", texts=tmp_path))
    client = create_app(services=services).test_client()
    page = client.get("/privacy").text
    check_page(page)
    assert "<strong>Ente di prova</strong> &lt;b&gt;x&lt;/b&gt;" in page
    assert "Licenza dei contenuti" in client.get("/note-legali").text


def test_a_summary_has_no_headings_and_a_plain_form() -> None:
    written = summary("# Titolo\n\nUn **fatto** & un [sito](https://example.org).\n\n- uno\n- due")
    assert "<h" not in written.html
    assert "<strong>fatto</strong>" in written.html
    assert "Un fatto & un sito." in written.plain
    assert "uno\ndue" in written.plain
    assert "<" not in written.plain


def test_the_plain_form_of_a_summary_keeps_what_looks_like_markup() -> None:
    assert summary("2 < 3 e <b>non è grassetto</b>").plain == "2 < 3 e <b>non è grassetto</b>"
