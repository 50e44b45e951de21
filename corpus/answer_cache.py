"""Answers kept in memory for as long as nobody writes to the catalogue."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from threading import Lock
from typing import Any, TypeVar

Answer = TypeVar("Answer")

KEPT = 4096  # answers
LONGEST = 1000  # values: a longer list is not kept, so that memory stays flat


class AnswerCache:
    """Remembers frozen answers; the first one asked for after a write forgets all of them.

    ``generation`` tells cheaply whether anybody, in any process, has written: equal values mean
    that nothing has changed in between. Safe to use from several threads.
    """

    def __init__(self, generation: Callable[[], object], kept: int = KEPT) -> None:
        """``kept``: how many answers; the one that was not asked for longest gives way."""
        self._generation = generation
        self._kept = kept
        self._current: object = None
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer kept for ``key``, or what ``ask`` gives; what ``ask`` raises passes."""
        # Read before asking: the answer is then at least as new as the generation it is kept for.
        generation = self._generation()
        found, answer = self._find(generation, key)
        if not found:
            answer = ask()
            self._keep(generation, [(key, answer)])
        return answer  # type: ignore[no-any-return]

    def get_many(
        self, keys: Iterable[Hashable], ask: Callable[[list[Any]], dict[Any, Answer]]
    ) -> dict[Any, Answer]:
        """As ``get`` for several keys; ``ask`` is given those not kept, and may lack some."""
        generation = self._generation()
        answers: dict[Any, Answer] = {}
        unknown = []
        for key in keys:
            found, answer = self._find(generation, key)
            if found:
                answers[key] = answer
            else:
                unknown.append(key)
        if unknown:
            asked = ask(unknown)
            self._keep(generation, asked.items())
            answers |= asked
        return answers

    def _find(self, generation: object, key: Hashable) -> tuple[bool, Any]:
        with self._lock:
            if generation != self._current:
                self._answers.clear()
                self._current = generation
            if key not in self._answers:
                return False, None
            self._answers.move_to_end(key)
            return True, self._answers[key]

    def _keep(self, generation: object, answers: Iterable[tuple[Hashable, Any]]) -> None:
        with self._lock:
            if generation != self._current:
                return
            for key, answer in answers:
                if not isinstance(answer, tuple) or len(answer) <= LONGEST:
                    self._answers[key] = answer
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)
