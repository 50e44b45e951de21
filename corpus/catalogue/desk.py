"""Writing what staff set for the search: best bets and synonyms."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import select

from corpus.catalogue.checks import Problems
from corpus.catalogue.writing import Write, Writer
from corpus.errors import DeskEntryNotFound
from corpus.ids import is_public_id
from corpus.models import BestBet, Record, Synonym

LONGEST = 256  # letters of a question or an expression: the search box takes no more
MOST = 20  # questions, records or expressions of one entry

Row = TypeVar("Row", BestBet, Synonym)


class DeskWriter(Writer):
    """Best bets and synonyms. The next search already answers with what was written."""

    def put_best_bet(
        self, queries: Iterable[str], records: Iterable[str], *, actor: str, id: int | None = None
    ) -> int:
        """Pin ``records`` (public ids, in this order) to ``queries``; returns the entry's number.

        With ``id`` that entry is replaced. A record may be unpublished: it shows once it is
        public. Raises ``InvalidRecord`` and ``DeskEntryNotFound``.
        """
        problems = Problems()
        asked = _lines(problems, "queries", queries, least=1)
        pinned = _lines(problems, "records", records, least=1)
        with self._write(actor) as write:
            if not all(_exists(write, public_id) for public_id in pinned):
                problems.add("records", "unknown")
            problems.raise_any()
            row = _row(write, BestBet, id) or BestBet()
            row.queries, row.records = asked, pinned
            return _kept(write, row, {"queries": asked, "records": pinned})

    def put_synonym(self, expressions: Iterable[str], *, actor: str, id: int | None = None) -> int:
        """Make two or more expressions equal; returns the entry's number.

        With ``id`` that entry is replaced. Raises ``InvalidRecord`` and ``DeskEntryNotFound``.
        """
        problems = Problems()
        equal = _lines(problems, "expressions", expressions, least=2)
        problems.raise_any()
        with self._write(actor) as write:
            row = _row(write, Synonym, id) or Synonym()
            row.expressions = equal
            return _kept(write, row, {"expressions": equal})

    def remove_best_bet(self, id: int, *, actor: str) -> None:
        """Raises ``DeskEntryNotFound``."""
        with self._write(actor) as write:
            _remove(write, _row(write, BestBet, id))

    def remove_synonym(self, id: int, *, actor: str) -> None:
        """Raises ``DeskEntryNotFound``."""
        with self._write(actor) as write:
            _remove(write, _row(write, Synonym, id))


def _lines(problems: Problems, field: str, values: Iterable[str], least: int) -> list[str]:
    lines = problems.lines(field, values)
    if len(lines) < least:
        problems.add(field, "required")
    if len(lines) > MOST:
        problems.add(field, "too-many")
    if any(len(line) > LONGEST for line in lines):
        problems.add(field, "too-long")
    return lines


def _exists(write: Write, public_id: str) -> bool:
    if not is_public_id(public_id):
        return False
    found = select(Record.id).where(Record.public_id == public_id)
    return write.session.scalar(found) is not None


def _row(write: Write, table: type[Row], id: int | None) -> Row | None:
    """The entry with this number; ``DeskEntryNotFound``. None where no number is asked."""
    if id is None:
        return None
    row = write.session.get(table, id)
    if row is None:
        raise DeskEntryNotFound(id)
    return row


def _kept(write: Write, row: BestBet | Synonym, details: dict[str, Any]) -> int:
    write.session.add(row)
    write.session.flush()
    write.log(f"put_{row.__tablename__}", id=row.id, **details)
    return row.id


def _remove(write: Write, row: BestBet | Synonym | None) -> None:
    if row is not None:
        write.session.delete(row)
        write.log(f"remove_{row.__tablename__}", id=row.id)
