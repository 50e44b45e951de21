"""The environment of the templates: compiled once for each language, and quick to import from."""

from collections.abc import Iterable, Iterator, MutableMapping
from threading import Lock
from typing import Any

from flask.templating import Environment
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from portal.i18n import DEFAULT_LOCALE, current_locale, gettext

# How `{{ _("…") }}` looks to the parser.
_SENTENCE = ("variable_begin", "name", "lparen", "string", "rparen", "variable_end")


class TemplateEnvironment(Environment):
    """Flask's environment, with one of its kind for every language.

    A template is compiled once for each language, so that sentences and the language of addresses
    cost nothing when a page is made. Filters, globals and tests are the same in all.
    """

    locale = DEFAULT_LOCALE

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._by_locale = {DEFAULT_LOCALE: self}
        self._making = Lock()

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template in the language of this request."""
        here = self._in(current_locale())
        return super(TemplateEnvironment, here).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals themselves: no template of ours adds its own.

        Jinja guards them with a chain of dictionaries, and compares all its keys in Python at
        every ``import`` of a page: a seventh of the time of a page of results.
        """
        return super().make_globals(d) if d else self.globals

    def _in(self, locale: str) -> "TemplateEnvironment":
        if locale == self.locale:
            return self
        with self._making:
            if locale not in self._by_locale:
                other = self.overlay()
                other.locale = locale
                other.bytecode_cache = None  # its keys do not tell languages apart
                self._by_locale[locale] = other
            return self._by_locale[locale]


class Sentences(Extension):
    """Writes the sentences without values into the text of a template when it is compiled."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        seen: list[Token] = []
        for token in stream:
            seen.append(token)
            if token.type != _SENTENCE[len(seen) - 1] or (len(seen) == 2 and token.value != "_"):
                yield from seen
                seen = []
            elif len(seen) == len(_SENTENCE):
                yield from _written(seen)
                seen = []
        yield from seen


def _written(sentence: list[Token]) -> Iterator[Token]:
    """The sentence as text of the template; as it is where it waits for values or has none."""
    message = sentence[3].value
    if "%" in message:
        yield from sentence
    else:
        yield Token(sentence[0].lineno, "data", gettext(message))
