"""Language of the interface: Italian sentences are the message ids; English comes at /en/."""

from flask import Flask, g
from flask_babel import Babel

DEFAULT_LOCALE = "it"


def current_locale() -> str:
    """Language of this request's interface: decided by the address alone, never by a cookie."""
    locale: str = g.get("locale", DEFAULT_LOCALE)
    return locale


def speak(app: Flask) -> None:
    """Make ``_()`` and the date and number formats available to views and templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LOCALE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Rome"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=current_locale)
