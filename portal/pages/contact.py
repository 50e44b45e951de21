"""Whom to write to: the portal's own office, and ANCI as the owner of the programme."""

from flask import Blueprint, render_template

from portal.auth.access import public

blueprint = Blueprint("contact", __name__)


@blueprint.get("/contattaci")
@public
def page() -> str:
    from corpus import seed  # its sheets are read when somebody asks, not at start-up

    return render_template("contact/page.html", programme=seed.programme())
