"""Pages that the law or good manners ask for, linked from every footer."""

from functools import cache
from pathlib import Path

from flask import Blueprint, render_template

from portal.auth.access import public
from portal.cookies import cookies as all_cookies
from portal.i18n import gettext as _
from portal.services import services

blueprint = Blueprint("legal", __name__)


@cache
def own_text(path: Path) -> str | None:
    """The body's own text at ``path`` (Markdown) as safe HTML, None when there is no such file."""
    # bleach and its parser are slow to import, and most installations keep our texts.
    from portal.richtext import render

    return render(path.read_text("utf-8")) if path.is_file() else None


def legal_page(name: str, title: str, template: str) -> str:
    """The text of the folder of the settings, where there is one, else our own."""
    folder = services().settings.texts
    own = own_text(folder / f"{name}.md") if folder else None
    if own is not None:
        return render_template("legal/own.html", title=title, text=own)
    return render_template(template)


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return legal_page("privacy", _("Privacy"), "legal/privacy.html")


@blueprint.get("/cookie")
@public
def cookies() -> str:
    return render_template("legal/cookies.html", cookies=all_cookies(services().settings))


@blueprint.get("/note-legali")
@public
def notes() -> str:
    return legal_page("note-legali", _("Note legali"), "legal/notes.html")


@blueprint.get("/crediti")
@public
def credits() -> str:
    return render_template("legal/credits.html")


@blueprint.get("/accessibilita")
@public
def accessibility() -> str:
    return legal_page("accessibilita", _("Accessibilità"), "legal/accessibility.html")
