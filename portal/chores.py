"""What the worker does every so often besides the index. A new chore adds its line here."""

from indexer.worker import Chore
from portal import usage
from portal.services import Services

DAY = 24 * 3600.0  # seconds


def all_chores(services: Services) -> tuple[Chore, ...]:
    """The chores of an installation, in the order in which they are attempted."""
    return (
        Chore(
            "old searches",
            DAY,
            lambda: usage.forget_old_searches(services.catalogue),
        ),
    )
