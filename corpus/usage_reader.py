"""The read side of what readers opened, downloaded and searched for."""

from datetime import date

from sqlalchemy import String, case, cast, func, select

from corpus.models import Record, SearchCount, UsageCount
from corpus.reading import DatabaseReader
from corpus.records import Asked, UsageView
from corpus.vocabulary import State, Use


class UsageReader(DatabaseReader):
    """Counts by month, and questions by how often they were asked."""

    def usage(self, since: date, until: date) -> tuple[UsageView, ...]:
        """Uses of published records from one day to another, both included.

        By month, the newest first; within it the most downloaded, then the most opened first.
        """
        month = func.substr(cast(UsageCount.day, String), 1, 7)
        views, downloads = (
            func.sum(case((UsageCount.use == use, UsageCount.total), else_=0))
            for use in (Use.VIEW, Use.DOWNLOAD)
        )
        query = (
            select(month, UsageCount.record_public_id, views, downloads)
            .join(Record, Record.public_id == UsageCount.record_public_id)
            .where(Record.state == State.PUBLISHED, UsageCount.day.between(since, until))
            .group_by(month, UsageCount.record_public_id)
            .order_by(month.desc(), downloads.desc(), views.desc(), UsageCount.record_public_id)
        )
        with self._database.session() as session:
            return tuple(UsageView(*row) for row in session.execute(query))

    def questions(
        self, since: date, readers: int, limit: int, *, in_vain: bool = False
    ) -> tuple[Asked, ...]:
        """Questions that at least ``readers`` readers asked since a day, the most frequent first.

        With ``in_vain`` only those that found nothing at least once, by how often they did.
        """
        asked, failed = func.sum(SearchCount.asked), func.sum(SearchCount.in_vain)
        people, last = func.sum(SearchCount.readers), func.max(SearchCount.day)
        query = (
            select(SearchCount.question, asked, people, failed, last)
            .where(SearchCount.day >= since)
            .group_by(SearchCount.question)
            .having(people >= readers)
            .order_by((failed if in_vain else asked).desc(), last.desc(), SearchCount.question)
            .limit(limit)
        )
        if in_vain:
            query = query.having(failed > 0)
        with self._database.session() as session:
            return tuple(Asked(*row) for row in session.execute(query))
