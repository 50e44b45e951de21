"""Shapes of the sheets with records, and the drafts that they become."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from corpus.records import CourseDraft, DocumentDraft, EventDraft, GapView, SolutionDraft
from corpus.seed.strict import Address, Day, Key, Sources, Strict, Text, Year, YesNo
from corpus.vocabulary import AreaSlug, Evidence, FileFormat, Kind, Scope, SourceKind


class TopicSheet(Strict):
    """``topics.yaml``: the recurring themes, a closed list."""

    topics: tuple[Text, ...]


class RecordLine(Strict):
    """What every record of the collection has; ``key`` becomes its source key."""

    key: Key
    title: Text
    summary: Text
    scope: Scope = Scope.PROGRAMME
    title_is_ours: YesNo = False
    authors: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()
    cities: tuple[Key, ...] = ()
    areas: tuple[AreaSlug, ...] = ()
    year: Year | None = None
    date_note: str | None = None
    note: str | None = None
    sources: Sources

    def _shared(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "summary": self.summary,
            "scope": self.scope,
            "title_is_ours": self.title_is_ours,
            "authors": self.authors,
            "topics": self.topics,
            "cities": self.cities,
            "areas": self.areas,
            "year": self.year,
            "date_note": self.date_note,
            "note": self.note,
            "sources": tuple(source.view() for source in self.sources),
            "source_key": self.key,
        }


class DocumentLine(RecordLine):
    """Something to read: a link to its owner's page, or a ``file`` of our own."""

    kind: Kind
    form: Text
    issued: Day | None = None
    publisher: str | None = None
    licence: str | None = None
    external_url: Address | None = None
    file: str | None = None  # name below corpus/seed/files/

    @model_validator(mode="after")
    def _links_lead_to_owners(self) -> "DocumentLine":
        owners = {line.url for line in self.sources if line.kind is SourceKind.PRIMARY}
        if self.external_url is not None and self.external_url not in owners:
            raise ValueError("external_url must be one of the sources of kind ente")
        if self.file is not None and self.licence is None:
            raise ValueError("a file can be given out only with a licence")
        return self

    @property
    def format(self) -> FileFormat | None:
        """The declared format of the file, from its name; None for a record without a file."""
        return FileFormat(self.file.rpartition(".")[2]) if self.file else None

    def draft(self, public_id: str) -> DocumentDraft:
        """What the catalogue is asked to add."""
        return DocumentDraft(
            kind=self.kind,
            **self._shared(),
            public_id=public_id,
            issued=self.issued,
            form=self.form,
            publisher=self.publisher,
            licence=self.licence,
            external_url=self.external_url,
        )


class DocumentSheet(Strict):
    """``research.yaml``, ``articles.yaml`` and ``documents.yaml``."""

    documents: tuple[DocumentLine, ...]


class SolutionLine(RecordLine):
    """A pilot solution; what the sources do not say stays empty."""

    city: Key
    area: AreaSlug
    evidence: Evidence
    problem: str = ""
    actions: str = ""
    outcome: str = ""
    reusable: str = ""
    contact_office: str = ""
    partners: tuple[Text, ...] = ()
    facts: tuple[Text, ...] = ()
    documents: tuple[Key, ...] = ()  # keys of documents in the collection

    @model_validator(mode="after")
    def _stands_in_one_cell(self) -> "SolutionLine":
        if self.cities or self.areas:
            raise ValueError("a solution has one city and one area, not lists")
        return self

    def draft(self, public_id: str, documents: tuple[str, ...]) -> SolutionDraft:
        """What the catalogue is asked to add; ``documents`` are public ids."""
        return SolutionDraft(
            kind=Kind.SOLUTION,
            **self._shared() | {"cities": (self.city,), "areas": (self.area,)},
            public_id=public_id,
            evidence=self.evidence,
            problem=self.problem,
            actions=self.actions,
            outcome=self.outcome,
            reusable=self.reusable,
            contact_office=self.contact_office,
            partners=self.partners,
            facts=self.facts,
            documents=documents,
        )


class GapLine(Strict):
    """A cell for which no source was found; ``hint`` says where to look next."""

    city: Key
    area: AreaSlug
    hint: str | None = None

    def view(self) -> GapView:
        """The same, as the catalogue keeps it."""
        return GapView(city=self.city, area=self.area, hint=self.hint)


class SolutionSheet(Strict):
    """``solutions.yaml``: together the two lists cover the 14 x 3 cells."""

    solutions: tuple[SolutionLine, ...]
    gaps: tuple[GapLine, ...]


class CourseLine(RecordLine):
    """A training unit."""

    form: Text
    start: Day | None = None
    end: Day | None = None
    hours: Annotated[int, Field(gt=0)] | None = None

    def draft(self, public_id: str) -> CourseDraft:
        """What the catalogue is asked to add."""
        return CourseDraft(
            kind=Kind.TRAINING,
            **self._shared(),
            public_id=public_id,
            form=self.form,
            start=self.start,
            end=self.end,
            hours=self.hours,
        )


class CourseSheet(Strict):
    """``training.yaml``."""

    courses: tuple[CourseLine, ...]


class EventLine(RecordLine):
    """A dated event; without ``start`` the sources give no sure day and ``date_note`` says why."""

    start: Day | None = None
    end: Day | None = None
    place: str | None = None

    @model_validator(mode="after")
    def _missing_days_are_explained(self) -> "EventLine":
        if self.start is None and not self.date_note:
            raise ValueError("without start, date_note must say what is known")
        return self

    def draft(self, public_id: str) -> EventDraft:
        """What the catalogue is asked to add."""
        return EventDraft(
            kind=Kind.EVENT,
            **self._shared(),
            public_id=public_id,
            start=self.start,
            end=self.end,
            place=self.place,
        )


class EventSheet(Strict):
    """``events.yaml``."""

    events: tuple[EventLine, ...]
