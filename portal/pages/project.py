"""What the programme was: every statement with its source."""

from flask import Blueprint, render_template

from corpus import seed
from portal.auth.access import public
from portal.services import services

blueprint = Blueprint("project", __name__)


@blueprint.get("/progetto")
@public
def page() -> str:
    return render_template(
        "project/page.html", programme=seed.programme(), areas=services().reader.areas()
    )
