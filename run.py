"""The command line of the portal and its WSGI application, ``run:app``.

Importing this module is cheap: the application is made when ``app`` is first asked for.
"""

import os
import shlex
import sys
from typing import Any

OLDEST = (3, 11)
OWN = ("corpus", "indexer", "portal")
CANNOT_START = 3  # as in portal.commands.exits, which may not be importable


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(name)
    from portal.commands.loading import loading

    with loading():
        from portal.commands.serving import application
        from portal.settings import Settings

    globals()["app"] = application(Settings.from_environment())
    return globals()["app"]


def main(arguments: "list[str]") -> int:
    """Run a command of the portal and return its exit code."""
    if sys.version_info < OLDEST:
        print(f"Serve Python 3.11 o più recente; questo è il {sys.version.split()[0]}.")
        return CANNOT_START
    try:
        from portal.commands.parser import main as run_command

        return run_command(arguments)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in OWN:
            raise
        print(f"Manca il pacchetto «{error.name}». Esegui:", file=sys.stderr)
        print("  " + _line_to_run(arguments), file=sys.stderr)
        return CANNOT_START


def _line_to_run(arguments: "list[str]") -> str:
    """What installs the requirements and starts again, from the folder where we are."""
    project = os.path.dirname(os.path.abspath(__file__))
    there = "" if os.path.samefile(project, os.getcwd()) else f"cd {shlex.quote(project)} && "
    make = "" if os.path.exists(os.path.join(project, ".venv")) else "python3 -m venv .venv && "
    again = " ".join(["run.py", *map(shlex.quote, arguments)])
    return f"{there}{make}.venv/bin/pip install -r requirements.txt && .venv/bin/python {again}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
