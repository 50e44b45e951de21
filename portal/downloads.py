"""Delivery of files: right name and type, ranges, validators, nothing held in memory."""

import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote

from flask import Response, request, send_file
from werkzeug.wsgi import wrap_file

from corpus.errors import DamagedFile, MissingFile
from corpus.records import VersionView
from corpus.vocabulary import MEDIA_TYPES, FileFormat
from portal.file_part import FilePart
from portal.filters import clean
from portal.security import DOWNLOAD_POLICY
from portal.services import services

# The only formats that a browser may show in place; anything of a sender with markup is saved.
SHOWN_IN_PLACE = {FileFormat.PDF, FileFormat.TEXT}
NAME_LENGTH = 150


def safe_name(filename: str, format: FileFormat) -> str:
    """A file name fit for any disk: no path, control or direction override, right ending."""
    name = re.split(r"[/\\]", clean(unicodedata.normalize("NFC", filename)))[-1]
    name = re.sub(r'[\x00-\x1f<>:"|?*\ud800-\udfff]', "", name).strip(" .")
    ending = f".{format.value}"
    stem = name[: -len(ending)] if name.lower().endswith(ending) else name
    return (stem[:NAME_LENGTH].rstrip(" .") or "documento") + ending


def disposition(name: str, inline: bool) -> str:
    """A Content-Disposition value (RFC 6266): an ASCII name, then the true one in ``filename*``."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    ascii_name = re.sub(r"[^A-Za-z0-9 ._()-]", "_", folded).strip(" .") or "documento"
    kind = "inline" if inline else "attachment"
    return f"{kind}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def deliver(version: VersionView, modified: datetime) -> Response:
    """Answer with a file of the collection.

    Raises ``MissingFile``, and ``DamagedFile`` when the size is not that of the catalogue.
    """
    path = services().store.path(version.sha256)
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise MissingFile(version.sha256) from None
    if size != version.size:
        raise DamagedFile(version.sha256)
    response = send(path, MEDIA_TYPES[version.format], modified, version.sha256)
    response.headers["Content-Disposition"] = disposition(
        safe_name(version.filename, version.format), version.format in SHOWN_IN_PLACE
    )
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response


def send(path: Path, content_type: str, modified: datetime, etag: str | bool = True) -> Response:
    """Answer with the file, or the part of it that one range asks; several ranges get it whole.

    Browsers ask each time whether theirs is still good. Raises ``FileNotFoundError``.
    """
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        request.environ.pop("HTTP_RANGE", None)
    response = send_file(
        path,
        mimetype="application/octet-stream",  # replaced below: send_file would add a charset
        conditional=True,
        etag=etag,
        last_modified=modified,
        max_age=None,
    )
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-cache"
    if request.method == "HEAD" or response.status_code == 304:
        response.close()  # nothing of it will be sent: servers would leave the file open
    elif response.status_code == 206:
        _send_part(response, path)
    return response


def _send_part(response: Response, path: Path) -> None:
    """Give the server the range as a file to send, instead of a generator that holds a thread."""
    start, stop = response.content_range.start, response.content_range.stop
    if start is not None and stop is not None:
        response.close()
        part = FilePart(path.open("rb"), start, stop - start)
        response.response = wrap_file(request.environ, cast(IO[bytes], part))
