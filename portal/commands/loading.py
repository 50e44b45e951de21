"""What the program does while its modules are loaded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Around imports: they make things that stay, among which there is no garbage to look for.

    The collector waits meanwhile, and does not go through what was made again and again later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
