"""What to write in the catalogue about an imported file: its row, else what the file says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.records import AreaView, CityView, DocumentDraft
from corpus.vocabulary import Kind, Scope
from indexer.extract.base import Extract
from indexer.manifest import Row, plain
from indexer.proposals.base import Found, V
from indexer.proposals.kinds import KINDS
from indexer.proposals.places import Places
from indexer.proposals.suggesting import suggest
from indexer.proposals.titles import title_from

_FIRST_YEAR, _LAST_YEAR = 1861, 2100
_LICENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9.+-]{0,63})( \(.*\))?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LANGUAGES = {"italiano": "it", "inglese": "en", "francese": "fr", "tedesco": "de"}


@dataclass(frozen=True)
class Defaults:
    """What holds where a row is silent."""

    kind: Kind = Kind.OTHER
    scope: Scope = Scope.PROGRAMME


@dataclass(frozen=True)
class Proposal:
    """A draft, and in plain Italian what of the row was not understood."""

    draft: DocumentDraft
    warnings: tuple[str, ...] = ()


class Proposer:
    """Turns rows into drafts, knowing the cities and areas of the catalogue."""

    def __init__(
        self,
        cities: Sequence[CityView],
        areas: Sequence[AreaView],
        defaults: Defaults = Defaults(),
    ) -> None:
        self._places = Places(cities, areas)
        self._defaults = defaults

    def propose(self, row: Row, extract: Extract, source_key: str) -> Proposal:
        """The draft for a file; a cell that is not understood is left out, with a warning."""
        warnings: list[str] = []
        says = suggest(extract, row.file, self._places)
        kind, form = self._kind(row, warnings)
        licence, rest_of_licence = _licence(row["licence"])
        draft = DocumentDraft(
            kind=kind,
            form=form,
            title=row["title"] or _value(says.title) or title_from(row.file),
            summary=row["summary"],
            scope=self._scope(row, warnings),
            language=_language(row, warnings) or _value(says.language) or "it",
            authors=row.values("authors") or _value(says.authors) or (),
            topics=row.values("topics"),
            cities=self._slugs(row, "cities", warnings),
            areas=self._slugs(row, "areas", warnings),
            year=_year(row, warnings) or (None if row["issued"] else _value(says.year)),
            issued=_issued(row, warnings) or (None if row["year"] else _value(says.issued)),
            publisher=row["publisher"] or None,
            licence=licence,
            external_url=row["external_url"] or None,
            note="\n".join(filter(None, (row["note"], rest_of_licence, _origin(row)))) or None,
            source_key=source_key,
        )
        return Proposal(draft, tuple(warnings))

    def _slugs(self, row: Row, field: str, warnings: list[str]) -> tuple[str, ...]:
        resolve = self._places.city if field == "cities" else self._places.area
        found: dict[str, None] = {}
        for value in row.values(field):
            slug = resolve(value)
            if slug is None:
                place = "città metropolitana" if field == "cities" else "area d'intervento"
                warnings.append(f"«{value}» non è il nome di una {place} della raccolta.")
            else:
                found[slug] = None
        return tuple(found)

    def _kind(self, row: Row, warnings: list[str]) -> tuple[Kind, str | None]:
        form = row["form"] or None
        name = plain(row["kind"])
        if not name:
            return self._defaults.kind, form
        kind = KINDS.get(name)
        if kind is None:
            warnings.append(f"Il tipo «{row['kind']}» non è tra quelli previsti.")
            return self._defaults.kind, form
        says_more = name != plain(kind.value)
        return kind, form or (row["kind"] if says_more else None)

    def _scope(self, row: Row, warnings: list[str]) -> Scope:
        name = plain(row["scope"])
        if not name:
            return self._defaults.scope
        try:
            return Scope(name)
        except ValueError:
            warnings.append(f"L'ambito «{row['scope']}» non è «programma» né «contesto».")
            return self._defaults.scope


def _value(found: Found[V] | None) -> V | None:
    return None if found is None else found.value


def _year(row: Row, warnings: list[str]) -> int | None:
    text = row["year"]
    if not text:
        return None
    if re.fullmatch(r"[0-9]{4}", text) and _FIRST_YEAR <= int(text) <= _LAST_YEAR:
        return int(text)
    warnings.append(f"L'anno «{text[:40]}» non è scritto con quattro cifre.")
    return None


def _issued(row: Row, warnings: list[str]) -> date | None:
    text = row["issued"]
    if not text:
        return None
    day = _iso_date(text)
    if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        warnings.append(f"La data «{text[:40]}» non è nella forma 2023-05-31 o 31/05/2023.")
        return None
    return day


def _iso_date(text: str) -> date | None:
    if italian := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text):
        day, month, year = italian.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _language(row: Row, warnings: list[str]) -> str | None:
    text = plain(row["language"])
    text = _LANGUAGES.get(text, text)
    if not text or _LANGUAGE.fullmatch(text):
        return text or None
    warnings.append(f"La lingua «{row['language'][:40]}» non è un codice come «it».")
    return None


def _licence(text: str) -> tuple[str | None, str]:
    """The SPDX identifier, and the whole text where it says more or something else."""
    match = _LICENCE.fullmatch(text)
    identifier, remark = match.groups() if match else (None, text)
    return identifier, f"Licenza: {text}" if remark else ""


def _origin(row: Row) -> str:
    parts = {
        "Provenienza": row["repository"],
        "percorso": row["path_in_repository"],
        "versione": row["commit"],
    }
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)
