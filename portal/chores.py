"""What the worker does every so often besides the index. A new chore adds its line here."""

from indexer.worker import Chore
from portal.services import Services


def all_chores(services: Services) -> tuple[Chore, ...]:
    """The chores of an installation, in the order in which they are attempted."""
    return ()
