"""What the programme was: every statement with its source."""

from flask import Blueprint, render_template

from portal.auth.access import public
from portal.services import services

blueprint = Blueprint("project", __name__)


@blueprint.get("/progetto")
@public
def page() -> str:
    from corpus import seed  # its sheets are read when somebody asks, not at start-up

    return render_template(
        "project/page.html", programme=seed.programme(), areas=services().reader.areas()
    )
