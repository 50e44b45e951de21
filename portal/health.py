"""Whether what the portal stands on answers now: asked by monitors and by the API."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from indexer.engine import Query
from portal.i18n import gettext as _
from portal.services import Services

_LEAST = Query(size=1, facets=False, passages=0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """One of the things that the portal needs, by its name, and whether it answers."""

    name: str
    answers: bool


def parts(services: Services) -> tuple[Part, ...]:
    """Ask each part a small question; no error of theirs passes."""
    return (
        _asked(_("catalogo"), lambda: services.reader.behind(1)),
        _asked(_("ricerca"), lambda: services.engine.search(_LEAST)),
    )


def silent(services: Services) -> tuple[str, ...]:
    """Names of the parts that do not answer."""
    return tuple(part.name for part in parts(services) if not part.answers)


def _asked(name: str, question: Callable[[], object]) -> Part:
    try:
        question()
    except Exception:  # the edge of a check: whatever is wrong, the answer is that it is
        _log.exception("%s does not answer", name)
        return Part(name, False)
    return Part(name, True)
