"""What the worker does every so often besides the index. A new chore adds its line here."""

from collections.abc import Iterator

from corpus.vocabulary import State
from indexer.links import LinkRound
from indexer.recognition import Recogniser
from indexer.worker import Chore
from portal import usage
from portal.desk import coverage, processing
from portal.services import Services
from portal.takeaway.following import Digests

MINUTE = 60.0  # seconds
HOUR = 3600.0  # seconds
DAY = 24 * HOUR


def all_chores(services: Services) -> tuple[Chore, ...]:
    """The chores of an installation, in the order in which they are attempted."""
    return tuple(_chores(services))


def _chores(services: Services) -> Iterator[Chore]:
    yield Chore("scheduled publication", 1.0, services.catalogue.publish_due)
    yield Chore("trash", HOUR, lambda: _empty_trash(services))
    yield Chore("old uploads", DAY, lambda: processing.forget_old(services.catalogue))
    yield Chore("imports of the desk", 1.0, services.imports.work)
    yield Chore("old imports", DAY, lambda: processing.forget_imports(services.imports.jobs))
    yield Chore("leftovers of uploads", DAY, services.store.discard_incoming)
    yield Chore("old log", DAY, services.catalogue.forget_old_log)
    yield Chore("old searches", DAY, lambda: usage.forget_old_searches(services.catalogue))
    yield Chore("dump", MINUTE, services.dumps.make_if_due)
    yield Chore("unconfirmed", HOUR, services.subscriptions.forget_unconfirmed)
    if services.ocr.program is not None:
        recogniser = Recogniser(
            services.reader,
            services.catalogue,
            services.store,
            services.derived,
            services.sandbox,
            services.ocr.program,
            services.ocr.pages,
        )
        yield Chore("text of scans", 0.0, recogniser.work)
    if services.mail.enabled:
        yield Chore("followed searches", 2.0, Digests(services).send_next)
    if services.settings.check_links:
        published = services.reader.in_states
        links = LinkRound(services.links, lambda: coverage.addresses(published(State.PUBLISHED)))
        yield Chore("links", 5.0, links.check_next)


def _empty_trash(services: Services) -> None:
    for sha256 in services.catalogue.purge_trash():
        services.derived.forget(sha256)
