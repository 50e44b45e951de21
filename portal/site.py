"""What every template may count on: the site's identity, its sections, static files."""

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
    """Address of a static file that changes with its bytes, so that browsers may keep it.

    A missing file costs one broken address, never the page.
    """
    try:
        version = _fingerprint(Path(current_app.static_folder or "", path))
    except OSError:
        return url_for("static", filename=path)
    return url_for("static", filename=path, v=version)


def describe(app: Flask, settings: Settings) -> None:
    """Give templates and macros ``site`` and ``asset``, pages ``sections`` and ``locale`` too."""

    def context() -> dict[str, Any]:
        return {"sections": sections(), "locale": current_locale()}

    app.context_processor(context)
    app.jinja_env.globals.update(site=settings, asset=asset)
