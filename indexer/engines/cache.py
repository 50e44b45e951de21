"""A bounded memory of arrays: what is asked for stays."""

import threading
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from indexer.engines.forking import renew_after_fork


class _Sized(Protocol):
    @property
    def nbytes(self) -> int: ...


_Value = TypeVar("_Value", bound=_Sized)


class Cache(Generic[_Value]):
    """Keeps values up to ``budget`` bytes in all; safe under threads and after a fork.

    A value says how many bytes it takes. One above a quarter of the budget is given
    back without being kept. What was asked for since it last came up for dropping gets a second
    chance (the clock algorithm), so that reading takes no lock.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._values: dict[Hashable, _Kept[_Value]] = {}
        self._lock = threading.Lock()
        self.used = 0
        renew_after_fork(self)

    def renew_lock(self) -> None:
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Value | None:
        """The value kept for ``key``, or None."""
        kept = self._values.get(key)
        if kept is None:
            return None
        kept.asked = True
        return kept.value

    def put(self, key: Hashable, value: _Value) -> _Value:
        """Keep ``value`` and give it back."""
        size = value.nbytes
        if size > self._budget // 4:
            return value
        with self._lock:
            replaced = self._values.pop(key, None)
            self.used += size - (replaced.size if replaced else 0)
            self._values[key] = _Kept(value, size)
            while self.used > self._budget:
                self._drop_one()
        return value

    def _drop_one(self) -> None:
        while True:
            key = next(iter(self._values))
            kept = self._values.pop(key)
            if not kept.asked:
                self.used -= kept.size
                return
            kept.asked = False
            self._values[key] = kept


@dataclass(slots=True)
class _Kept(Generic[_Value]):
    value: _Value
    size: int
    asked: bool = False
