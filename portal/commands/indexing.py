"""``rebuild`` and ``verify``: the index and the store, made again or compared byte by byte."""

import argparse
import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any
from urllib.parse import quote

from indexer.ownership import Owned, ownership
from indexer.verification import HARMLESS, LOSSES, Fault, Finding, verify
from portal.commands.exits import CANNOT_START, DAMAGE, OK, Stop
from portal.commands.house import House, opened
from portal.commands.preparing import bring_index_up_to_date
from portal.commands.progress import bar, say
from portal.settings import Settings

_SHOWN = 20  # of each fault; the rest is counted
_ADVICE = {
    Fault.FILE_DAMAGED: "va ripreso da una copia di sicurezza, o ricaricato uguale",
    Fault.FILE_MISSING: "va ripreso da una copia di sicurezza, o ricaricato uguale",
    Fault.FILE_UNKNOWN: "di un caricamento interrotto o di una versione scartata: non fa danno",
    Fault.LOG_BROKEN: "da questa riga in poi il registro delle azioni non è più attendibile",
    Fault.TEXT_DAMAGED: "verrà riletto",
    Fault.TEXT_MISSING: "verrà letto",
    Fault.INDEX_DAMAGED: "l'indice verrà ricostruito",
    Fault.INDEX_BEHIND: "verrà indicizzato",
    Fault.INDEX_EXCESS: "verrà tolta",
}


def add_rebuild(commands: Any) -> None:
    parser = commands.add_parser(
        "rebuild",
        help="ricostruisce l'indice accanto a quello in uso, poi lo sostituisce",
        description="Ricostruisce l'indice dal catalogo e dai testi. La ricerca risponde con il"
        " vecchio fino alla sostituzione. Da fare a portale fermo o con METROPOLI_WORKER=no.",
    )
    parser.set_defaults(run=rebuild)


def add_verify(commands: Any) -> None:
    parser = commands.add_parser(
        "verify",
        help="confronta catalogo, file, testi e indice, byte per byte",
        description="Rilegge ogni file e ne confronta l'impronta; controlla catalogo, registro,"
        " testi e indice. Ciò che si può rifare viene rifatto. Esce con 4 se qualcosa è perduto.",
    )
    parser.add_argument(
        "--only-check", action="store_true", help="dice che cosa trova e non ripara nulla"
    )
    parser.set_defaults(run=check)


def rebuild(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as house:
        try:
            with ownership(house.lock), bar("Ricostruzione", "schede") as progress:
                count = house.indexer.rebuild(progress)
        except Owned as error:
            raise Stop(
                CANNOT_START,
                "Dell'indice si occupa un altro processo (il portale in funzione, o «work»):"
                " fermalo e ripeti.",
            ) from error
    say(f"Indice ricostruito: {count} schede.")
    return OK


def check(arguments: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as house:
        sound = _catalogue_is_sound(house)
        with bar("File", "file") as progress:
            services = house.services
            findings = tuple(
                verify(
                    services.reader,
                    services.store,
                    services.derived,
                    services.engine,
                    progress,
                )
            )
        _tell(findings)
        mended = not arguments.only_check and _mend(house, findings)
    if not sound or any(finding.fault in LOSSES for finding in findings):
        say("Ci sono danni che solo una copia di sicurezza può riparare.")
        return DAMAGE
    if any(finding.fault not in HARMLESS for finding in findings) and not mended:
        say("Ciò che si può rifare non è stato rifatto: ripeti senza --only-check.")
        return DAMAGE
    say("Riparato: tutto coincide." if mended else "Tutto coincide.")
    return OK


def _catalogue_is_sound(house: House) -> bool:
    address = f"file:{quote(str(house.home.catalogue.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as catalogue:
        try:
            problems = [row[0] for row in catalogue.execute("PRAGMA integrity_check(5)")]
        except sqlite3.DatabaseError as error:
            problems = [str(error)]
    if problems == ["ok"]:
        return True
    say(f"catalogo danneggiato: {'; '.join(problems)}")
    return False


def _tell(findings: tuple[Finding, ...]) -> None:
    told: Counter[Fault] = Counter()
    for finding in findings:
        told[finding.fault] += 1
        if told[finding.fault] <= _SHOWN:
            say(f"{finding.fault}: {finding.subject} ({_ADVICE[finding.fault]})")
    for fault, count in told.items():
        if count > _SHOWN:
            say(f"{fault}: altri {count - _SHOWN}")


def _mend(house: House, findings: tuple[Finding, ...]) -> bool:
    """Make again what can be made again; whether there was something and it was done."""
    faults = {finding.fault for finding in findings} - LOSSES - HARMLESS
    if not faults:
        return False
    if Fault.INDEX_DAMAGED in faults:
        try:
            with ownership(house.lock), bar("Ricostruzione", "schede") as progress:
                house.indexer.rebuild(progress)
        except Owned:
            say("L'indice è di un altro processo: lo ricostruirà da sé.")
            return False
    return bring_index_up_to_date(house)
