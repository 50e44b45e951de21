"""Finished pages of results: the same question, asked again before anything changes, is answered
with the same page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, request

from corpus.answer_cache import AnswerCache
from portal.i18n import current_locale
from portal.services import Services

EXTENSION = "metropoli-finished-pages"
KEPT = 200  # pages, of some 50 kB each


@dataclass(frozen=True)
class Finished:
    """A page as it is sent, and what is counted of it whenever it is."""

    html: bytes
    status: int
    found: int
    noindex: bool


def keep(app: Flask, services: Services) -> None:
    """Keep the pages of ``app`` for as long as neither the catalogue nor the index changes."""
    reader, engine = services.reader, services.engine
    app.extensions[EXTENSION] = AnswerCache(
        lambda: (reader.generation(), engine.generation()), KEPT
    )


def finished(make: Callable[[], Finished]) -> Finished:
    """The page kept for this address, or what ``make`` gives; what ``make`` raises passes.

    Only for a page that depends on its address, the collection and the settings alone.
    """
    pages = cast(AnswerCache, current_app.extensions[EXTENSION])
    return pages.get((request.host_url, current_locale(), request.full_path), make)
