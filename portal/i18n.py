"""Language of the interface: Italian sentences are the message ids; English comes at /en/."""

from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup

DEFAULT_LOCALE = "it"
TRANSLATIONS = Path(__file__).with_name("translations")
_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)


def current_locale() -> str:
    """Language of this request's interface: decided by the address alone, never by a cookie."""
    return _locale.get()


def answer_in(locale: str) -> None:
    """Decide the language of the request that begins in this thread."""
    _locale.set(locale)


def gettext(message: str, /, **values: object) -> str:
    """The sentence in the interface's language, with ``%(name)s`` filled in.

    Italian needs no catalogue, and a page has hundreds of sentences: they are used as they are.
    """
    if current_locale() != DEFAULT_LOCALE:
        message = catalogue(current_locale()).gettext(message)
    return message % values if values else message


def plural(one: str, many: str, number: int) -> str:
    """The sentence for this number of things, nothing filled in."""
    if current_locale() == DEFAULT_LOCALE:
        return one if number == 1 else many
    return catalogue(current_locale()).ngettext(one, many, number)


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The sentence for this number of things; ``%(num)s`` is the number."""
    return plural(one, many, num) % {"num": num, **values}


@cache
def catalogue(locale: str) -> GNUTranslations:
    """The sentences of a language, read from what translators edit: nothing to compile by hand."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as sentences:
        write_mo(compiled, read_po(sentences, locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def lazy_gettext(message: str) -> str:
    """A sentence of a table, put into the reader's language when a page shows it."""
    text: str = LazyString(gettext, message)
    return text


def speak(app: Flask) -> None:
    """Make ``_()`` and the date and number formats available to views and templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LOCALE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Rome"
    Babel(app, locale_selector=current_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # i18n extension
        gettext, plural, newstyle=True
    )
    # The extension's own aliases look names up again at each of a page's hundred sentences.
    app.jinja_env.globals.update(_=_in_template, ngettext=_plural_in_template)


def _in_template(message: str, /, **values: object) -> Markup:
    """A sentence of ours, filled in with escaped values."""
    text = _sentence(gettext(message))
    return text % values if "%" in text else text


def _plural_in_template(one: str, many: str, num: int, /, **values: object) -> Markup:
    text = plural(one, many, num)
    if values:
        return _sentence(text) % {"num": num, **values}
    return Markup(text % {"num": int(num)})  # noqa: S704  a number has nothing to escape


@lru_cache(maxsize=4096)
def _sentence(text: str) -> Markup:
    return Markup(text)  # noqa: S704  sentences are ours
