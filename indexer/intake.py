"""Takes in a file that a person sends: looked at, kept, made a draft, then acknowledged."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import DuplicateFile, NoSpace
from corpus.reader import Reader
from corpus.records import DocumentDraft, NewFile, NewUpload, UploadView
from corpus.store import Arrival
from corpus.texts import clean_filename, clean_line
from corpus.vocabulary import Fate, Kind
from indexer.antivirus import Antivirus, AntivirusUnavailable
from indexer.extract.base import Unreadable
from indexer.extract.sandbox import Sandbox

INFECTED = (
    "Il controllo antivirus ha trovato «{name}» nel file, che non è stato conservato: avvisa chi "
    "si occupa dei computer del tuo ufficio."
)
UNCHECKED = (
    "Il controllo antivirus non risponde, e senza controllo il portale non accetta file: riprova "
    "tra qualche minuto."
)
FULL = (
    "Sul disco del portale non c'è più spazio: avvisa chi lo gestisce. Il file non è stato preso."
)


def infection(antivirus: Antivirus | None, path: Path) -> str | None:
    """What the antivirus, where there is one, found in the file, in plain Italian.

    Raises ``AntivirusUnavailable``.
    """
    found = None if antivirus is None else antivirus.infection(path)
    return None if found is None else INFECTED.format(name=clean_line(found)[:80])


def first_draft(filename: str) -> DocumentDraft:
    """What is known of a document before its file has been read: a title out of the name."""
    from indexer.proposals.titles import title_from  # many patterns, for this alone

    return DocumentDraft(kind=Kind.OTHER, title=clean_line(title_from(filename)) or filename)


@dataclass(frozen=True)
class Sender:
    """Who sends files, in which batch, and which unpublished documents they may know of."""

    account: int
    email: str
    batch: str
    sees: Callable[[str], bool]


class Intake:
    """Files of staff become drafts, one by one: what is wrong with one never touches another."""

    def __init__(
        self,
        catalogue: Catalogue,
        reader: Reader,
        sandbox: Sandbox,
        antivirus: Antivirus | None,
    ) -> None:
        self._catalogue = catalogue
        self._reader = reader
        self._sandbox = sandbox
        self._antivirus = antivirus

    def take(
        self, arrival: Arrival, name: str, sender: Sender, version_of: str | None = None
    ) -> UploadView:
        """Make a draft of what arrived and say what became of it; on return it is all on disk.

        With ``version_of`` the file becomes the next version of that document instead.
        """
        try:
            stored = arrival.finish()
            file_format = self._sandbox.sniff(arrival.path, name)
            problem = self._infection(arrival)
        except Unreadable as refused:
            return self.refuse(name, arrival.size, refused.message, sender)
        except NoSpace:
            return self.refuse(name, arrival.size, FULL, sender)
        if problem is not None:
            return self.refuse(name, arrival.size, problem, sender)
        new = NewFile(stored.sha256, stored.size, file_format, name)
        twin = self._reader.twin(stored.sha256)
        if twin is not None and sender.sees(twin):
            return self._note(sender, new, Fate.TWIN, twin)
        try:
            arrival.settle()
            public_id = (
                self.draft(new, sender)
                if version_of is None
                else self._version(new, sender, version_of)
            )
        except NoSpace:
            return self.refuse(name, arrival.size, FULL, sender)
        except DuplicateFile as duplicate:  # somebody was faster by a moment
            return self._note(sender, new, Fate.TWIN, duplicate.public_id)
        return self._note(sender, new, Fate.TAKEN, public_id)

    def draft(self, file: NewFile, sender: Sender, *, beside: bool = False) -> str:
        """A draft of the sender's with this file, which lies in the store, as its first version.

        A twin that the sender does not see is no hindrance; ``beside``: nor is one that they see.
        Raises ``DuplicateFile``.
        """
        name = clean_filename(file.filename)
        return self._catalogue.add(
            first_draft(name),
            file,
            actor=sender.email,
            owner=sender.account,
            twins_allowed=beside or self._hidden_twin(file.sha256, sender),
        )

    def _version(self, file: NewFile, sender: Sender, public_id: str) -> str:
        self._catalogue.add_version(
            public_id,
            file,
            actor=sender.email,
            account=sender.account,
            twins_allowed=self._hidden_twin(file.sha256, sender),
        )
        return public_id

    def refuse(self, name: str, size: int, reason: str, sender: Sender) -> UploadView:
        """Note a file that is not taken, with the reason in plain Italian."""
        upload = NewUpload(sender.account, sender.batch, name, size, Fate.REFUSED, reason=reason)
        return self._reader.upload(self._catalogue.note_upload(upload))

    def _hidden_twin(self, sha256: str, sender: Sender) -> bool:
        twin = self._reader.twin(sha256)
        return twin is not None and not sender.sees(twin)

    def _infection(self, arrival: Arrival) -> str | None:
        try:
            return infection(self._antivirus, arrival.path)
        except AntivirusUnavailable:
            return UNCHECKED

    def _note(self, sender: Sender, file: NewFile, fate: Fate, public_id: str) -> UploadView:
        upload = NewUpload(
            account=sender.account,
            batch=sender.batch,
            filename=file.filename,
            size=file.size,
            fate=fate,
            sha256=file.sha256,
            public_id=public_id,
        )
        return self._reader.upload(self._catalogue.note_upload(upload))
