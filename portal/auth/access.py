"""Marks on views: ``@public`` or ``@requires(permission)``. A view without a mark stays shut."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from corpus.vocabulary import Role

View = TypeVar("View", bound=Callable[..., Any])
MARK = "access_mark"


class Permission(StrEnum):
    """What a signed-in person may be allowed to do."""

    OWN_PROFILE = "own-profile"  # see who one is, change one's own password, sign out


GRANTS: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: frozenset({Permission.OWN_PROFILE}),
    Role.REVIEWER: frozenset({Permission.OWN_PROFILE}),
    Role.ADMINISTRATOR: frozenset({Permission.OWN_PROFILE}),
}

PUBLIC = "public"


def public(view: View) -> View:
    """Anybody may open this view."""
    setattr(view, MARK, PUBLIC)
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only a signed-in person whose role is granted ``permission`` may open this view."""

    def mark(view: View) -> View:
        setattr(view, MARK, permission)
        return view

    return mark


def mark_of(view: Callable[..., Any]) -> str | None:
    """``PUBLIC``, the permission that the view requires, or None for a shut view."""
    mark: str | None = getattr(view, MARK, None)
    return mark


def allows(role: Role, mark: str) -> bool:
    """True when the role may open a view with this mark."""
    return mark == PUBLIC or mark in GRANTS[role]
