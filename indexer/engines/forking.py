"""Locks that a fork may have copied while another thread held them are made anew."""

import os
from typing import Protocol
from weakref import WeakSet


class _Owner(Protocol):
    def renew_lock(self) -> None: ...


_OWNERS: "WeakSet[_Owner]" = WeakSet()


def renew_after_fork(owner: _Owner) -> None:
    """Call ``owner.renew_lock`` in every child process, as long as ``owner`` lives."""
    _OWNERS.add(owner)


def _renew() -> None:
    for owner in list(_OWNERS):
        owner.renew_lock()


os.register_at_fork(after_in_child=_renew)
