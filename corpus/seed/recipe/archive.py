"""Office files are ZIP archives: the same content must give the same bytes on every day."""

import re
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_STAMP = re.compile(
    rb"(<(?:dcterms:(?:created|modified)|dc:date|meta:creation-date)[^>]*>)[^<]*(<)"
)


def settle(path: Path, day: date) -> None:
    """Rewrite the archive at ``path`` with ``day`` in place of every moment of writing."""
    moment = (day.year, day.month, day.day, 0, 0, 0)
    stamp = f"{day.isoformat()}T00:00:00Z".encode()
    with ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with ZipFile(path, "w") as archive:
        for name, content in parts:
            if name.endswith(("core.xml", "meta.xml")):
                content = _STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            # OpenDocument wants its media type first and plain.
            method = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            entry = ZipInfo(name, moment)
            entry.compress_type = method
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
