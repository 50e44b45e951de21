"""How well and at what cost the text of pages is recognised (OCR).

    python -m benchmarks.recognition FOLDER [--pages 10] [--turned 180]

takes a page with text from each of some PDF of FOLDER, recognises it as if it were a scan, drawn at
200 dpi, and compares the words with those that pdftotext finds in the file. ``--turned`` lays the
pages upside down or on a side first.
"""

import argparse
import io
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pypdf

from indexer.extract import tesseract
from indexer.extract.sandbox import Sandbox

FEWEST_WORDS = 150
WORD = re.compile(r"[^\W_]{2,}")


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def stated(path: Path, number: int) -> Counter[str]:
    """The words that the file itself has on a page."""
    command = ["pdftotext", "-f", str(number), "-l", str(number), str(path), "-"]
    told = subprocess.run(command, capture_output=True, check=True)  # noqa: S603  our own files
    return words(told.stdout.decode())


def chosen(folder: Path, most: int) -> list[tuple[Path, int]]:
    """Pages with enough words, one from each file, from its middle."""
    found = []
    for path in sorted(folder.rglob("*.pdf")):
        middle = (len(pypdf.PdfReader(path).pages) + 1) // 2
        if stated(path, middle).total() >= FEWEST_WORDS:
            found.append((path, middle))
    return found[:: max(1, len(found) // most)][:most]


def page_alone(path: Path, number: int, turned: int) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_page(pypdf.PdfReader(path).pages[number - 1]).rotate(turned)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--turned", type=int, choices=(0, 90, 180, 270), default=0)
    arguments = parser.parse_args()
    program, seconds = tesseract.find(), []
    seen, expected, common = 0, 0, 0
    with Sandbox(workers=1) as sandbox, tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        for path, number in chosen(arguments.folder, arguments.pages):
            Path(file.name).write_bytes(page_alone(path, number, arguments.turned))
            found = sandbox.recognise(Path(file.name), 1, program)
            true, read = stated(path, number), words(found.text)
            both = (true & read).total()
            seconds.append(found.cpu_seconds)
            seen, expected, common = seen + read.total(), expected + true.total(), common + both
            print(
                f"{path.name[:50]:<52} p. {number:>3} {found.cpu_seconds:5.2f} s"
                f"  recall {both / true.total():.3f}  precision {both / max(1, read.total()):.3f}"
            )
    print(
        f"{len(seconds)} pages, {expected} words: {sum(seconds) / len(seconds):.2f} CPU s a page"
        f" (most {max(seconds):.2f}), recall {common / expected:.3f},"
        f" precision {common / max(1, seen):.3f}"
    )


if __name__ == "__main__":
    main()
