"""Writing segments with Whoosh's writer, its postings already sorted."""

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.engines.columns import packed
from indexer.engines.inversion import Inverted
from indexer.engines.whoosh_codec import ArrayCodec, schema
from indexer.engines.whoosh_storage import Storage

# whoosh_codec silences the warnings of Whoosh's first compilation: it is imported first.
from whoosh import writing  # isort: skip
from whoosh.index import TOC  # isort: skip

INDEX_NAME = "MAIN"
COLUMNS = ".columns"
TEXT = ".text"


class _Index:
    """What Whoosh's writer asks of an index: where it lies and its table of contents."""

    indexname = INDEX_NAME

    def __init__(self, storage: Storage, toc: Any) -> None:
        self.storage = storage
        self._toc = toc

    def _read_toc(self) -> Any:
        return self._toc


class SegmentWriter(writing.SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer that takes a whole inverted segment and leaves older files in place.

    Old files go only after the manifest has been changed, so that a crash at any moment leaves
    a whole state of the index.
    """

    def __init__(self, storage: Storage, toc: Any) -> None:
        super().__init__(_Index(storage, toc), _lk=False, codec=ArrayCodec(), compound=False)
        self._inverted: Inverted | None = None

    def take(self, inverted: Inverted) -> None:
        """Make ``inverted`` the content of the new segment."""
        perdoc = self.perdocwriter
        for unit in range(inverted.units):
            perdoc.start_doc(unit)
            perdoc.finish_doc()
        self.docnum = inverted.units
        self._inverted = inverted
        self._added = True

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        inverted = self._inverted
        if inverted is None:
            raise ValueError("no segment was given")
        fieldwriter = self.fieldwriter
        for name in sorted(inverted.fields):
            fieldwriter.add_field(name, inverted.fields[name])
        fieldwriter.close()
        for extension, parts in (
            (COLUMNS, packed(inverted.columns)),
            (TEXT, iter(inverted.text)),
        ):
            with self.newsegment.create_file(self.storage, extension) as file:
                for part in parts:
                    file.write(part)
        for unit in inverted.superseded:
            self.newsegment.delete_document(unit)

    def _commit_toc(self, segments: list[Any]) -> None:
        toc = TOC(self.schema, segments, self.generation)
        toc.write(self.storage, self.indexname)


def empty_toc() -> Any:
    """Table of contents of an index without segments."""
    return TOC(schema(), [], 0)


def read_toc(storage: Storage, number: int) -> Any:
    """A fresh copy of the table of contents; its pickle must have been checked before."""
    return empty_toc() if number == 0 else TOC.read(storage, INDEX_NAME, gen=number)


def toc_file(number: int) -> str:
    name: str = TOC._filename(INDEX_NAME, number)
    return name


def write(
    storage: Storage,
    toc: Any,
    new: Iterable[Inverted],
    removed: Mapping[str, Iterable[int]],
    replaced: frozenset[str] = frozenset(),
) -> Any:
    """Write ``new`` segments and the table of contents that follows ``toc``, and return it.

    ``removed`` gives units to drop by name of segment; the segments in ``replaced`` leave the
    table altogether. On an error nothing that ``toc`` names has changed.
    """
    toc.segments = [seg for seg in toc.segments if seg.segment_id() not in replaced]
    for segment in toc.segments:
        for unit in removed.get(segment.segment_id(), ()):
            segment.delete_document(unit)
    written = False
    for inverted in new:
        toc = _commit(storage, toc, inverted)
        written = True
    return toc if written else _commit(storage, toc, None)


def _commit(storage: Storage, toc: Any, inverted: Inverted | None) -> Any:
    writer = SegmentWriter(storage, toc)
    try:
        if inverted is not None:
            writer.take(inverted)
        number = writer.generation
        writer.commit(merge=False)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
    return read_toc(storage, number)


def files_of(storage: Storage, toc: Any) -> list[str]:
    """Every file that a state of the index consists of."""
    prefixes = tuple(f"{segment.segment_id()}." for segment in toc.segments)
    names = [name for name in storage.list() if prefixes and name.startswith(prefixes)]
    # Generation 0 is the empty index, which has no table of contents on disk (``read_toc``).
    return sorted([*names, toc_file(toc.generation)] if toc.generation else names)


def clean(storage: Storage, keep: Iterable[str]) -> None:
    """Drop the files of a generation that no state needs any more."""
    kept = set(keep)
    for name in storage.list():
        if name not in kept and not name.endswith(".tmp"):
            storage.delete_file(name)
