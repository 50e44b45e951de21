"""The records that an address asks to take away: those of a search, or those chosen one by one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flask import request

from corpus.ids import is_public_id
from corpus.records import PageView, RecordView
from indexer.engine import Page, Query
from portal import search_url
from portal.addresses import selection_url
from portal.asking import asked_search
from portal.services import Services, services

LIMIT = 1000  # records of one file; a longer answer is narrowed with filters
BATCH = 100  # records asked of the engine at a time
MOST_IDS, ID_BATCH = 20_000, 1_000  # ids of a search that is followed
CHOSEN = 200  # records of a selection: as many as fit in an address that every program accepts


@dataclass(frozen=True)
class Found:
    """What can be taken away: the records that fit in one file, and how many there are."""

    records: tuple[RecordView, ...]
    total: int
    kind: str  # "ricerca" or "selezione": the beginning of its addresses
    arguments: str  # the rest of them, after the question mark
    query: Query = field(default_factory=Query)  # of a search
    answer: Page | None = None  # what the engine said of the search

    def address(self, ending: str = "") -> str:
        """Its address with an ending (".csv"); its page without."""
        return f"/{self.kind}{ending}" + (f"?{self.arguments}" if self.arguments else "")


def search_records(services: Services, query: Query, most: int = LIMIT) -> Found:
    """The records of a search, at most ``most``. Raises ``EngineUnavailable``."""
    query = replace(query, facets=False, passages=0, page=1, size=BATCH)
    records: list[RecordView] = []
    first: Page | None = None
    for number in range(1, -(-most // BATCH) + 1):
        page = services.engine.search(replace(query, page=number))
        first = first or page
        records += services.reader.public_records(hit.id for hit in page.hits)
        if number * BATCH >= page.total:
            break
    arguments = search_url.address(query).partition("?")[2]
    total = first.total if first else 0
    return Found(tuple(records[:most]), total, "ricerca", arguments, query, first)


def newest(services: Services, query: Query, most: int) -> tuple[PageView, ...]:
    """What a search finds, last changed first: exactly its words and filters, nothing near them.

    The records are ordered by their last change here, which no index knows.
    """
    strict = replace(query, correct=False, relax=False, facets=False, passages=0, size=ID_BATCH)
    ids: set[str] = set()
    for number in range(1, MOST_IDS // ID_BATCH + 1):
        page = services.engine.search(replace(strict, page=number))
        ids.update(hit.id for hit in page.hits)
        if number * ID_BATCH >= page.total:
            break
    found = [page for page in services.reader.public_pages() if page.public_id in ids]
    found.sort(key=lambda page: (page.updated_at, page.public_id), reverse=True)
    return tuple(found[:most])


def asked_records() -> Found:
    """The records of the search in this request's address."""
    return search_records(services(), asked_search(BATCH).query)


@dataclass(frozen=True)
class Choice:
    """The ids of a selection as its address gives them: those kept, and how many beyond."""

    ids: tuple[str, ...]
    beyond: int = 0


def choice(values: Iterable[str], most: int = CHOSEN) -> Choice:
    """Ids in the order given, each once; what has not the shape of an id is ignored.

    A value may also be the address of a selection, or several ids: whoever has no scripts puts
    two selections together that way.
    """
    found = dict.fromkeys(
        word for value in values for word in re.split(r"[^a-z0-9]+", value) if is_public_id(word)
    )
    ids = tuple(found)
    return Choice(ids[:most], max(0, len(ids) - most))


def chosen_records() -> Found:
    """The records of the selection in this request's address, in the order chosen."""
    chosen = choice(request.args.getlist("id"))
    records = services().reader.public_records(chosen.ids)
    ids = [record.public_id for record in records]
    return Found(records, len(records), "selezione", selection_url(ids).partition("?")[2])
