"""The search that the address of this request asks for."""

from flask import abort, request

from portal import search_url
from portal.limits import count_search
from portal.search_url import Search
from portal.services import services


def asked_search(size: int) -> Search:
    """Read the search in the address, counting it against the reader's limit.

    Answers 400 when it ticks more values than any person does, 429 beyond the limit.
    """
    count_search()
    return read_search(size)


def read_search(size: int) -> Search:
    """As ``asked_search``, for what was counted already."""
    reader = services().reader
    known = search_url.Known(
        frozenset(city.slug for city in reader.cities()),
        frozenset(area.slug for area in reader.areas()),
    )
    try:
        return search_url.parse(dict(request.args.lists()), known, size)
    except search_url.TooManyValues:
        abort(400, description="values")
