"""What files a state of the index consists of, with their checksums.

Whoosh does not notice changed bytes and its table of contents is a pickle: nothing of an index
is opened before its files have been compared with the manifest.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FORMAT = 4  # of manifest, columns and blocks: raise it with any change to them
_PREFIX = "manifest-"


class Damaged(Exception):
    """The files of an index are not the ones that were written."""

    def __init__(self, generation: str, files: tuple[str, ...]) -> None:
        super().__init__(generation, files)
        self.generation = generation
        self.files = files


class Outdated(Exception):
    """The index was written by a version whose files this one does not read."""


@dataclass(frozen=True)
class Digest:
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One commit of one generation; ``toc`` is the number of Whoosh's table of contents."""

    toc: int
    analysis: str  # version of the analysis that made the words
    files: dict[str, Digest]

    @property
    def name(self) -> str:
        return f"{_PREFIX}{self.toc:08d}.json"

    def packed(self) -> bytes:
        """JSON that carries a checksum of itself."""
        content = {
            "format": FORMAT,
            "toc": self.toc,
            "analysis": self.analysis,
            "files": {
                name: [digest.size, digest.sha256] for name, digest in sorted(self.files.items())
            },
        }
        body = json.dumps(content, sort_keys=True)
        return json.dumps({"sha256": _sha256(body.encode()), "content": content}).encode()


def read_manifest(folder: Path, name: str) -> Manifest:
    """Raises ``Damaged`` if the manifest is not whole, ``Outdated`` if it has another format,
    ``FileNotFoundError`` if it is gone."""
    packed = (folder / name).read_bytes()
    try:
        outer = json.loads(packed)
        content = outer["content"]
        if outer["sha256"] != _sha256(json.dumps(content, sort_keys=True).encode()):
            raise ValueError("checksum")
        if content["format"] != FORMAT:
            raise Outdated(content["format"])
        manifest = Manifest(
            content["toc"],
            content["analysis"],
            {file: Digest(size, sha256) for file, (size, sha256) in content["files"].items()},
        )
        if manifest.name != name or manifest.packed() != packed:
            raise ValueError("name or form")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged(folder.name, (name,)) from error
    return manifest


def manifests_in(folder: Path) -> list[str]:
    """Names of the manifests of a generation, newest first."""
    return sorted((path.name for path in folder.glob(f"{_PREFIX}*.json")), reverse=True)


def digest_of(path: Path) -> Digest:
    """Size and SHA-256 of a file."""
    with open(path, "rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Digest(stream.tell(), sha256)


def damaged_files(folder: Path, manifest: Manifest, names: Iterable[str]) -> tuple[str, ...]:
    """Those of ``names`` that are missing or differ from the manifest."""
    return tuple(
        name
        for name in sorted(names)
        if not (folder / name).is_file() or digest_of(folder / name) != manifest.files[name]
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
