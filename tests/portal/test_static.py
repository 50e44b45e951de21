"""The files that browsers get beside the pages, and what templates ask of them."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.seed import HERE
from corpus.seed.places import CitySheet
from corpus.seed.sheets import read_sheet

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "portal" / "static"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CSS = "".join(path.read_text("utf-8") for path in sorted((STATIC / "css").glob("*.css")))
JS = "".join(path.read_text("utf-8") for path in sorted((STATIC / "js").glob("*.js")))

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
CLASS = re.compile(r"""(?<![\w-])class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)\"""", re.DOTALL)
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
HOLE = "\0"


def defined_classes() -> set[str]:
    return {name.replace("\\", "") for name in re.findall(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)", CSS)}


def sources() -> Iterator[tuple[Path, str]]:
    for path in TEMPLATES:
        yield path, COMMENT.sub("", path.read_text("utf-8"))


def used_classes(source: str) -> Iterator[str]:
    """Class names of a template; a name completed by an expression ends with ``HOLE``."""
    for value in CLASS.findall(source):
        plain = re.sub(r"\{%.*?%\}", " ", value, flags=re.DOTALL)
        yield from JINJA.sub(HOLE, plain).split()
        for code in re.findall(r"\{\{.*?\}\}", plain, re.DOTALL):
            for single, double in QUOTED.findall(code):
                yield from (single or double).split()


def gzip_size(folder: str, pattern: str) -> int:
    return sum(len(gzip.compress(p.read_bytes(), 9)) for p in (STATIC / folder).glob(pattern))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_class_of_a_template_is_in_the_style_sheets(path: Path) -> None:
    defined = defined_classes()
    source = COMMENT.sub("", path.read_text("utf-8"))
    missing = set()
    for name in used_classes(source):
        start = name.split(HOLE)[0]
        known = any(each.startswith(start) for each in defined) if HOLE in name else name in defined
        if not known:
            missing.add(name)
    assert not missing, f"run `npm run build` in portal/assets, or style them: {missing}"


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    sprite = (STATIC / "svg" / "sprites.svg").read_text("utf-8")
    there = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    named = {
        icon for _, source in sources() for icon in re.findall(r"[\"'](it-[a-z-]+)[\"']", source)
    }
    assert len(there) > 20
    assert {icon for icon in named if icon not in defined_classes()} <= there


def test_every_static_file_that_templates_name_exists() -> None:
    named = {
        name
        for _, source in sources()
        for name in re.findall(r"asset\('([^']+)'\)|filename='([^']+)'", source)
    }
    paths = {first or second for first, second in named}
    assert len(paths) >= 6
    assert [path for path in sorted(paths) if not (STATIC / path).is_file()] == []


def test_style_sheets_and_scripts_stay_within_their_weight() -> None:
    assert 0 < gzip_size("css", "*.css") <= 20_000
    assert 0 < gzip_size("js", "*.js") <= 15_000
    assert 0 < gzip_size("fonts", "*.woff2") <= 60_000


def test_bootstrap_italia_says_its_version_and_its_licence() -> None:
    purged = (STATIC / "css" / "bootstrap-italia.css").read_text("utf-8")
    assert re.search(r"--bootstrap-italia-version: ?['\"]2\.18\.3['\"]", purged)
    assert "BSD-3-Clause" in purged


def test_fonts_are_woff2_files_of_our_own() -> None:
    addresses = re.findall(r"url\([\"']?(\.\./fonts/[^)\"']+)", CSS)
    assert {Path(address).suffix for address in addresses} == {".woff2"}
    assert all((STATIC / "css" / address).is_file() for address in addresses)


def test_nothing_is_asked_of_another_site() -> None:
    loaded = re.findall(r"url\([\"']?([^)\"']+)", CSS) + re.findall(r"@import[^;]+", CSS)
    assert [a for a in loaded if not a.startswith(("../", "data:", "#"))] == []
    assert re.findall(r"[\"'`](?:https?:)?//[a-z][^\"'`]*", JS) == []
    for path, source in sources():
        loaded = re.findall(
            r"<(?:script|img|iframe|use|source)\b[^>]*?(?:src|href)=\"([^\"]*)", source
        )
        assert [a for a in loaded if "//" in a] == [], path


def test_templates_hold_no_style_or_script_that_the_content_policy_forbids() -> None:
    for path, source in sources():
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=\"|javascript:", source), path
        for attributes in re.findall(r"<script\b([^>]*)>", source):
            assert "src=" in attributes or "application/ld+json" in attributes, path


def test_scripts_never_turn_text_into_markup_or_code() -> None:
    assert (
        re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", JS
        )
        == []
    )


def outlines() -> list[list[tuple[float, float]]]:
    drawing = (STATIC / "svg" / "italy.svg").read_text("utf-8")
    found = re.search(r' d="([^"]+)"', drawing)
    assert found
    return [
        [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", part)]
        for part in found[1].split("Z")
        if part
    ]


def is_inside(x: float, y: float, outline: list[tuple[float, float]]) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_the_map_puts_every_city_on_land() -> None:
    """The template and the drawing use one projection; ports may miss the shore by a hair."""
    source = (ROOT / "templates" / "macros" / "map.html").read_text("utf-8")
    numbers = re.search(r"set WEST, NORTH, EAST_SCALE, NORTH_SCALE = (.+?) %", source)
    assert numbers
    west, north, east_scale, north_scale = (float(n) for n in numbers[1].split(","))
    land = outlines()
    near = [(dx, dy) for dx in (-5, 0, 5) for dy in (-5, 0, 5)]
    cities = read_sheet(HERE / "cities.yaml", CitySheet).cities
    assert len(cities) == 14
    for city in cities:
        view = city.view()
        assert view.longitude is not None
        assert view.latitude is not None
        x, y = (view.longitude - west) * east_scale, (north - view.latitude) * north_scale
        assert any(is_inside(x + dx, y + dy, outline) for dx, dy in near for outline in land), view
