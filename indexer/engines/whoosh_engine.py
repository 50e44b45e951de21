"""The search engine over Whoosh's segments, for one machine."""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import indexer.entries
import indexer.italian
from indexer import accessibility, citations
from indexer.engine import (
    Damage,
    Desk,
    EngineUnavailable,
    Entry,
    Page,
    Query,
    Run,
    Suggestion,
)
from indexer.engines.asking import understood
from indexer.engines.cache import Cache
from indexer.engines.desk import PreparedDesk
from indexer.engines.forking import renew_after_fork
from indexer.engines.highlighting import marked
from indexer.engines.home import Commit, FolderHome, Home, MemoryHome
from indexer.engines.inversion import Inversion, Inverted
from indexer.engines.manifest import Damaged, Outdated
from indexer.engines.merging import entries_of, to_merge
from indexer.engines.ranking import Ranking
from indexer.engines.searching import Search
from indexer.engines.similarity import similar_entries
from indexer.engines.snapshot import Snapshot
from indexer.engines.suggesting import suggestions
from indexer.engines.whoosh_codec import Places
from indexer.engines.whoosh_segments import Segment
from indexer.engines.whoosh_writer import clean, files_of, read_toc, write

_log = logging.getLogger(__name__)

_WORDS_A_SEGMENT = 16_000_000  # whoever writes one needs up to 70 bytes a word
_MEMORY = 96 << 20  # bytes of decoded postings and scores that are kept


class _Seen(NamedTuple):
    """The state that was last opened. One value, so that no thread sees half of it changed."""

    stamp: object
    snapshot: Snapshot


class WhooshEngine:
    """``indexer.engine.Engine`` in a folder, or in memory where ``path`` is None.

    The folder is shared by processes: readers see what a writer published at their next search.
    ``memory`` bounds the arrays that a process keeps, in bytes; ``patience`` is how long a writer
    waits for another one, in seconds.
    """

    def __init__(
        self,
        path: Path | None,
        ranking: Ranking | None = None,
        memory: int = _MEMORY,
        patience: float = 30.0,
    ) -> None:
        self._home: Home = MemoryHome() if path is None else FolderHome(path, patience)
        self._ranking = ranking or Ranking()
        self._budget = memory // 2
        self._places: Cache[Places] = Cache(memory // 2)
        self._opening = threading.Lock()
        renew_after_fork(self)
        self._seen: _Seen | None = None
        self._desk: Callable[[], Desk] = Desk
        self._prepared = PreparedDesk(Desk())
        self._closed = False

    def renew_lock(self) -> None:
        """For a forked process, where another thread may have held the lock."""
        self._opening = threading.Lock()

    @property
    def needs_rebuild(self) -> bool:
        """The index is missing, was damaged, or was made by another version of the analysis."""
        commit = self._current().commit
        return commit.reduced or commit.manifest.analysis != analysis_version()

    def search(self, query: Query, desk: Desk | None = None) -> Page:
        snapshot = self._current()
        prepared = self._set_by_staff() if desk is None else PreparedDesk(desk)
        try:
            return Search(snapshot, query, prepared).page()
        except (OSError, MemoryError) as error:
            raise EngineUnavailable("the index cannot be read") from error

    def generation(self) -> object:
        try:
            return self._home.stamp()
        except OSError:
            return object()  # equal to no other: whoever asks for an answer learns what is wrong

    def apply(self, entries: Sequence[Entry], removed: Sequence[str] = ()) -> None:
        self._current()  # what is damaged is set aside before the lock is taken
        with self._home.writing():
            commit = self._current().commit
            if commit.generation:
                leftovers = [*files_of(commit.storage, commit.toc), commit.manifest.name]
                clean(commit.storage, leftovers)
            else:  # after damage the first generation stays reduced until the rebuild
                commit = replace(self._home.begin(), reduced=commit.reduced)
            after = self._changed(commit, entries, removed)
            self._home.publish(after, commit.manifest.analysis or analysis_version())
            try:
                self._merge()
            except (OSError, MemoryError):
                # The change itself is published; segments are merged at the next one.
                _log.exception("segments of the index could not be merged")

    def _changed(self, commit: Commit, entries: Iterable[Entry], removed: Iterable[str]) -> Commit:
        """The state after these changes, for nobody to see yet; ``commit`` stays as it is."""
        gone = set(removed)
        for inverted, ids in _inverted(entries):
            commit = self._written(commit, [inverted], gone | ids)
            gone = set()
        return self._written(commit, [], gone) if gone else commit

    def _written(self, commit: Commit, new: Sequence[Inverted], gone: Iterable[str]) -> Commit:
        snapshot = self._opened(commit)
        units: dict[str, list[int]] = {}
        for entry_id in gone:
            place = snapshot.locate(entry_id)
            if place is not None:
                segment = snapshot.segments[place[0]]
                units.setdefault(segment.name, []).extend(segment.units_of(place[1]))
        toc = read_toc(commit.storage, commit.toc.generation)
        return replace(commit, toc=write(commit.storage, toc, new, units))

    def _merge(self) -> None:
        """Keep the number of segments small."""
        while numbers := to_merge(snapshot := self._current()):
            commit = snapshot.commit
            whole = [part for part, _ in _inverted(entries_of(snapshot, numbers))]
            names = frozenset(snapshot.segments[number].name for number in numbers)
            toc = read_toc(commit.storage, commit.toc.generation)
            toc = write(commit.storage, toc, whole, {}, names)
            self._home.publish(replace(commit, toc=toc), commit.manifest.analysis)

    def rebuild(
        self,
        entries: Iterable[Entry],
        catch_up: Callable[[], tuple[Sequence[Entry], Sequence[str]]] | None = None,
    ) -> None:
        with self._home.writing():
            commit = self._changed(self._home.begin(), entries, ())
            if catch_up is not None:
                commit = self._changed(commit, *catch_up())
            self._home.publish(commit, analysis_version())

    def revisions(self) -> Mapping[str, int]:
        snapshot = self._current()
        revisions: dict[str, int] = {}
        for number, segment in enumerate(snapshot.segments):
            rows = zip(
                segment.ids.all(),
                segment.columns["entry.revision"].tolist(),
                snapshot.live_in(number).tolist(),
                strict=True,
            )
            revisions.update((entry_id, revision) for entry_id, revision, live in rows if live)
        return revisions

    def suggest(self, prefix: str, limit: int = 8) -> tuple[Suggestion, ...]:
        return suggestions(self._current(), prefix, limit)

    def similar(self, id: str, limit: int = 4) -> tuple[str, ...]:
        return similar_entries(self._current(), id, limit)

    def highlight(self, text: str, page_text: str) -> tuple[Run, ...]:
        _, wanted = understood(text, self._set_by_staff().thesaurus, self._ranking)
        return marked(page_text, (pattern for _, pattern in wanted.patterns))

    def matching_pages(self, id: str, text: str) -> tuple[int, ...]:
        snapshot = self._current()
        place = snapshot.locate(id)
        if place is None:
            return ()
        segment = snapshot.segments[place[0]]
        units = segment.units_of(place[1])
        pages: set[int] = set()
        thesaurus = self._set_by_staff().thesaurus
        for _, pattern in understood(text, thesaurus, self._ranking)[1].patterns:
            found = segment.find(pattern).units
            first, last = found.searchsorted([units.start, units.stop]).tolist()
            pages.update(segment.columns["unit.page"][found[first:last]].tolist())
        return tuple(sorted(pages - {0}))

    def use(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def _set_by_staff(self) -> PreparedDesk:
        desk = self._desk()
        prepared = self._prepared
        if prepared.desk is not desk:
            self._prepared = prepared = PreparedDesk(desk)
        return prepared

    def verify(self) -> tuple[Damage, ...]:
        commit = self._current().commit
        return tuple(Damage(f"file danneggiato: {name}") for name in self._home.damage(commit))

    def close(self) -> None:
        """Let go of the index; whatever is asked later raises ``EngineUnavailable``."""
        self._closed = True
        self._seen = None

    def _current(self) -> Snapshot:
        """The published state, opened anew only when another was published."""
        if self._closed:
            raise EngineUnavailable("the engine is closed")
        seen = self._seen
        try:
            if seen is not None and seen.stamp == self._home.stamp():
                return seen.snapshot
            with self._opening:
                return self._reopened()
        except (OSError, MemoryError) as error:
            raise EngineUnavailable("the index cannot be opened") from error

    def _reopened(self) -> Snapshot:
        while True:
            stamp = self._home.stamp()
            seen = self._seen
            if seen is not None and seen.stamp == stamp:
                return seen.snapshot
            try:
                fresh = self._published(seen.snapshot if seen else None)
            except FileNotFoundError:
                if self._home.stamp() == stamp:
                    raise
                continue  # a writer published another state and removed what this one was opening
            except Damaged as damage:
                fresh = self._opened(self._home.recover(damage))
                stamp = self._home.stamp()
            except Outdated:
                fresh = self._opened(replace(self._home.nothing(), reduced=True))
            self._seen = _Seen(stamp, fresh)
            return fresh

    def _published(self, snapshot: Snapshot | None) -> Snapshot:
        commit = self._home.open(snapshot.commit if snapshot else None) or self._home.nothing()
        try:
            return self._opened(commit)
        except (OSError, MemoryError):
            raise
        except Exception as error:  # whatever a file holds that its checksum does not show
            raise Damaged(commit.generation, ()) from error

    def _opened(self, commit: Commit) -> Snapshot:
        seen = self._seen
        known = {segment.name: segment for segment in seen.snapshot.segments} if seen else {}
        segments = tuple(
            known.get(segment.segment_id()) or Segment(commit.storage, segment, self._places)
            for segment in commit.toc.segments
        )
        return Snapshot(commit, segments, self._ranking, self._budget)


def _inverted(entries: Iterable[Entry]) -> Iterator[tuple[Inverted, set[str]]]:
    """The content of as many segments as it takes, with the ids in each."""
    inversion = Inversion()
    for entry in entries:
        inversion.add(entry)
        if inversion.words >= _WORDS_A_SEGMENT:
            yield inversion.result(), set(inversion.ids)
            inversion = Inversion()
    if len(inversion):
        yield inversion.result(), set(inversion.ids)


@cache
def analysis_version() -> str:
    """Changes with the rules that make words and entries: an index of others asks for a rebuild."""
    digest = hashlib.sha256()
    rules = Path(indexer.italian.__file__).parent.glob("*.py")
    entries = (
        Path(module.__file__ or "") for module in (citations, indexer.entries, accessibility)
    )
    for path in (*sorted(rules), *entries):
        digest.update(path.read_bytes())
    return digest.hexdigest()
