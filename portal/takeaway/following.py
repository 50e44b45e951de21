"""Following a search by mail: links that prove who they were sent to, letters, when they leave."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

from corpus.records import PageView
from corpus.subscriptions import SubscriptionView
from corpus.vocabulary import Rhythm
from indexer.engine import Query
from portal import labels, search_url
from portal.addresses import record_url
from portal.clock import ROME
from portal.i18n import DEFAULT_LOCALE, answer_in, ngettext
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.languages import local
from portal.mail import Letter, MailFailed
from portal.search_words import in_words
from portal.services import Services
from portal.settings import site_address
from portal.takeaway.collecting import MOST_IDS, newest

FOLLOW = "/segui"
CONFIRM, STOP = "conferma", "ferma"
HOUR = 7  # of the morning, when letters leave
SETTLED = timedelta(minutes=15)  # what was published before this the index surely holds
PAUSE = timedelta(minutes=10)  # after the server of mail did not answer
FULL_BOX = timedelta(hours=1)  # before an address that was refused for now is tried again
TOLD = 50  # records named in a letter; the others are counted
RHYTHMS: Mapping[Rhythm, str] = {
    Rhythm.DAILY: _l("al massimo una volta al giorno"),
    Rhythm.WEEKLY: _l("al massimo una volta alla settimana, il lunedì"),
}

_log = logging.getLogger(__name__)


def token(key: str, purpose: str, subscription: SubscriptionView) -> str:
    """The end of a link that only whoever received it knows; it dies with the subscription."""
    content = f"{FOLLOW}:{purpose}:{subscription.id}:{subscription.nonce}"
    digest = hmac.new(key.encode(), content.encode(), hashlib.sha256).hexdigest()
    return f"{subscription.id}-{digest[:40]}"


def holder(services: Services, purpose: str, given: str) -> SubscriptionView | None:
    """The subscription that a link belongs to; None for one that is gone or was made up."""
    number = search_url.strict_number(given.partition("-")[0], 1, 999_999_999)
    found = services.subscriptions.find(number) if number else None
    if found is None:
        return None
    expected = token(services.key, purpose, found)
    return found if hmac.compare_digest(expected.encode(), given.encode()) else None


def kept_search(query: Query) -> str:
    """A search as a subscription keeps it: its words and filters, neither order nor page."""
    kept = Query(query.text, query.filters, expand=query.expand)
    return search_url.address(kept).partition("?")[2]


def query_of(services: Services, search: str) -> Query:
    """The search that was kept; what exists no more (a city, a value) is left out of it."""
    reader = services.reader
    known = search_url.Known(
        frozenset(city.slug for city in reader.cities()),
        frozenset(area.slug for area in reader.areas()),
    )
    return search_url.parse(parse_qs(search), known, TOLD).query


def next_time(rhythm: Rhythm, now: datetime) -> datetime:
    """The next morning, or the morning of next Monday, in Italy."""
    here = now.astimezone(ROME)
    morning = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    days = 7 - here.weekday() if rhythm is Rhythm.WEEKLY else 1
    return (morning + timedelta(days=days)).astimezone(UTC)


def _address(services: Services, purpose: str, subscription: SubscriptionView) -> str:
    link = token(services.key, purpose, subscription)
    return site_address(services.settings) + local(f"{FOLLOW}/{purpose}/{link}")


def confirmation(services: Services, subscription: SubscriptionView) -> Letter:
    """The letter that asks whether it was really this person who asked."""
    words = in_words(services, query_of(services, subscription.search))
    text = _(
        "Qualcuno, forse tu, ha chiesto di ricevere a questo indirizzo le novità di una ricerca "
        "del portale %(brand)s:\n\n  %(words)s\n\n"
        "Per riceverle apri questo collegamento e conferma:\n%(link)s\n\n"
        "Se non sei stato tu non fare nulla: tra sette giorni la richiesta sarà cancellata e non "
        "riceverai altro.\n",
        brand=services.settings.brand,
        words=words,
        link=_address(services, CONFIRM, subscription),
    )
    subject = _("Conferma per seguire «%(words)s»", words=words)
    return Letter(subscription.address, _line(subject), text)


def digest(
    services: Services, subscription: SubscriptionView, query: Query, pages: tuple[PageView, ...]
) -> Letter:
    """The letter with what is new in a search, and with the way to stop it in one click."""
    site = site_address(services.settings)
    words = in_words(services, query)
    count = ngettext("una scheda nuova", "%(num)s schede nuove", len(pages))
    stop = _address(services, STOP, subscription)
    records = services.reader.public_records(page.public_id for page in pages[:TOLD])
    listed = "\n".join(
        f"- {record.title} ({labels.KIND[record.kind]}"
        + (f", {record.year}" if record.year else "")
        + f")\n  {site}{local(record_url(record))}\n"
        for record in records
    )
    text = _(
        "Nel portale %(brand)s c'è qualcosa di nuovo per la ricerca che segui (%(count)s):\n\n"
        "  %(words)s\n\n%(listed)s\nTutti i risultati:\n%(page)s\n\n--\n"
        "Ricevi questo messaggio perché hai chiesto di seguire questa ricerca, %(rhythm)s.\n"
        "Per non riceverlo più apri:\n%(stop)s\n",
        brand=services.settings.brand,
        count=count,
        words=words,
        listed=listed,
        page=site + local(search_url.address(query)),
        rhythm=str(RHYTHMS[subscription.rhythm]),
        stop=stop,
    )
    return Letter(
        subscription.address,
        _line(_("%(words)s: %(count)s", words=words, count=count)),
        text,
        # RFC 8058: the reader's mail program offers to stop, and does so with one click.
        {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def _in_its_language(
    services: Services, subscription: SubscriptionView, query: Query, pages: tuple[PageView, ...]
) -> Letter:
    """The digest in the language of the page where it was asked for; then Italian again."""
    answer_in(subscription.language)
    try:
        return digest(services, subscription, query, pages)
    finally:
        answer_in(DEFAULT_LOCALE)


def _line(text: str) -> str:
    return " ".join(text.split())[:180]


class Digests:
    """Sends what is due, one letter at a time: it is called between two turns of the worker."""

    def __init__(
        self, services: Services, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._services = services
        self._now = now
        self._pause_until = datetime.min.replace(tzinfo=UTC)

    def send_next(self) -> bool:
        """Deal with the subscription that is due longest; False when there is none.

        A letter that the server takes is noted after it left: a crash in between repeats it, and
        never loses one.
        """
        services = self._services
        now = self._now()
        if not services.mail.enabled or now < self._pause_until:
            return False
        due = services.subscriptions.due(1)
        if not due:
            return False
        subscription = due[0]
        until = now - SETTLED
        following = next_time(subscription.rhythm, now)
        query = query_of(services, subscription.search)
        since = subscription.told_until or until
        new = tuple(
            page
            for page in newest(services, query, MOST_IDS)
            if page.published_at and since < page.published_at <= until
        )
        if new:
            try:
                services.mail.deliver(_in_its_language(services, subscription, query, new))
            except MailFailed as failure:
                # The log names nobody: who follows what stays between the person and the portal.
                _log.warning("a followed search was not told: %s", failure.reason)
                self._put_off(subscription, following, failure, now)
                return False
        services.subscriptions.told(subscription.id, max(since, until), following)
        return True

    def _put_off(
        self,
        subscription: SubscriptionView,
        following: datetime,
        failure: MailFailed,
        now: datetime,
    ) -> None:
        """Try this letter again, after all that are due already: it holds up nobody else's."""
        if failure.lasting:
            again = following
        elif failure.of_address:
            again = min(following, now + FULL_BOX)
        else:
            again = self._pause_until = now + PAUSE
        self._services.subscriptions.later(subscription.id, again)
