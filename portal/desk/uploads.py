"""Files that forms send: streamed into the data folder while they arrive, never held in memory."""

from collections.abc import Callable, Iterable
from typing import IO, Any, TypeVar

from flask import Flask, Request, abort, current_app, request
from werkzeug.datastructures import FileStorage

from corpus.errors import FileTooLarge, NoSpace
from corpus.store import Arrival, FileStore
from indexer.extract.limits import DEFAULT
from portal.services import EXTENSION, Services

MEGABYTE = 1 << 20
LARGEST = DEFAULT.file_bytes  # beyond, no reader would open the file
BATCH_FILES = 20
BATCH_BYTES = 500 * MEGABYTE
_FIELDS = MEGABYTE  # bytes of what is no file; werkzeug holds them in memory

View = TypeVar("View", bound=Callable[..., Any])
MARK = "accepted_file_bytes"


class ArrivingFile:
    """One file of a form: its bytes go to the store's arrivals, its trouble stays with it.

    It looks like a stream to werkzeug's parser, which writes and then rewinds it.
    """

    def __init__(self, store: FileStore, name: str, limit: int) -> None:
        self.name = name
        self.field = ""  # of the form, once it is read
        self.size = 0
        self.problem: FileTooLarge | NoSpace | None = None
        self.arrival: Arrival | None = None
        self._store = store
        self._limit = limit

    def write(self, chunk: bytes) -> int:
        self.size += len(chunk)
        if self.problem is None:
            try:
                if self.arrival is None:
                    self.arrival = self._store.arrive(self._limit)
                self.arrival.write(bytes(chunk))
            except (FileTooLarge, NoSpace) as problem:
                self.problem = problem
                self.close()
        return len(chunk)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def close(self) -> None:
        """Drop what was not settled."""
        if self.arrival is not None:
            self.arrival.discard()


class Receiver:
    """The files of one request."""

    def __init__(self, store: FileStore, limit: int) -> None:
        self.files: list[ArrivingFile] = []
        self._store = store
        self._limit = limit

    def begin(self, name: str | None) -> ArrivingFile:
        file = ArrivingFile(self._store, name or "", self._limit)
        self.files.append(file)
        return file

    def name_fields(self, sent: Iterable[tuple[str, FileStorage]]) -> None:
        """Note which field of the form each file came in."""
        fields = {id(part.stream): field for field, part in sent}
        for file in self.files:
            file.field = fields.get(id(file), "")

    def discard(self) -> None:
        for file in self.files:
            file.close()


class FileRequest(Request):
    """A request whose files go where its view says; elsewhere forms stay small."""

    receiver: Receiver | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.receiver is None:
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        return self.receiver.begin(filename)  # type: ignore[return-value]  # what the parser uses


def accepts_files(largest: int = LARGEST) -> Callable[[View], View]:
    """The view takes files of at most ``largest`` bytes; it finds them with ``received``."""

    def mark(view: View) -> View:
        setattr(view, MARK, largest)
        return view

    return mark


def prepare(view: Callable[..., Any]) -> None:
    """Before the form of this request is read: where its files go, and how much it may send.

    Raises ``NoSpace`` and answers 413 while the bytes still wait at the door.
    """
    largest: int | None = getattr(view, MARK, None)
    if largest is None:
        return
    services: Services = current_app.extensions[EXTENSION]
    most = max(BATCH_BYTES, largest) + _FIELDS
    sent = request.content_length or 0
    if sent > most:
        abort(413, description="upload")
    if not services.store.has_room(sent):
        raise NoSpace(free=services.store.free(), needed=sent + services.store.reserve)
    request.max_content_length = most
    request.max_form_memory_size = _FIELDS
    _of_request().receiver = Receiver(services.store, largest)


def received() -> list[ArrivingFile]:
    """The files of this request that somebody chose; empty file fields are no files."""
    receiver = _of_request().receiver
    sent = request.files.items(multi=True)  # the form is read at the first look at it
    if receiver is None:
        return []
    receiver.name_fields(sent)
    return [file for file in receiver.files if file.name or file.size]


def _of_request() -> FileRequest:
    return request._get_current_object()  # type: ignore[attr-defined]


def register(app: Flask) -> None:
    app.request_class = FileRequest

    @app.teardown_request
    def discard(error: BaseException | None) -> None:
        receiver = _of_request().receiver
        if receiver is not None:
            receiver.discard()
