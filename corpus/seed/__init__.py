"""The founding collection: records, texts and documents that every installation starts with."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.catalogue import Catalogue
    from corpus.reader import Reader
    from corpus.seed.acronyms import Lexicon
    from corpus.seed.project import Programme
    from corpus.store import FileStore

# What reads and checks sheets is imported in the functions, for who asks for a sheet.
HERE = Path(__file__).resolve().parent


@cache
def lexicon() -> "Lexicon":
    """Return the words of ``vocabulary.yaml`` that the search adds to questions."""
    from corpus.seed.acronyms import read_lexicon

    return read_lexicon(HERE / "vocabulary.yaml")


@cache
def programme() -> "Programme":
    """Return the programme's facts for the page about it (``programme.yaml``)."""
    from corpus.seed.project import Programme
    from corpus.seed.sheets import read_sheet

    return read_sheet(HERE / "programme.yaml", Programme)


def load(
    catalogue: "Catalogue",
    store: "FileStore",
    reader: "Reader",
    progress: Callable[[int, int, str], None],
) -> None:
    """Add the founding collection: see ``corpus.seed.loading.load``, which this calls."""
    from corpus.seed.loading import load as load_collection

    load_collection(catalogue, store, reader, progress)
