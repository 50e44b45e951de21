"""Signposting: typed links that lead a program from the page of a record to all that belongs to it.

https://signposting.org/FAIR/ : the same links stand in the headers of the page and, with those
of the files and of the descriptions, in a link set (RFC 9264).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LINKSET = "application/linkset+json"


@dataclass(frozen=True)
class Link:
    """One typed link from the page; ``type`` is the media type of what it leads to."""

    rel: str
    href: str
    type: str = ""


def header(links: Iterable[Link]) -> str:
    """The links as the value of a Link header (RFC 8288)."""
    return ", ".join(
        f'<{link.href}>; rel="{link.rel}"' + (f'; type="{link.type}"' if link.type else "")
        for link in links
    )


def linkset(page: str, links: Iterable[Link]) -> Mapping[str, Any]:
    """The links of the page at ``page``, and those that lead back to it, as a link set."""
    links = tuple(link for link in links if link.rel != "linkset")
    contexts: list[dict[str, Any]] = [{"anchor": page, **_targets(links)}]
    for link in links:
        back = {"item": "collection", "describedby": "describes"}.get(link.rel)
        if back:
            contexts.append({"anchor": link.href, back: [{"href": page, "type": "text/html"}]})
    return {"linkset": contexts}


def _targets(links: Iterable[Link]) -> dict[str, list[dict[str, str]]]:
    targets: dict[str, list[dict[str, str]]] = {}
    for link in links:
        target = {"href": link.href} | ({"type": link.type} if link.type else {})
        targets.setdefault(link.rel, []).append(target)
    return targets
