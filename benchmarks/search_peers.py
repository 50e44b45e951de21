"""Other engines with the same documents and the same work a query: ten hits, the total, counts on
five facets, a passage a hit. Each is written as its own documentation advises."""

import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from indexer.engine import Entry, Facet
from indexer.italian import analyse

Ask = Callable[[str], int]  # does all the work of a query; how many results there are


def passage(text: str, words: list[str]) -> list[str]:
    """The cheapest honest passage: some letters around the first word, cut where it stands."""
    found = re.search("|".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    start = max(found.start() - 60, 0) if found else 0
    return re.split(f"({'|'.join(map(re.escape, words))})", text[start : start + 250])


def tantivy_engine(folder: Path, entries: Iterable[Entry]) -> Ask:
    """Build and open an index of tantivy, Italian stems, one thread."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("title", "body"):
        schema.add_text_field(name, stored=True, tokenizer_name="italian")
    for facet in Facet:
        schema.add_text_field(facet.name, tokenizer_name="raw", fast=True)
    folder.mkdir(parents=True)
    index = tantivy.Index(schema.build(), str(folder))
    filters = tantivy.Filter
    analyser = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filters.lowercase())
    for one in (filters.stopword("italian"), filters.stemmer("italian"), filters.ascii_fold()):
        analyser = analyser.filter(one)
    index.register_tokenizer("italian", analyser.build())
    writer = index.writer(heap_size=100_000_000, num_threads=1)
    for entry in entries:
        document = tantivy.Document(id=entry.id, title=entry.title)
        document.add_text("body", "\n".join(page.text for page in entry.pages))
        for facet, values in entry.facets.items():
            for value in values:
                document.add_text(facet.name, value)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    counts = {facet.name: {"terms": {"field": facet.name, "size": 100}} for facet in Facet}

    def ask(text: str) -> int:
        words = _words(text)
        if text.startswith('"'):
            query: Any = index.parse_query(f'"{" ".join(words)}"', ["title", "body"])
        else:
            parts = [(tantivy.Occur.Must, index.parse_query(w, ["title", "body"])) for w in words]
            query = tantivy.Query.boolean_query(parts) if parts else tantivy.Query.all_query()
        found = searcher.search(query, 10, count=True)
        searcher.aggregate(query, counts)
        for _, address in found.hits:
            document = searcher.doc(address)
            passage(document["body"][0], words)
        return int(found.count)

    return ask


def sqlite_engine(folder: Path, entries: Iterable[Entry]) -> Ask:
    """Build and open an FTS5 table, accents folded, no stems, and a table of facet values."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / "fts.sqlite3")
    database.executescript(
        """
        CREATE VIRTUAL TABLE document
            USING fts5(id UNINDEXED, title, body, tokenize="unicode61 remove_diacritics 2");
        CREATE TABLE value(document INTEGER, facet TEXT, value TEXT);
        """
    )
    for number, entry in enumerate(entries, 1):
        body = "\n".join(page.text for page in entry.pages)
        database.execute(
            "INSERT INTO document(rowid, id, title, body) VALUES (?, ?, ?, ?)",
            (number, entry.id, entry.title, body),
        )
        database.executemany(
            "INSERT INTO value VALUES (?, ?, ?)",
            [(number, f.name, v) for f, values in entry.facets.items() for v in values],
        )
    database.execute("CREATE INDEX value_of ON value(document, facet, value)")
    database.execute("INSERT INTO document(document) VALUES ('optimize')")
    database.commit()

    def ask(text: str) -> int:
        words = _words(text)
        phrase = " ".join(words)
        match = f'"{phrase}"' if text.startswith('"') else " ".join(f'"{w}"' for w in words)
        if not words:
            (total,) = database.execute("SELECT count(*) FROM document").fetchone()
            hits = database.execute("SELECT body FROM document ORDER BY rowid DESC LIMIT 10")
            database.execute("SELECT facet, value, count(*) FROM value GROUP BY 1, 2").fetchall()
        else:
            database.execute("CREATE TEMP TABLE IF NOT EXISTS found(number INTEGER PRIMARY KEY)")
            database.execute("DELETE FROM found")
            database.execute(
                "INSERT INTO found SELECT rowid FROM document WHERE document MATCH ?", (match,)
            )
            (total,) = database.execute("SELECT count(*) FROM found").fetchone()
            database.execute(
                "SELECT facet, value, count(*) FROM found JOIN value ON document = number"
                " GROUP BY 1, 2"
            ).fetchall()
            hits = database.execute(
                "SELECT body FROM document WHERE document MATCH ? ORDER BY rank LIMIT 10", (match,)
            )
        for (body,) in hits:
            passage(body, words)
        return int(total)

    return ask


def _words(text: str) -> list[str]:
    """The words of a question as the peers' own tokenisers would cut them."""
    words = re.findall(r"\w+", text)
    if text.startswith('"'):
        return words
    return [word for word in words if any(token.stem for token in analyse(word))]


PEERS: dict[str, Callable[[Path, Iterable[Entry]], Ask]] = {
    "tantivy": tantivy_engine,
    "sqlite fts5": sqlite_engine,
}
