"""``serve`` and ``work``: the portal answers, the worker keeps its index up to date."""

import argparse
import logging
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from types import FrameType
from typing import Any

from flask import Flask

from corpus.catalogue.writing import SYSTEM
from portal import tallies
from portal.app import create_app
from portal.commands.exits import CANNOT_START, OK, USAGE, Stop
from portal.commands.house import House, build, opened
from portal.commands.overload import Overload
from portal.commands.preparing import (
    bring_index_up_to_date,
    founding_is_due,
    load_founding_collection,
    mark_founded,
)
from portal.commands.progress import say
from portal.desk.account_letters import first_administrator_link
from portal.settings import Settings

_THREADS, _RUNNING, _WAITING = 32, 8, 16  # eight threads are left to turn people away
_PATIENCE = 3.0
_CONNECTIONS = 2_000
_SILENCE = 30  # seconds after which a connection that says nothing is closed


def add_serve(commands: Any) -> None:
    parser = commands.add_parser(
        "serve",
        help="serve il portale (anche senza scrivere alcun comando)",
        description="Prepara la cartella dei dati se serve, poi risponde finché non lo si ferma.",
    )
    parser.add_argument("--host", help="indirizzo su cui ascoltare (METROPOLI_HOST)")
    parser.add_argument("--port", type=int, help="porta su cui ascoltare (METROPOLI_PORT)")
    parser.set_defaults(run=serve)


def add_work(commands: Any) -> None:
    parser = commands.add_parser(
        "work",
        help="tiene aggiornato l'indice in un processo a parte",
        description="Tiene aggiornato l'indice finché non lo si ferma. Serve quando il portale"
        " parte con METROPOLI_WORKER=no; se un altro processo se ne occupa, aspetta il suo turno.",
    )
    parser.set_defaults(run=work)


def serve(arguments: argparse.Namespace, settings: Settings) -> int:
    from portal.commands import doorman  # with the server that it watches

    if arguments.port is not None and not 1 <= arguments.port <= 65535:
        raise Stop(USAGE, "La porta è un numero da 1 a 65535.")
    settings = replace(
        settings, host=arguments.host or settings.host, port=arguments.port or settings.port
    )
    with opened(settings) as house:
        link = prepare(house)
        app = create_app(services=house.services)
        doorman.watch(house.services.sessions)
        # Waitress keeps what arrives in files without a name: beside the data, where there is room
        # for it, and not in the folder that the system may keep in memory.
        tempfile.tempdir = str(house.home.incoming)
        with _working(house) if settings.worker else nullcontext(), _counting(app, house):
            answer(app, settings, link)
    return OK


def work(arguments: argparse.Namespace, settings: Settings) -> int:
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    with opened(settings) as house:
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        say("L'indice viene tenuto aggiornato. Ctrl+C per fermare.")
        house.worker().run(stop)
    return OK


def prepare(house: House) -> str | None:
    """Make the first start: the collection and its index. The path of the first link, if made."""
    house.services.store.discard_incoming()
    if not founding_is_due(house):
        return None
    load_founding_collection(house)
    bring_index_up_to_date(house)
    link = None
    if not house.services.reader.accounts():
        link = first_administrator_link(house.services, SYSTEM)
    mark_founded(house)
    return link


def application(settings: Settings) -> Flask:
    """The portal for another WSGI server, with its worker on a thread unless the settings say no.

    The house stays open for the life of the process.
    """
    from portal.services import open_services

    house = build(open_services(settings))
    prepare(house)
    if settings.worker:
        _start_worker(house, threading.Event())
    app = create_app(services=house.services)
    tallies.Writing(tallies.of(app), house.services.catalogue).start()
    return app


@contextmanager
def _counting(app: Flask, house: House) -> Iterator[None]:
    """Write what is counted in memory into the catalogue, now and then."""
    writing = tallies.Writing(tallies.of(app), house.services.catalogue)
    writing.start()
    try:
        yield
    finally:
        writing.stop()


@contextmanager
def _working(house: House) -> Iterator[None]:
    stop = threading.Event()
    thread = _start_worker(house, stop)
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)


def _start_worker(house: House, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=house.worker().run, args=(stop,), name="indexing", daemon=True)
    thread.start()
    return thread


def answer(app: Flask, settings: Settings, link: str | None) -> None:
    """Serve ``app`` until somebody stops it; ``link`` is that of the first administrator."""
    from waitress.server import create_server

    # Waitress warns of queues that ``Overload`` keeps short by turning people away.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        server = create_server(
            Overload(app, _RUNNING, _WAITING, _PATIENCE),
            host=settings.host,
            port=settings.port,
            threads=_THREADS,
            connection_limit=_CONNECTIONS,
            channel_timeout=_SILENCE,
            cleanup_interval=5,
            asyncore_use_poll=True,
            ident=None,
            clear_untrusted_proxy_headers=False,  # the application counts the proxies it trusts
        )
    except (OSError, ValueError) as error:
        raise Stop(
            CANNOT_START,
            f"Non si può ascoltare su {settings.host}, porta {settings.port}: un altro programma"
            " la usa, o l'indirizzo non è di questa macchina. Con --port se ne sceglie un'altra.",
        ) from error
    address = f"http://{settings.host}:{settings.port}"
    if link is not None:
        say("Per creare il primo amministratore, entro 24 ore e una volta sola:")
        say(f"  {address}{link}")
    say(f"Il portale risponde su {address} (Ctrl+C per fermarlo)")
    signal.signal(signal.SIGTERM, _interrupt)
    server.run()


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
