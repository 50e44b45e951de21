"""A draft that gives its file to another document, as its next version."""

import pytest

from corpus.catalogue import Catalogue
from corpus.errors import InvalidTransition, RecordNotFound
from corpus.reader import Reader
from corpus.records import DocumentView
from corpus.store import FileStore
from tests.corpus import samples


@pytest.fixture
def pair(catalogue: Catalogue, store: FileStore) -> tuple[str, str]:
    old = catalogue.add(samples.document("vecchio"), samples.file(store, b"uno"), actor="x")
    catalogue.publish(old, actor="x")
    new = catalogue.add(samples.document("nuovo"), samples.file(store, b"due"), actor="x")
    return old, new


def test_the_file_becomes_the_next_version_and_the_draft_goes(
    catalogue: Catalogue, reader: Reader, pair: tuple[str, str]
) -> None:
    old, new = pair
    assert catalogue.become_version(new, of=old, actor="x") == 2
    record = reader.dossier(old).record
    assert isinstance(record, DocumentView)
    assert [version.number for version in record.versions] == [1, 2]
    assert record.versions[1].published_at is None
    assert reader.twin(record.versions[1].sha256) == old
    with pytest.raises(RecordNotFound):
        reader.dossier(new)
    assert reader.first_broken_log_entry() is None


def test_readers_see_the_old_version_until_the_new_one_is_published(
    catalogue: Catalogue, reader: Reader, pair: tuple[str, str]
) -> None:
    old, new = pair
    catalogue.become_version(new, of=old, actor="x")
    public = reader.record(old)
    assert isinstance(public, DocumentView)
    assert [version.number for version in public.versions] == [1]


def test_what_readers_have_seen_gives_nothing_away(
    catalogue: Catalogue, pair: tuple[str, str]
) -> None:
    old, new = pair
    for draft, target in ((old, new), (new, new)):
        with pytest.raises(InvalidTransition):
            catalogue.become_version(draft, of=target, actor="x")
