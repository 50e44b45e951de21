"""Reading YAML, unchecked: text, lists and mappings."""

from pathlib import Path
from typing import Any

import yaml

# These loaders build text, lists and mappings only: they cannot run anything. The one in C is
# ten times faster and not in every build of PyYAML.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(path: Path) -> Any:
    """Every scalar as text: ``048`` keeps its zero, ``no`` stays a word. Raises YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
