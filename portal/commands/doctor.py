"""``doctor``: faults of set-up, explained."""

import argparse
from typing import Any

from portal.commands.exits import CANNOT_START, OK
from portal.commands.progress import say
from portal.doctor import Gravity, examine
from portal.settings import Settings


def add_doctor(commands: Any) -> None:
    parser = commands.add_parser(
        "doctor",
        help="dice che cosa non va nell'installazione e come rimediare",
        description="Guarda orologio, nomi del sito, cartella dei dati, permessi, disco, catalogo,"
        f" file, indice e copie, e non cambia nulla. Esce con {CANNOT_START} se c'è un guasto.",
    )
    parser.set_defaults(run=examination)


def examination(arguments: argparse.Namespace, settings: Settings) -> int:
    findings = tuple(examine(settings))
    for finding in findings:
        say(f"{finding.gravity:<10}  {finding.subject}: {finding.sentence}.")
    faults = sum(finding.gravity is Gravity.FAULT for finding in findings)
    advice = sum(finding.gravity is Gravity.ADVICE for finding in findings)
    say(f"Guasti: {faults}. Da sistemare: {advice}.")
    return CANNOT_START if faults else OK
