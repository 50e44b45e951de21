"""The parts that commands work with, and the failures of opening them said in Italian."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CatalogueUnavailable, IncompleteHome, NoSpace, SchemaMismatch
from corpus.home import DataHome
from indexer.engine import EngineUnavailable
from indexer.extract.sandbox import Sandbox
from indexer.pipeline import Indexer
from indexer.worker import Worker
from portal import ocr
from portal.chores import all_chores
from portal.commands.exits import CANNOT_START, USAGE, Stop
from portal.commands.progress import say
from portal.services import Services, open_services
from portal.settings import InvalidSetting, Settings


@dataclass(frozen=True)
class House:
    """Everything of one data folder."""

    home: DataHome
    services: Services
    sandbox: Sandbox
    indexer: Indexer

    @property
    def lock(self) -> Path:
        """Whoever holds it owns the index."""
        return self.home.path / "index.lock"

    def worker(self) -> Worker:
        if self.services.ocr.fault:
            say(ocr.warning(self.services.ocr))
        chores = all_chores(self.services)
        return Worker(self.indexer, self.services.engine, self.lock, chores=chores)


def read_settings() -> Settings:
    """The settings of the environment; a wrong one ends the command."""
    try:
        return Settings.from_environment()
    except InvalidSetting as error:
        raise Stop(USAGE, f"Impostazione {error.name}: {error.advice}.") from error


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """The house of ``settings``, made and migrated when needed, closed at the end.

    What hinders it, then or later, ends the command with a sentence.
    """
    with explained(settings):
        services = open_services(settings)
        with services.sandbox:
            yield build(services)


def build(services: Services) -> House:
    indexer = Indexer(
        services.reader,
        services.catalogue,
        services.store,
        services.derived,
        services.sandbox,
        services.engine,
    )
    return House(DataHome(services.settings.home), services, services.sandbox, indexer)


@contextmanager
def explained(settings: Settings) -> Iterator[None]:
    """Turns what a data folder or a disk may refuse into a sentence and an exit code."""
    try:
        yield
    except SchemaMismatch as error:
        raise Stop(
            CANNOT_START,
            f"Il catalogo in {settings.home} ha lo schema «{error.found or 'sconosciuto'}», questo"
            f" programma usa «{error.expected}»: serve la versione che lo ha scritto.",
        ) from error
    except IncompleteHome as error:
        raise Stop(
            CANNOT_START,
            f"In {error.path} ci sono dei file ma manca catalogue.sqlite3: partire nasconderebbe"
            " una perdita. Ripristina una copia con «run.py restore» in una cartella vuota.",
        ) from error
    except CatalogueUnavailable as error:
        reason = "è in sola lettura" if error.reason == "read-only" else "è occupato da altri"
        raise Stop(CANNOT_START, f"Il catalogo {reason}: riprova più tardi.") from error
    except NoSpace as error:
        raise Stop(
            CANNOT_START, f"Lo spazio sul disco è finito: restano {error.free >> 20} MB."
        ) from error
    except InvalidSetting as error:
        raise Stop(USAGE, f"Impostazione {error.name}: {error.advice}.") from error
    except EngineUnavailable as error:
        raise Stop(CANNOT_START, f"L'indice non risponde ({error}): riprova tra poco.") from error
    except PermissionError as error:
        raise Stop(
            CANNOT_START, f"Mancano i permessi per usare {error.filename or settings.home}."
        ) from error
