"""What every template may count on: the site's identity, its sections, static files."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from portal.addresses import canonical_url
from portal.i18n import DEFAULT_LOCALE, current_locale
from portal.i18n import gettext as _
from portal.languages import local
from portal.settings import Settings
from portal.takeaway.structured import breadcrumb_data


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


def addresses_of_assets(folder: Path, prefix: str) -> Callable[[str], str]:
    """A function from a static file's name to an address that changes with its bytes.

    A missing file costs one broken address, never the page.
    """

    @cache
    def asset(path: str) -> str:
        try:
            version = hashlib.sha256((folder / path).read_bytes()).hexdigest()[:12]
        except OSError:
            return f"{prefix}/{path}"
        return f"{prefix}/{path}?v={version}"

    return asset


def keeper(app: Flask) -> Callable[[str], Markup]:
    """A function that renders a part of the frame once for each language and keeps it.

    Such a part may use ``site``, ``sections`` (but not which is current) and nothing of a request.
    """

    @cache
    def render(name: str, locale: str) -> Markup:
        template = app.jinja_env.get_template(name)
        return Markup(template.render(sections=sections()))  # noqa: S704  our own template

    def kept_part(name: str) -> Markup:
        return render(name, current_locale())

    return kept_part


def describe(app: Flask, settings: Settings) -> None:
    """Give templates and macros ``site`` and ``asset``, pages ``sections`` and ``locale`` too."""

    def context() -> dict[str, Any]:
        return {"sections": sections(), "locale": current_locale()}

    app.context_processor(context)

    def tagline() -> str:
        return settings.tagline if current_locale() == DEFAULT_LOCALE else settings.tagline_en

    asset = addresses_of_assets(Path(app.static_folder or ""), app.static_url_path or "")
    app.jinja_env.globals.update(
        site=settings,
        asset=asset,
        tagline=tagline,
        kept_part=keeper(app),
        breadcrumb_data=_breadcrumb,
    )


def _breadcrumb(trail: Iterable[tuple[str, str | None]]) -> dict[str, Any]:
    steps = [(label, address and local(address)) for label, address in trail]
    return breadcrumb_data(steps, local("/"), local(request.path), canonical_url(""))
