"""The list that goes with an import: many ways of writing it, one meaning, clear refusals."""

from pathlib import Path

import pytest

from indexer.manifest import COLUMNS, Row, UnusableManifest, plain, read_manifest


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "elenco.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_known_headings_in_any_dress_and_unknown_ones_reported(tmp_path: Path) -> None:
    path = written(
        tmp_path, "FILE,Titolo,Città,Area d'intervento,Colore\na.pdf,Il piano,Roma,,blu\n"
    )
    manifest = read_manifest(path)
    assert manifest.rows == (Row(2, "a.pdf", {"title": "Il piano", "cities": "Roma"}),)
    assert manifest.unknown_columns == ("Colore",)


@pytest.mark.parametrize(
    "content",
    [
        "file;titolo\na.pdf;Città, e altro\n".encode("cp1252"),
        "\ufefffile\ttitolo\r\na.pdf\tCittà, e altro\r\n".encode(),
        'file,titolo\n"a.pdf","Città, e altro"\n'.encode(),
    ],
)
def test_what_spreadsheets_write_is_read_alike(tmp_path: Path, content: bytes) -> None:
    (row,) = read_manifest(written(tmp_path, content)).rows
    assert (row.file, row["title"]) == ("a.pdf", "Città, e altro")


def test_several_values_are_parted_by_semicolon_or_bar(tmp_path: Path) -> None:
    path = written(tmp_path, 'file,citta,argomenti\na.pdf,"Bari; Roma",SUAP|  |PUMS\n')
    (row,) = read_manifest(path).rows
    assert row.values("cities") == ("Bari", "Roma")
    assert row.values("topics") == ("SUAP", "PUMS")
    assert row.values("authors") == ()


def test_lines_without_a_file_are_told_and_empty_lines_are_not(tmp_path: Path) -> None:
    path = written(tmp_path, "file,titolo\n,Orfano\n,\n\na.pdf,Il piano\n")
    manifest = read_manifest(path)
    assert manifest.lines_without_file == (2,)
    assert [row.file for row in manifest.rows] == ["a.pdf"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "colonna «file»"),
        ("titolo,anno\nx,2020\n", "colonna «file»"),
        ("file,titolo,title\na,b,c\n", "Due colonne"),
        (b"%PDF-1.7\0\0\0", "non è un CSV"),
        ("file,titolo\na," + "x" * 200_000, "riga 2"),
    ],
)
def test_a_list_that_cannot_be_used_says_why(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    with pytest.raises(UnusableManifest, match=sentence):
        read_manifest(written(tmp_path, content))


def test_no_heading_has_two_meanings() -> None:
    headings = [heading for synonyms in COLUMNS.values() for heading in synonyms]
    assert len(headings) == len(set(headings))
    assert all(plain(heading) == heading for heading in headings)
