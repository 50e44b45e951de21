"""How long work shows that it goes on: a bar on a terminal, nothing in a log file."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

_FORMAT = (
    "{desc}: {percentage:3.0f}% |{bar}| {n_fmt} di {total_fmt}, {rate_fmt}, mancano {remaining}"
)


def say(sentence: str) -> None:
    """One line on standard output, written at once, bars left whole."""
    tqdm.write(sentence, file=sys.stdout)
    sys.stdout.flush()


@contextmanager
def bar(what: str, unit: str, total: int | None = None) -> Iterator[Callable[[int, int], None]]:
    """Shows (done, total) while the block runs: rate and time left on standard error."""
    shown = tqdm(
        desc=what,
        unit=f" {unit}",
        total=total,
        bar_format=_FORMAT,
        ascii=" =",
        dynamic_ncols=True,
        leave=False,
        disable=None,
        file=sys.stderr,
    )
    with shown:

        def update(done: int, all_: int) -> None:
            shown.total = all_
            shown.update(done - shown.n)

        yield update
