"""Documents whose text is nearly that of another, as far as a person may know of them."""

from dataclasses import dataclass

from corpus.errors import RecordNotFound
from corpus.records import DocumentView, VersionView
from portal.desk import processing, staff
from portal.desk.rules import Step
from portal.services import services

MOST = 3


@dataclass(frozen=True)
class Alike:
    """A document whose text is nearly the same; ``share`` of it in common, per cent.

    ``may_take``: the person may make the other's file a new version of it.
    """

    record: DocumentView
    version: VersionView
    share: int
    may_take: bool


def alike(record: DocumentView) -> tuple[Alike, ...]:
    """The nearest documents beside ``record`` that the person of this request may see."""
    if record.current is None:
        return ()
    shares = services().derived.alike(record.current.sha256)
    nearest: dict[str, tuple[float, str]] = {}
    for sha256, public_id in services().reader.holders(shares).items():
        if public_id != record.public_id:
            nearest[public_id] = max(nearest.get(public_id, (0.0, "")), (shares[sha256], sha256))
    found: list[Alike] = []
    for public_id, (share, sha256) in sorted(nearest.items(), key=lambda each: -each[1][0]):
        if not processing.sees(public_id):
            continue
        other = document(public_id)
        version = next(each for each in other.versions if each.sha256 == sha256)
        found.append(Alike(other, version, round(share * 100), may_take(other)))
        if len(found) == MOST:
            break
    return tuple(found)


def may_take(record: DocumentView) -> bool:
    """Whether the person of this request may add versions to the document."""
    dossier, rules = staff.opened(record.public_id)
    return Step.ADD_VERSION in rules.steps(dossier)


def document(public_id: str) -> DocumentView:
    """A document that the person of this request may see; ``RecordNotFound`` otherwise."""
    record = staff.opened(public_id)[0].record
    if not isinstance(record, DocumentView):
        raise RecordNotFound(public_id)
    return record
