"""What the pages work with: the collection, the store, the engine, gathered in one place."""

from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.sessions import Sessions
from corpus.store import FileStore
from corpus.subscriptions import Subscriptions
from indexer.antivirus import Antivirus
from indexer.derived import Derived
from indexer.desk import CurrentDesk
from indexer.desk_import import DeskImports
from indexer.engine import Engine
from indexer.extract.sandbox import Sandbox
from indexer.intake import Intake
from indexer.jobs import Jobs
from indexer.links import LinkChecks
from portal import ocr
from portal.mail import Mail
from portal.ocr import Ocr
from portal.settings import Settings, secret_key, site_address
from portal.takeaway.dump import Dumps

EXTENSION = "metropoli"


@dataclass(frozen=True)
class Services:
    """One of each for the life of the process; all are safe to use from several threads."""

    settings: Settings
    key: str
    reader: Reader
    catalogue: Catalogue
    store: FileStore
    derived: Derived
    links: LinkChecks
    engine: Engine
    sessions: Sessions
    subscriptions: Subscriptions
    sandbox: Sandbox
    mail: Mail
    dumps: Dumps
    ocr: Ocr

    @property
    def intake(self) -> Intake:
        """What takes in the files that staff send."""
        return Intake(self.catalogue, self.reader, self.sandbox, self._antivirus)

    @property
    def imports(self) -> DeskImports:
        """The imports that staff ask for."""
        return DeskImports(
            Jobs(DataHome(self.settings.home).imports),
            self.reader,
            self.catalogue,
            self.store,
            self.derived,
            self.sandbox,
            self._antivirus,
        )

    @property
    def _antivirus(self) -> Antivirus | None:
        return Antivirus(self.settings.antivirus) if self.settings.antivirus else None


def open_services(settings: Settings, engine: Engine | None = None) -> Services:
    """Open the data folder of ``settings``, made and migrated when needed.

    Without ``engine`` the Whoosh index of the folder answers. Raises ``SchemaMismatch``,
    ``IncompleteHome`` (corpus) and ``InvalidSetting``.
    """
    home = DataHome(settings.home)
    home.create()
    database = Database(home.catalogue)
    database.migrate()
    store = FileStore(home)
    if engine is None:
        from indexer.engines.whoosh_engine import WhooshEngine

        engine = WhooshEngine(home.index)
    reader = Reader(database)
    engine.use(CurrentDesk(reader))
    return Services(
        settings=settings,
        key=secret_key(settings, home.secret),
        reader=reader,
        catalogue=Catalogue(database, store),
        store=store,
        derived=Derived(home.derived),
        links=LinkChecks(home.links),
        engine=engine,
        sessions=Sessions(database),
        subscriptions=Subscriptions(database),
        sandbox=Sandbox(),
        mail=Mail(settings),
        dumps=Dumps(home.dumps, reader, site_address(settings)),
        ocr=ocr.look(settings),
    )


def services() -> Services:
    """The services of the application that answers this request; a preview puts in its own."""
    shown: Services | None = g.get(EXTENSION)
    return shown or cast(Services, current_app.extensions[EXTENSION])
