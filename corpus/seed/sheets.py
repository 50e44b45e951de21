"""Reading the YAML sheets of the founding collection; every fault names file, record and field."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from corpus.seed.reading import read_yaml

Sheet = TypeVar("Sheet", bound=BaseModel)


class SheetError(Exception):
    """A sheet does not follow its schema; the text has one line for each fault."""


def read_sheet(path: Path, model: type[Sheet]) -> Sheet:
    """Return the sheet at ``path``, checked against ``model``.

    Every scalar is read as text (``048`` keeps its zero, ``no`` stays a word): the model decides
    what it means. Raises SheetError for bad YAML and for each field that the model refuses.
    """
    try:
        content = read_yaml(path)
    except yaml.YAMLError as error:
        raise SheetError(f"{path.name}: not readable as YAML: {error}") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SheetError("\n".join(_faults(path.name, content, error))) from error


def _faults(name: str, content: object, error: ValidationError) -> list[str]:
    faults = []
    for fault in error.errors():
        record, field = _place(content, fault["loc"])
        faults.append(f"{name}: record {record}, field {field}: {fault['msg']}")
    return faults


def _place(content: object, location: tuple[int | str, ...]) -> tuple[str, str]:
    """Split a location into the record, by its own key where it has one, and the field."""
    record, rest, node = "-", list(location), content
    for depth, step in enumerate(location):
        try:
            node = node[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(step, int):
            record, rest = _key(node, step), list(location[depth + 1 :])
            break
    return record, ".".join(str(step) for step in rest) or "-"


def _key(node: object, position: int) -> str:
    if isinstance(node, dict):
        for name in ("key", "slug", "acronym", "name"):
            if name in node:
                return str(node[name])
    return f"#{position + 1}"
