"""The data folder: one place, outside the source, for everything that a running portal keeps."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataHome:
    """Names of what lies in the data folder; making this object touches nothing on disk.

    Truth, to back up: ``catalogue`` and ``files``. Can be deleted and made again: ``derived``,
    ``links`` and ``index``. ``incoming`` lies beside ``files`` so that the final rename is atomic.
    """

    path: Path

    @property
    def catalogue(self) -> Path:
        return self.path / "catalogue.sqlite3"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def incoming(self) -> Path:
        return self.path / "incoming"

    @property
    def derived(self) -> Path:
        return self.path / "derived.sqlite3"

    @property
    def links(self) -> Path:
        return self.path / "links.sqlite3"

    @property
    def index(self) -> Path:
        return self.path / "index"

    @property
    def dumps(self) -> Path:
        return self.path / "dumps"

    @property
    def imports(self) -> Path:
        """What staff sent to be imported, until it is or until they let it go."""
        return self.path / "imports"

    @property
    def secret(self) -> Path:
        return self.path / "secret"

    def create(self) -> None:
        """Make the folders that are missing, readable by their owner only (mode 700)."""
        for folder in (self.path, self.files, self.incoming, self.index):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
