"""The authors: as the first pages name them, else as the properties do."""

import re

from indexer.extract.base import Extract
from indexer.extract.titles import sane_authors
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import first_lines

_SAID = re.compile(
    r"(?i)^\W*(?:autor[ei]|autrici|a cura di|redatto da|scritto da|testi? di)\s*:?\s+(.{5,160})$"
)
_JOIN = re.compile(r"\s*(?:;|,|\s[–-]\s|\se\s)\s*")
_NAME = re.compile(
    r"(?:(?:prof|dott|ing|arch|avv|geom)\w{0,3}\.?(?:ssa)?\s+)?"
    r"((?:[A-ZÀ-Ý][\w'’.-]*\s+){1,4}[A-ZÀ-Ý][\w'’-]+)",
    re.I,
)


def find_authors(extract: Extract) -> Found[tuple[str, ...]] | None:
    """Names that the text itself gives, else those of the properties."""
    for line in first_lines(extract, 60, pages=3):
        if said := _SAID.match(line.text):
            names = [_person(part) for part in _JOIN.split(said[1])]
            people = sane_authors(";".join(filter(None, names)).split(";"))
            if people and len(people) == len([name for name in names if name]):
                return Found(people, Origin.TEXT, 0.75, line.text, line.page)
    if extract.authors:
        return Found(extract.authors, Origin.PROPERTIES, 0.5, "; ".join(extract.authors))
    return None


def _person(text: str) -> str:
    words = text.strip(" .")
    found = _NAME.fullmatch(words)
    if found is None or not all(word[:1].isupper() for word in found[1].split()):
        return ""
    return found[1]
