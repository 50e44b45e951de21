"""The read side: what readers see, in what order, with how many queries."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from corpus.answer_cache import KEPT, LONGEST, AnswerCache
from corpus.catalogue import Catalogue
from corpus.database import Database
from corpus.errors import InvalidRecord, RecordNotFound
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import RecordView, SolutionView
from corpus.store import FileStore
from corpus.vocabulary import Evidence, Kind, Scope, State
from tests.corpus import samples


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    queries: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        queries.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def titles(records: tuple[RecordView, ...]) -> list[str]:
    return [record.title for record in records]


def publish(catalogue: Catalogue, *drafts: Any) -> list[str]:
    return [catalogue.add(draft, actor="x", state=State.PUBLISHED) for draft in drafts]


def test_every_field_of_every_type_comes_back_as_it_was_written(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    common: dict[str, Any] = {
        "summary": "Riassunto",
        "scope": Scope.CONTEXT,
        "title_is_ours": True,
        "language": "en",
        "authors": ("Anna Rossi", "Città di Bari"),
        "topics": ("suap", "unioni"),
        "cities": ("bari",),
        "areas": ("gestione-associata",),
        "year": 2019,
        "issued": date(2019, 5, 17),
        "date_note": "approvato a maggio",
        "note": "Una nota",
        "sources": (samples.SOURCE,),
    }
    document = samples.document(
        form="rapporto", publisher="ANCI", licence="CC-BY-4.0",
        external_url="https://example.org/x.pdf", **common,
    )  # fmt: skip
    dates: dict[str, Any] = {"start": date(2019, 1, 1), "end": date(2019, 1, 2)}
    drafts: dict[str, Any] = {
        "document": document,
        "course": samples.course(hours=300, **dates, **common),
        "event": samples.event(place="Roma", **dates, **common),
    }
    ids = dict(zip(drafts, publish(catalogue, *drafts.values()), strict=True))
    drafts["pilot_solution"] = samples.solution(
        evidence=Evidence.OFFICIAL, problem="p", actions="a", outcome="o", reusable="r",
        contact_office="c", partners=("x", "y"), facts=("f",),
        documents=(ids["document"],), **common,
    )  # fmt: skip
    drafts["pilot_solution"] = samples.solution(
        **{name: getattr(drafts["pilot_solution"], name) for name in (*common, *SOLUTION_FIELDS)}
    )
    (ids["pilot_solution"],) = publish(catalogue, drafts["pilot_solution"])
    for type_name, draft in drafts.items():
        record = reader.record(ids[type_name])
        assert record.type == type_name
        assert record.state is State.PUBLISHED
        for field in vars(draft):
            if field not in ("source_key", "public_id"):
                assert getattr(record, field) == getattr(draft, field), field
    solution = reader.record(ids["pilot_solution"])
    assert isinstance(solution, SolutionView)
    assert (solution.city, solution.area) == ("bari", "gestione-associata")


SOLUTION_FIELDS = (
    "title", "evidence", "problem", "actions", "outcome", "reusable", "contact_office",
    "partners", "facts", "documents",
)  # fmt: skip


def test_times_are_instants_in_universal_time(
    database: Database, store: FileStore, reader: Reader
) -> None:
    moment = datetime(2026, 1, 1, 12, 30, 15, 123456, tzinfo=UTC)
    catalogue = Catalogue(database, store, lambda: moment)
    (record,) = publish(catalogue, samples.document())
    found = reader.record(record)
    assert found.created_at == found.updated_at == found.published_at == moment
    assert found.created_at.tzinfo is UTC


def test_views_cannot_be_changed(catalogue: Catalogue, reader: Reader) -> None:
    (record,) = publish(catalogue, samples.document())
    with pytest.raises(FrozenInstanceError):
        reader.record(record).title = "x"  # type: ignore[misc]


def test_documents_come_newest_first_then_by_title(catalogue: Catalogue, reader: Reader) -> None:
    publish(
        catalogue,
        samples.document("senza data"),
        samples.document("b del 2020", year=2020),
        samples.document("a del 2020", year=2020),
        samples.document("maggio 2020", issued=date(2020, 5, 1)),
        samples.document("giugno 2020", issued=date(2020, 6, 1)),
        samples.document("del 2021", year=2021),
        samples.document("anche senza data"),
    )
    assert titles(reader.documents()) == [
        "del 2021",
        "giugno 2020",
        "maggio 2020",
        "a del 2020",
        "b del 2020",
        "anche senza data",
        "senza data",
    ]
    assert titles(reader.documents(limit=2)) == ["del 2021", "giugno 2020"]
    assert titles(reader.documents(limit=2, offset=2)) == ["maggio 2020", "a del 2020"]
    assert reader.documents(offset=99) == ()


def test_equal_titles_have_a_fixed_order(catalogue: Catalogue, reader: Reader) -> None:
    ids = publish(catalogue, *[samples.document("uguale", year=2020) for _ in range(6)])
    assert [record.public_id for record in reader.documents()] == sorted(ids)


def test_filters_narrow_each_other(catalogue: Catalogue, reader: Reader) -> None:
    publish(
        catalogue,
        samples.document("a", cities=("bari", "bologna"), areas=("semplificazione",)),
        samples.document("b", cities=("bari",), kind=Kind.GUIDE),
        samples.document("c", cities=("bologna",), areas=("gestione-associata",)),
    )
    assert titles(reader.documents(city="bari")) == ["a", "b"]
    assert titles(reader.documents(city="bari", area="semplificazione")) == ["a"]
    assert titles(reader.documents(kind=Kind.GUIDE)) == ["b"]
    assert titles(reader.documents(city="bologna", kind=Kind.GUIDE)) == []
    assert reader.documents(city="atlantide") == ()


def test_the_latest_are_the_last_published_and_newest_first_within_a_day(
    database: Database, store: FileStore, reader: Reader
) -> None:
    now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    catalogue = Catalogue(database, store, lambda: now)
    publish(catalogue, samples.document("a", year=2018))
    now += timedelta(hours=1)
    publish(catalogue, samples.document("b", year=2017))
    now += timedelta(days=1)
    publish(catalogue, samples.document("c", year=2001))
    assert titles(reader.latest(5)) == ["c", "a", "b"]
    assert titles(reader.latest(1)) == ["c"]


def test_events_and_courses_come_newest_first(catalogue: Catalogue, reader: Reader) -> None:
    publish(
        catalogue,
        samples.event("senza giorno", year=2020),
        samples.event("luglio", start=date(2020, 7, 9)),
        samples.event("settembre", start=date(2023, 9, 20)),
        samples.event("senza anno"),
        samples.course("vecchio", start=date(2019, 1, 1)),
        samples.course("nuovo", start=date(2020, 1, 1)),
    )
    assert titles(reader.events()) == ["settembre", "luglio", "senza giorno", "senza anno"]
    assert titles(reader.courses()) == ["nuovo", "vecchio"]


def test_solutions_come_by_city_and_area_and_may_be_narrowed(
    catalogue: Catalogue, reader: Reader
) -> None:
    publish(
        catalogue,
        samples.solution("bologna", "semplificazione", title="3"),
        samples.solution("bari", "gestione-associata", title="2"),
        samples.solution("bari", "semplificazione", title="1"),
    )
    assert titles(reader.solutions()) == ["1", "2", "3"]
    assert titles(reader.solutions(city="bari")) == ["1", "2"]
    assert titles(reader.solutions(area="semplificazione")) == ["1", "3"]
    assert reader.solution("bologna", "gestione-associata") is None


def test_documents_and_their_topics_are_counted_as_they_are_listed(
    catalogue: Catalogue, reader: Reader
) -> None:
    publish(
        catalogue,
        samples.document("a", areas=("semplificazione",), topics=("SUAP", "tempi")),
        samples.document("b", areas=("semplificazione",), topics=("SUAP",), cities=("bari",)),
        samples.document("c", areas=("gestione-associata",), topics=("SUAP",)),
    )
    catalogue.add(samples.document("d", areas=("semplificazione",), topics=("SUAP",)), actor="x")
    assert reader.document_topics("semplificazione") == {"SUAP": 2, "tempi": 1}
    for chosen in ({}, {"city": "bari"}, {"area": "semplificazione"}, {"area": "nessuna"}):
        assert reader.document_count(**chosen) == len(reader.documents(**chosen))


def test_a_solution_shows_its_public_documents_only(catalogue: Catalogue, reader: Reader) -> None:
    (shown,) = publish(catalogue, samples.document("a"))
    hidden = catalogue.add(samples.document("b"), actor="x")
    (solution,) = publish(catalogue, samples.solution(documents=(shown, hidden)))

    def documents() -> tuple[str, ...]:
        record = reader.record(solution)
        assert isinstance(record, SolutionView)
        linked = reader.documents_of_solution(solution)
        assert {document.public_id for document in linked} == set(record.documents)
        return record.documents

    assert documents() == (shown,)
    catalogue.publish(hidden, actor="x")
    assert documents() == (shown, hidden)
    catalogue.withdraw(shown, actor="x", reason="-")
    assert documents() == (hidden,)
    assert reader.documents_of_solution("2222222") == ()


def test_only_public_records_are_counted_and_listed(catalogue: Catalogue, reader: Reader) -> None:
    place: dict[str, Any] = {"cities": ("bari",), "areas": ("semplificazione",)}
    public = publish(catalogue, samples.document(**place), samples.event(**place))
    catalogue.add(samples.document("bozza", **place), actor="x")
    catalogue.add(samples.document("in revisione", **place), actor="x", state=State.IN_REVIEW)
    (gone,) = publish(catalogue, samples.document("ritirato", **place))
    catalogue.withdraw(gone, actor="x", reason="-")
    assert reader.count() == 2
    assert list(reader.public_ids()) == public
    assert reader.records_by_cell() == {("bari", "semplificazione"): 2}
    assert set(reader.revisions()) == set(public)
    assert titles(reader.in_states(State.DRAFT, State.IN_REVIEW)) == ["in revisione", "bozza"]


def test_public_records_come_in_the_order_asked_and_hidden_ones_are_left_out(
    catalogue: Catalogue, reader: Reader
) -> None:
    a, b, c = publish(catalogue, samples.document("a"), samples.solution(), samples.event("c"))
    hidden = catalogue.add(samples.document("bozza"), actor="x")
    for _ in range(2):  # asked of the database, then remembered
        found = reader.public_records([c, "2222222", hidden, a, b])
        assert [record.public_id for record in found] == [c, a, b]
    assert reader.public_records([]) == ()


def test_cards_say_of_a_record_what_its_view_says(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    one, two = samples.file(store, b"1"), samples.file(store, b"2")
    places: dict[str, Any] = {"cities": ("bologna", "bari"), "areas": ("semplificazione",)}
    document = samples.document("a", authors=("Rossi, Maria",), publisher="ANCI", **places)
    first = catalogue.add(document, one, actor="x", state=State.PUBLISHED)
    ids = [first, *publish(catalogue, samples.solution(), samples.event("c"))]
    hidden = catalogue.add(samples.document("bozza"), actor="x")
    catalogue.add_version(first, two, actor="x")  # waits to be published
    cards = reader.public_cards([*reversed(ids), hidden, "2222222"])
    assert [card.public_id for card in cards] == ids[::-1]
    for card in cards:
        record = reader.record(card.public_id)
        for field in fields(card):
            if field.name == "format":
                expected = one.format if card.public_id == first else None
            else:
                expected = getattr(record, field.name, None)
            assert getattr(card, field.name) == expected, field.name


def test_files_of_public_documents_are_listed_with_published_versions_only(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    one, two = samples.file(store, b"1"), samples.file(store, b"2")
    public = catalogue.add(samples.document(), one, actor="x", state=State.PUBLISHED)
    catalogue.add_version(public, two, actor="x")
    catalogue.add(samples.document("b"), samples.file(store, b"3"), actor="x")
    assert reader.published_files() == ((public, one.sha256),)
    assert len(reader.digests()) == 3
    catalogue.publish(public, actor="x")
    assert reader.published_files() == ((public, one.sha256), (public, two.sha256))


def test_what_is_behind_can_be_walked_in_steps(catalogue: Catalogue, reader: Reader) -> None:
    ids = publish(catalogue, *[samples.document(f"{number}") for number in range(5)])
    first = reader.behind(2)
    rest = reader.behind(9, after=first[-1][0])
    assert [id for id, _, _ in first + rest] == ids
    assert reader.behind(9, after=ids[-1]) == ()


LISTS: dict[str, Callable[[Reader], Any]] = {
    "documents": lambda reader: reader.documents(),
    "latest": lambda reader: reader.latest(100),
    "solutions": lambda reader: reader.solutions(),
    "courses": lambda reader: reader.courses(),
    "events": lambda reader: reader.events(),
    "in_states": lambda reader: reader.in_states(State.PUBLISHED),
    "public_records": lambda reader: reader.public_records(reader.public_ids()),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_longer_list_takes_no_more_queries(
    catalogue: Catalogue, reader: Reader, store: FileStore, name: str
) -> None:
    places: dict[str, Any] = {"cities": ("bari",), "areas": ("semplificazione",)}

    def grow(number: int) -> None:
        title = str(number)
        file = samples.file(store, title.encode())
        document = samples.document(title, **places)
        known = catalogue.add(document, file, actor="x", state=State.PUBLISHED)
        city = f"citta-{number}"
        catalogue.put_city(samples.city(city))
        publish(
            catalogue,
            samples.solution(city, documents=(known,)),
            samples.course(title, **places),
            samples.event(title, **places),
        )

    grow(0)
    with counted_queries() as few:
        LISTS[name](reader)
    for number in range(1, 4):
        grow(number)
    with counted_queries() as many:
        records = LISTS[name](reader)
    assert len(records) >= 4
    assert len(many) == len(few) <= 12


def test_the_same_question_again_asks_the_database_nothing(
    catalogue: Catalogue, reader: Reader
) -> None:
    a, b = publish(catalogue, samples.document("a"), samples.solution())

    def ask() -> object:
        return (
            reader.record(a),
            reader.public_records([b, a]),
            reader.documents(city="bari"),
            reader.cities(),
            reader.city("bari"),
            reader.gaps(),
            reader.records_by_cell(),
        )

    first = ask()
    with counted_queries() as queries:
        assert ask() == first
    assert queries == []


def test_a_write_is_seen_at_once_by_every_reader_and_process(
    home: DataHome, catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    (record,) = publish(catalogue, samples.document("a"))
    elsewhere = Database(home.catalogue)  # as another process would have it
    other_reader = Reader(elsewhere)
    other = Catalogue(elsewhere, store)
    for number in range(6):
        writer = (catalogue, other)[number % 2]
        writer.revise(record, samples.document(f"titolo {number}"), actor="x")
        assert reader.record(record).title == f"titolo {number}"
        assert other_reader.record(record).title == f"titolo {number}"
        assert titles(reader.public_records([record])) == [f"titolo {number}"]
    elsewhere.close()


def test_many_threads_that_read_while_one_writes_never_see_an_older_state(
    catalogue: Catalogue, reader: Reader
) -> None:
    (record,) = publish(catalogue, samples.document("titolo", year=2000))
    written = 2000
    faults: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            at_least = written
            found = reader.record(record)
            if found.year is None or found.year < at_least:
                faults.append(f"{found.year} after {at_least}")

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for year in range(2001, 2021):
        catalogue.revise(record, samples.document("titolo", year=year), actor="x")
        written = year
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_the_cache_is_bounded_and_keeps_no_long_list() -> None:
    cache = AnswerCache(lambda: 1)
    asked: list[int] = []

    def answer(number: int) -> str:
        asked.append(number)
        return str(number)

    for number in range(KEPT + 1):
        cache.get(number, lambda number=number: answer(number))  # type: ignore[misc]
    assert cache.get(KEPT, lambda: "asked again") == str(KEPT)
    assert cache.get(0, lambda: "asked again") == "asked again"
    long = tuple(range(LONGEST + 1))
    assert cache.get("long", lambda: long) == long
    assert cache.get("long", lambda: ()) == ()


def test_the_cache_keeps_no_failure_and_nothing_from_before_a_write() -> None:
    generation = 1
    cache = AnswerCache(lambda: generation)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0)
    assert cache.get("a", lambda: 1) == 1
    generation = 2
    assert cache.get("a", lambda: 2) == 2


@pytest.mark.parametrize(
    "text", ["", "\ud800", "\x00", "2222222\n", "à" * 7, "x" * 10_000, "' OR 1"]
)
def test_whatever_a_stranger_types_is_simply_not_there(
    catalogue: Catalogue, reader: Reader, text: str
) -> None:
    for ask in (reader.record, reader.file_of, reader.city, reader.area):
        with pytest.raises(RecordNotFound):
            ask(text)
    assert reader.account(text) is None
    for step in (catalogue.publish, catalogue.submit):
        with pytest.raises(RecordNotFound):
            step(text, actor="x")
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add(samples.document(cities=(text,), areas=(text,)), actor="x")
    assert refusal.value.problems == {"cities": "unknown", "areas": "unknown"}
