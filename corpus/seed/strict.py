"""What every sheet is made of: strict models, and scalars that arrive as text."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from corpus.records import Source
from corpus.vocabulary import SourceKind


class Strict(BaseModel):
    """Frozen, and an unknown field is a fault: a misspelt name must not be lost in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _yes_or_no(value: object) -> object:
    answers = {"sì": True, "no": False}
    if value in answers:
        return answers[str(value)]
    raise ValueError("write sì or no")


def _day(value: object) -> object:
    # Pydantic would also take a bare number, as seconds since 1970.
    return date.fromisoformat(value) if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Year = Annotated[int, Field(ge=1990, le=2100)]
Day = Annotated[date, BeforeValidator(_day)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")]


class SourceLine(Strict):
    """A page that a statement comes from, with an honest label of who publishes it."""

    url: Address
    kind: SourceKind
    label: Text

    def view(self) -> Source:
        """The same, as the catalogue keeps it."""
        return Source(url=self.url, kind=self.kind, label=self.label)


Sources = Annotated[tuple[SourceLine, ...], Field(min_length=1)]
