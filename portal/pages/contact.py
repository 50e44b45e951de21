"""Whom to write to: the portal's own office, and ANCI as the owner of the programme."""

from flask import Blueprint, render_template

from corpus import seed
from portal.auth.access import public

blueprint = Blueprint("contact", __name__)


@blueprint.get("/contattaci")
@public
def page() -> str:
    return render_template("contact/page.html", programme=seed.programme())
