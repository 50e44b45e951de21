"""What a format's module hands over, before the steps that all formats share."""

from dataclasses import dataclass, field
from datetime import date

from indexer.extract.base import Accessibility, Heading


@dataclass
class Draft:
    """Text and facts as found in the file; ``finish`` makes the ``Extract``."""

    pages: list[str]
    unit: str = "sezione"
    labels: list[str] = field(default_factory=list)  # as long as ``pages``, or empty
    titles: list[str] = field(default_factory=list)  # of the metadata, most trusted first
    headlines: list[str] = field(default_factory=list)  # lines of the text that stand out as titles
    authors: list[str] = field(default_factory=list)
    issued: date | None = None
    outline: tuple[Heading, ...] = ()
    accessibility: Accessibility = field(default_factory=Accessibility)
    warnings: list[str] = field(default_factory=list)
    drawn: bool = False  # text comes out of drawing instructions: its letters may be wrong
    pictures: list[int] = field(default_factory=list)  # pages that are little but an image
    title_in_text: bool = True  # the first lines may hold the title
