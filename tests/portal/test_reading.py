"""Paragraphs of a page of text: what the layout broke is joined, nothing is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.citations import find
from indexer.engine import Run
from portal.reading import Form, Piece, blocks, cells, paragraphs, pieces, without_leaders

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
    parts = paragraphs([Piece(text)], wrapped)
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
    parts = paragraphs(
        [Piece("uno "), Piece("due\ntre", matched=True), Piece(" quattro")], wrapped=False
    )
    assert parts == (
        (Piece("uno "), Piece("due\n", matched=True)),
        (Piece("tre", matched=True), Piece(" quattro")),
    )


def test_a_heading_over_two_lines_is_one_paragraph_and_a_mere_word_is_not() -> None:
    long = "Un capoverso che occupa per intero la riga e che poi va a capo con altre parole."
    assert texts(f"Bologna: monitorare, apprendere e\nmigliorare\n{long}\n", wrapped=True) == [
        "Bologna: monitorare, apprendere e migliorare",
        long,
    ]
    assert texts(f"Voce\nche cosa si sa\n{long}\n", wrapped=True)[:2] == ["Voce", "che cosa si sa"]


def test_bullets_make_a_list_and_keep_marks_and_laws() -> None:
    text = "Sono due:\n• la l. 56/2014\n▪ il resto\nFine"
    runs = [Run(text[:15]), Run(text[15:17], True), Run(text[17:])]
    found = list(blocks(paragraphs(pieces(runs, find(text)), wrapped=False), tables=True))
    assert [(form, len(parts)) for form, parts in found] == [
        (Form.TEXT, 1),
        (Form.LIST, 2),
        (Form.TEXT, 1),
    ]
    first = found[1][1][0]
    assert "".join(piece.text for piece in first).strip() == "la l. 56/2014"
    assert "".join(piece.text for piece in first if piece.law) == "l. 56/2014"
    assert [piece.text for piece in first if piece.matched] == [text[15:17]]


def test_empty_cells_keep_the_others_under_their_heads() -> None:
    text = "| Anno | Nota\nBari | | da rifare\nRoma | 2022 |"
    (found,) = blocks(paragraphs(pieces([Run(text)], ()), wrapped=False), tables=True)
    rows = [["".join(p.text for p in cell).strip() for cell in cells(row)] for row in found[1]]
    assert rows == [["", "Anno", "Nota"], ["Bari", "", "da rifare"], ["Roma", "2022", ""]]


def test_rows_of_as_many_cells_are_one_table_and_keep_marks() -> None:
    text = "Sigla | Nome\nSUAP | Sportello unico\nUno | due | tre\nFine"
    runs = [Run(text[:13]), Run("SUAP", True), Run(text[17:])]
    found = list(blocks(paragraphs(pieces(runs, ()), wrapped=False), tables=True))
    assert [(form, len(parts)) for form, parts in found] == [
        (Form.TABLE, 2),
        (Form.TEXT, 1),  # a row alone
        (Form.TEXT, 1),
    ]
    table = [cells(row) for row in found[0][1]]
    assert [["".join(piece.text for piece in cell).strip() for cell in row] for row in table] == [
        ["Sigla", "Nome"],
        ["SUAP", "Sportello unico"],
    ]
    assert table[1][0] == (Piece("SUAP", True), Piece(""))
    assert Form.TABLE not in dict(blocks(paragraphs(pieces(runs, ()), wrapped=False), False))


def test_a_row_of_dots_is_one_sign() -> None:
    assert without_leaders(Piece("Indice . . . . . . . . . 3")).text == "Indice … 3"
    assert without_leaders(Piece("E poi...")).text == "E poi..."


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.text("ab .•1\n\r\u2028", max_size=60), st.booleans()), max_size=8),
    st.booleans(),
)
def test_no_letter_is_lost(given_runs: list[tuple[str, bool]], wrapped: bool) -> None:
    runs = [Run(text, matched) for text, matched in given_runs]
    kept = "".join(run.text for part in paragraphs(pieces(runs, ()), wrapped) for run in part)
    assert kept.split() == "".join(text for text, _ in given_runs).split()


def test_a_long_hostile_page_takes_no_time() -> None:
    for text in ("." * 50_000, ". " * 25_000, "\n" * 50_000, "a\n" * 25_000):
        [without_leaders(run) for part in paragraphs([Piece(text)], True) for run in part]
