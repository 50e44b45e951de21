"""Counts + Query → what the page shows: groups of check boxes and active filters in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from indexer.engine import Facet, Page, Query
from portal import search_url, years

Labels = Mapping[Facet, Mapping[str, str]]
OPEN_VALUES = 8  # a longer list folds after these

# How the values of each facet are put in order, after the ticked ones.
BY_COUNT = {Facet.CITY, Facet.FORMAT, Facet.LANGUAGE}
NEWEST_FIRST = {Facet.YEAR}
# Nearly everything is in one language: with that alone there is nothing to choose.
ONLY_WITH_A_CHOICE = {Facet.LANGUAGE}


@dataclass(frozen=True)
class Value:
    """One check box. ``count``: how many results if it is ticked too."""

    value: str
    label: str
    count: int
    ticked: bool
    field_id: str


@dataclass(frozen=True)
class Group:
    """One facet. ``more`` are the values to fold; a group without values is left out."""

    facet: Facet
    first: tuple[Value, ...]
    more: tuple[Value, ...]

    @property
    def ticked(self) -> int:
        return sum(value.ticked for value in (*self.first, *self.more))


@dataclass(frozen=True)
class ActiveFilter:
    """One ticked value and the address of the same search without it."""

    facet: Facet
    label: str
    removal: str


def groups(query: Query, page: Page, labels: Labels) -> tuple[Group, ...]:
    """The facets with something to choose. ``labels`` gives values in their own order."""
    found = (_group(query, facet, page.counts.get(facet, {}), labels) for facet in Facet)
    return tuple(group for group in found if _offers_a_choice(group))


def _offers_a_choice(group: Group) -> bool:
    least = 2 if group.facet in ONLY_WITH_A_CHOICE and not group.ticked else 1
    return len(group.first) >= least


def label(labels: Labels, facet: Facet, value: str) -> str:
    """What a value is called; one without a name is its own."""
    if facet is Facet.YEAR:
        return years.words(value)
    return labels.get(facet, {}).get(value, value)


def _group(query: Query, facet: Facet, counts: Mapping[str, int], labels: Labels) -> Group:
    ticked = set(query.filters.get(facet, ()))
    values = sorted(
        (
            Value(value, label(labels, facet, value), count, value in ticked, f"{facet}-{value}")
            for value, count in counts.items()
        ),
        key=_order(facet, labels.get(facet, {})),
    )
    visible = max(OPEN_VALUES, len(ticked))
    if len(values) <= visible + 2:  # folding one or two values would only cost a click
        visible = len(values)
    return Group(facet, tuple(values[:visible]), tuple(values[visible:]))


def _order(facet: Facet, labels: Mapping[str, str]) -> Callable[[Value], tuple[object, ...]]:
    position = {value: index for index, value in enumerate(labels)}

    def key(value: Value) -> tuple[object, ...]:
        if facet in BY_COUNT:
            rank: object = -value.count
        elif facet in NEWEST_FIRST:
            rank = -years.first_year(value.value)
        else:
            rank = position.get(value.value, len(position))
        return (not value.ticked, rank, value.label)

    return key


def active(query: Query, labels: Labels) -> tuple[ActiveFilter, ...]:
    """The ticked values in the order of the facets, each removable."""
    return tuple(
        ActiveFilter(
            facet,
            label(labels, facet, value),
            search_url.address(
                search_url.with_filters(query, facet, set(query.filters[facet]) - {value})
            ),
        )
        for facet in Facet
        for value in query.filters.get(facet, ())
    )


def in_words(
    query: Query, labels: Labels, names: Mapping[Facet, str], either: str
) -> tuple[str, ...]:
    """Each active facet as "Città: Bari o Napoli"; ``either`` is the word between values."""
    return tuple(
        f"{names[facet]}: "
        + f" {either} ".join(label(labels, facet, value) for value in query.filters[facet])
        for facet in Facet
        if query.filters.get(facet)
    )
