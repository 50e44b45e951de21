"""From draft to withdrawal: what each step allows, and what readers see after it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from corpus.catalogue import Catalogue
from corpus.errors import (
    DamagedFile,
    DuplicateFile,
    InvalidRecord,
    InvalidTransition,
    MissingFile,
    RecordNotFound,
    RecordWithdrawn,
)
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.records import DocumentView, NewFile
from corpus.store import FileStore
from corpus.vocabulary import FileFormat, State
from tests.corpus import samples


def behind(reader: Reader, public_id: str) -> tuple[int, bool] | None:
    """(revision, is public) of a record that the index does not hold as it is."""
    found = {id: (revision, public) for id, revision, public in reader.behind(1000)}
    return found.get(public_id)


def as_staff_see_it(reader: Reader, public_id: str) -> DocumentView:
    record = reader.record(public_id, any_state=True)
    assert isinstance(record, DocumentView)
    return record


def as_readers_see_it(reader: Reader, public_id: str) -> DocumentView:
    record = reader.record(public_id)
    assert isinstance(record, DocumentView)
    return record


def test_a_new_record_is_a_draft_that_readers_cannot_see(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="anna")
    with pytest.raises(RecordNotFound):
        reader.record(new)
    with pytest.raises(RecordNotFound):
        reader.file_of(new)
    assert reader.documents() == ()
    assert reader.public_ids() == ()
    assert reader.public_records([new]) == ()
    assert reader.count() == 0
    staff = as_staff_see_it(reader, new)
    assert staff.state is State.DRAFT
    assert [version.number for version in staff.versions] == [1]


def test_review_ends_with_publication_and_readers_see_all(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="anna")
    catalogue.submit(new, actor="anna")
    assert as_staff_see_it(reader, new).state is State.IN_REVIEW
    with pytest.raises(RecordNotFound):
        reader.record(new)
    catalogue.publish(new, actor="rosa")
    shown = as_readers_see_it(reader, new)
    assert shown.published_at is not None
    assert shown.current is not None
    assert shown.current.published_at == shown.published_at
    assert reader.file_of(new) == shown.current


def test_a_reviewer_sends_a_record_back_with_a_comment(
    catalogue: Catalogue, reader: Reader
) -> None:
    new = catalogue.add(samples.document(), actor="anna")
    catalogue.submit(new, actor="anna")
    catalogue.return_to_draft(new, actor="rosa", comment="Manca l'anno.")
    assert as_staff_see_it(reader, new).state is State.DRAFT
    last = reader.log(new)[0]
    assert (last.actor, last.action) == ("rosa", "return_to_draft")
    assert last.details == {"comment": "Manca l'anno."}


STEPS: dict[State, set[str]] = {
    State.DRAFT: {"submit", "publish", "withdraw", "revise", "add_version"},
    State.IN_REVIEW: {"publish", "return_to_draft", "withdraw", "revise", "add_version"},
    State.SCHEDULED: {"publish", "return_to_draft", "withdraw", "revise", "add_version"},
    State.PUBLISHED: {"withdraw", "revise", "add_version"},
    State.WITHDRAWN: set(),
    State.TRASHED: set(),
}


@pytest.mark.parametrize("state", list(State))
def test_only_the_steps_of_a_state_are_allowed(
    catalogue: Catalogue, reader: Reader, store: FileStore, state: State
) -> None:
    def fresh(number: int) -> str:
        record = samples.document(f"{state} {number}")
        if state in (State.DRAFT, State.IN_REVIEW, State.PUBLISHED):
            return catalogue.add(record, actor="x", state=state)
        new = catalogue.add(record, actor="x")
        if state is State.SCHEDULED:
            catalogue.schedule(new, datetime.now(UTC) + timedelta(days=1), actor="x")
        elif state is State.TRASHED:
            catalogue.trash(new, actor="x")
        else:
            catalogue.withdraw(new, actor="x", reason="Doppione")
        return new

    steps: dict[str, Callable[[str], object]] = {
        "submit": lambda id: catalogue.submit(id, actor="x"),
        "return_to_draft": lambda id: catalogue.return_to_draft(id, actor="x"),
        "publish": lambda id: catalogue.publish(id, actor="x"),
        "withdraw": lambda id: catalogue.withdraw(id, actor="x", reason="Errore"),
        "revise": lambda id: catalogue.revise(id, samples.document("Nuovo"), actor="x"),
        "add_version": lambda id: catalogue.add_version(id, file, actor="x"),
    }
    file = samples.file(store)
    for number, (name, step) in enumerate(steps.items()):
        record = fresh(number)
        before = reader.record(record, any_state=True)
        if name in STEPS[state]:
            step(record)
            assert reader.record(record, any_state=True) != before, name
        else:
            with pytest.raises(InvalidTransition) as refusal:
                step(record)
            assert (refusal.value.public_id, refusal.value.state) == (record, state.value)
            assert reader.record(record, any_state=True) == before


def test_a_withdrawn_record_tells_why_and_what_replaces_it(
    catalogue: Catalogue, reader: Reader
) -> None:
    old = catalogue.add(samples.document("Vecchio"), actor="x", state=State.PUBLISHED)
    new = catalogue.add(samples.document("Nuovo"), actor="x", state=State.PUBLISHED)
    catalogue.withdraw(old, actor="x", reason="Sostituito", successor_id=new)
    with pytest.raises(RecordWithdrawn) as gone:
        reader.record(old)
    day = gone.value.withdrawn_at
    assert day is not None
    assert gone.value == RecordWithdrawn(old, "Vecchio", "Sostituito", new, day)
    with pytest.raises(RecordWithdrawn):
        reader.file_of(old)
    assert [record.public_id for record in reader.documents()] == [new]


def test_a_successor_that_is_not_public_is_not_given_away(
    catalogue: Catalogue, reader: Reader
) -> None:
    old = catalogue.add(samples.document("Vecchio"), actor="x", state=State.PUBLISHED)
    new = catalogue.add(samples.document("Segreto"), actor="x")
    catalogue.withdraw(old, actor="x", reason="Sostituito", successor_id=new)
    with pytest.raises(RecordWithdrawn) as gone:
        reader.record(old)
    assert gone.value.successor_id is None
    catalogue.publish(new, actor="x")
    with pytest.raises(RecordWithdrawn) as gone:
        reader.record(old)
    assert gone.value.successor_id == new


def test_a_withdrawn_record_that_never_was_public_does_not_exist(
    catalogue: Catalogue, reader: Reader
) -> None:
    draft = catalogue.add(samples.document(), actor="x")
    catalogue.withdraw(draft, actor="x", reason="Doppione")
    with pytest.raises(RecordNotFound):
        reader.record(draft)


def test_withdrawing_needs_a_reason_and_a_real_successor(catalogue: Catalogue) -> None:
    old = catalogue.add(samples.document("a"), actor="x", state=State.PUBLISHED)
    gone = catalogue.add(samples.document("b"), actor="x")
    catalogue.withdraw(gone, actor="x", reason="Doppione")
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.withdraw(old, actor="x", reason=" \u202e ")
    assert refusal.value.problems == {"reason": "required"}
    for successor in (old, gone, "2222222"):
        with pytest.raises(InvalidRecord) as refusal:
            catalogue.withdraw(old, actor="x", reason="Sostituito", successor_id=successor)
        assert refusal.value.problems == {"successor_id": "unknown"}


def test_a_new_version_waits_for_publication(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    public = catalogue.add(
        samples.document(), samples.file(store, b"uno"), actor="x", state=State.PUBLISHED
    )
    assert catalogue.add_version(public, samples.file(store, b"due"), actor="x") == 2
    assert [version.number for version in as_readers_see_it(reader, public).versions] == [1]
    assert [version.number for version in as_staff_see_it(reader, public).versions] == [1, 2]
    with pytest.raises(RecordNotFound):
        reader.file_of(public, 2)
    first_day = as_readers_see_it(reader, public).published_at
    catalogue.publish(public, actor="x")
    assert [version.number for version in as_readers_see_it(reader, public).versions] == [1, 2]
    assert reader.file_of(public).number == 2
    assert reader.file_of(public, 1).number == 1
    assert as_readers_see_it(reader, public).published_at == first_day


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
def test_a_version_that_is_not_there_is_not_found(
    catalogue: Catalogue, reader: Reader, store: FileStore, number: int
) -> None:
    public = catalogue.add(
        samples.document(), samples.file(store), actor="x", state=State.PUBLISHED
    )
    with pytest.raises(RecordNotFound):
        reader.file_of(public, number)


def test_a_record_without_a_file_has_none_to_give(catalogue: Catalogue, reader: Reader) -> None:
    for draft in (samples.document(), samples.event(), samples.course(), samples.solution()):
        public = catalogue.add(draft, actor="x", state=State.PUBLISHED)
        with pytest.raises(RecordNotFound):
            reader.file_of(public)


def test_the_same_bytes_name_the_document_that_has_them(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    file = samples.file(store)
    first = catalogue.add(samples.document("a"), file, actor="x")
    other = catalogue.add(samples.document("b"), actor="x")
    assert reader.twin(file.sha256) == first
    for attempt in (
        lambda: catalogue.add(samples.document("c"), file, actor="x"),
        lambda: catalogue.add_version(other, file, actor="x"),
        lambda: catalogue.add_version(first, file, actor="x"),
    ):
        with pytest.raises(DuplicateFile) as refusal:
            attempt()
        assert refusal.value == DuplicateFile(first, file.sha256)
    assert len(reader.in_states(*State)) == 2


def test_bytes_of_a_withdrawn_document_may_come_back(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    file = samples.file(store)
    old = catalogue.add(samples.document("a"), file, actor="x", state=State.PUBLISHED)
    catalogue.withdraw(old, actor="x", reason="Scheda sbagliata")
    assert reader.twin(file.sha256) is None
    new = catalogue.add(samples.document("b"), file, actor="x", state=State.PUBLISHED)
    assert reader.twin(file.sha256) == new


def test_a_file_that_is_not_in_the_store_is_refused(
    catalogue: Catalogue, reader: Reader, store: FileStore, home: DataHome
) -> None:
    absent = NewFile("0" * 64, 5, FileFormat.TEXT, "x.txt")
    with pytest.raises(MissingFile):
        catalogue.add(samples.document(), absent, actor="x")
    stored = samples.file(store)
    wrong_size = NewFile(stored.sha256, stored.size + 1, stored.format, "x.txt")
    with pytest.raises(DamagedFile):
        catalogue.add(samples.document(), wrong_size, actor="x")
    assert reader.in_states(*State) == ()


def test_only_documents_have_files(catalogue: Catalogue, store: FileStore) -> None:
    file = samples.file(store)
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add(samples.event(), file, actor="x")
    assert refusal.value.problems == {"file": "fixed"}
    event = catalogue.add(samples.event(), actor="x")
    with pytest.raises(InvalidRecord):
        catalogue.add_version(event, file, actor="x")


def test_the_same_source_key_is_added_once_and_left_as_it_is(
    catalogue: Catalogue, reader: Reader
) -> None:
    first = catalogue.add(samples.document("a", source_key="k"), actor="x")
    catalogue.revise(first, samples.document("b"), actor="x")
    again = catalogue.add(samples.document("c", source_key="k"), actor="x", state=State.PUBLISHED)
    assert again == first
    assert as_staff_see_it(reader, first).title == "b"
    assert as_staff_see_it(reader, first).state is State.DRAFT
    assert reader.source_keys() == {"k": first}


def test_the_public_id_and_the_source_key_never_change(
    catalogue: Catalogue, reader: Reader
) -> None:
    record = catalogue.add(samples.document("a", source_key="k"), actor="x")
    for field, value in (("public_id", "2222222"), ("source_key", "other")):
        with pytest.raises(InvalidRecord) as refusal:
            catalogue.revise(record, samples.document("b", **{field: value}), actor="x")
        assert refusal.value.problems == {field: "fixed"}
    catalogue.revise(record, samples.document("b", public_id=record, source_key="k"), actor="x")
    assert as_staff_see_it(reader, record).title == "b"


def test_a_chosen_public_id_is_kept_and_never_given_twice(
    catalogue: Catalogue, reader: Reader
) -> None:
    assert catalogue.add(samples.document(public_id="2345678"), actor="x") == "2345678"
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.add(samples.document(public_id="2345678"), actor="x")
    assert refusal.value.problems == {"public_id": "taken"}


def test_a_record_keeps_its_type(catalogue: Catalogue) -> None:
    record = catalogue.add(samples.document(), actor="x")
    with pytest.raises(InvalidRecord) as refusal:
        catalogue.revise(record, samples.event(), actor="x")
    assert refusal.value.problems == {"type": "fixed"}


def test_unknown_records_cannot_be_changed(catalogue: Catalogue, store: FileStore) -> None:
    for step in (
        lambda: catalogue.publish("2222222", actor="x"),
        lambda: catalogue.withdraw("2222222", actor="x", reason="-"),
        lambda: catalogue.revise("2222222", samples.document(), actor="x"),
        lambda: catalogue.add_version("2222222", samples.file(store), actor="x"),
    ):
        with pytest.raises(RecordNotFound):
            step()


def test_every_change_that_readers_may_see_puts_the_index_behind(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    record = catalogue.add(samples.document(cities=("bari",)), actor="x")
    assert behind(reader, record) == (1, False)
    revised = samples.document("b", cities=("bari",))

    def add_and_publish() -> None:
        catalogue.add_version(record, samples.file(store), actor="x")
        assert behind(reader, record) is None, "a version that waits changes nothing for readers"
        catalogue.publish(record, actor="x")

    steps: tuple[tuple[Callable[[], object], bool], ...] = (
        (lambda: catalogue.submit(record, actor="x"), False),
        (lambda: catalogue.publish(record, actor="x"), True),
        (
            lambda: catalogue.revise(record, revised, actor="x"),
            True,
        ),
        (lambda: catalogue.put_city(samples.city("bari", name="Nuovo nome")), True),
        (add_and_publish, True),
        (lambda: catalogue.withdraw(record, actor="x", reason="-"), False),
    )
    for revision, (step, public) in enumerate(steps, start=2):
        catalogue.mark_indexed({record: revision - 1})
        assert behind(reader, record) is None
        step()
        assert behind(reader, record) == (revision, public)


def test_a_revision_that_changes_nothing_is_not_written(
    catalogue: Catalogue, reader: Reader
) -> None:
    draft = samples.solution(partners=("Comune di Bari",), sources=(samples.SOURCE,))
    record = catalogue.add(draft, actor="x")
    lines = len(reader.log())
    catalogue.revise(record, draft, actor="x")
    assert reader.record(record, any_state=True).revision == 1
    assert len(reader.log()) == lines


def test_marking_an_old_revision_leaves_the_record_behind(
    catalogue: Catalogue, reader: Reader
) -> None:
    record = catalogue.add(samples.document("a"), actor="x")
    catalogue.revise(record, samples.document("b"), actor="x")
    catalogue.mark_indexed({record: 1, "2222222": 1})
    assert behind(reader, record) == (2, False)
    catalogue.mark_indexed({record: 3})  # a revision that is not there yet
    assert behind(reader, record) == (2, False)
    catalogue.mark_indexed({record: 2})
    assert behind(reader, record) is None
    catalogue.mark_indexed({})
    catalogue.put_behind([record])
    assert behind(reader, record) == (2, False)


def test_the_log_keeps_what_a_revision_changed(catalogue: Catalogue, reader: Reader) -> None:
    record = catalogue.add(samples.document("a", year=2020, topics=("suap",)), actor="x")
    catalogue.revise(record, samples.document("b", year=2021, topics=("suap",)), actor="anna")
    assert reader.log(record)[0].details == {
        "changes": {"title": ["a", "b"], "year": [2020, 2021]},
        "revision": 2,
    }
