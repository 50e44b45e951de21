"""The founding collection: records, texts and documents that every installation starts with."""

from functools import cache

from corpus.seed.project import Programme
from corpus.seed.sheets import HERE, SheetError, read_sheet
from corpus.seed.words import Acronym, AmbiguousAcronym, Vocabulary

__all__ = [
    "Acronym",
    "AmbiguousAcronym",
    "Programme",
    "SheetError",
    "Vocabulary",
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
