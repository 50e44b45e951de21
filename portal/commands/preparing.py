"""From an empty folder to a portal that answers: founding collection, index, first link."""

import hashlib

from corpus import seed
from indexer.ownership import Owned, ownership
from portal.commands.house import House
from portal.commands.progress import bar

_MARK = "founding-collection"  # holds the digest of the collection that was loaded


def founding_is_due(house: House) -> bool:
    """Whether this folder has not yet been through ``mark_founded`` with this very collection.

    So later starts are quick, and a new release of the program adds what it brings.
    """
    mark = house.home.path / _MARK
    return not mark.is_file() or mark.read_text(encoding="ascii") != _collection_digest()


def load_founding_collection(house: House) -> None:
    """Add what the collection of this program has and the catalogue lacks."""
    services = house.services
    with bar("Raccolta fondativa", "schede") as progress:
        seed.load(
            services.catalogue,
            services.store,
            services.reader,
            lambda done, total, title: progress(done, total),
        )


def mark_founded(house: House) -> None:
    """Note that the first start is over; before this an interrupted one is repeated."""
    (house.home.path / _MARK).write_text(_collection_digest(), encoding="ascii")


def bring_index_up_to_date(house: House) -> bool:
    """Index what is behind, here and now; False when another process is doing so."""
    try:
        with ownership(house.lock), bar("Indice", "schede") as progress:
            if house.services.engine.needs_rebuild:
                house.indexer.rebuild(progress)
            house.indexer.reconcile()
            house.indexer.catch_up(progress)
    except Owned:
        return False
    return True


def _collection_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(seed.HERE.glob("*.yaml")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
