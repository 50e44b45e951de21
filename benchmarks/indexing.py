"""Pages of PDF read and documents indexed per CPU second, beside a bare pypdf loop and pdftotext.

    python -m benchmarks.indexing FOLDER

All three readers read the same PDF files of FOLDER in one run, and all CPU time counts: for ours
the start of the reading process, the isolation, and the decoding of results in this process. What
ours read is then indexed.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from indexer.engine import Entry
from indexer.engines.whoosh_engine import WhooshEngine
from indexer.extract.base import Extract
from indexer.extract.sandbox import Sandbox

_PYPDF_LOOP = """
import logging, sys, pypdf
logging.disable(logging.CRITICAL)
pages = 0
for path in sys.argv[1:]:
    try:
        for page in pypdf.PdfReader(path).pages:
            page.extract_text()
            pages += 1
    except Exception as error:
        print(path, repr(error), file=sys.stderr)
print(pages)
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the PDF files are")
    parser.add_argument("--no-pypdf", action="store_true", help="leave out the slow loop")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.pdf"))
    if not files:
        print(f"no PDF files in {options.folder}", file=sys.stderr)
        return 2
    extracts: list[Extract] = []
    ours, pages, peak = _measure(lambda: _sandbox(files, extracts))
    print(f"{len(files)} files, {pages} pages, peak of a reading process {peak >> 20} MiB")
    _report("sandbox", ours, pages, ours, pages)
    if shutil.which("pdftotext"):
        seconds, _, _ = _measure(lambda: _pdftotext(files))
        _report("pdftotext", seconds, pages, ours, pages)
    if not options.no_pypdf:
        seconds, read, _ = _measure(lambda: _pypdf(files))
        _report("pypdf loop", seconds, read, ours, pages)
    with tempfile.TemporaryDirectory() as folder:
        seconds, _, _ = _measure(lambda: _index(extracts, Path(folder)))
    print(f"indexing {len(extracts) / seconds:.1f} documents, {pages / seconds:.0f} pages a CPU s")
    return 0


def _measure(work: Callable[[], tuple[int, int]]) -> tuple[float, int, int]:
    """CPU seconds of this process and its ended children, and what ``work`` returns."""
    before = _cpu()
    pages, peak = work()
    return _cpu() - before, pages, peak


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _sandbox(files: list[Path], extracts: list[Extract]) -> tuple[int, int]:
    peak = 0
    with Sandbox(workers=os.cpu_count()) as sandbox:
        for outcome in sandbox.read_many((path, path.name) for path in files):
            extracts += [outcome.extract] if outcome.extract else []
            peak = max(peak, outcome.memory)
    return sum(len(extract.pages) for extract in extracts), peak


def _index(extracts: list[Extract], folder: Path) -> tuple[int, int]:
    WhooshEngine(folder).rebuild(
        Entry(id=str(number), title=extract.title or "", pages=extract.pages)
        for number, extract in enumerate(extracts)
    )
    return 0, 0


def _pdftotext(files: list[Path]) -> tuple[int, int]:
    for path in files:
        subprocess.run(["pdftotext", path, "-"], capture_output=True, check=False)  # noqa: S603, S607
    return 0, 0


def _pypdf(files: list[Path]) -> tuple[int, int]:
    command = [sys.executable, "-c", _PYPDF_LOOP, *map(str, files)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603
    return int(done.stdout), 0


def _report(name: str, seconds: float, pages: int, ours: float, our_pages: int) -> None:
    rate, our_rate = pages / seconds, our_pages / ours
    print(
        f"{name:<12}{seconds:8.2f} CPU s {rate:9.1f} pages a CPU s"
        f" {1000 / rate:8.2f} ms a page   sandbox / {name}: {our_rate / rate:.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
