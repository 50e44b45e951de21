"""Cities and areas: from the words that people use for them to the slugs of the catalogue."""

import re
from collections import defaultdict
from collections.abc import Sequence

from corpus.records import AreaView, CityView
from indexer.extract.base import Extract
from indexer.manifest import plain
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import beginning, words_of_name

_PREFIXES = ("citta metropolitana di", "comune di", "citta di")
_INSTITUTION = (
    r"(?:comun[ei]|citt[àa]'?|metropoli|metropolitan[ao]|provincia|municipio|capoluogo|area vasta"
    r"|hinterland|terra)(?:\s+(?:metropolitana|capoluogo|terra|strategica))*\s+(?:di|d['’])\s*"
)
# Where an office sits, a law was signed, a person was born: the text is not about the city.
_ASIDE_BEFORE = re.compile(
    r"(?i)(?:\b\d{5}[\s,–-]*|\b(?:via|viale|piazza|corso|largo|lungomare|tribunale|corte|foro"
    r"|politecnico|universit[àa]|trattato|convenzione|statuto|sede|nat[oa]|residente|porto"
    r"|aeroporto|questura|prefettura|camera|stampato|editore|edizioni|tipografia)\b[^.;\n]{0,40})$"
)
_ASIDE_AFTER = re.compile(
    r"^\s*(?:,?\s*(?:l[ìi]\b|addì|\d{1,2}\s+\w+\s+\d{4})|\((?:[A-Z]{2})\)|[-–]\s*\()"
)
_MOST_TEXT, _OPENING = 400_000, 1_500  # characters looked at; of them, where a text presents itself
_STRONG, _SHARE, _FEWEST = 3.0, 0.6, 3.0
_NEVER = r"(?!)"
_LISTED = 5  # cities that are named as often: a list of them, not the subject


class Places:
    """The cities and areas of the catalogue, by any of their names."""

    def __init__(self, cities: Sequence[CityView], areas: Sequence[AreaView]) -> None:
        self._cities = {
            plain(name): city.slug
            for city in cities
            for name in (city.slug, city.name, city.capital)
        }
        self._areas = areas
        self._spelled = {_spelling(city.capital): city.slug for city in cities}
        names = "|".join(_pattern(city.capital) for city in cities) or _NEVER
        self._mention = re.compile(rf"(?P<of>(?i:{_INSTITUTION}))?\b(?P<name>{names})\b")

    def city(self, text: str) -> str | None:
        """Slug of the city that ``text`` names: "Roma", "Città metropolitana di Bari"."""
        name = plain(text)
        for prefix in ("", *_PREFIXES):
            if name.startswith(prefix) and (slug := self._cities.get(name[len(prefix) :].strip())):
                return slug
        return None

    def area(self, text: str) -> str | None:
        """Slug of the area whose name, or the name's beginning, stands in ``text``."""
        name = plain(text)
        for area in self._areas:
            known = {plain(label) for label in (area.slug, area.label, area.short_label)}
            if any(name == label or name.startswith(f"{label} ") for label in known):
                return area.slug
        return None

    def area_slugs(self) -> tuple[str, ...]:
        return tuple(area.slug for area in self._areas)

    def about(self, extract: Extract, name: str, title: str) -> Found[tuple[str, ...]] | None:
        """The cities that a text is about, not those where somebody signed or has an office."""
        weights: dict[str, float] = defaultdict(float)
        text = beginning(extract, _MOST_TEXT)
        evidence: dict[str, str] = {}
        named: set[str] = set()  # as a public body at least once
        for slug, weight, words in self._mentions(text):
            weights[slug] += weight
            if weight >= 1:
                evidence.setdefault(slug, words)
            if weight >= 2:
                named.add(slug)
        heads = " . ".join((title, words_of_name(name)))
        titled = {slug for slug, weight, _ in self._mentions(heads) if weight}
        for slug in titled:
            weights[slug] += _STRONG
            evidence.setdefault(slug, title)
        opening = {
            s for s, weight, _ in self._mentions(beginning(extract, _OPENING)) if weight >= 2
        }
        total = sum(weights.values())
        often = [slug for slug, weight in weights.items() if weight >= 0.5 * max(weights.values())]
        if not total or (len(often) >= _LISTED and not titled):
            return None
        slugs = tuple(
            slug
            for slug, weight in sorted(weights.items(), key=lambda item: -item[1])[:3]
            if slug in titled
            or (weight >= _FEWEST and weight / total >= (0.35 if slug in opening else _SHARE))
            or (slug in opening and weight >= 2 and weight / total >= _SHARE)
            or (slug in named and weight == total)
        )
        if not slugs:
            return None
        first = slugs[0]
        share = weights[first] / total
        confidence = (
            0.9 if first in titled else 0.45 + 0.3 * share + (0.1 if first in opening else 0)
        )
        return Found(slugs, Origin.VOCABULARY, confidence, evidence.get(first, ""))

    def _mentions(self, text: str) -> list[tuple[str, float, str]]:
        """(slug, weight, words) of every city that is named; 0 where it is only an address."""
        found: list[tuple[str, float, str]] = []
        for match in self._mention.finditer(text):
            slug = self._spelled[_spelling(match["name"])]
            before, after = (
                text[max(0, match.start() - 60) : match.start()],
                text[match.end() :][:24],
            )
            line = before.rsplit("\n", 1)[-1]
            if match["of"]:
                weight = 2.0
            elif _ASIDE_BEFORE.search(line) or _ASIDE_AFTER.match(after):
                weight = 0.0
            else:
                weight = 0.5 if slug == "roma" else 1.0
            found.append((slug, weight, match[0].strip()))
        return found


def _pattern(capital: str) -> str:
    """The name with a capital letter or in capitals, with "di" where people write one."""
    words = re.split(r"\s+(?:di\s+)?", capital)
    capitals = r"\s+(?:DI\s+)?".join(re.escape(word.upper()) for word in words)
    plain_name = r"\s+(?:di\s+)?".join(re.escape(word) for word in words)
    return f"{plain_name}|{capitals}"


def _spelling(name: str) -> str:
    return re.sub(r"\s+(?:di\s+)?", " ", name.lower())
