"""Puts the portal together: services, checks, pages. Nothing here knows a single page's work."""

from pathlib import Path

from flask import Flask, Response, request
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    errors,
    figures,
    filters,
    finished,
    i18n,
    languages,
    limits,
    metrics,
    security,
    site,
    usage,
)
from portal.auth import refusals, throttle
from portal.auth.access import public
from portal.auth.browser import DerivedSession
from portal.desk import staff, uploads
from portal.pages import BLUEPRINTS
from portal.routing import Number, Rule
from portal.services import EXTENSION, Services, open_services
from portal.settings import Settings
from portal.templating import TemplateEnvironment

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
# Byte ranges are of the file itself, and an archive is sent by the server as it is.
UNCOMPRESSED = {
    "staff_preview.show",
    "preview.show",
    "documents.file",
    "documents.file_of_version",
    "exports.zip_archive",
    "interfaces.dump_file",
}


def create_app(settings: Settings | None = None, services: Services | None = None) -> Flask:
    """The WSGI application on the data folder of ``settings`` (default: the environment).

    ``services`` replaces what would be opened there (tests). Raises what ``open_services`` does.
    """
    if services is None:
        services = open_services(settings or Settings.from_environment())
    settings = services.settings
    app = Flask("portal", template_folder=str(TEMPLATES), static_folder="static")
    app.config.update(
        SECRET_KEY=services.key,
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=settings.body_limit,
        MAX_FORM_MEMORY_SIZE=settings.body_limit,
        MAX_FORM_PARTS=100,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_TIME_LIMIT=None,  # the token lasts as long as the session it comes from
    )
    app.session_interface = DerivedSession()
    app.url_map.converters["int"] = Number
    app.url_rule_class = Rule
    app.jinja_environment = TemplateEnvironment
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions[EXTENSION] = services
    app.view_functions["static"] = public(app.view_functions["static"])
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, 0, 0)  # type: ignore[method-assign]

    metrics.count(app)
    security.protect(app, settings)
    _compress(app)
    app.after_request(security.validate_cache)
    i18n.speak(app)
    languages.serve(app)
    filters.register(app)
    figures.register(app)
    site.describe(app, settings)
    staff.register(app)
    uploads.register(app)
    finished.keep(app, services)
    limits.limit(app, settings)
    throttle.count_failures(app)
    refusals.count(app)
    usage.count(app)
    errors.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _compress(app: Flask) -> None:
    """Compress every answer but files: their ranges count the bytes of the original."""
    app.config["COMPRESS_REGISTER"] = False
    app.config["COMPRESS_ALGORITHM_STREAMING"] = ["zstd", "br", "gzip"]
    compress = Compress(app)

    def compress_pages(response: Response) -> Response:
        if request.endpoint in UNCOMPRESSED:
            return response
        return compress.after_request(response)

    app.after_request(compress_pages)
