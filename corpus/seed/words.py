"""Shape of ``vocabulary.yaml``: acronyms, ambiguous acronyms and families of equal expressions."""

from typing import Annotated

from pydantic import Field, model_validator

from corpus.seed.strict import Strict, Text, YesNo


class Acronym(Strict):
    """One acronym with its only expansion here and the other words people search it by."""

    acronym: Text
    expansion: Text
    note: str = ""
    meaning: Text  # one plain sentence for the glossary
    seen: YesNo = False  # met in the sources of the programme
    also: tuple[Text, ...] = ()


class AmbiguousAcronym(Strict):
    """An acronym that must not be expanded without other words that give its sense."""

    acronym: Text
    reason: Text


class Vocabulary(Strict):
    """Words of local administration: what the search may add to a question, and what not."""

    acronyms: tuple[Acronym, ...]
    ambiguous: tuple[AmbiguousAcronym, ...]
    families: tuple[Annotated[tuple[Text, ...], Field(min_length=2)], ...]
    proper_names: tuple[Text, ...]

    @model_validator(mode="after")
    def _acronyms_are_known_once(self) -> "Vocabulary":
        known = [entry.acronym for entry in self.acronyms]
        if len(known) != len(set(known)):
            raise ValueError("an acronym stands twice")
        unknown = self.ambiguous_set - set(known)
        if unknown:
            raise ValueError(f"ambiguous but not listed: {sorted(unknown)}")
        return self

    @property
    def ambiguous_set(self) -> frozenset[str]:
        """The acronyms of ``ambiguous``, to ask for membership."""
        return frozenset(entry.acronym for entry in self.ambiguous)
