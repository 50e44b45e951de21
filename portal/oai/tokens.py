"""Resumption tokens: where a list goes on, signed, kept by the harvester and not by us.

A token names the last change received by time and id. What changes meanwhile moves behind it, so
that nothing is lost; and because we keep nothing, a token holds after a restart and for years.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from portal.i18n import gettext as _
from portal.oai.errors import OaiError

_PURPOSE = "oai-resumption"
_SELECTING = ("metadataPrefix", "set", "from", "until")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Position:
    """A list under way: what was asked, the last change had, how many were had."""

    verb: str
    arguments: Mapping[str, str]
    at: datetime
    public_id: str
    cursor: int


def write(position: Position, key: str) -> str:
    """The token of a position."""
    content = [
        position.verb,
        [position.arguments.get(name) for name in _SELECTING],
        (position.at - _EPOCH) // _MICROSECOND,
        position.public_id,
        position.cursor,
    ]
    return str(_serializer(key).dumps(content))


def read(token: str, verb: str, key: str) -> Position:
    """The position of a token that we wrote for this verb; ``OaiError`` for any other."""
    try:
        written_for, selecting, at, public_id, cursor = _serializer(key).loads(token)
    except (BadData, ValueError) as error:
        raise _bad() from error
    if written_for != verb:
        raise _bad()
    arguments = {
        name: value for name, value in zip(_SELECTING, selecting, strict=True) if value is not None
    }
    return Position(verb, arguments, _EPOCH + at * _MICROSECOND, public_id, cursor)


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_PURPOSE)


def _bad() -> OaiError:
    return OaiError(
        "badResumptionToken",
        _("Questo «resumptionToken» non è nostro, o è di un altro verbo: ricomincia l'elenco."),
    )
