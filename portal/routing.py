"""Addresses: how Werkzeug reads and makes ours."""

from collections.abc import Callable
from typing import Any

from werkzeug import routing


class Number(routing.IntegerConverter):
    """A number in an address; what is larger than any that we give is no such address.

    Beyond 64 bits the database would raise.
    """

    def __init__(self, map: routing.Map, max: int = 999_999_999) -> None:
        super().__init__(map, max=max)


class Rule(routing.Rule):
    """A rule that compiles what makes its addresses when the first of them is asked for.

    Werkzeug does so when the rule is added: for all our rules that is most of making the
    application, and a process asks for the addresses of few of them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder

        def first(rule: Rule, /, **values: Any) -> tuple[str, str]:
            build = compiled(append_unknown).__get__(rule, None)
            setattr(rule, "_build_unknown" if append_unknown else "_build", build)
            return build(**values)

        return first
