"""How much one file may cost; beyond these bounds reading stops with a reason."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds for the reading of one file. Sizes in bytes, times in seconds."""

    memory: int = 512 * MEBIBYTE  # address space of the reading process
    cpu_seconds: int = 30
    wall_seconds: int = 90
    file_bytes: int = 50 * MEBIBYTE
    pages: int = 3_000
    characters: int = 20_000_000
    stream_bytes: int = 32 * MEBIBYTE  # one PDF stream, expanded
    archive_bytes: int = 200 * MEBIBYTE  # all parts of an office file, expanded
    part_bytes: int = 50 * MEBIBYTE  # one XML part, expanded
    ratio: int = 200  # expanded to packed, once an archive exceeds ``stream_bytes``
    entries: int = 10_000  # parts of an archive

    def cpu_for(self, size: int) -> int:
        """CPU seconds granted to a file of ``size`` bytes.

        Twelve, and one more for each MiB, up to ``cpu_seconds``: honest small files are read in
        a fraction of a second, and a few kilobytes that ask for half a minute are an attack.
        """
        return min(self.cpu_seconds, 12 + size // MEBIBYTE)


DEFAULT = Limits()
