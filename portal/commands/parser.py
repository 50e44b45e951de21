"""The command line: which commands there are, and what happens when one cannot go on."""

import argparse
import logging
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

from portal.commands.exits import INTERRUPTED, LEGEND, USAGE, Stop
from portal.commands.loading import loading

# The module of each command, with the function that adds it. Who serves the portal does not wait
# for what other commands load: a module is imported for its own command and for the whole help.
_COMMANDS = {
    "serve": ("serving", "add_serve"),
    "import": ("importing", "add_import"),
    "work": ("serving", "add_work"),
    "rebuild": ("indexing", "add_rebuild"),
    "verify": ("indexing", "add_verify"),
    "relevance": ("relevance", "add_relevance"),
    "users": ("accounts", "add_users"),
    "backup": ("backups", "add_backup"),
    "dump": ("dumping", "add_dump"),
    "restore": ("backups", "add_restore"),
    "doctor": ("doctor", "add_doctor"),
}
# What argparse says in English, and how we say it.
_ERRORS = (
    (r"the following arguments are required: (.*)", r"manca: \1"),
    (r"unrecognized arguments: (.*)", r"non si capisce: \1"),
    (r"argument (\S+): expected one argument", r"dopo \1 manca il valore"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1: \2 non è tra \3"),
    (r"argument (\S+): invalid int value: (\S+)", r"\1: \2 non è un numero intero"),
)


class _Format(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


class _Verbatim(_Format, argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of the legend."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks Italian."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Format)
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title = "argomenti"
        self._optionals.title = "opzioni"
        self.add_argument("-h", "--help", action="help", help="mostra questo aiuto")

    def error(self, message: str) -> NoReturn:
        for english, italian in _ERRORS:
            message = re.sub(f"^{english}$", italian, message)
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The whole command line, with the help of every command; or what ``command`` alone takes."""
    made = _Parser(
        prog="run.py",
        description="Il portale Metropoli Strategiche. Senza comandi: prepara ciò che manca e"
        " serve il portale.",
        epilog=LEGEND,
        formatter_class=_Verbatim,
    )
    commands = made.add_subparsers(
        dest="command", metavar="COMANDO", title="comandi", parser_class=_Parser
    )
    for name in [command] if command in _COMMANDS else _COMMANDS:
        module, add = _COMMANDS[name]
        getattr(import_module(f"portal.commands.{module}"), add)(commands)
    return made


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code. No failure that has a name ends in a traceback."""
    words = list(arguments) or ["serve"]
    with loading():
        from portal.commands.house import read_settings  # and with it most of the portal

        chosen = parser(words[0]).parse_args(words)
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        return int(chosen.run(chosen, read_settings()))
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("Interrotto: ciò che era fatto resta.", file=sys.stderr)
        return INTERRUPTED
