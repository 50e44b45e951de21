"""Shape of ``programme.yaml``: what the page about the programme says, row by row, with sources."""

from typing import Any

from pydantic import model_validator

from corpus.seed.strict import Key, SourceLine, Strict, Text
from corpus.vocabulary import AreaSlug


class SourcedLine(Strict):
    """Every row: its sources in full, and a public caution where there is one."""

    sources: tuple[SourceLine, ...] = ()
    note: str | None = None


class Row(SourcedLine):
    """A row of the identity card."""

    label: Text
    value: Text


class Method(SourcedLine):
    """How the programme works. The levers are those that the programme's page lists."""

    intro: Text
    levers: tuple[Text, ...]


class AreaScope(SourcedLine):
    """What an area covers according to the official sheets."""

    area: AreaSlug
    text: Text


class Phase(SourcedLine):
    """A phase of the programme, or one side of it."""

    name: Text
    points: tuple[Text, ...]


class Statement(SourcedLine):
    """One sentence."""

    text: Text


class Moment(Statement):
    """A dated fact; ``date`` is as precise as the sources: year, month or day (ISO)."""

    date: Text


class FigureRow(SourcedLine):
    """Size of the 14 cities according to one source; empty where it says nothing."""

    source: Text
    cities: str
    municipalities: str
    area_km2: str
    population: str


class Contacts(SourcedLine):
    """Where the beneficiary of the programme can be reached."""

    holder: Text
    address: Text
    phone: Text
    fax: Text
    email: Text
    certified_email: Text


class NamedSource(SourceLine):
    """A source that rows cite by key."""

    key: Key


class Programme(Strict):
    """The programme's facts."""

    name: Text
    second_name: Text
    aim: Text
    aim_sources: tuple[SourceLine, ...]
    identity: tuple[Row, ...]
    method: Method
    areas: tuple[AreaScope, ...]
    phases: tuple[Phase, ...]
    governance: tuple[Statement, ...]
    timeline: tuple[Moment, ...]
    figures: tuple[FigureRow, ...]
    figures_note: Text
    website: tuple[Statement, ...]  # the programme's own site, as far as it was seen
    contacts: Contacts
    open_points: tuple[Text, ...]
    sources: tuple[NamedSource, ...]

    @model_validator(mode="before")
    @classmethod
    def _cite_in_full(cls, sheet: Any) -> Any:
        """Put the whole source where a row names its key; an unknown key stays and is refused."""
        known = {
            line["key"]: {name: value for name, value in line.items() if name != "key"}
            for line in sheet["sources"]
        }
        return {
            name: part if name == "sources" else _with_sources(part, known)
            for name, part in sheet.items()
            if name != "aim_sources"
        } | {"aim_sources": [known.get(key, key) for key in sheet["aim_sources"]]}


def _with_sources(part: Any, known: dict[str, dict[str, str]]) -> Any:
    if isinstance(part, list):
        return [_with_sources(each, known) for each in part]
    if isinstance(part, dict):
        cited = [known.get(key, key) for key in part.get("sources", ())]
        return part | {"sources": cited}
    return part
