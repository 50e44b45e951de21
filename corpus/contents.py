"""What a draft may set on a record, as JSON values: compared, kept in the log, taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from corpus.records import (
    AuditView,
    CourseDraft,
    DocumentDraft,
    EventDraft,
    RecordView,
    SolutionDraft,
    Source,
)
from corpus.vocabulary import Evidence, Kind, Scope, SourceKind

Content = dict[str, Any]
Draft = DocumentDraft | SolutionDraft | CourseDraft | EventDraft

DRAFTS: Mapping[str, type[Draft]] = {
    "document": DocumentDraft,
    "pilot_solution": SolutionDraft,
    "course": CourseDraft,
    "event": EventDraft,
}
# Entries of the log that change the content of a record; each keeps the changes and the revision.
CHANGING = ("revise", "bulk_edit", "bulk_undo")

_NOT_CONTENT = {"source_key", "public_id"}
_LISTS = {"cities", "areas", "documents"}  # their order means nothing
_DAYS = {"issued", "start", "end"}
_ENUMS = {"kind": Kind, "scope": Scope, "evidence": Evidence}


def content_of(record: RecordView) -> Content:
    """The content of ``record``, which must show what staff see."""
    values = asdict(record)
    names = {field.name for field in fields(DRAFTS[record.type])} - _NOT_CONTENT
    content = {name: _json(values[name]) for name in values if name in names}
    return {name: sorted(value) if name in _LISTS else value for name, value in content.items()}


def content_of_draft(draft: Draft) -> Content:
    """The content that a draft would give, before the catalogue has cleaned its texts."""
    content = {name: _json(value) for name, value in asdict(draft).items()}
    return {
        name: sorted(value) if name in _LISTS else value
        for name, value in content.items()
        if name not in _NOT_CONTENT
    }


def changes(before: Content, after: Content) -> dict[str, list[Any]]:
    """Old and new value of every field that differs."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def rewound(content: Content, entries: Iterable[AuditView], until: int) -> Content:
    """The content as it was before entry ``until``; ``entries`` of the record, newest first."""
    content = dict(content)
    for entry in entries:
        if entry.number < until:
            break
        if entry.action in CHANGING:
            for name, (old, _) in entry.details.get("changes", {}).items():
                if name in content:
                    content[name] = old
    return content


def draft_of(type_: str, content: Content) -> Draft:
    """The draft that gives a record of this type that content."""
    values = {name: _value(name, value) for name, value in content.items()}
    return DRAFTS[type_](**values)


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _ENUMS:
        return _ENUMS[name](value)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name == "sources":
        return tuple(Source(each["url"], SourceKind(each["kind"]), each["label"]) for each in value)
    return tuple(value) if isinstance(value, list) else value


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
