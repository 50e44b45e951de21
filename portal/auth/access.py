"""Marks on views: ``@public`` or ``@requires(permission)``. A view without a mark stays shut."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from corpus.vocabulary import Role

View = TypeVar("View", bound=Callable[..., Any])
MARK = "access_mark"
READING = "reading_post"
PROVED = "proved_by_address"


class Permission(StrEnum):
    """What a signed-in person may be allowed to do; on which records, ``auth.rights`` says."""

    OWN_PROFILE = "own-profile"  # see who one is, one's own ways in and sessions, sign out
    EDIT = "edit"  # make and edit drafts, upload, submit, see what is missing
    REVIEW = "review"  # publish, return, schedule, withdraw, trash, restore, edit in bulk
    SEARCH_DESK = "search-desk"  # synonyms and best bets, what readers do not find
    ACCOUNTS = "accounts"  # who works here, with which role
    AUDIT = "audit"  # the log of who did what


_EDITOR = frozenset({Permission.OWN_PROFILE, Permission.EDIT})
_REVIEWER = _EDITOR | {Permission.REVIEW, Permission.SEARCH_DESK}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.EDITOR: _EDITOR,
    Role.REVIEWER: _REVIEWER,
    Role.ADMINISTRATOR: _REVIEWER | {Permission.ACCOUNTS, Permission.AUDIT},
}

PUBLIC = "public"


def public(view: View) -> View:
    """Anybody may open this view."""
    setattr(view, MARK, PUBLIC)
    return view


def reading_post(view: View) -> View:
    """The POST of this view asks and changes nothing: programs may send it, without Origin."""
    setattr(view, READING, True)
    return view


def proved_by_address(view: View) -> View:
    """The address of this view holds a secret that says who sends: any page or program may."""
    setattr(view, PROVED, True)
    return view


def needs_no_origin(view: Callable[..., Any]) -> bool:
    """True for a view marked with ``reading_post`` or ``proved_by_address``."""
    return bool(getattr(view, READING, False) or getattr(view, PROVED, False))


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
