"""Old and new values of a record in words, and what happens when two people write at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.contents import Content
from corpus.records import AuditView
from portal import labels
from portal.desk.record_forms import italian_day
from portal.i18n import gettext as _

# Derived from the Markdown beside them: told once, as the summary.
_SUMMARY = ("summary", "summary_markdown", "summary_html")


@dataclass(frozen=True)
class Difference:
    """One field before and after, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Meeting:
    """A field that a colleague has changed while one was writing.

    ``kept``: one has not touched it, so the colleague's value was taken over. Otherwise one's own
    value stays in the form, and ``theirs`` is what it would replace.
    """

    field: str
    label: str
    theirs: str
    kept: bool


class Shown:
    """Values of a record's content as people read them."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def differences(self, changes: Mapping[str, Any]) -> tuple[Difference, ...]:
        """The changes of a log entry: [old, new] by field."""
        found: list[Difference] = []
        for field, (before, after) in changes.items():
            name = "summary" if field in _SUMMARY else field
            if any(each.field == name for each in found):
                continue
            label = str(labels.FIELDS.get(name, name))
            old, new = self.value(name, before), self.value(name, after)
            found.append(Difference(name, label, old, new))
        return tuple(found)

    def value(self, field: str, value: Any) -> str:
        if value in (None, "", [], ()):
            return _("(vuoto)")
        if isinstance(value, bool):
            return _("sì") if value else _("no")
        if field in ("cities", "areas"):
            return ", ".join(self._places.get(slug, slug) for slug in value)
        if field == "sources":
            return "\n".join(f"{each['label']} {each['url']}".strip() for each in value)
        if field in ("issued", "start", "end"):
            return italian_day(date.fromisoformat(value))
        if isinstance(value, list | tuple):
            return "\n".join(map(str, value))
        return str(_NAMES.get(field, {}).get(value, value))


_NAMES: Mapping[str, Mapping[Any, Any]] = {
    "kind": labels.KIND,
    "scope": labels.SCOPES,
    "evidence": labels.EVIDENCE,
    "language": labels.LANGUAGES,
    "licence": {key: licence.name for key, licence in labels.LICENCES.items()},
}


def meet(mine: Content, entries: Iterable[AuditView]) -> tuple[Content, tuple[Meeting, ...]]:
    """One's own content joined with what ``entries``, oldest first, have changed meanwhile.

    Nothing is lost: what one has not touched takes the colleague's value, what both have changed
    keeps one's own and is told.
    """
    base: Content = {}
    theirs: Content = {}
    for entry in entries:
        for field, (before, after) in entry.details.get("changes", {}).items():
            base.setdefault(field, before)
            theirs[field] = after
    merged = dict(mine)
    meetings = []
    untouched_summary = mine.get("summary") == base.get("summary", mine.get("summary"))
    shown = Shown({})
    for field in theirs:
        kept = untouched_summary if field in _SUMMARY else mine.get(field) == base[field]
        if kept:
            merged[field] = theirs[field]
        if field in ("summary_markdown", "summary_html") or mine.get(field) == theirs[field]:
            continue
        label = str(labels.FIELDS.get(field, field))
        meetings.append(Meeting(field, label, shown.value(field, theirs[field]), kept))
    return merged, tuple(meetings)
