"""Whoosh's storages with files mapped in memory: reading moves no shared file pointer."""

import mmap
import os
from io import BytesIO
from pathlib import Path
from typing import Any

# whoosh_codec silences the warnings of Whoosh's first compilation: it is imported first.
import indexer.engines.whoosh_codec  # noqa: F401  isort: skip
from whoosh.filedb import filestore, structfile


class MappedFile(structfile.BufferFile):  # type: ignore[misc]
    """Whoosh reads it like any file; ``get`` and ``content`` alone are safe under threads."""

    def __init__(self, stream: Any, content: Any, name: str) -> None:
        self.file = stream
        self._buf = self.content = content
        self._name = name
        self.onclose = None
        self.is_real = False
        self.is_closed = False


class FolderStorage(filestore.FileStorage):  # type: ignore[misc]
    """A folder whose files are mapped when opened."""

    def __init__(self, folder: Path) -> None:
        super().__init__(os.fspath(folder))

    def open_file(self, name: str, **_: Any) -> MappedFile:
        content = self.content(name)
        return MappedFile(content if isinstance(content, mmap.mmap) else BytesIO(), content, name)

    def content(self, name: str) -> mmap.mmap | bytes:
        """The bytes of a file, mapped; an empty file cannot be mapped."""
        with open(self._fpath(name), "rb") as stream:
            if os.fstat(stream.fileno()).st_size == 0:
                return b""
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


class MemoryStorage(filestore.RamStorage):  # type: ignore[misc]
    """Files that live in this process alone."""

    def open_file(self, name: str, **_: Any) -> MappedFile:
        content = self.content(name)
        return MappedFile(BytesIO(content), content, name)

    def content(self, name: str) -> bytes:
        """The bytes of a file."""
        try:
            content: bytes = self.files[name]
        except KeyError as error:
            raise FileNotFoundError(name) from error
        return content

    def temp_storage(self, name: str | None = None) -> "MemoryStorage":
        return MemoryStorage()


Storage = FolderStorage | MemoryStorage
