"""``python -m corpus.seed.recipe [KEY ...]``: make the portal's own documents, all or those named.

Needs ``corpus/seed/recipe/requirements.txt``. Two runs give the same bytes.
"""

import sys
from pathlib import Path

from corpus.seed import HERE
from corpus.seed.recipe import captions, opendocument, pdf, slides, spreadsheet, text, web, word
from corpus.seed.recipe.material import Material
from corpus.seed.schema import DocumentLine
from corpus.vocabulary import FileFormat

WRITERS = {
    FileFormat.PDF: pdf.write,
    FileFormat.DOCX: word.write,
    FileFormat.ODT: opendocument.write,
    FileFormat.HTML: web.write,
}


def main(keys: list[str]) -> None:
    """Write the documents with these keys, or all, below ``corpus/seed/files``."""
    material = Material()
    folder = HERE / "files"
    folder.mkdir(exist_ok=True)
    for document in material.own:
        if not keys or document.key in keys:
            path = folder / str(document.file)
            make(document, material, path)
            print(f"{path.name}: {path.stat().st_size:,} bytes")


def make(document: DocumentLine, material: Material, path: Path) -> None:
    """Write one document in the format that its name declares."""
    match document.format:
        case FileFormat.XLSX:
            spreadsheet.write(document, material, path)
        case FileFormat.PPTX:
            slides.write(document, path)
        case FileFormat.VTT:
            captions.write(document, path)
        case FileFormat() as known if known in WRITERS:
            WRITERS[known](document, text.tree(document, material), path)
        case other:
            raise ValueError(f"{document.key}: no writer for {other}")


if __name__ == "__main__":
    main(sys.argv[1:])
