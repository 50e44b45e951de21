"""What every template may count on: the site's identity, its sections, addresses of static files."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from portal.i18n import current_locale
from portal.settings import Settings


@dataclass(frozen=True)
class Section:
    """One entry of the main menu."""

    url: str
    label: str
    current: bool


def sections() -> tuple[Section, ...]:
    """The main menu, with the section of this request marked."""
    entries = (
        ("/progetto", _("Progetto")),
        ("/citta", _("Le città")),
        ("/soluzioni", _("Soluzioni pilota")),
        ("/documenti", _("Documenti")),
        ("/formazione", _("Formazione")),
        ("/eventi", _("Eventi")),
        ("/contattaci", _("Contattaci")),
    )
    path = request.path + "/"
    return tuple(Section(url, label, path.startswith(url + "/")) for url, label in entries)


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """Address of a static file that changes with its bytes, so that browsers may keep it."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=path, v=_fingerprint(folder / path))


def describe(app: Flask, settings: Settings) -> None:
    """Give every template ``site``, ``sections``, ``asset`` and ``locale``."""

    def context() -> dict[str, Any]:
        return {
            "site": settings,
            "sections": sections(),
            "asset": asset,
            "locale": current_locale(),
        }

    app.jinja_env.globals["asset"] = asset  # macros see globals, not contexts
    app.context_processor(context)
