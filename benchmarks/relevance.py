"""Relevance beside other engines on the same judged questions, in one run.

    METROPOLI_TEST_DATA=… python -m benchmarks.relevance [--half prova|regolazione] [--engine …]

reads ``ricerca-it`` from the folder of test material. Questions are split by a hash of their id:
the ranking is tuned on one half ("regolazione") and proved on the other ("prova"). Beside every
mean stands its 95 % interval (bootstrap over questions); beside every other engine, by how much
ours is better on the same questions, with the interval of that difference, and on how many
questions each is better. "Radici" are engines that are given our Italian analysis, so that what
is left is the ranking alone.
Engines that are not installed (``benchmarks/requirements.txt``) are left out by name.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from indexer.engine import Entry, PageText, Query
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.italian import analyse
from indexer.relevance import DEPTH, Judged, Outcome, interval, score

Answer = Callable[[str], Sequence[str]]
Documents = list[dict[str, Any]]


def ours(documents: Documents) -> Answer:
    engine = WhooshEngine(None)
    engine.rebuild(
        Entry(
            id=document["id"],
            title=document["titolo"],
            pages=(PageText(1, document["testo"]),),
        )
        for document in documents
    )

    def answer(question: str) -> list[str]:
        page = engine.search(Query(question, size=DEPTH, facets=False, passages=0))
        return [hit.id for hit in page.hits]

    return answer


def stock_whoosh(documents: Documents, analyser: Any = None) -> Answer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh import fields, index, qparser
        from whoosh.analysis import LanguageAnalyzer
    analyser = analyser or LanguageAnalyzer("it")
    schema = fields.Schema(
        id=fields.ID(stored=True), title=fields.TEXT(analyser), body=fields.TEXT(analyser)
    )
    folder = tempfile.mkdtemp()
    opened = index.create_in(folder, schema)
    writer = opened.writer(limitmb=256)
    for document in documents:
        writer.add_document(
            id=document["id"], title=document["titolo"] or " ", body=document["testo"]
        )
    writer.commit()
    searcher = opened.searcher()
    parser = qparser.MultifieldParser(["title", "body"], schema, group=qparser.OrGroup)
    parser.remove_plugin_class(qparser.WildcardPlugin)

    def answer(question: str) -> list[str]:
        found = searcher.search(parser.parse(" ".join(_words(question))), limit=DEPTH)
        return [hit["id"] for hit in found]

    return answer


def sqlite_fts5(documents: Documents) -> Answer:
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE d USING fts5"
        "(id UNINDEXED, title, body, tokenize='unicode61 remove_diacritics 2')"
    )
    database.executemany("INSERT INTO d VALUES (:id, :titolo, :testo)", documents)

    def answer(question: str) -> list[str]:
        wanted = " OR ".join(f'"{word}"' for word in _words(question))
        rows = database.execute(
            "SELECT id FROM d WHERE d MATCH ? ORDER BY bm25(d) LIMIT ?", (wanted, DEPTH)
        )
        return [row[0] for row in rows]

    return answer


def sqlite_on_our_stems(documents: Documents) -> Answer:
    """FTS5 over the stems of our analysis instead of its own words."""
    stemmed = [
        {
            "id": document["id"],
            "titolo": " ".join(_stems(document["titolo"])),
            "testo": " ".join(_stems(document["testo"])),
        }
        for document in documents
    ]
    answer = sqlite_fts5(stemmed)
    return lambda question: answer(" ".join(_stems(question)))


def whoosh_on_our_stems(documents: Documents) -> Answer:
    """Stock Whoosh and its BM25F over the stems of our analysis."""
    stemmed = [
        {
            "id": document["id"],
            "titolo": " ".join(_stems(document["titolo"])),
            "testo": " ".join(_stems(document["testo"])),
        }
        for document in documents
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from whoosh.analysis import RegexTokenizer
    answer = stock_whoosh(stemmed, RegexTokenizer(r"\S+"))
    return lambda question: answer(" ".join(_stems(question)))


def tantivy(documents: Documents) -> Answer:
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="italian")
    opened = library.Index(builder.build())
    filters = library.Filter
    opened.register_tokenizer(
        "italian",
        library.TextAnalyzerBuilder(library.Tokenizer.simple())
        .filter(filters.lowercase())
        .filter(filters.stopword("italian"))
        .filter(filters.stemmer("italian"))
        .build(),
    )
    writer = opened.writer()
    for document in documents:
        writer.add_document(
            library.Document(id=document["id"], title=document["titolo"], body=document["testo"])
        )
    writer.commit()
    opened.reload()
    searcher = opened.searcher()

    def answer(question: str) -> list[str]:
        wanted = opened.parse_query(" ".join(_words(question)), ["title", "body"])
        hits = searcher.search(wanted, DEPTH).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return answer


ENGINES: dict[str, Callable[[Documents], Answer]] = {
    "metropoli": ours,
    "tantivy": tantivy,
    "sqlite fts5": sqlite_fts5,
    "whoosh": stock_whoosh,
    "fts5, radici": sqlite_on_our_stems,
    "whoosh, radici": whoosh_on_our_stems,
}


def half(query_id: str) -> str:
    """Which half a question belongs to; the same on every machine."""
    digest = int(hashlib.sha256(query_id.encode()).hexdigest(), 16)
    return "prova" if digest % 2 else "regolazione"


def main() -> None:
    """Print one table a half and part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("prova", "regolazione"), action="append")
    parser.add_argument("--engine", choices=tuple(ENGINES), action="append")
    chosen = parser.parse_args()
    folder = Path(os.environ["METROPOLI_TEST_DATA"]) / "ricerca-it"
    documents, queries = (_lines(folder / f"{name}.jsonl.gz") for name in ("documents", "queries"))
    answers: dict[str, Answer] = {}
    for name in chosen.engine or ENGINES:
        try:
            answers[name] = ENGINES[name](documents)
        except ImportError as error:
            print(f"{name}: not installed ({error.name})")
    for wanted in chosen.half or ("regolazione", "prova"):
        for part in ("domande", "titoli"):
            _table(
                f"{wanted}, {part}",
                [q for q in queries if half(q["id"]) == wanted and q["insieme"] == part],
                answers,
            )


def _table(heading: str, queries: Documents, answers: dict[str, Answer]) -> None:
    print(f"\n{heading}: {len(queries)} questions")
    print(f"{'':16}{'nDCG@10':^24}{'MRR@10':^24}{'Recall@10':^24}{'ours - theirs, nDCG@10':^40}")
    own: list[float] | None = None
    for name, answer in answers.items():
        outcome = Outcome(
            tuple(
                score(
                    Judged(question=query["testo"], expected=tuple(query["rilevanti"])),
                    answer(query["testo"]),
                )
                for query in queries
            )
        )
        cells = (outcome.ndcg, outcome.reciprocal_rank, outcome.recall)
        row = "".join(f"{c.mean:8.3f} [{c.low:.3f}, {c.high:.3f}]" for c in cells)
        gains = [score.ndcg for score in outcome.scores]
        if own is None:
            own = gains
            print(f"{name:16}{row}")
        else:
            print(f"{name:16}{row}{_difference(own, gains)}")


def _difference(own: list[float], other: list[float]) -> str:
    """By how much the first engine is better question by question, and how often each is."""
    differences = [mine - theirs for mine, theirs in zip(own, other, strict=True)]
    found = interval(differences)
    better = sum(difference > 0 for difference in differences)
    worse = sum(difference < 0 for difference in differences)
    return (
        f"  {found.mean:+.3f} [{found.low:+.3f}, {found.high:+.3f}] better {better}, worse {worse}"
    )


def _stems(text: str) -> list[str]:
    return [token.stem for token in analyse(text) if token.stem]


def _words(question: str) -> list[str]:
    return re.findall(r"\w+", question.lower())


def _lines(path: Path) -> Documents:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


if __name__ == "__main__":
    main()
