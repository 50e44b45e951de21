"""``dump``: the whole published collection as files that anybody may take."""

import argparse
from typing import Any

from indexer.ownership import Owned
from portal.commands.exits import CANNOT_START, OK, Stop
from portal.commands.house import opened
from portal.commands.progress import say
from portal.settings import Settings


def add_dump(commands: Any) -> None:
    parser = commands.add_parser(
        "dump",
        help="scrive l'intera raccolta pubblicata in JSON Lines e CSV, da scaricare",
        description="Scrive tutte le schede pubblicate in JSON Lines e CSV, con le impronte"
        " SHA-256. Il portale lo fa da sé ogni notte e li offre all'indirizzo /interfacce.",
    )
    parser.set_defaults(run=dump)


def dump(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as house:
        try:
            made = house.services.dumps.make()
        except Owned as error:
            raise Stop(CANNOT_START, "Un altro processo li sta già scrivendo.") from error
    say(f"{len(made.ids)} schede in {made.folder}")
    for file in made.files:
        say(f"{file.sha256}  {file.name}")
    return OK
