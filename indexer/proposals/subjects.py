"""The intervention area of a text, by the words of the field that it uses."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from corpus.vocabulary import AreaSlug
from indexer.extract.base import Extract
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import beginning, words_of_name

_SHEET = Path(__file__).with_name("subjects.yaml")
_HEAD, _NAME, _BODY = 2.0, 4.0, 1.0  # what a word counts, by where it stands
_HEAD_TEXT, _MOST_TEXT = 2_500, 60_000  # characters
_FEWEST, _SHARE = 4.0, 0.5  # points of the area that prevails, and its part of all of them


def find_areas(
    extract: Extract, name: str, title: str, known: tuple[str, ...]
) -> Found[tuple[str, ...]] | None:
    """The area whose words prevail; None where two are as likely or none is."""
    parts = (
        (f"{title}. {words_of_name(name)}", _NAME),
        (beginning(extract, _HEAD_TEXT), _HEAD),
        (beginning(extract, _MOST_TEXT), _BODY),
    )
    points = dict.fromkeys(AreaSlug, 0.0)
    seen: dict[AreaSlug, Counter[str]] = {slug: Counter() for slug in AreaSlug}
    for text, weight in parts:
        length = max(1.0, len(text) / _HEAD_TEXT)
        for slug, words in _words().items():
            found = Counter(match[0].lower() for match in words.finditer(text))
            seen[slug] += found
            # A word counts less the more often it comes: a list of one word is no subject.
            points[slug] += weight * sum(times**0.5 for times in found.values()) / length**0.5
    total = sum(points.values())
    slug, most = max(points.items(), key=lambda item: item[1])
    if slug.value not in known or most < _FEWEST or most / total < _SHARE:
        return None
    evidence = ", ".join(word for word, _ in seen[slug].most_common(3))
    return Found((slug.value,), Origin.VOCABULARY, min(0.85, most / total), evidence)


@cache
def _words() -> dict[AreaSlug, re.Pattern[str]]:
    import yaml  # a library that starting the portal does not need

    sheet = yaml.load(_SHEET.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  texts only
    return {AreaSlug(slug): _any_of(expressions) for slug, expressions in sheet.items()}


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    patterns = (
        re.escape(expression).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+")
        for expression in sorted(expressions, key=len, reverse=True)
    )
    return re.compile(rf"(?i)\b(?:{'|'.join(patterns)})\b")
