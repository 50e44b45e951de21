"""Which language an address speaks: Italian at the root, English below ``/en``.

The rest of the portal knows only addresses without language: the prefix is taken off before the
request is read, and put on each link, form and redirect of an English page on its way out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from jinja2.ext import Extension
from werkzeug.utils import redirect

from portal.i18n import DEFAULT_LOCALE, answer_in, current_locale
from portal.templating import Sentences

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENGLISH = "en"
NAMES = {DEFAULT_LOCALE: "Italiano", ENGLISH: "English"}
PREFIX = f"/{ENGLISH}"
# Staff pages, and what only programs and files are for, have one address and one language.
ONE_LANGUAGE = (
    "/static",
    "/accedi",
    "/redazione",
    "/anteprima",
    "/api",
    "/oai",
    "/dati",
    "/catalogo",
    "/salute",
    "/metriche",
    "/robots.txt",
    "/sitemap",
    "/opensearch.xml",
    "/cita/",
    "/linkset/",
    "/ricerca.",
    "/selezione.",
)

_LITERAL = re.compile(r"""(\s(?:href|action|formaction|data-[a-z-]*url)=")(/(?!/)[^"{]*)""")
_EXPRESSION = re.compile(
    r"""(\s(?:href|action|formaction|data-[a-z-]*url)=")\{\{-?\s*(?!alternate)(.*?)\s*-?\}\}"""
)


class LanguageOfAddress:
    """WSGI middleware: takes ``/en`` off the path and remembers it for this request."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == PREFIX:
            return redirect(PREFIX + "/", 301)(environ, start_response)
        rest = path.removeprefix(PREFIX)
        english = rest != path and rest.startswith("/") and not has_one_language(rest)
        if english:
            environ["PATH_INFO"] = rest
        answer_in(ENGLISH if english else DEFAULT_LOCALE)
        return self._app(environ, start_response)


class LocalAddresses(Extension):
    """Sends every address that a template writes through ``local``.

    Written once here, no template can forget it.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if current_locale() == DEFAULT_LOCALE:  # a template is compiled once for each language
            return source
        source = _EXPRESSION.sub(r"\1{{ local(\2) }}", source)
        return _LITERAL.sub(lambda found: found[1] + local(found[2]), source)


def has_one_language(path: str) -> bool:
    """True for an address that is the same in every language."""
    return path.startswith(ONE_LANGUAGE)


def local(address: str) -> str:
    """An own path in the language of this request; any other address as it is."""
    if current_locale() == DEFAULT_LOCALE:
        return address
    return in_language(address, ENGLISH)


def in_language(address: str, locale: str) -> str:
    """An own path, given without language, as ``locale`` writes it."""
    if locale == DEFAULT_LOCALE or not address.startswith("/") or address.startswith("//"):
        return address
    return address if has_one_language(address) else PREFIX + address


@dataclass(frozen=True)
class Alternate:
    """The same page in a language: its code, the language's own name, the address."""

    locale: str
    name: str
    address: str


def alternates(path: str) -> tuple[Alternate, ...]:
    """A page, given by its path without language, in every language; none if it has only one."""
    if has_one_language(path):
        return ()
    return tuple(
        Alternate(locale, name, in_language(path, locale)) for locale, name in NAMES.items()
    )


def alternate_here() -> Alternate | None:
    """This page in the other language, for the switch in the header."""
    if has_one_language(request.path):
        return None
    query = request.query_string.decode("ascii", "replace")
    path = request.path if request.method in ("GET", "HEAD") else "/"
    for alternate in alternates(path + (f"?{query}" if query else "")):
        if alternate.locale != current_locale():
            return alternate
    return None


def serve(app: Flask) -> None:
    """Make ``app`` answer in the language of each address."""
    app.wsgi_app = LanguageOfAddress(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.add_extension(LocalAddresses)
    app.jinja_env.add_extension(Sentences)
    app.jinja_env.globals.update(
        local=local,
        alternates=alternates,
        alternate_here=alternate_here,
    )
    app.after_request(_redirect_in_language)
    # What this thread says outside of requests is Italian.
    app.teardown_request(lambda error: answer_in(DEFAULT_LOCALE))


def _redirect_in_language(response: Response) -> Response:
    """A redirect of an English page leads to an English page."""
    target = response.headers.get("Location")
    if target and current_locale() != DEFAULT_LOCALE and not target.startswith(PREFIX + "/"):
        response.headers["Location"] = local(target)
    return response
