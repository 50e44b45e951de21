"""Paragraphs of a page of text: what the layout broke is joined, nothing is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Run
from portal.reading import paragraphs, without_leaders

PAGE = """Di che cosa parla questa rassegna
L'area si chiama per intero «Gestione associata dei servizi» e
raccoglie otto soluzioni.
Un altro capoverso che occupa per intero la riga e finisce qui.
A chi serve
• A chi sta pensando a un ufficio comune tra Città e Comuni e a
chi lo ha già.
• Agli altri.
"""


def texts(text: str, wrapped: bool) -> list[str]:
    parts = paragraphs([Run(text)], wrapped)
    return [" ".join("".join(run.text for run in part).split()) for part in parts]


def test_lines_broken_by_the_layout_are_joined() -> None:
    assert texts(PAGE, wrapped=True) == [
        "Di che cosa parla questa rassegna",
        "L'area si chiama per intero «Gestione associata dei servizi» e raccoglie otto soluzioni.",
        "Un altro capoverso che occupa per intero la riga e finisce qui.",
        "A chi serve",
        "• A chi sta pensando a un ufficio comune tra Città e Comuni e a chi lo ha già.",
        "• Agli altri.",
    ]


def test_where_lines_are_the_authors_each_is_a_paragraph() -> None:
    assert texts("Sigle\nSUAP | Sportello unico\n\nAltro\n", wrapped=False) == [
        "Sigle",
        "SUAP | Sportello unico",
        "Altro",
    ]


def test_blank_lines_always_part() -> None:
    long = "parola " * 12
    assert len(texts(f"{long}\n\n{long}\n", wrapped=True)) == 2


def test_a_mark_across_a_cut_continues_after_it() -> None:
    parts = paragraphs([Run("uno "), Run("due\ntre", matched=True), Run(" quattro")], wrapped=False)
    assert parts == (
        (Run("uno "), Run("due\n", matched=True)),
        (Run("tre", matched=True), Run(" quattro")),
    )


def test_a_row_of_dots_is_one_sign() -> None:
    assert without_leaders(Run("Indice . . . . . . . . . 3")).text == "Indice … 3"
    assert without_leaders(Run("E poi...")).text == "E poi..."


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.text("ab .•1\n\r\u2028", max_size=60), st.booleans()), max_size=8),
    st.booleans(),
)
def test_no_letter_is_lost(pieces: list[tuple[str, bool]], wrapped: bool) -> None:
    runs = [Run(text, matched) for text, matched in pieces]
    kept = "".join(run.text for part in paragraphs(runs, wrapped) for run in part)
    assert kept.split() == "".join(text for text, _ in pieces).split()


def test_a_long_hostile_page_takes_no_time() -> None:
    for text in ("." * 50_000, ". " * 25_000, "\n" * 50_000, "a\n" * 25_000):
        [without_leaders(run) for part in paragraphs([Run(text)], True) for run in part]
