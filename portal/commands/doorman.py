"""How much the server takes in before the portal has said a word: little, but for staff who upload.

Waitress keeps a whole request on disk before it hands it over. So a stranger could fill the disk;
here large bodies are only taken from browsers that are signed in, for addresses that take files.
"""

import copy
from http.cookies import CookieError, SimpleCookie

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from corpus.sessions import Sessions
from portal.auth.browser import COOKIE
from portal.desk.uploads import BATCH_BYTES, MEGABYTE

SMALL = MEGABYTE  # a form; the portal itself takes less and says so with a page
LARGE = BATCH_BYTES + 2 * MEGABYTE
PLACES = ("/redazione/carica", "/redazione/importa", "/redazione/contenuti/")


def watch(sessions: Sessions) -> None:
    """Make every connection of this process ask the doorman."""

    class Parser(HTTPRequestParser):
        """Waitress's own, with a limit on the body that depends on who sends it where."""

        adj: Adjustments

        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            if self.content_length >= SMALL or self.chunked:
                self.adj = copy.copy(self.adj)
                path, cookies = str(getattr(self, "path", "")), self.headers.get("COOKIE", "")
                self.adj.max_request_body_size = most(sessions, path, str(cookies))

    HTTPChannel.parser_class = Parser


def most(sessions: Sessions, path: str, cookies: str) -> int:
    """How many bytes a request for ``path`` with these cookies may send."""
    if not path.removeprefix("/en").startswith(PLACES):
        return SMALL
    try:
        ticket = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return SMALL
    if ticket is None or sessions.find(ticket.value) is None:
        return SMALL
    return LARGE
