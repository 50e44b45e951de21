"""Marking a question in a text that is not in the index."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from indexer import citations
from indexer.engine import Run
from indexer.engines.whoosh_segments import Cited, Near, Pattern, Phrase, Stem
from indexer.italian import Token, analyse


def marked(text: str, patterns: Iterable[Pattern]) -> tuple[Run, ...]:
    """``text`` cut into runs; joined they give it back."""
    tokens = analyse(text)
    stems: dict[str, list[int]] = defaultdict(list)
    forms: dict[str, list[int]] = defaultdict(list)
    for token in tokens:
        forms[token.surface].append(token.position)
        if token.stem:
            stems[token.stem].append(token.position)
    whole: set[tuple[str, str]] = set()  # kind and word, wherever it stands
    positions: set[int] = set()
    for pattern in patterns:
        match pattern:
            case Stem(stem):
                whole.add(("stem", stem))
            case Phrase((form,)):
                whole.add(("form", form))
            case Phrase(sequence):
                positions.update(_phrase(forms, sequence))
            case Near(sequence, window):
                positions.update(_near(stems, sequence, window))
            case Cited(key):
                positions.update(_cited(text, tokens, key))
    return tuple(_runs(text, (token for token in tokens if _hit(token, whole, positions))))


def _hit(token: Token, whole: set[tuple[str, str]], positions: set[int]) -> bool:
    return (
        token.position in positions
        or ("stem", token.stem) in whole
        or ("form", token.surface) in whole
    )


def _phrase(forms: dict[str, list[int]], sequence: Sequence[str]) -> Iterable[int]:
    rows = [set(forms.get(form, ())) for form in sequence]
    for start in rows[0]:
        if all(start + place in row for place, row in enumerate(rows)):
            yield from range(start, start + len(sequence))


def _near(stems: dict[str, list[int]], sequence: Sequence[str], window: int) -> Iterable[int]:
    rows = [stems.get(stem, []) for stem in sequence]
    for start in {position for row in rows for position in row}:
        places = [bisect_left(row, start) for row in rows]
        if all(
            place < len(row) and row[place] < start + window
            for place, row in zip(places, rows, strict=True)
        ):
            yield from (
                position for row in rows for position in row if start <= position < start + window
            )


def _cited(text: str, tokens: Sequence[Token], key: str) -> Iterable[int]:
    for citation in citations.find(text):
        if citation.act.key == key:
            first = bisect_left(tokens, citation.start, key=lambda token: token.start)
            last = bisect_left(tokens, citation.end, key=lambda token: token.start)
            yield from (token.position for token in tokens[first:last])


def _runs(text: str, hits: Iterable[Token]) -> Iterable[Run]:
    reached = 0
    for token in hits:
        if token.end <= reached:
            continue
        start = max(token.start, reached)
        if start > reached:
            yield Run(text[reached:start])
        yield Run(text[start : token.end], matched=True)
        reached = token.end
    if reached < len(text):
        yield Run(text[reached:])
