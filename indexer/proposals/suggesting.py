"""Everything that a file says of its own record, for a person to confirm field by field."""

from indexer.extract.base import Extract
from indexer.proposals.abstracts import find_summary
from indexer.proposals.authors import find_authors
from indexer.proposals.base import Found, Origin, Suggestions
from indexer.proposals.dates import find_dates
from indexer.proposals.kinds import find_kind
from indexer.proposals.places import Places
from indexer.proposals.subjects import find_areas
from indexer.proposals.titles import find_title

_PAGED = "pagina"


def suggest(extract: Extract, name: str, places: Places) -> Suggestions:
    """What to propose for a file that its sender called ``name``. Pure: same file, same answer."""
    title = find_title(extract, name)
    words = title.value if title else ""
    issued, year = find_dates(extract, name, words)
    kind = find_kind(extract, name, words)
    paged = extract.unit == _PAGED and extract.pages
    return Suggestions(
        title=title,
        authors=find_authors(extract),
        issued=issued,
        year=year,
        language=_language(extract),
        pages=Found(len(extract.pages), Origin.PROPERTIES, 1.0) if paged else None,
        cities=places.about(extract, name, words),
        areas=find_areas(extract, name, words, places.area_slugs()),
        kind=kind[0] if kind else None,
        form=kind[1] if kind else None,
        summary=find_summary(extract),
    )


def _language(extract: Extract) -> Found[str] | None:
    """Of the text, else as the properties declare it ("it-IT")."""
    if extract.language:
        return Found(extract.language, Origin.TEXT, 0.9)
    declared = (extract.accessibility.language or "").partition("-")[0].lower()
    if len(declared) in (2, 3) and declared.isascii() and declared.isalpha():
        return Found(declared, Origin.PROPERTIES, 0.5, extract.accessibility.language or "")
    return None
