"""The query of an address, for pages that are full of addresses. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote_plus

_quoted = lru_cache(maxsize=4096)(quote_plus)


def query_string(pairs: Iterable[tuple[str, str]]) -> str:
    """Names that are plain words, and their values, as ``urlencode`` writes them.

    A page of results has thirty addresses with the same question: it is quoted once.
    """
    return "&".join([f"{name}={_quoted(value)}" for name, value in pairs])
