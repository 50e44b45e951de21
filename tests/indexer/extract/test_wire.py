"""Answers of the reading process arrive whole, and wrong ones do no harm."""

import json
from datetime import date

import pytest

from corpus.vocabulary import FileFormat
from indexer.engine import PageText
from indexer.extract import wire
from indexer.extract.base import Accessibility, Extract, FailureKind, Heading, Unreadable

EXTRACT = Extract(
    format=FileFormat.PDF,
    pages=(PageText(1, "Perché «città»\n😀", "i"), PageText(2, "", "ii")),
    unit="pagina",
    title="<b>Titolo</b>",
    authors=("Ada Neri",),
    issued=date(2024, 3, 5),
    language="it",
    outline=(Heading(1, "Capo", 2), Heading(2, "Senza pagina")),
    accessibility=Accessibility(tagged=True, language="it-IT", title=False, text_layer=True),
    warnings=("Attenzione.",),
)


def test_an_extract_comes_back_equal() -> None:
    assert wire.decode(wire.encode(EXTRACT)) == (EXTRACT, "")


def test_a_failure_comes_back_with_its_detail_apart() -> None:
    sent = Unreadable(FailureKind.CORRUPT, "Il file è danneggiato.")
    failure, detail = wire.decode(wire.encode_failure(sent, "Traceback"))
    assert isinstance(failure, Unreadable)
    assert (failure.kind, failure.message, detail) == (sent.kind, sent.message, "Traceback")


def changed(**values: object) -> bytes:
    plain = json.loads(wire.encode(EXTRACT))
    plain["extract"].update(values)
    return json.dumps(plain).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b"[1]",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"failure": {"kind": "altro", "message": "x", "detail": ""}}',
        changed(format="exe"),
        changed(pages=[["testo", 3]]),
        changed(pages=[[["annidato"], ""]]),
        changed(title=None),
        changed(issued="domani"),
        changed(accessibility={"language": "it", "tagged": "yes"}),
        changed(outline=[{"level": "x", "text": "a", "page": None}]),
    ],
)
def test_an_answer_of_the_wrong_shape_is_a_damaged_file(answer: bytes) -> None:
    failure, detail = wire.decode(answer)
    assert isinstance(failure, Unreadable)
    assert failure.kind is FailureKind.CORRUPT
    assert detail
