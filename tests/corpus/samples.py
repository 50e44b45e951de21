"""Small, valid things of every type, for tests that change one point at a time."""

import io
from typing import Any

from corpus.records import (
    AreaView,
    CityFigure,
    CityView,
    CourseDraft,
    DocumentDraft,
    EventDraft,
    NewFile,
    SolutionDraft,
    Source,
)
from corpus.store import FileStore
from corpus.vocabulary import FileFormat, Kind, SourceKind

SOURCE = Source("https://example.org/pagina", SourceKind.PRIMARY, "Una pagina")


def city(slug: str = "bari", **changes: Any) -> CityView:
    fields: dict[str, Any] = {
        "slug": slug,
        "name": f"Città metropolitana di {slug.title()}",
        "capital": slug.title(),
        "region": "Puglia",
        "istat_code": "272",
        "plate": "BA",
        "latitude": 41.12,
        "longitude": 16.86,
        "website": "https://www.cittametropolitana.ba.it",
        "valid_from": None,
        "valid_to": None,
        "in_programme": True,
        "figures": (CityFigure("municipalities", "41", "2024", "ISTAT"),),
        "note": None,
    }
    return CityView(**fields | changes)


def area(slug: str = "semplificazione", **changes: Any) -> AreaView:
    fields: dict[str, Any] = {
        "slug": slug,
        "label": f"Area {slug}",
        "short_label": slug,
        "label_en": slug,
        "description": "Che cosa è.",
        "note": None,
        "sources": (SOURCE,),
    }
    return AreaView(**fields | changes)


def document(title: str = "Piano strategico", **changes: Any) -> DocumentDraft:
    return DocumentDraft(**{"kind": Kind.RESEARCH, "title": title} | changes)


def solution(city: str = "bari", area: str = "semplificazione", **changes: Any) -> SolutionDraft:
    fields = {"kind": Kind.SOLUTION, "title": f"SUAP di {city}", "cities": (city,)}
    return SolutionDraft(**fields | {"areas": (area,)} | changes)


def course(title: str = "Progettare per ripartire", **changes: Any) -> CourseDraft:
    return CourseDraft(**{"kind": Kind.TRAINING, "title": title, "form": "webinar"} | changes)


def event(title: str = "Conferenza finale", **changes: Any) -> EventDraft:
    return EventDraft(**{"kind": Kind.EVENT, "title": title} | changes)


def file(store: FileStore, content: bytes = b"testo", name: str = "testo.txt") -> NewFile:
    stored = store.receive(io.BytesIO(content), 1 << 20)
    return NewFile(stored.sha256, stored.size, FileFormat.TEXT, name)
