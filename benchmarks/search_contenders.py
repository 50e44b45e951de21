"""Search engines that do the same work on the same documents.

Each answers a question with ten hits, the total, the counts of five facets (a facet's own ticks
ignored, the others' kept) and a passage a hit, and is written as its own documentation advises.

- ``metropoli``: our engine, which also reads stems and words as typed, scores how near the words
  stand and the best page, and cuts passages at words. Its helps (synonyms, corrections) are off.
- ``tantivy``: Italian stems, one thread; passages are letters around the first word (``passage``).
- ``tantivy snippet``: the same with tantivy's own generator of passages.
- ``sqlite fts5``: accents folded, no stems; the same ``passage``.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from indexer.engine import Entry, Facet, Query
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.italian import analyse

HITS = 10
_SUGGESTED = 8


@dataclass(frozen=True)
class Question:
    """``text`` in double quotes is a phrase; without text, the newest documents are listed.

    Of a text where ``some_suffice`` not every word is required.
    """

    text: str = ""
    filters: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    some_suffice: bool = False


class Contender(Protocol):
    """One engine on one folder. Anybody may build it; whoever asks opens it first."""

    def build(self, folder: Path, entries: Iterable[Entry]) -> None: ...

    def open(self, folder: Path) -> None: ...

    def ask(self, question: Question) -> int:
        """Do all the work of a question; how many results it has."""
        ...

    def suggest(self, prefix: str) -> int:
        """Find titles with a word that begins so; how many."""
        ...

    def change(self, entry: Entry) -> None:
        """Replace an entry; the next question finds it changed."""
        ...


class Metropoli:
    def build(self, folder: Path, entries: Iterable[Entry]) -> None:
        WhooshEngine(folder).rebuild(entries)

    def open(self, folder: Path) -> None:
        self._engine = WhooshEngine(folder)

    def ask(self, question: Question) -> int:
        query = Query(
            question.text,
            question.filters,
            page=question.page,
            size=HITS,
            passages=1,
            expand=False,
            correct=False,
            relax=question.some_suffice,
        )
        return self._engine.search(query).total

    def suggest(self, prefix: str) -> int:
        return len(self._engine.suggest(prefix, _SUGGESTED))

    def change(self, entry: Entry) -> None:
        self._engine.apply([entry])


class Tantivy:
    def build(self, folder: Path, entries: Iterable[Entry]) -> None:
        index = self._index(folder)
        writer = index.writer(heap_size=100_000_000, num_threads=1)
        for entry in entries:
            writer.add_document(self._document(entry))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._opened = self._index(folder)
        self._searcher = self._opened.searcher()
        self._writer: Any = None

    def _index(self, folder: Path) -> Any:
        import tantivy

        self._tantivy = tantivy
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in ("title", "body"):
            schema.add_text_field(name, stored=True, tokenizer_name="italian")
        schema.add_unsigned_field("issued", fast=True)
        for facet in Facet:
            schema.add_text_field(facet.name, tokenizer_name="raw", fast=True)
        self._schema = schema.build()
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(self._schema, str(folder), reuse=True)
        filters = tantivy.Filter
        words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(filters.lowercase())
        for one in (filters.stopword("italian"), filters.stemmer("italian"), filters.ascii_fold()):
            words = words.filter(one)
        index.register_tokenizer("italian", words.build())
        return index

    def _document(self, entry: Entry) -> Any:
        document = self._tantivy.Document(id=entry.id, title=entry.title)
        document.add_text("body", _body(entry))
        document.add_unsigned("issued", entry.issued.toordinal() if entry.issued else 0)
        for facet, values in entry.facets.items():
            for value in values:
                document.add_text(facet.name, value)
        return document

    def ask(self, question: Question) -> int:
        words = _words(question.text)
        asked = self._asked(question, words)
        filters = {facet: self._ticked(facet, v) for facet, v in question.filters.items()}
        query = self._all_of([asked, *filters.values()])
        if words:
            found = self._searcher.search(query, HITS, count=True, offset=_first(question))
        else:
            found = self._searcher.search(
                query, HITS, count=True, offset=_first(question), order_by_field="issued"
            )
        self._searcher.aggregate(query, _counts(facet for facet in Facet if facet not in filters))
        for facet in filters:
            others = [other for ticked, other in filters.items() if ticked is not facet]
            self._searcher.aggregate(self._all_of([asked, *others]), _counts([facet]))
        self._show(asked, [self._searcher.doc(address) for _, address in found.hits], words)
        return int(found.count)

    def _asked(self, question: Question, words: list[str]) -> Any:
        fields = ["title", "body"]
        if question.text.startswith('"'):
            return self._opened.parse_query(f'"{" ".join(words)}"', fields)
        occur = self._tantivy.Occur.Should if question.some_suffice else self._tantivy.Occur.Must
        parts = [(occur, self._opened.parse_query(word, fields)) for word in words]
        query = self._tantivy.Query
        return query.boolean_query(parts) if parts else query.all_query()

    def _ticked(self, facet: Facet, values: tuple[str, ...]) -> Any:
        query, should = self._tantivy.Query, self._tantivy.Occur.Should
        return query.boolean_query(
            [(should, query.term_query(self._schema, facet.name, value)) for value in values]
        )

    def _all_of(self, queries: list[Any]) -> Any:
        if len(queries) == 1:
            return queries[0]
        must = self._tantivy.Occur.Must
        return self._tantivy.Query.boolean_query([(must, query) for query in queries])

    def _show(self, asked: Any, documents: list[Any], words: list[str]) -> None:
        for document in documents:
            passage(document["body"][0], words)

    def suggest(self, prefix: str) -> int:
        query = self._tantivy.Query.regex_query(self._schema, "title", f"{prefix.lower()}.*")
        found = self._searcher.search(query, _SUGGESTED)
        return len([self._searcher.doc(address)["title"][0] for _, address in found.hits])

    def change(self, entry: Entry) -> None:
        if self._writer is None:
            self._writer = self._opened.writer(heap_size=100_000_000, num_threads=1)
        self._writer.delete_documents("id", entry.id)
        self._writer.add_document(self._document(entry))
        self._writer.commit()
        self._opened.reload()
        self._searcher = self._opened.searcher()


class TantivySnippet(Tantivy):
    def _show(self, asked: Any, documents: list[Any], words: list[str]) -> None:
        create = self._tantivy.SnippetGenerator.create
        generator = create(self._searcher, asked, self._schema, "body")
        for document in documents:
            generator.snippet_from_doc(document).to_html()


class SqliteFts5:
    def build(self, folder: Path, entries: Iterable[Entry]) -> None:
        folder.mkdir(parents=True)
        self.open(folder)
        self._database.executescript(
            """
            CREATE VIRTUAL TABLE document
                USING fts5(id UNINDEXED, title, body, tokenize="unicode61 remove_diacritics 2");
            CREATE TABLE day(document INTEGER PRIMARY KEY, issued INTEGER);
            CREATE TABLE value(document INTEGER, facet TEXT, value TEXT);
            """
        )
        for number, entry in enumerate(entries, 1):
            self._add(number, entry)
        self._database.executescript(
            """
            CREATE INDEX day_order ON day(issued);
            CREATE INDEX value_of ON value(document, facet, value);
            INSERT INTO document(document) VALUES ('optimize');
            """
        )
        self._database.commit()

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts.sqlite3")
        for number in range(len(Facet) + 1):
            self._database.execute(f"CREATE TEMP TABLE found{number}(number INTEGER PRIMARY KEY)")

    def _add(self, number: int, entry: Entry) -> None:
        add = self._database.execute
        add(
            "INSERT INTO document(rowid, id, title, body) VALUES (?, ?, ?, ?)",
            (number, entry.id, entry.title, _body(entry)),
        )
        issued = entry.issued.toordinal() if entry.issued else 0
        add("INSERT OR REPLACE INTO day VALUES (?, ?)", (number, issued))
        for facet, values in entry.facets.items():
            for value in values:
                add("INSERT INTO value VALUES (?, ?, ?)", (number, facet.name, value))

    def ask(self, question: Question) -> int:
        words = _words(question.text)
        quoted = f'"{" ".join(words)}"'
        joined = (" OR " if question.some_suffice else " ").join(f'"{word}"' for word in words)
        match = quoted if question.text.startswith('"') else joined
        total = self._find("found0", match, question.filters)
        self._count("found0", [facet for facet in Facet if facet not in question.filters])
        for number, facet in enumerate(question.filters, 1):
            others = {f: values for f, values in question.filters.items() if f is not facet}
            self._find(f"found{number}", match, others)
            self._count(f"found{number}", [facet])
        hits = self._database.execute(
            "SELECT body FROM document WHERE document MATCH ? AND +rowid IN"
            " (SELECT number FROM found0) ORDER BY rank LIMIT ? OFFSET ?"
            if match
            else "SELECT body FROM document WHERE ? = '' AND rowid IN (SELECT number FROM found0"
            " JOIN day ON document = number ORDER BY issued DESC LIMIT ? OFFSET ?)",
            (match, HITS, _first(question)),
        )
        for (body,) in hits:
            passage(body, words)
        return total

    def _find(self, table: str, match: str, filters: Mapping[Facet, tuple[str, ...]]) -> int:
        """Fill ``table`` with what passes; how many."""
        conditions = ["document MATCH ?"] if match else []
        parameters = [match] if match else []
        for facet, values in filters.items():
            marks = ", ".join("?" * len(values))
            conditions.append(
                "rowid IN (SELECT document FROM value WHERE facet = ?"  # noqa: S608  only marks
                f" AND value IN ({marks}))"
            )
            parameters += [facet.name, *values]
        self._database.execute(f"DELETE FROM {table}")  # noqa: S608  our own name
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        found = self._database.execute(
            f"INSERT INTO {table} SELECT rowid FROM document{where}",  # noqa: S608
            parameters,
        )
        return found.rowcount

    def _count(self, table: str, facets: list[Facet]) -> None:
        self._database.execute(
            f"SELECT facet, value, count(*) FROM {table} JOIN value ON document = number"  # noqa: S608
            f" WHERE facet IN ({', '.join('?' * len(facets))}) GROUP BY 1, 2",
            [facet.name for facet in facets],
        ).fetchall()

    def suggest(self, prefix: str) -> int:
        titles = self._database.execute(
            "SELECT title FROM document WHERE document MATCH ? ORDER BY rank LIMIT ?",
            (f'title : "{prefix}" *', _SUGGESTED),
        )
        return len(titles.fetchall())

    def change(self, entry: Entry) -> None:
        number = int(entry.id.removeprefix("doc")) + 1
        self._database.execute("DELETE FROM document WHERE rowid = ?", (number,))
        self._database.execute("DELETE FROM value WHERE document = ?", (number,))
        self._add(number, entry)
        self._database.commit()


def passage(text: str, words: list[str]) -> list[str]:
    """The cheapest honest passage: some letters around the first word, cut where it stands."""
    found = re.search("|".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    start = max(found.start() - 60, 0) if found else 0
    shown = text[start : start + 250]
    return re.split(f"({'|'.join(map(re.escape, words))})", shown) if words else [shown]


def _body(entry: Entry) -> str:
    return "\n".join(page.text for page in entry.pages)


def _first(question: Question) -> int:
    return (question.page - 1) * HITS


def _counts(facets: Iterable[Facet]) -> dict[str, Any]:
    return {facet.name: {"terms": {"field": facet.name, "size": 100}} for facet in facets}


def _words(text: str) -> list[str]:
    """The words of a question as the peers' own tokenisers would cut them."""
    words = re.findall(r"\w+", text)
    if text.startswith('"'):
        return words
    return [word for word in words if any(token.stem for token in analyse(word))]


CONTENDERS: dict[str, Callable[[], Contender]] = {
    "metropoli": Metropoli,
    "tantivy": Tantivy,
    "tantivy snippet": TantivySnippet,
    "sqlite fts5": SqliteFts5,
}
