"""What the search needs of ``vocabulary.yaml``.

It is read without the models of ``corpus.seed.words``: to load the library that they are made with
would take most of a first search. The sheet of a release is checked with them before the founding
collection is loaded.
"""

from dataclasses import dataclass
from pathlib import Path

from corpus.seed.reading import read_yaml


@dataclass(frozen=True)
class Acronym:
    """An acronym, what it stands for, and the other words people search it by."""

    acronym: str
    expansion: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Acronyms, those that mean several things, and families of equal expressions."""

    acronyms: tuple[Acronym, ...]
    ambiguous: frozenset[str]
    families: tuple[tuple[str, ...], ...]


def read_lexicon(path: Path) -> Lexicon:
    """The words of a sheet that has been checked."""
    sheet = read_yaml(path)
    return Lexicon(
        acronyms=tuple(
            Acronym(line["acronym"], line["expansion"], tuple(line.get("also", ())))
            for line in sheet["acronyms"]
        ),
        ambiguous=frozenset(line["acronym"] for line in sheet["ambiguous"]),
        families=tuple(tuple(family) for family in sheet["families"]),
    )
