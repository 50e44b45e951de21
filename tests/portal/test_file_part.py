"""A part of a file reads and seeks like a file of its own."""

import io
from pathlib import Path

import pytest

from portal.file_part import FilePart


@pytest.fixture
def part(tmp_path: Path) -> FilePart:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    return FilePart(path.open("rb"), start=3, length=4)


def test_it_holds_its_stretch_and_no_more(part: FilePart) -> None:
    with part:
        assert part.read() == b"3456"
        assert part.read() == b""


def test_seeking_is_within_the_part(part: FilePart) -> None:
    with part:
        assert part.seek(0, io.SEEK_END) == 4
        assert part.read(10) == b""
        assert part.seek(-2, io.SEEK_CUR) == 2
        assert part.read(1) == b"5"
        assert part.tell() == 3
        with pytest.raises(ValueError, match="before"):
            part.seek(-1)


def test_closing_it_closes_the_file(part: FilePart) -> None:
    part.close()
    with pytest.raises(ValueError, match="closed"):
        part.read(1)
