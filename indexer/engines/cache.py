"""A bounded memory of arrays: what was used last stays."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Cache(Generic[_Value]):
    """Keeps values up to ``budget`` bytes in all; safe under threads and after a fork.

    ``size`` says how many bytes a value takes. A value above a quarter of the budget is given
    back without being kept.
    """

    def __init__(self, budget: int, size: Callable[[_Value], int]) -> None:
        self._budget = budget
        self._size = size
        self._values: OrderedDict[Hashable, tuple[_Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self.used = 0
        os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> _Value | None:
        """The value kept for ``key``, or None."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None:
                return None
            self._values.move_to_end(key)
            return kept[0]

    def put(self, key: Hashable, value: _Value) -> _Value:
        """Keep ``value`` and give it back."""
        size = self._size(value)
        if size > self._budget // 4:
            return value
        with self._lock:
            replaced = self._values.pop(key, None)
            self.used += size - (replaced[1] if replaced else 0)
            self._values[key] = (value, size)
            while self.used > self._budget:
                _, (_, dropped) = self._values.popitem(last=False)
                self.used -= dropped
        return value
