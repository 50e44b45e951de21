"""One change to many records: shown first, applied wholly or not, taken back in one step."""

import pytest

from corpus.catalogue import Catalogue
from corpus.catalogue.bulk import BulkChange
from corpus.errors import EditConflict, InvalidRecord
from corpus.reader import Reader
from corpus.vocabulary import Kind, State
from tests.corpus import samples


def revisions(reader: Reader, *public_ids: str) -> dict[str, int]:
    return {id: reader.record(id, any_state=True).revision for id in public_ids}


def test_what_was_shown_is_what_happens_and_what_is_undone(
    catalogue: Catalogue, reader: Reader
) -> None:
    one = catalogue.add(samples.document("uno", topics=("suap",)), actor="x", state=State.PUBLISHED)
    two = catalogue.add(samples.document("due", cities=("bari",)), actor="x")
    course = catalogue.add(samples.course(), actor="x")
    cell = catalogue.add(samples.solution(), actor="x")
    gone = catalogue.add(samples.document("via"), actor="x")
    catalogue.trash(gone, actor="x")
    change = BulkChange(
        add_cities=("bari",), add_topics=("Pratiche",), remove_topics=("suap",), kind=Kind.GUIDE
    )
    lines = catalogue.try_bulk((one, two, course, cell, gone), change)
    assert [line.refused for line in lines] == [None, None, None, None, "gone"]
    assert lines[0].changes["topics"] == (["suap"], ["Pratiche"])
    assert "cities" not in lines[1].changes
    assert "kind" not in lines[2].changes
    assert reader.record(one).topics == ("suap",), "looking changes nothing"

    edit = catalogue.apply_bulk(revisions(reader, one, two, course, cell), change, actor="x")
    assert edit is not None
    changed = reader.record(one)
    assert (changed.topics, changed.cities, changed.kind) == (("Pratiche",), ("bari",), Kind.GUIDE)
    assert reader.record(course, any_state=True).kind is Kind.TRAINING
    catalogue.revise(two, samples.document("due", topics=("altro",)), actor="ugo")
    assert catalogue.undo_bulk(edit, actor="x") == (3, (two,))
    assert reader.record(one).topics == ("suap",)
    assert reader.record(one).kind is Kind.RESEARCH
    assert reader.record(two, any_state=True).topics == ("altro",)
    with pytest.raises(LookupError):
        catalogue.undo_bulk(edit, actor="x")
    assert reader.bulk_edit(edit).undone_at is not None
    assert reader.first_broken_log_entry() is None


def test_a_solution_keeps_the_cell_that_it_is(catalogue: Catalogue, reader: Reader) -> None:
    cell = catalogue.add(samples.solution(), actor="x")
    (line,) = catalogue.try_bulk((cell,), BulkChange(add_cities=("bologna",)))
    assert (line.refused, line.changes) == ("cell", {})


def test_a_record_that_moved_on_stops_the_whole_change(
    catalogue: Catalogue, reader: Reader
) -> None:
    one, two = (catalogue.add(samples.document(title), actor="x") for title in "ab")
    shown = revisions(reader, one, two)
    catalogue.revise(two, samples.document("c"), actor="ugo")
    with pytest.raises(EditConflict):
        catalogue.apply_bulk(shown, BulkChange(add_topics=("x",)), actor="x")
    assert reader.record(one, any_state=True).topics == ()
    assert reader.bulk_edits() == ()


def test_nonsense_is_refused_with_its_field(catalogue: Catalogue) -> None:
    one = catalogue.add(samples.document(), actor="x")
    for change, field in (
        (BulkChange(), "change"),
        (BulkChange(add_cities=("atlantide",)), "cities"),
        (BulkChange(licence="non è una licenza"), "licence"),
        (BulkChange(add_topics=("x" * 600,)), "topics"),
    ):
        with pytest.raises(InvalidRecord) as refusal:
            catalogue.try_bulk((one,), change)
        assert field in refusal.value.problems
    with pytest.raises(InvalidRecord):
        catalogue.try_bulk(tuple(map(str, range(501))), BulkChange(kind=Kind.GUIDE))
