"""What a record may hold: each refusal names its field."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import Catalogue
from corpus.catalogue.checks import Problems
from corpus.catalogue.drafts import Draft, checked_columns
from corpus.errors import InvalidRecord
from corpus.reader import Reader
from corpus.records import Source
from corpus.vocabulary import Kind, SourceKind, State
from tests.corpus import samples

REFUSED: list[tuple[Draft, dict[str, str]]] = [
    (samples.document(""), {"title": "required"}),
    (samples.document(" \u200b\u202e\n"), {"title": "required"}),
    (samples.document("x" * 501), {"title": "too-long"}),
    (samples.document(summary="x" * 20_001), {"summary": "too-long"}),
    (samples.document(topics=tuple(map(str, range(201)))), {"topics": "too-many"}),
    (samples.document(cities=("atlantide",)), {"cities": "unknown"}),
    (samples.document(areas=("altro",)), {"areas": "unknown"}),
    (samples.document(year=1860), {"year": "range"}),
    (samples.document(year=2101), {"year": "range"}),
    (samples.document(issued=date(1400, 1, 1)), {"issued": "range"}),
    (samples.document(language="italiano"), {"language": "format"}),
    (samples.document(language=""), {"language": "format"}),
    (samples.document(language="it\n"), {"language": "format"}),
    (samples.document(external_url="javascript:alert(1)"), {"external_url": "format"}),
    (samples.document(licence="CC BY 4.0 <b>"), {"licence": "format"}),
    (samples.document(public_id="../../x"), {"public_id": "format"}),
    (samples.document(source_key="a\ud800"), {"source_key": "format"}),
    (samples.document(source_key=""), {"source_key": "format"}),
    (samples.document(sources=(Source("ftp://a.it", SourceKind.PRIMARY),)), {"sources": "format"}),
    (samples.document(sources=(Source("", SourceKind.PRIMARY),)), {"sources": "required"}),
    (samples.solution(cities=()), {"cities": "one-only"}),
    (samples.solution(cities=("bari", "bologna")), {"cities": "one-only"}),
    (samples.solution(areas=()), {"areas": "one-only"}),
    (samples.solution(documents=("2222222",)), {"documents": "unknown"}),
    (samples.solution(kind=Kind.GUIDE), {"kind": "fixed"}),
    (samples.course(kind=Kind.EVENT), {"kind": "fixed"}),
    (samples.course(hours=0), {"hours": "range"}),
    (samples.event(kind=Kind.TRAINING), {"kind": "fixed"}),
    (samples.event(start=date(2020, 5, 2), end=date(2020, 5, 1)), {"end": "order"}),
    (samples.event(end=date(2020, 5, 1)), {"start": "required"}),
    (samples.event(start=date(1800, 5, 1)), {"start": "range"}),
    (
        samples.document("", year=3000, cities=("x",)),
        {"title": "required", "year": "range", "cities": "unknown"},
    ),
]


@pytest.mark.parametrize(("draft", "problems"), REFUSED)
def test_a_wrong_field_is_named_and_nothing_is_written(
    catalogue: Catalogue, reader: Reader, draft: Draft, problems: dict[str, str]
) -> None:
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add(draft, actor="x")
    assert refusal.value.problems == problems
    assert reader.in_states(*State) == ()


def test_a_revision_is_judged_as_a_new_record_and_leaves_the_old_one(
    catalogue: Catalogue, reader: Reader
) -> None:
    record = catalogue.add(samples.document("a", cities=("bari",)), actor="x")
    with pytest.raises(InvalidRecord):
        catalogue.revise(record, samples.document("b", cities=("atlantide",)), actor="x")
    kept = reader.record(record, any_state=True)
    assert (kept.title, kept.cities, kept.revision) == ("a", ("bari",), 1)


@pytest.mark.parametrize(
    ("draft", "year"),
    [
        (samples.document(year=2018, issued=date(2019, 1, 1)), 2018),
        (samples.document(issued=date(2019, 1, 1)), 2019),
        (samples.event(start=date(2020, 5, 1)), 2020),
        (samples.course(start=date(2021, 5, 1)), 2021),
        (samples.document(), None),
        (samples.document(year=1861), 1861),
        (samples.document(year=2100), 2100),
    ],
)
def test_the_year_follows_the_day_that_is_known(
    catalogue: Catalogue, reader: Reader, draft: Draft, year: int | None
) -> None:
    assert reader.record(catalogue.add(draft, actor="x"), any_state=True).year == year


def test_our_own_work_may_go_without_an_address(catalogue: Catalogue, reader: Reader) -> None:
    own = Source("", SourceKind.OWN, "Redazione del portale")
    record = catalogue.add(samples.document(sources=(own,)), actor="x")
    assert reader.record(record, any_state=True).sources == (own,)


def test_texts_are_cleaned_before_they_are_kept(catalogue: Catalogue, reader: Reader) -> None:
    record = catalogue.add(
        samples.document(
            " Piano\u202efdp \n strategico ",
            summary="uno\r\ndue\x00",
            topics=("SUAP", " SUAP ", ""),
            authors=("Anna\tRossi",),
            note="  ",
        ),
        actor="x",
    )
    kept = reader.record(record, any_state=True)
    assert kept.title == "Pianofdp strategico"
    assert kept.summary == "uno\ndue"
    assert kept.topics == ("SUAP",)
    assert kept.authors == ("Anna Rossi",)
    assert kept.note is None


def test_a_cell_holds_one_solution_until_it_is_withdrawn(
    catalogue: Catalogue, reader: Reader
) -> None:
    first = catalogue.add(samples.solution("bari"), actor="x", state=State.PUBLISHED)
    other = catalogue.add(samples.solution("bologna"), actor="x")
    for attempt in (
        lambda: catalogue.add(samples.solution("bari"), actor="x"),
        lambda: catalogue.revise(other, samples.solution("bari"), actor="x"),
    ):
        with pytest.raises(InvalidRecord) as refusal:
            attempt()
        assert refusal.value.problems == {"areas": "taken"}
    catalogue.withdraw(first, actor="x", reason="Rifatta")
    second = catalogue.add(samples.solution("bari"), actor="x", state=State.PUBLISHED)
    found = reader.solution("bari", "semplificazione")
    assert found is not None
    assert found.public_id == second


def test_a_solution_may_move_to_a_free_cell(catalogue: Catalogue, reader: Reader) -> None:
    record = catalogue.add(samples.solution("bari"), actor="x", state=State.PUBLISHED)
    catalogue.revise(record, samples.solution("bologna"), actor="x")
    assert reader.solution("bari", "semplificazione") is None
    moved = reader.solution("bologna", "semplificazione")
    assert moved is not None
    assert (moved.cities, moved.areas) == (("bologna",), ("semplificazione",))


TEXTS = st.text(st.characters(), max_size=60)


@given(
    title=TEXTS,
    summary=TEXTS,
    topics=st.lists(TEXTS, max_size=3).map(tuple),
    language=TEXTS,
    url=TEXTS,
    year=st.integers(),
)
def test_no_text_makes_the_checks_fail_and_what_passes_can_be_written(**values: Any) -> None:
    problems = Problems()
    url = values.pop("url")
    draft = samples.document(external_url=url, sources=(Source(url, SourceKind.COPY),), **values)
    columns = checked_columns(draft, problems)
    for text in (columns["title"], columns["summary"], *columns["topics"]):
        text.encode()
