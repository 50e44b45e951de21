"""Pages that the law or good manners ask for, linked from every footer."""

from flask import Blueprint, render_template

from portal.auth.access import public
from portal.cookies import COOKIES

blueprint = Blueprint("legal", __name__)


@blueprint.get("/privacy")
@public
def privacy() -> str:
    return render_template("legal/privacy.html")


@blueprint.get("/cookie")
@public
def cookies() -> str:
    return render_template("legal/cookies.html", cookies=COOKIES)


@blueprint.get("/note-legali")
@public
def notes() -> str:
    return render_template("legal/notes.html")


@blueprint.get("/crediti")
@public
def credits() -> str:
    return render_template("legal/credits.html")


@blueprint.get("/accessibilita")
@public
def accessibility() -> str:
    return render_template("legal/accessibility.html")
