"""The founding collection: records, texts and documents that every installation starts with."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from corpus.seed.project import Programme
from corpus.seed.sheets import HERE, SheetError, read_sheet
from corpus.seed.words import Acronym, AmbiguousAcronym, Vocabulary

if TYPE_CHECKING:
    from corpus.catalogue import Catalogue
    from corpus.reader import Reader
    from corpus.store import FileStore

__all__ = [
    "Acronym",
    "AmbiguousAcronym",
    "Programme",
    "SheetError",
    "Vocabulary",
    "load",
    "programme",
    "vocabulary",
]


@cache
def vocabulary() -> Vocabulary:
    """Return acronyms, ambiguous acronyms and word families (``vocabulary.yaml``)."""
    return read_sheet(HERE / "vocabulary.yaml", Vocabulary)


@cache
def programme() -> Programme:
    """Return the programme's facts for the page about it (``programme.yaml``)."""
    return read_sheet(HERE / "programme.yaml", Programme)


def load(
    catalogue: "Catalogue",
    store: "FileStore",
    reader: "Reader",
    progress: Callable[[int, int, str], None],
) -> None:
    """Add the founding collection: see ``corpus.seed.loading.load``, which this calls."""
    # Imported here, because the search reads the vocabulary and needs no database for it.
    from corpus.seed.loading import load as load_collection

    load_collection(catalogue, store, reader, progress)
