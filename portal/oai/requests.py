"""What a harvester asks: verb and arguments, each checked as the protocol says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal.i18n import gettext as _
from portal.oai.errors import OaiError

# Verb -> arguments that it requires, arguments that it allows besides.
VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
RESUMED = ("ListSets", "ListIdentifiers", "ListRecords")
TOKEN = "resumptionToken"  # noqa: S105  the protocol's name of an argument

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SECOND = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")


@dataclass(frozen=True)
class OaiRequest:
    """A request that the protocol allows; ``arguments`` never holds the verb."""

    verb: str
    arguments: Mapping[str, str]


def parse(given: Mapping[str, Sequence[str]]) -> OaiRequest:
    """Raises ``OaiError`` with badVerb or badArgument and nothing else."""
    verbs = given.get("verb", ())
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise OaiError(
            "badVerb",
            _("Serve un solo «verb», tra: %(verbs)s.", verbs=", ".join(VERBS)),
        )
    arguments = {name: values for name, values in given.items() if name != "verb"}
    for name, values in arguments.items():
        if len(values) != 1 or not values[0]:
            raise _bad(_("L'argomento «%(name)s» va scritto una volta sola.", name=name))
    single = {name: values[0] for name, values in arguments.items()}
    _check_names(verbs[0], single)
    _check_values(single)
    return OaiRequest(verbs[0], single)


def _check_names(verb: str, given: Mapping[str, str]) -> None:
    if verb in RESUMED and TOKEN in given:
        if len(given) > 1:
            raise _bad(_("«resumptionToken» non ammette altri argomenti."))
        return
    required, allowed = VERBS[verb]
    missing = sorted(required - given.keys())
    if missing:
        raise _bad(_("Manca l'argomento «%(name)s».", name=missing[0]))
    if given.keys() - required - allowed:
        # Not repeated: what a stranger typed may not even be text that XML can hold.
        raise _bad(_("%(verb)s non ha un argomento con questo nome.", verb=verb))


def _check_values(given: Mapping[str, str]) -> None:
    if "metadataPrefix" in given and not _PREFIX.fullmatch(given["metadataPrefix"]):
        raise _bad(_("«metadataPrefix» contiene caratteri non ammessi."))
    if "set" in given and not _SET.fullmatch(given["set"]):
        raise _bad(_("«set» contiene caratteri non ammessi."))
    start, end = given.get("from"), given.get("until")
    if start is not None and end is not None and len(start) != len(end):
        raise _bad(_("«from» e «until» vanno scritti nella stessa forma."))
    first = None if start is None else start_of(start)
    last = None if end is None else end_of(end)
    if first is not None and last is not None and first >= last:
        raise _bad(_("«from» viene dopo «until»."))


def start_of(text: str) -> datetime:
    """The first instant of a day or second; ``OaiError`` for anything else."""
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        if _SECOND.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise _bad(_("Una data si scrive AAAA-MM-GG oppure AAAA-MM-GGThh:mm:ssZ."))


def end_of(text: str) -> datetime:
    """The first instant after a day or second: ``until`` means its whole length."""
    length = timedelta(days=1) if _DAY.fullmatch(text) else timedelta(seconds=1)
    try:
        return start_of(text) + length
    except OverflowError:  # the last day that a calendar has
        return datetime.max.replace(tzinfo=UTC)


def _bad(sentence: str) -> OaiError:
    return OaiError("badArgument", sentence)
