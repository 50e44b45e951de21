"""Mail that the portal sends, through the SMTP server of the settings (``METROPOLI_SMTP_*``).

``services().mail`` is the post office of the application:

- ``enabled`` is False while the settings name no server. Then nothing is ever sent, and pages
  must offer another way (a link shown on screen) or leave the feature out.
- ``post(letter)`` is for views: it returns at once and never fails. A thread sends the letter,
  three times at most. Letters still waiting are lost when the process ends, so whoever waits for
  one must be able to ask for it again. A function that returns the letter may be posted in its
  place: it runs in that thread, so that the answer does not tell by its time what it found.
- ``deliver(letter)`` is for work outside a request (a digest): it returns when the server has
  taken the letter and raises ``MailFailed`` otherwise, so that the caller notes what was sent
  only once it was, and decides when to try again.

A letter is plain text for one address. ``headers`` adds what a kind of letter needs, such as
``{"List-Unsubscribe": "<https://…>"}``. Addresses inside a letter begin with ``site_address``
(``portal.settings``), never with the host name of a request.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from portal.settings import Settings

if TYPE_CHECKING:  # seldom needed: starting the portal need not load them
    from smtplib import SMTP
    from ssl import SSLContext

TIMEOUT = 20.0  # seconds for each answer of the server
PAUSES = (0.0, 30.0, 300.0)  # seconds before each attempt to send
WAITING = 1_000  # letters in memory; beyond them a new one is dropped, and the log says so

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A plain text for one person."""

    to: str
    subject: str
    text: str = field(repr=False)  # may hold a one-time link
    headers: Mapping[str, str] = field(default_factory=dict)


Writing = Letter | Callable[[], Letter | None]  # a letter, or who writes it (or none) in time


@dataclass
class MailFailed(Exception):
    """The server did not take the letter.

    ``lasting`` when trying again would change nothing; ``of_address`` when it says nothing of other
    letters: this one's address was refused.
    """

    reason: str
    lasting: bool = False
    of_address: bool = False


@dataclass(order=True)
class _Attempt:
    """One of the times that a letter may be tried."""

    due: float
    number: int
    writing: Writing = field(compare=False)


class Mail:
    """Sends letters. Safe to use from several threads; opens no connection before a letter."""

    def __init__(
        self,
        settings: Settings,
        trust: "SSLContext | None" = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        """``trust``: whose certificates to believe (default: those the machine believes)."""
        self._settings = settings
        self._trust = trust
        self._pauses = tuple(pauses)
        self._changed = threading.Condition()
        self._waiting: list[_Attempt] = []  # a heap: the first is due first
        self._busy = False
        self._thread: threading.Thread | None = None

    @property
    def enabled(self) -> bool:
        return bool(self._settings.smtp_host)

    def post(self, writing: Writing) -> None:
        """Send the letter soon. Without a server nothing happens."""
        if not self.enabled:
            return
        with self._changed:
            if len(self._waiting) >= WAITING:
                _log.error("a letter was dropped: %s are waiting already", WAITING)
                return
            self._plan(writing, 0)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="mail", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until no posted letter is left; False when some still are after ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds)

    def deliver(self, letter: Letter) -> None:
        """Hand the letter to the server now. Raises ``MailFailed``."""
        import smtplib

        if not self.enabled:
            raise MailFailed("no server is set", lasting=True)
        try:
            message = self._message(letter)
        except ValueError as error:  # a line break in a header, an address that cannot be
            raise MailFailed(f"the letter is malformed: {error}", lasting=True) from error
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            lasting = all(code >= 500 for code in codes)
            raise MailFailed(f"address refused: {codes}", lasting, of_address=True) from error
        except smtplib.SMTPResponseException as error:
            raise MailFailed(
                f"server answered {error.smtp_code}", error.smtp_code >= 500
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailFailed(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> "SMTP":
        import smtplib
        import ssl

        settings = self._settings
        context = self._trust or ssl.create_default_context()
        where = (settings.smtp_host, settings.smtp_port)
        server: SMTP
        if settings.smtp_security == "tls":
            server = smtplib.SMTP_SSL(*where, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(*where, timeout=TIMEOUT)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=context)
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        sender = self._settings.smtp_from
        message = EmailMessage()
        message["From"] = formataddr((self._settings.brand, sender))
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"  # no holiday notice comes back
        for name, value in letter.headers.items():
            message[name] = value
        message.set_content(letter.text, cte="quoted-printable")
        return message

    def _plan(self, writing: Writing, number: int) -> None:
        due = time.monotonic() + self._pauses[number]
        heappush(self._waiting, _Attempt(due, number, writing))
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            attempt = self._next()
            again = self._try(attempt)
            with self._changed:
                self._busy = False
                if again is not None:
                    self._plan(again, attempt.number + 1)
                self._changed.notify_all()

    def _next(self) -> _Attempt:
        """Wait for the next attempt that is due."""
        with self._changed:
            while True:
                left = self._waiting[0].due - time.monotonic() if self._waiting else None
                if left is not None and left <= 0:
                    self._busy = True
                    return heappop(self._waiting)
                self._changed.wait(left)

    def _try(self, attempt: _Attempt) -> Letter | None:
        """Send; the letter if it failed and is worth another attempt. The log names no person."""
        letter = None
        try:
            writing = attempt.writing
            letter = writing if isinstance(writing, Letter) else writing()
            if letter is not None:
                self.deliver(letter)
        except MailFailed as failure:
            last = failure.lasting or attempt.number + 1 == len(self._pauses)
            _log.warning(
                "letter not sent (%s): %s",
                "given up" if last else "another attempt follows",
                failure.reason,
            )
            return None if last else letter
        except Exception:  # the thread goes on: the next letter may be fine
            _log.exception("sending a letter failed")
        return None
