"""``backup`` and ``restore``: the collection on another disk, and back."""

import argparse
import sqlite3
from pathlib import Path
from typing import Any

from corpus.backup import Copied, NotABackup, NotEmpty, backup, restore
from corpus.home import DataHome
from indexer.verification import LOSSES, verify
from portal import milestones
from portal.commands.exits import CANNOT_START, DAMAGE, OK, USAGE, Stop
from portal.commands.house import explained, opened
from portal.commands.preparing import bring_index_up_to_date
from portal.commands.progress import bar, say
from portal.settings import Settings

_NOT_A_BACKUP = {
    "missing": "non contiene una copia fatta con «run.py backup»",
    "changed": "contiene una copia il cui catalogo è stato modificato o danneggiato",
    "unknown format": "contiene una copia fatta da una versione più recente del programma",
}


def add_backup(commands: Any) -> None:
    parser = commands.add_parser(
        "backup",
        help="copia catalogo e file in una cartella, anche a portale in funzione",
        description="Copia catalogo e file. Se la cartella ha già una copia la aggiorna, senza"
        " ricopiare i file che ci sono. Testi e indice si rifanno da sé e restano fuori.",
    )
    parser.add_argument("target", metavar="CARTELLA", type=Path, help="dove, su un altro disco")
    parser.set_defaults(run=save)


def add_restore(commands: Any) -> None:
    parser = commands.add_parser(
        "restore",
        help="rimette una copia in una cartella dei dati vuota",
        description="Rimette la copia nella cartella dei dati (METROPOLI_HOME), che deve essere"
        " vuota, confrontando ogni byte con la sua impronta; poi rilegge i testi e rifà l'indice.",
    )
    parser.add_argument("source", metavar="CARTELLA", type=Path, help="dove si trova la copia")
    parser.set_defaults(run=bring_back)


def save(arguments: argparse.Namespace, settings: Settings) -> int:
    home = DataHome(settings.home)
    if not home.catalogue.is_file():
        raise Stop(USAGE, f"In {settings.home} non c'è un catalogo da copiare.")
    try:
        with explained(settings), bar("Copia", "file") as progress:
            copied = backup(home, arguments.target, progress)
    except NotEmpty as error:
        raise Stop(
            USAGE, f"{error.path} contiene altro: scegli una cartella vuota o una copia di prima."
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise Stop(CANNOT_START, f"La copia non è riuscita: {error}.") from error
    milestones.note(home.path, milestones.BACKUP, files=copied.files, lost=len(copied.lost))
    return _told(copied, f"Copiati il catalogo e {copied.files} file in {arguments.target}.")


def bring_back(arguments: argparse.Namespace, settings: Settings) -> int:
    home = DataHome(settings.home)
    try:
        with explained(settings), bar("Ripristino", "file") as progress:
            copied = restore(arguments.source, home, progress)
    except NotEmpty as error:
        raise Stop(
            USAGE, f"{error.path} non è vuota: METROPOLI_HOME indichi una cartella nuova."
        ) from error
    except NotABackup as error:
        raise Stop(USAGE, f"{error.path} {_NOT_A_BACKUP[error.reason]}.") from error
    except (OSError, sqlite3.Error) as error:
        raise Stop(
            CANNOT_START,
            f"Il ripristino non è riuscito: {error}. Prima di ripeterlo svuota {settings.home}.",
        ) from error
    with opened(settings) as house:
        bring_index_up_to_date(house)
        services = house.services
        with bar("Verifica", "file") as progress:
            findings = verify(
                services.reader, services.store, services.derived, services.engine, progress
            )
            lost = [finding for finding in findings if finding.fault in LOSSES]
    for finding in lost:
        say(f"{finding.fault}: {finding.subject}")
    code = _told(copied, f"Ripristinati il catalogo e {copied.files} file in {settings.home}.")
    return DAMAGE if lost else code


def _told(copied: Copied, sentence: str) -> int:
    say(sentence)
    for sha256 in copied.lost:
        say(f"file mancante o danneggiato in partenza: {sha256}")
    return DAMAGE if copied.lost else OK
