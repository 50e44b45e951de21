"""On which records a permission holds: an account may be limited to some cities."""

from collections.abc import Collection
from dataclasses import dataclass

from corpus.sessions import SignedIn
from portal.auth.access import Permission, allows


@dataclass
class NotAllowed(Exception):
    """The person's role, or the cities it is limited to, do not reach this far.

    ``limits``: the cities of the person, empty when it is the role that does not allow it.
    """

    limits: tuple[str, ...] = ()


# What concerns the whole collection: nobody limited to some cities may open it.
OF_ALL_CITIES = frozenset({Permission.SEARCH_DESK, Permission.AUDIT})


def opens(person: SignedIn, mark: str) -> bool:
    """True when ``person`` may open a view with this mark; which records it shows is ``may``'s."""
    return allows(person.role, mark) and not (person.cities and mark in OF_ALL_CITIES)


def may(person: SignedIn, permission: Permission, *cities: Collection[str]) -> bool:
    """True when ``person`` may do this on a record of ``cities`` (slugs).

    Someone limited to cities may act only where every city is among theirs, and never on what
    has no city: that belongs to all. A change of the cities themselves needs both lists, those
    before and those after: ``may(person, EDIT, record.cities, draft.cities)``.
    """
    if not allows(person.role, permission):
        return False
    own = set(person.cities)
    return not own or (bool(cities) and all(named and own.issuperset(named) for named in cities))


def require(person: SignedIn, permission: Permission, *cities: Collection[str]) -> None:
    """Raise ``NotAllowed`` unless ``may`` says yes; the person then reads a page with 403."""
    if not may(person, permission, *cities):
        raise NotAllowed(person.cities if allows(person.role, permission) else ())
