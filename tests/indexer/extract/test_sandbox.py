"""Reading from outside: bounded, without secrets, and one bad file harms no other."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.extract.base import FailureKind, Unreadable
from indexer.extract.limits import Limits
from indexer.extract.sandbox import Outcome, Sandbox
from tests.indexer.extract import made


def endless(levels: int = 9) -> bytes:
    """Form objects that each draw the next ten times: a few kilobytes ask for 10 to the 9th."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R"
        b" /Resources << /XObject << /X0 20 0 R >> >> >>"
    )
    objects = {10: page, 11: made.stream(b"/X0 Do\n")}
    for level in range(levels):
        objects[20 + level] = made.stream(
            b"/X%d Do\n" % (level + 1) * 10,
            "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources"
            f" << /XObject << /X{level + 1} {21 + level} 0 R >> >>",
        )
    objects[20 + levels] = made.stream(
        b"BT /F1 12 Tf 60 60 Td (haha) Tj ET",
        "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>",
    )
    return made.pdf("", objects=objects)


@pytest.fixture(scope="module")
def tight() -> Iterator[Sandbox]:
    """Little time and memory."""
    limits = Limits(cpu_seconds=2, wall_seconds=20, memory=400 << 20)
    with Sandbox(limits, workers=1) as sandbox:
        yield sandbox


def test_a_file_is_read_as_in_process(sandbox: Sandbox, tmp_path: Path) -> None:
    path = made.file(tmp_path, "a.pdf", made.pdf("La città metropolitana", "Seconda"))
    extract = sandbox.read(path, "a.pdf")
    assert [page.text for page in extract.pages] == ["La città metropolitana", "Seconda"]


def test_a_refusal_arrives_with_kind_and_sentence(sandbox: Sandbox, tmp_path: Path) -> None:
    path = made.file(tmp_path, "a.docx", made.pdf("Ciao"))
    with pytest.raises(Unreadable) as failure:
        sandbox.read(path, "a.docx")
    assert failure.value.kind is FailureKind.TYPE_MISMATCH
    assert "estensione" in failure.value.message


def test_work_without_end_is_stopped_and_the_next_file_is_read(
    tight: Sandbox, tmp_path: Path
) -> None:
    bad = made.file(tmp_path, "bad.pdf", endless())
    good = made.file(tmp_path, "good.pdf", made.pdf("Ancora qui"))
    stopped = tight.outcome(bad)
    assert stopped.failure is not None
    assert stopped.failure.kind in {FailureKind.TOO_MUCH_TIME, FailureKind.TOO_MUCH_MEMORY}
    assert stopped.cpu_seconds < 6
    assert stopped.memory <= 400 << 20
    assert tight.read(good).pages[0].text == "Ancora qui"


def test_a_silent_child_is_stopped_by_the_clock(tmp_path: Path) -> None:
    path = made.file(tmp_path, "bad.pdf", endless())
    with Sandbox(Limits(cpu_seconds=30, wall_seconds=1, memory=4 << 30), workers=1) as sandbox:
        start = time.monotonic()
        outcome = sandbox.outcome(path)
        assert time.monotonic() - start < 20
    assert outcome.failure is not None
    assert outcome.failure.kind is FailureKind.TOO_MUCH_TIME


def test_a_worker_that_dies_costs_one_answer(tight: Sandbox, tmp_path: Path) -> None:
    path = made.file(tmp_path, "a.txt", "Buongiorno")
    assert tight.read(path).pages[0].text == "Buongiorno"
    nursery = tight._pool._nursery
    assert nursery is not None
    os.killpg(nursery._process.pid, 9)
    nursery._process.wait()
    assert tight.read(path).pages[0].text == "Buongiorno"


def test_the_reading_process_has_no_secret_and_nowhere_to_write(
    tight: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METROPOLI_SECRET_KEY", "segretissima")
    tight.close()
    tight.read(made.file(tmp_path, "a.txt", "Buongiorno"))
    nursery = tight._pool._nursery
    assert nursery is not None
    process = Path("/proc") / str(nursery._process.pid)
    if not process.exists():
        pytest.skip("no /proc here")
    assert b"segretissima" not in (process / "environ").read_bytes()
    assert os.readlink(process / "cwd").endswith("(deleted)")


def test_threads_share_the_sandbox(sandbox: Sandbox, tmp_path: Path) -> None:
    paths = [made.file(tmp_path, f"{n}.txt", f"testo numero {n}") for n in range(12)]
    found: dict[Path, str] = {}

    def work(path: Path) -> None:
        found[path] = sandbox.read(path).pages[0].text

    threads = [threading.Thread(target=work, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {path: f"testo numero {n}" for n, path in enumerate(paths)}


def test_a_batch_yields_every_file_once_whatever_happens(sandbox: Sandbox, tmp_path: Path) -> None:
    files: list[tuple[Path, str | None]] = [
        (made.file(tmp_path, "a.pdf", made.pdf("Uno")), "a.pdf"),
        (made.file(tmp_path, "b.pdf", b""), "b.pdf"),
        (tmp_path / "manca.pdf", "manca.pdf"),
        (tmp_path, "cartella"),
        (made.file(tmp_path, "c.txt", "Due"), None),
    ]
    os.mkfifo(tmp_path / "tubo")
    files.append((tmp_path / "tubo", None))
    outcomes = {outcome.path: outcome for outcome in sandbox.read_many(iter(files), workers=2)}
    assert set(outcomes) == {path for path, _ in files}
    assert {path.name for path, outcome in outcomes.items() if outcome.extract} == {
        "a.pdf",
        "c.txt",
    }
    assert all(one_of_two(outcome) for outcome in outcomes.values())


def one_of_two(outcome: Outcome) -> bool:
    return (outcome.extract is None) != (outcome.failure is None)


def test_a_file_that_is_not_there_is_the_callers_affair(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"manca\.pdf"):
        sandbox.read(tmp_path / "manca.pdf")


def test_nothing_remains_after_the_end(tmp_path: Path) -> None:
    with Sandbox(workers=1) as sandbox:
        sandbox.read(made.file(tmp_path, "a.txt", "Buongiorno"))
        nursery = sandbox._pool._nursery
        assert nursery is not None
        process = nursery._process
    assert process.returncode == 0
