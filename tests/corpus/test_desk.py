"""The editorial desk in the catalogue: review by two, later publication, trash, previews."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from corpus.catalogue import Catalogue
from corpus.catalogue.steps import Seen
from corpus.contents import content_of, draft_of, rewound
from corpus.database import Database
from corpus.desk_reader import ContentsFilter, LogFilter, Sight
from corpus.errors import (
    EditConflict,
    InvalidLink,
    InvalidRecord,
    InvalidTransition,
    MissingFile,
    RecordNotFound,
    SamePerson,
)
from corpus.reader import Reader
from corpus.records import CourseDraft, DocumentDraft, EventDraft, SolutionDraft
from corpus.store import FileStore
from corpus.vocabulary import Kind, Role, State
from tests.corpus import samples

ALL = Sight(0)


@pytest.fixture
def clock() -> list[datetime]:
    return [datetime(2026, 3, 1, 9, tzinfo=UTC)]


@pytest.fixture
def catalogue(database: Database, store: FileStore, clock: list[datetime]) -> Catalogue:
    return Catalogue(database, store, now=lambda: clock[0])


@pytest.fixture
def anna(catalogue: Catalogue) -> int:
    return catalogue.add_account("anna@ente.it", "Anna", Role.EDITOR)


@pytest.fixture
def rosa(catalogue: Catalogue) -> int:
    return catalogue.add_account("rosa@ente.it", "Rosa", Role.REVIEWER)


def state(reader: Reader, public_id: str) -> State:
    return reader.record(public_id, any_state=True).state


def test_who_asked_for_the_review_does_not_publish(
    catalogue: Catalogue, reader: Reader, anna: int, rosa: int
) -> None:
    new = catalogue.add(samples.document(), actor="anna", owner=anna)
    with pytest.raises(InvalidTransition):
        catalogue.publish(new, actor="rosa", reviewer=rosa)  # nobody has asked yet
    catalogue.submit(new, actor="anna", account=anna, comment="È pronta")
    with pytest.raises(SamePerson):
        catalogue.publish(new, actor="anna", reviewer=anna)
    with pytest.raises(SamePerson):
        catalogue.schedule(new, datetime(2026, 4, 1, tzinfo=UTC), actor="anna", reviewer=anna)
    assert state(reader, new) is State.IN_REVIEW
    catalogue.publish(new, actor="rosa", account=rosa, reviewer=rosa, comment="Bene")
    dossier = reader.dossier(new)
    assert dossier.record.state is State.PUBLISHED
    assert dossier.owner is not None
    assert dossier.owner.name == "Anna"
    said = [(each.author.name, each.step, each.text) for each in dossier.comments if each.author]
    assert said == [("Anna", "submit", "È pronta"), ("Rosa", "publish", "Bene")]


def test_a_new_version_is_published_by_another_than_who_added_it(
    catalogue: Catalogue, reader: Reader, store: FileStore, anna: int, rosa: int
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="x", state=State.PUBLISHED)
    catalogue.add_version(new, samples.file(store, b"nuovo"), actor="rosa", account=rosa)
    assert [version.number for version in reader.dossier(new).waiting] == [2]
    with pytest.raises(SamePerson):
        catalogue.publish(new, actor="rosa", reviewer=rosa)
    catalogue.publish(new, actor="anna", reviewer=anna)
    assert reader.file_of(new).number == 2


def test_a_version_that_nobody_saw_can_be_discarded(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="x", state=State.PUBLISHED)
    with pytest.raises(InvalidTransition):
        catalogue.discard_version(new, 1, actor="x")
    catalogue.add_version(new, samples.file(store, b"sbagliato"), actor="x")
    catalogue.note_version(new, 2, "Con le tavole", actor="x")
    assert reader.dossier(new).waiting[0].note == "Con le tavole"
    catalogue.discard_version(new, 2, actor="x")
    assert reader.dossier(new).waiting == ()
    with pytest.raises(RecordNotFound):
        catalogue.discard_version(new, 2, actor="x")
    with pytest.raises(InvalidTransition):
        catalogue.publish(new, actor="x")


def test_a_scheduled_record_goes_public_by_itself_at_its_hour(
    catalogue: Catalogue, reader: Reader, clock: list[datetime]
) -> None:
    new = catalogue.add(samples.document(), actor="x")
    for bad in (clock[0], clock[0] - timedelta(days=1), clock[0] + timedelta(days=6 * 366)):
        with pytest.raises(InvalidRecord):
            catalogue.schedule(new, bad, actor="x")
    catalogue.schedule(new, clock[0] + timedelta(hours=2), actor="x")
    assert state(reader, new) is State.SCHEDULED
    clock[0] += timedelta(hours=1, minutes=59)
    assert catalogue.publish_due() == ()
    with pytest.raises(RecordNotFound):
        reader.record(new)
    clock[0] += timedelta(minutes=1)
    assert catalogue.publish_due() == (new,)
    assert reader.record(new).published_at == clock[0]
    assert catalogue.publish_due() == ()
    assert reader.log(new)[0].details["scheduled"] is True


def test_a_version_of_a_public_document_can_wait_for_its_hour(
    catalogue: Catalogue, reader: Reader, store: FileStore, clock: list[datetime]
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="x", state=State.PUBLISHED)
    with pytest.raises(InvalidTransition):
        catalogue.schedule(new, clock[0] + timedelta(hours=1), actor="x")  # nothing waits
    catalogue.add_version(new, samples.file(store, b"due"), actor="x")
    catalogue.schedule(new, clock[0] + timedelta(hours=1), actor="x")
    assert state(reader, new) is State.PUBLISHED
    assert reader.file_of(new).number == 1
    catalogue.unschedule(new, actor="x")
    with pytest.raises(InvalidTransition):
        catalogue.unschedule(new, actor="x")
    catalogue.schedule(new, clock[0] + timedelta(hours=1), actor="x")
    clock[0] += timedelta(hours=1)
    assert catalogue.publish_due() == (new,)
    assert reader.file_of(new).number == 2


def test_a_file_that_nobody_looked_at_is_not_published_by_the_clock(
    catalogue: Catalogue, reader: Reader, store: FileStore, clock: list[datetime]
) -> None:
    public = catalogue.add(
        samples.document(), samples.file(store), actor="x", state=State.PUBLISHED
    )
    catalogue.add_version(public, samples.file(store, b"due"), actor="x")
    draft = catalogue.add(samples.document(), samples.file(store, b"tre"), actor="x")
    beside = catalogue.add(samples.document(), samples.file(store, b"quattro"), actor="x")
    for change in (
        lambda: catalogue.add_version(public, samples.file(store, b"cinque"), actor="x"),
        lambda: catalogue.discard_version(public, 3, actor="x"),
        lambda: catalogue.become_version(beside, of=public, actor="x"),
    ):
        catalogue.schedule(public, clock[0] + timedelta(hours=1), actor="x")
        change()
        assert reader.dossier(public).publish_at is None
        assert any(entry.action == "unschedule" for entry in reader.log(public, 3))
    catalogue.schedule(draft, clock[0] + timedelta(hours=1), actor="x")
    catalogue.add_version(draft, samples.file(store, b"sei"), actor="x")
    assert state(reader, draft) is State.IN_REVIEW
    clock[0] += timedelta(days=1)
    assert catalogue.publish_due() == ()
    assert reader.file_of(public).number == 1


def test_a_reviewer_publishes_only_the_very_file_that_was_looked_at(
    catalogue: Catalogue, reader: Reader, store: FileStore
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="x", state=State.PUBLISHED)
    looked_at = samples.file(store, b"due")
    catalogue.add_version(new, looked_at, actor="x")
    seen = Seen(reader.record(new, any_state=True).revision, looked_at.sha256)
    catalogue.discard_version(new, 2, actor="x")
    assert catalogue.add_version(new, samples.file(store, b"altro"), actor="x") == 2
    with pytest.raises(EditConflict):
        catalogue.publish(new, actor="ugo", seen=seen)
    assert reader.file_of(new).number == 1


def test_a_schedule_is_called_off(
    catalogue: Catalogue, reader: Reader, clock: list[datetime]
) -> None:
    for call_off, after in (
        (catalogue.unschedule, State.IN_REVIEW),
        (catalogue.return_to_draft, State.DRAFT),
        (catalogue.trash, State.TRASHED),
    ):
        new = catalogue.add(samples.document(), actor="x")
        catalogue.schedule(new, clock[0] + timedelta(hours=1), actor="x")
        call_off(new, actor="x")
        assert state(reader, new) is after
        assert reader.dossier(new).publish_at is None
    clock[0] += timedelta(days=1)
    assert catalogue.publish_due() == ()


def test_the_file_of_a_discarded_version_goes_after_thirty_days_unless_another_uses_it(
    catalogue: Catalogue, store: FileStore, clock: list[datetime]
) -> None:
    new = catalogue.add(samples.document(), samples.file(store), actor="x")
    contents = (b"sbagliato", b"anche altrove")
    wrong, shared = (samples.file(store, content).sha256 for content in contents)
    for content in contents:
        number = catalogue.add_version(new, samples.file(store, content), actor="x")
        catalogue.discard_version(new, number, actor="x")
    catalogue.add(samples.document(), samples.file(store, contents[1]), actor="x")
    for digest in (wrong, shared):
        os.utime(store.path(digest), (0, 0))
    clock[0] += timedelta(days=29)
    assert catalogue.purge_trash() == ()
    clock[0] += timedelta(days=1)
    assert catalogue.purge_trash() == (wrong,)
    assert (store.has(wrong), store.has(shared)) == (False, True)
    assert catalogue.purge_trash() == ()


def test_only_what_never_was_public_goes_to_the_trash(catalogue: Catalogue, reader: Reader) -> None:
    public = catalogue.add(samples.document(), actor="x", state=State.PUBLISHED)
    with pytest.raises(InvalidTransition):
        catalogue.trash(public, actor="x")
    draft = catalogue.add(samples.solution(), actor="x")
    catalogue.trash(draft, actor="x")
    rival = catalogue.add(samples.solution(), actor="x")  # the cell is free again
    with pytest.raises(InvalidRecord):
        catalogue.restore(draft, actor="x")
    catalogue.trash(rival, actor="x")
    catalogue.restore(draft, actor="x")
    assert state(reader, draft) is State.DRAFT
    with pytest.raises(InvalidTransition):
        catalogue.restore(draft, actor="x")


def test_the_trash_is_emptied_after_thirty_days_with_files_that_nobody_uses(
    catalogue: Catalogue, reader: Reader, store: FileStore, clock: list[datetime]
) -> None:
    def aged(content: bytes) -> str:
        file = samples.file(store, content)
        os.utime(store.path(file.sha256), (0, 0))
        return file.sha256

    own, shared, fresh = (b"mio", b"di due", b"appena arrivato")
    trashed = [
        catalogue.add(samples.document(), samples.file(store, content), actor="x")
        for content in (own, shared, fresh)
    ]
    gone = catalogue.add(samples.document(), actor="x", state=State.PUBLISHED)
    catalogue.withdraw(gone, actor="x", reason="Sostituito", successor_id=trashed[0])
    for each in trashed:
        catalogue.comment(each, "Non serve più", actor="x", account=None)
        catalogue.create_preview(each, "Ufficio legale", timedelta(days=1), actor="x")
        catalogue.trash(each, actor="x")
    catalogue.add(samples.document(), samples.file(store, shared), actor="x")
    digest, kept = aged(own), aged(shared)
    clock[0] += timedelta(days=29)
    assert catalogue.purge_trash() == ()
    clock[0] += timedelta(days=1)
    assert catalogue.purge_trash() == (digest,)
    with pytest.raises(MissingFile):
        store.path(digest)
    assert store.path(kept)
    for each in trashed:
        with pytest.raises(RecordNotFound):
            reader.record(each, any_state=True)
        assert reader.log(each)[0].action == "purge"
    assert reader.dossier(gone).successor_id is None
    assert reader.first_broken_log_entry() is None
    assert catalogue.purge_trash() == ()


def test_two_people_on_one_record_lose_nothing(catalogue: Catalogue, reader: Reader) -> None:
    new = catalogue.add(samples.document("a"), actor="x")
    seen = reader.record(new, any_state=True).revision
    catalogue.submit(new, actor="anna")  # a step, not a change of the content
    catalogue.revise(new, samples.document("b"), actor="anna", seen=seen)
    with pytest.raises(EditConflict) as conflict:
        catalogue.revise(new, samples.document("c"), actor="ugo", seen=seen)
    assert reader.record(new, any_state=True).title == "b"
    (change,) = reader.changes_since(new, seen)
    assert (change.actor, change.details["changes"]) == ("anna", {"title": ["a", "b"]})
    catalogue.revise(new, samples.document("c"), actor="ugo", seen=conflict.value.revision)
    assert reader.changes_since(new, conflict.value.revision)[0].actor == "ugo"


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (samples.document, {"title": "b", "cities": ("bari",), "year": 2020, "licence": "CC0-1.0"}),
        (samples.solution, {"problem": "Molti sportelli", "partners": ("Un ente",)}),
        (samples.course, {"hours": 12, "sources": (samples.SOURCE,)}),
        (samples.event, {"start": datetime(2024, 5, 1).date(), "place": "Bari"}),
    ],
)
def test_an_old_state_of_the_content_is_found_again(
    catalogue: Catalogue,
    reader: Reader,
    make: Callable[..., DocumentDraft | SolutionDraft | CourseDraft | EventDraft],
    change: dict[str, object],
) -> None:
    new = catalogue.add(make(), actor="x")
    first = content_of(reader.record(new, any_state=True))
    catalogue.revise(new, make(**change), actor="x")
    second = content_of(reader.record(new, any_state=True))
    catalogue.revise(new, make(topics=("suap",)), actor="x")
    third, entries = content_of(reader.record(new, any_state=True)), reader.log(new)
    numbers = [entry.number for entry in reversed(entries) if entry.action == "revise"]
    assert rewound(third, entries, numbers[1]) == second
    old = rewound(third, entries, numbers[0])
    assert old == first
    record = reader.record(new, any_state=True)
    catalogue.revise(new, draft_of(record.type, old), actor="x", restored=numbers[0])
    assert content_of(reader.record(new, any_state=True)) == first


def test_a_preview_link_ends_by_time_by_hand_and_with_its_record(
    catalogue: Catalogue, reader: Reader, clock: list[datetime]
) -> None:
    new = catalogue.add(samples.document(), actor="x")

    def link() -> str:
        return catalogue.create_preview(new, "La sindaca", timedelta(days=7), actor="x")

    with pytest.raises(InvalidRecord):
        catalogue.create_preview(new, "", timedelta(days=999), actor="x")
    first, second = link(), link()
    assert catalogue.previewed(first) == new
    with pytest.raises(InvalidLink):
        catalogue.previewed("inventato")
    shown = reader.previews(new)
    assert [each.purpose for each in shown] == ["La sindaca"] * 2
    assert first not in str(shown)
    for each in shown:
        catalogue.revoke_preview(new, each.digest, actor="x")
    for secret in (first, second):
        with pytest.raises(InvalidLink):
            catalogue.previewed(secret)
    third, fourth = link(), link()
    clock[0] += timedelta(days=7)
    with pytest.raises(InvalidLink):
        catalogue.previewed(third)
    fourth = link()
    catalogue.trash(new, actor="x")
    with pytest.raises(InvalidLink):
        catalogue.previewed(fourth)


def test_the_list_of_contents_is_filtered_counted_and_cut(
    catalogue: Catalogue, reader: Reader, anna: int
) -> None:
    own = catalogue.add(samples.document("Città più vicine"), actor="x", owner=anna)
    bari = catalogue.add(samples.document("Sportello di Bari", cities=("bari",)), actor="x")
    both = catalogue.add(
        samples.document("Patto fra città", cities=("bari", "bologna"), kind=Kind.GUIDE),
        actor="x",
        state=State.IN_REVIEW,
    )
    public = catalogue.add(samples.event("Evento"), actor="x", state=State.PUBLISHED)

    def found(sight: Sight = ALL, **wanted: object) -> set[str]:
        rows, total = reader.contents(ContentsFilter(**wanted), sight, 10)  # type: ignore[arg-type]
        assert len(rows) == total
        return {row.public_id for row in rows}

    assert found() == {own, bari, both, public}
    assert found(words="CITTA") == {own, both}
    assert found(words="patto citta'") == set()
    assert found(words="vicine più") == {own}
    assert found(states=(State.DRAFT,)) == {own, bari}
    assert found(kind=Kind.GUIDE) == {both}
    assert found(city="bari") == {bari, both}
    assert found(owner=anna) == {own}
    assert found(Sight(0, ("bari",))) == {bari, public}
    assert found(Sight(anna, ("bologna",))) == {own, public}
    assert reader.contents(ContentsFilter(), ALL, 1, 1)[1] == 4
    assert reader.counts(ALL)[State.DRAFT] == 2
    assert reader.contents(ContentsFilter(words="evento"), ALL, 5)[0][0].type == "event"


def test_the_log_is_filtered_and_cut(catalogue: Catalogue, reader: Reader) -> None:
    new = catalogue.add(samples.document(), actor="anna@ente.it")
    catalogue.submit(new, actor="Rosa@ente.it")
    lines, total = reader.log_page(LogFilter(actor="rosa"), 10)
    assert ([line.action for line in lines], total) == (["submit"], 1)
    assert reader.log_page(LogFilter(public_id=new), 1)[1] == 2
    assert reader.log_page(LogFilter(action="add", actor="%"), 10) == ((), 0)
    assert "submit" in reader.log_actions()
