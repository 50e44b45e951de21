"""Adding up what readers opened, downloaded and searched for."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import delete

from corpus.catalogue.writing import Writer
from corpus.models import SearchCount, UsageCount
from corpus.records import Asked
from corpus.vocabulary import Use

Counted = tuple[date, str, Use]  # day, public id, what was done


class UsageWriter(Writer):
    """Counts without persons. No line in the log: they are not part of the collection."""

    def add_usage(self, uses: Mapping[Counted, int], searches: Iterable[Asked]) -> None:
        """Add these counts to those of their days: all of them or, on an error, none."""
        with self._database.transaction() as session:
            for (day, public_id, use), number in uses.items():
                row = session.get(UsageCount, (day, public_id, use))
                if row is None:
                    row = UsageCount(day=day, record_public_id=public_id, use=use, total=0)
                    session.add(row)
                row.total += number
            for search in searches:
                known = session.get(SearchCount, (search.day, search.question))
                if known is None:
                    known = SearchCount(
                        day=search.day, question=search.question, asked=0, readers=0, in_vain=0
                    )
                    session.add(known)
                known.asked += search.asked
                known.readers += search.readers
                known.in_vain += search.in_vain

    def forget_searches(self, before: date) -> None:
        """Delete the counts of questions of the days before this one."""
        with self._database.transaction() as session:
            session.execute(delete(SearchCount).where(SearchCount.day < before))
