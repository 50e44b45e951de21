"""What was read from files, kept by digest: a cache that may be deleted at any time.

The text of each page is one row, so that the reading view loads one page and the document page
loads none. Rows carry the version of the readers: after an upgrade the old ones no longer answer,
and the files are read again.
"""

import json
import logging
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from corpus.vocabulary import FileFormat
from indexer.cachefile import CacheFile
from indexer.engine import PageText
from indexer.extract.base import Accessibility, Extract, FailureKind, Heading, Recognition
from indexer.extract.registry import READER_VERSION
from indexer.likeness import NEARLY_THE_SAME, likeness, sketch

_SCHEMA_VERSION = 4
_SCHEMA = """
CREATE TABLE extract (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, facts BLOB NOT NULL,
    PRIMARY KEY (sha256, version)
);
CREATE TABLE page (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,
    label TEXT NOT NULL, text BLOB NOT NULL,
    PRIMARY KEY (sha256, version, number)
);
CREATE TABLE failure (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL,
    kind TEXT NOT NULL, message TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (sha256, version)
);
CREATE TABLE sketch (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, sketch BLOB NOT NULL,
    PRIMARY KEY (sha256, version)
);
CREATE TABLE alike (
    sha256 TEXT NOT NULL, other TEXT NOT NULL, share REAL NOT NULL,
    PRIMARY KEY (sha256, other)
);
CREATE INDEX alike_other ON alike (other);
CREATE TABLE unseen (
    sha256 TEXT NOT NULL, version INTEGER NOT NULL, done INTEGER NOT NULL, pages INTEGER NOT NULL,
    PRIMARY KEY (sha256, version)
);
CREATE TABLE under_way (sha256 TEXT NOT NULL PRIMARY KEY)
"""
_COMPRESSION = 3  # nearly as small as the default on pages of text, in a third of its time

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileFacts:
    """All of an ``Extract`` but its text."""

    format: FileFormat
    page_count: int
    unit: str
    title: str
    stated_title: str
    headlines: tuple[str, ...]
    authors: tuple[str, ...]
    issued: date | None
    language: str
    outline: tuple[Heading, ...]
    accessibility: Accessibility
    warnings: tuple[str, ...]
    without_text: bool
    recognition: Recognition = field(default_factory=Recognition)

    @property
    def readable(self) -> bool:
        """As of an ``Extract``."""
        return not self.without_text or bool(self.recognition.recognised)


@dataclass(frozen=True)
class Failure:
    """Why a file was not read: ``message`` is plain Italian, ``at`` is in UTC."""

    kind: FailureKind
    message: str
    at: datetime


class Derived:
    """Texts and failures by SHA-256. Safe to use from several threads and processes.

    Damage never raises: what is damaged is dropped and answers nothing, so that the file is read
    again.
    """

    def __init__(self, path: Path, version: int = READER_VERSION) -> None:
        self._file = CacheFile(path, _SCHEMA, _SCHEMA_VERSION)
        self._version = version

    def get(self, sha256: str) -> Extract | None:
        """The whole extract, or None when these readers have not read the file."""
        facts = self.facts(sha256)
        if facts is None:
            return None
        pages = self.pages(sha256)
        if len(pages) != facts.page_count:
            self._drop_damaged(sha256)
            return None
        return Extract(
            format=facts.format,
            pages=pages,
            unit=facts.unit,
            title=facts.title,
            stated_title=facts.stated_title,
            headlines=facts.headlines,
            authors=facts.authors,
            issued=facts.issued,
            language=facts.language,
            outline=facts.outline,
            accessibility=facts.accessibility,
            warnings=facts.warnings,
            without_text=facts.without_text,
            recognition=facts.recognition,
        )

    def facts(self, sha256: str) -> FileFacts | None:
        """Everything but the text, which stays on disk."""
        sql = "SELECT facts FROM extract WHERE sha256 = ? AND version = ?"
        for (packed,) in self._rows(sql, sha256, self._version):
            try:
                return _unpack_facts(packed)
            except (zlib.error, ValueError, KeyError, TypeError):
                self._drop_damaged(sha256)
        return None

    def page(self, sha256: str, number: int) -> PageText | None:
        """One page, without loading the others."""
        pages = self._pages(sha256, "AND number = ?", number)
        return pages[0] if pages else None

    def pages(self, sha256: str) -> tuple[PageText, ...]:
        """Every page in order, empty ones included; nothing for an unread file."""
        return self._pages(sha256, "ORDER BY number")

    def failure(self, sha256: str) -> Failure | None:
        """Why reading failed, or None when it was not tried or went well."""
        sql = "SELECT kind, message, at FROM failure WHERE sha256 = ? AND version = ?"
        return next((_failure(*row) for row in self._rows(sql, sha256, self._version)), None)

    def failures(self) -> dict[str, Failure]:
        """The files whose reading failed, and why."""
        sql = "SELECT sha256, kind, message, at FROM failure WHERE version = ?"
        return {sha256: _failure(*row) for sha256, *row in self._rows(sql, self._version)}

    def tried(self) -> set[str]:
        """The files that need no reading: these readers have read them, or failed."""
        sql = (
            "SELECT sha256 FROM extract WHERE version = ?"
            " UNION SELECT sha256 FROM failure WHERE version = ?"
        )
        return {sha256 for (sha256,) in self._rows(sql, self._version, self._version)}

    def knows(self, sha256: str) -> bool:
        """Whether ``sha256`` is among ``tried``."""
        sql = (
            "SELECT 1 FROM extract WHERE sha256 = ? AND version = ?"
            " UNION ALL SELECT 1 FROM failure WHERE sha256 = ? AND version = ?"
        )
        return bool(self._rows(sql, sha256, self._version, sha256, self._version))

    def sketch(self, sha256: str) -> bytes:
        """What ``likeness`` compares; empty for a file that is unread or has too few words."""
        sql = "SELECT sketch FROM sketch WHERE sha256 = ? AND version = ?"
        return next((kept for (kept,) in self._rows(sql, sha256, self._version)), b"")

    def sketches(self) -> dict[str, bytes]:
        """The sketches of all texts, by digest."""
        return dict(
            self._rows("SELECT sha256, sketch FROM sketch WHERE version = ?", self._version)
        )

    def compare(self, sha256: str) -> None:
        """Look once for the texts that are nearly the same as this one, and keep which."""
        own = self.sketch(sha256)
        if not own:
            return
        shares = (
            (sha256, other, likeness(own, drawn))
            for other, drawn in self.sketches().items()
            if other != sha256
        )
        rows = [row for row in shares if row[2] >= NEARLY_THE_SAME]
        self._file.write(
            lambda db: db.executemany("INSERT OR REPLACE INTO alike VALUES (?, ?, ?)", rows)
        )

    def alike(self, sha256: str) -> dict[str, float]:
        """Files whose text ``compare`` found nearly the same, from either side, and how much."""
        sql = (
            "SELECT other, share FROM alike WHERE sha256 = ?"
            " UNION SELECT sha256, share FROM alike WHERE other = ?"
        )
        return dict(self._rows(sql, sha256, sha256))

    def begin(self, sha256: str) -> None:
        """Note that the file is being read now; ``put`` and ``put_failure`` end it."""
        self._file.write(
            lambda db: db.execute("INSERT OR IGNORE INTO under_way VALUES (?)", (sha256,))
        )

    def under_way(self) -> set[str]:
        """The files that are being read now."""
        return {sha256 for (sha256,) in self._rows("SELECT sha256 FROM under_way")}

    def begin_anew(self) -> None:
        """Forget what an interrupted program was reading: nobody is any more."""
        self._file.write(lambda db: db.execute("DELETE FROM under_way"))

    def put(self, sha256: str, extract: Extract) -> None:
        """Keep an extract in one step, in place of whatever was known of the file."""
        facts = _pack_facts(extract)
        drawn = sketch(page.text for page in extract.pages) if extract.readable else b""
        pages = [
            (sha256, self._version, page.number, page.label, _deflate(page.text))
            for page in extract.pages
        ]

        def write(db: sqlite3.Connection) -> None:
            _delete(db, sha256)
            db.execute("INSERT INTO extract VALUES (?, ?, ?)", (sha256, self._version, facts))
            db.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?)", pages)
            if drawn:
                db.execute("INSERT INTO sketch VALUES (?, ?, ?)", (sha256, self._version, drawn))
            self._note_unseen(db, sha256, extract.recognition)

        self._file.write(write)

    def put_page(self, sha256: str, extract: Extract, number: int) -> None:
        """Keep what changed in an extract that is kept already: page ``number`` and the facts."""
        key = (sha256, self._version)
        facts, text = _pack_facts(extract), _deflate(extract.pages[number - 1].text)

        def write(db: sqlite3.Connection) -> None:
            db.execute(
                "UPDATE extract SET facts = ? WHERE sha256 = ? AND version = ?", (facts, *key)
            )
            db.execute(
                "UPDATE page SET text = ? WHERE sha256 = ? AND version = ? AND number = ?",
                (text, *key, number),
            )
            self._note_unseen(db, sha256, extract.recognition)

        self._file.write(write)

    def recognise_again(self, sha256: str) -> None:
        """Have the pages looked at once more whose recognition failed."""
        extract = self.get(sha256)
        if extract is not None and extract.recognition.failed:
            self.put(sha256, replace(extract, recognition=replace(extract.recognition, failed=())))

    def unseen(self, most: int) -> tuple[str, ...]:
        """The files with pages to recognise, where ``most`` of each are, each in its turn."""
        sql = "SELECT sha256 FROM unseen WHERE version = ? AND done < MIN(pages, ?) ORDER BY rowid"
        return tuple(sha256 for (sha256,) in self._rows(sql, self._version, most))

    def _note_unseen(self, db: sqlite3.Connection, sha256: str, now: Recognition) -> None:
        db.execute("DELETE FROM unseen WHERE sha256 = ?", (sha256,))
        if now.done < len(now.pages):
            row = (sha256, self._version, now.done, len(now.pages))
            db.execute("INSERT INTO unseen VALUES (?, ?, ?, ?)", row)

    def put_failure(self, sha256: str, kind: FailureKind, message: str) -> None:
        """Keep why the file cannot be read, in place of whatever was known of it."""
        row = (sha256, self._version, kind.value, message, datetime.now(UTC).isoformat())

        def write(db: sqlite3.Connection) -> None:
            _delete(db, sha256)
            db.execute("INSERT INTO failure VALUES (?, ?, ?, ?, ?)", row)

        self._file.write(write)

    def forget(self, sha256: str) -> None:
        """Drop what is known of a file, so that it is read again."""
        self._file.write(lambda db: _delete(db, sha256))

    def verify(self) -> tuple[str, ...]:
        """Check every kept text and drop what is damaged; answers the digests dropped.

        When SQLite's own structure is broken the whole file is set aside, and ``tried`` is empty
        from then on.
        """
        if not self._file.verify():
            return ()
        before = self.tried()
        for (sha256,) in self._rows("SELECT sha256 FROM extract WHERE version = ?", self._version):
            self.get(sha256)
        return tuple(sorted(before - self.tried()))

    def close(self) -> None:
        """Close this thread's connection."""
        self._file.close()

    def _rows(self, sql: str, *values: str | int) -> list[Any]:
        return self._file.read(lambda db: db.execute(sql, values).fetchall(), [])

    def _pages(self, sha256: str, clause: str, *values: int) -> tuple[PageText, ...]:
        sql = f"SELECT number, label, text FROM page WHERE sha256 = ? AND version = ? {clause}"  # noqa: S608  the clauses are ours
        rows = self._rows(sql, sha256, self._version, *values)
        try:
            return tuple(PageText(number, _inflate(text), label) for number, label, text in rows)
        except (zlib.error, ValueError):
            self._drop_damaged(sha256)
            return ()

    def _drop_damaged(self, sha256: str) -> None:
        _log.warning("damaged text of %s dropped: it will be read again", sha256)
        self.forget(sha256)


def _failure(kind: str, message: str, at: str) -> Failure:
    return Failure(FailureKind(kind), message, datetime.fromisoformat(at))


def _delete(db: sqlite3.Connection, sha256: str) -> None:
    for table in ("extract", "page", "failure", "sketch", "unseen", "under_way"):
        db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (sha256,))  # noqa: S608  our names
    db.execute("DELETE FROM alike WHERE ? IN (sha256, other)", (sha256,))


def _deflate(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _COMPRESSION)


def _inflate(packed: bytes) -> str:
    """zlib's own checksum makes a changed byte an error, never another text."""
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")


def _pack_facts(extract: Extract) -> bytes:
    facts = {
        "format": extract.format.value,
        "page_count": len(extract.pages),
        "unit": extract.unit,
        "title": extract.title,
        "stated_title": extract.stated_title,
        "headlines": extract.headlines,
        "authors": extract.authors,
        "issued": extract.issued.isoformat() if extract.issued else None,
        "language": extract.language,
        "outline": [(heading.level, heading.text, heading.page) for heading in extract.outline],
        "accessibility": asdict(extract.accessibility),
        "warnings": extract.warnings,
        "without_text": extract.without_text,
        "recognition": asdict(extract.recognition),
    }
    return _deflate(json.dumps(facts, ensure_ascii=False))


def _unpack_facts(packed: bytes) -> FileFacts:
    facts = json.loads(_inflate(packed))
    return FileFacts(
        format=FileFormat(facts["format"]),
        page_count=facts["page_count"],
        unit=facts["unit"],
        title=facts["title"],
        stated_title=facts["stated_title"],
        headlines=_texts(facts["headlines"]),
        authors=_texts(facts["authors"]),
        issued=date.fromisoformat(facts["issued"]) if facts["issued"] else None,
        language=facts["language"],
        outline=tuple(Heading(level, text, page) for level, text, page in facts["outline"]),
        accessibility=Accessibility(**facts["accessibility"]),
        warnings=_texts(facts["warnings"]),
        without_text=facts["without_text"],
        recognition=Recognition(
            **{name: tuple(pages) for name, pages in facts["recognition"].items()}
        ),
    )


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)
