"""Drafts, checked and turned into column values before anything is written."""

from dataclasses import asdict
from datetime import date
from typing import Any

from corpus.catalogue.checks import Problems
from corpus.contents import Draft
from corpus.ids import is_public_id
from corpus.models import Course, Document, Event, PilotSolution, Record
from corpus.records import CourseDraft, DocumentDraft, EventDraft, RecordDraft, SolutionDraft
from corpus.vocabulary import Kind

LONGEST_COURSE = 10_000  # hours


def record_class(draft: Draft) -> type[Record]:
    """The table that a draft belongs to."""
    match draft:
        case DocumentDraft():
            return Document
        case SolutionDraft():
            return PilotSolution
        case CourseDraft():
            return Course
        case EventDraft():
            return Event


def checked_columns(draft: Draft, problems: Problems) -> dict[str, Any]:
    """Column values of ``draft``, texts cleaned; what is wrong goes to ``problems``.

    Places, ids and linked documents are not among them: they need the catalogue to be judged.
    """
    columns = _common_columns(draft, problems)
    match draft:
        case DocumentDraft():
            columns |= _document_columns(draft, problems)
        case SolutionDraft():
            _only_kind(draft, Kind.SOLUTION, problems)
            columns |= _solution_columns(draft, problems)
        case CourseDraft():
            _only_kind(draft, Kind.TRAINING, problems)
            if draft.hours is not None and not 1 <= draft.hours <= LONGEST_COURSE:
                problems.add("hours", "range")
            columns |= _dates(draft.start, draft.end, problems)
            columns |= {"form": problems.line("form", draft.form), "hours": draft.hours}
        case EventDraft():
            _only_kind(draft, Kind.EVENT, problems)
            columns |= _dates(draft.start, draft.end, problems)
            columns["place"] = problems.optional_line("place", draft.place)
    return columns


def _common_columns(draft: Draft, problems: Problems) -> dict[str, Any]:
    problems.language("language", draft.language)
    problems.year("year", draft.year)
    problems.day("issued", draft.issued)
    if draft.public_id is not None and not is_public_id(draft.public_id):
        problems.add("public_id", "format")
    return {
        "kind": draft.kind,
        "scope": draft.scope,
        "title": problems.line("title", draft.title, required=True),
        "title_is_ours": draft.title_is_ours,
        "summary": problems.text("summary", draft.summary),
        "summary_markdown": problems.optional_text("summary", draft.summary_markdown),
        "summary_html": draft.summary_html,
        "language": draft.language,
        "authors": problems.lines("authors", draft.authors),
        "topics": problems.lines("topics", draft.topics),
        "year": _year(draft),
        "issued": draft.issued,
        "date_note": problems.optional_line("date_note", draft.date_note),
        "note": problems.optional_text("note", draft.note),
        "sources": [asdict(source) for source in problems.sources("sources", draft.sources)],
    }


def _document_columns(draft: DocumentDraft, problems: Problems) -> dict[str, Any]:
    problems.licence("licence", draft.licence)
    if draft.external_url is not None:
        problems.address("external_url", draft.external_url)
    return {
        "form": problems.optional_line("form", draft.form),
        "publisher": problems.optional_line("publisher", draft.publisher),
        "licence": draft.licence,
        "external_url": draft.external_url,
    }


def _solution_columns(draft: SolutionDraft, problems: Problems) -> dict[str, Any]:
    for field, values in (("cities", draft.cities), ("areas", draft.areas)):
        if len(values) != 1:
            problems.add(field, "one-only")
    return {
        "evidence": draft.evidence,
        "problem": problems.text("problem", draft.problem),
        "actions": problems.text("actions", draft.actions),
        "outcome": problems.text("outcome", draft.outcome),
        "reusable": problems.text("reusable", draft.reusable),
        "contact_office": problems.text("contact_office", draft.contact_office),
        "partners": problems.lines("partners", draft.partners),
        "facts": problems.lines("facts", draft.facts),
    }


def _dates(start: date | None, end: date | None, problems: Problems) -> dict[str, Any]:
    problems.day("start", start)
    problems.day("end", end)
    problems.span("end", start, end)
    if start is None and end is not None:
        problems.add("start", "required")
    return {"start": start, "end": end}


def _only_kind(draft: RecordDraft, kind: Kind, problems: Problems) -> None:
    if draft.kind is not kind:
        problems.add("kind", "fixed")


def _year(draft: Draft) -> int | None:
    """The year that readers filter by: stated, or else that of the day that is known."""
    if draft.year is not None:
        return draft.year
    if draft.issued is not None:
        return draft.issued.year
    if isinstance(draft, CourseDraft | EventDraft) and draft.start is not None:
        return draft.start.year
    return None
