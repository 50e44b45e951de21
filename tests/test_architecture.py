"""The house keeps its floors: who may import whom."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("corpus", "indexer", "portal")

# Package imported -> the only files (glob from the root) that may import it.
OWNERS = {
    "whoosh": ("indexer/engines/whoosh_*.py",),
    "pypdf": ("indexer/extract/pdf*.py",),
    "pypdfium2": ("indexer/extract/pdf*.py",),
    "docx": ("indexer/extract/docx*.py",),
    "bleach": ("portal/richtext.py",),
    "nh3": ("portal/richtext.py",),
    "sqlalchemy": ("corpus/*.py", "corpus/*/*.py", "corpus/migrations/versions/*.py"),
    "alembic": ("corpus/*.py", "corpus/*/*.py", "corpus/migrations/versions/*.py"),
    "flask": ("portal/**/*.py", "portal/*.py", "run.py"),
}
ALLOWED_FLOORS = {
    "corpus": {"corpus"},
    "indexer": {"corpus", "indexer"},
    "portal": {"corpus", "indexer", "portal"},
}


def sources(floor: str) -> Iterator[Path]:
    for path in sorted((ROOT / floor).rglob("*.py")):
        if "recipe" not in path.parts and "node_modules" not in path.parts:
            yield path


@cache
def imports(path: Path) -> tuple[str, ...]:
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module


def owned(path: Path, globs: tuple[str, ...]) -> bool:
    return any(path.relative_to(ROOT).match(glob) for glob in globs)


@pytest.mark.parametrize("floor", FLOORS)
def test_arrows_point_only_downwards(floor: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in sources(floor)
        for module in imports(path)
        if module.partition(".")[0] in FLOORS
        and module.partition(".")[0] not in ALLOWED_FLOORS[floor]
    ]
    assert wrong == []


@pytest.mark.parametrize("package", OWNERS)
def test_a_library_is_imported_only_where_it_belongs(package: str) -> None:
    importers = [
        path
        for floor in FLOORS
        for path in sources(floor)
        if package in {module.partition(".")[0] for module in imports(path)}
    ]
    assert importers, f"nobody imports {package}"
    assert [p.relative_to(ROOT) for p in importers if not owned(p, OWNERS[package])] == []


def test_a_page_never_imports_another_page() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in (ROOT / "portal" / "pages").glob("*.py")
        if path.name != "__init__.py"
        for module in imports(path)
        if module.startswith("portal.pages.")
    ]
    assert wrong == []


def test_starting_the_portal_loads_nothing_that_serves_others() -> None:
    heavy = {
        *("pypdf", "pypdfium2", "docx", "PIL", "pptx", "lxml", "python_calamine"),  # files
        *("pydantic", "alembic"),  # the founding collection, a catalogue of another release
        *("indexer.importer", "indexer.proposals.titles", "indexer.relevance", "portal.doctor"),
    }
    script = (
        "import sys; from portal.commands.parser import parser; parser('serve'); import portal.app;"
        "print(' '.join(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert "portal.commands.serving" in loaded
    assert heavy & set(loaded) == set()
