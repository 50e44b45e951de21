"""What is proposed for a field: a value, where it was found, how sure it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from corpus.vocabulary import Kind

V = TypeVar("V")


class Origin(StrEnum):
    """Where a value was found; the values stand in programs, the portal has the words."""

    PROPERTIES = "properties"  # what the program that made the file wrote beside the text
    TEXT = "text"
    NAME = "name"  # of the file
    VOCABULARY = "vocabulary"  # a closed list of the portal, recognised in the text


@dataclass(frozen=True)
class Found(Generic[V]):
    """A value for a person to confirm. ``evidence`` is what was read, as it stands in the file.

    ``confidence`` goes from 0 to 1: below ``SHY`` a form shows the value without taking it.
    """

    value: V
    origin: Origin
    confidence: float
    evidence: str = ""
    page: int | None = None


SHY = 0.4


@dataclass(frozen=True)
class Suggestions:
    """Everything that a file says of its own record; None where it says nothing."""

    title: Found[str] | None = None
    authors: Found[tuple[str, ...]] | None = None
    issued: Found[date] | None = None
    year: Found[int] | None = None
    language: Found[str] | None = None
    pages: Found[int] | None = None
    cities: Found[tuple[str, ...]] | None = None
    areas: Found[tuple[str, ...]] | None = None
    kind: Found[Kind] | None = None
    form: Found[str] | None = None
    summary: Found[str] | None = None
