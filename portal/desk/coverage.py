"""What the collection still lacks: records with empty fields, files that not everybody can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpus.records import DocumentView, RecordView, SolutionView
from indexer.accessibility import Level, level
from indexer.derived import Failure, FileFacts


class Gap(StrEnum):
    """One thing that a record lacks; ``labels.GAPS`` has the words."""

    SUMMARY = "summary"
    DATE = "date"
    LICENCE = "licence"
    PLACE = "place"
    SOURCES = "sources"
    CONTENT = "content"
    PROBLEM = "problem"
    ACTIONS = "actions"
    OUTCOME = "outcome"
    REUSABLE = "reusable"
    OFFICE = "contact_office"


@dataclass(frozen=True)
class Incomplete:
    """A record and what it lacks, never nothing."""

    record: RecordView
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class WeakFile:
    """A document whose file not everybody can read: failed, without text, or not accessible."""

    record: DocumentView
    failure: Failure | None
    without_text: bool
    recognised: bool  # a machine has read some of the text that the file itself lacks
    level: Level | None


def gaps(record: RecordView) -> tuple[Gap, ...]:
    """What an editor could still fill in, in the order of the form."""
    missing = {
        Gap.SUMMARY: not record.summary and not isinstance(record, SolutionView),
        Gap.DATE: record.year is None and record.issued is None and not _dated(record),
        Gap.PLACE: not record.cities and not record.areas,
        Gap.SOURCES: not record.sources,
    }
    if isinstance(record, DocumentView):
        missing[Gap.LICENCE] = record.current is not None and not record.licence
        missing[Gap.CONTENT] = record.current is None and not record.external_url
    if isinstance(record, SolutionView):
        missing |= {
            Gap.PROBLEM: not record.problem,
            Gap.ACTIONS: not record.actions,
            Gap.OUTCOME: not record.outcome,
            Gap.REUSABLE: not record.reusable,
            Gap.OFFICE: not record.contact_office,
        }
    return tuple(gap for gap in Gap if missing.get(gap))


def incomplete(records: Iterable[RecordView]) -> tuple[Incomplete, ...]:
    """The records that lack something, those that lack most first."""
    found = [Incomplete(record, lacking) for record in records if (lacking := gaps(record))]
    return tuple(sorted(found, key=lambda each: (-len(each.gaps), each.record.title)))


def weak_files(
    records: Iterable[RecordView],
    facts: Mapping[str, FileFacts],
    failures: Mapping[str, Failure],
) -> tuple[WeakFile, ...]:
    """Documents with a weak newest file, the worst first; ``facts``, ``failures`` by digest."""
    found = []
    for record in records:
        if not isinstance(record, DocumentView) or record.current is None:
            continue
        sha256 = record.current.sha256
        known, failure = facts.get(sha256), failures.get(sha256)
        weak = WeakFile(
            record,
            failure,
            without_text=bool(known and known.without_text),
            recognised=bool(known and known.without_text and known.readable),
            level=level(known) if known else None,
        )
        if failure or weak.without_text or weak.level in (Level.POOR, Level.PARTIAL):
            found.append(weak)
    return tuple(sorted(found, key=_severity))


def _severity(weak: WeakFile) -> tuple[bool, bool, bool, str]:
    return (
        weak.failure is None,
        not weak.without_text,
        weak.level is not Level.POOR,
        weak.record.title,
    )


def _dated(record: RecordView) -> bool:
    return getattr(record, "start", None) is not None


def addresses(records: Iterable[RecordView]) -> dict[str, list[RecordView]]:
    """Every address of another site that the records name, with the records that name it."""
    found: dict[str, list[RecordView]] = {}
    for record in records:
        urls = {source.url for source in record.sources if source.url}
        if isinstance(record, DocumentView) and record.external_url:
            urls.add(record.external_url)
        for url in sorted(urls):
            found.setdefault(url, []).append(record)
    return found
