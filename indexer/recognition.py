"""Recognises the text of pages that are only pictures, one page after the other.

What is to be done stands beside the texts that were read (``Derived``), so that it is found again
after a stop, and also where recognition is switched on later. Each page is kept when it is done.
"""

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from corpus.catalogue import Catalogue
from corpus.errors import MissingFile
from corpus.reader import Reader
from corpus.store import FileStore
from indexer.derived import Derived
from indexer.extract.base import Extract, RecognitionUnavailable, Unreadable
from indexer.extract.recognised import concluded, with_page, without_page
from indexer.extract.sandbox import Sandbox

_SLICE = 2.0  # seconds between two looks at what readers wait for
_REST = 300.0  # seconds until the next attempt, where the program does not work

_log = logging.getLogger(__name__)


@dataclass
class Recogniser:
    """Looks at ``most`` pages of each document with the Tesseract at ``program``."""

    reader: Reader
    catalogue: Catalogue
    store: FileStore
    derived: Derived
    sandbox: Sandbox
    program: str
    most: int
    _resting_until: float = field(default=0.0, init=False)

    def work(self) -> None:
        """Recognise pages for a short while, at least one where there is one."""
        end = time.monotonic() + _SLICE
        if end - _SLICE < self._resting_until:
            return
        try:
            while self.next_page() and time.monotonic() < end:
                pass
        except RecognitionUnavailable as unavailable:
            _log.warning("no text is recognised: %s", unavailable)
            self._resting_until = end + _REST

    def next_page(self) -> bool:
        """Recognise one page; whether there was one. Raises ``RecognitionUnavailable``."""
        for sha256 in self.derived.unseen(self.most):
            try:
                path = self.store.path(sha256)
            except MissingFile:  # of an import that is not confirmed, if not a loss
                continue
            extract = self.derived.get(sha256)
            if extract is not None:
                self._recognise(sha256, path, extract)
                return True
        return False

    def _recognise(self, sha256: str, path: Path, extract: Extract) -> None:
        number = extract.recognition.waiting(self.most)[0]
        try:
            text = self.sandbox.recognise(path, number, self.program).text
        except Unreadable as failure:
            _log.warning("page %d of %s not recognised: %s", number, sha256, failure.kind)
            changed = without_page(extract, number)
        else:
            changed = with_page(extract, number, text)
        if changed.recognition.waiting(self.most):
            self.derived.put_page(sha256, changed, number)
        else:
            self._conclude(sha256, concluded(changed))

    def _conclude(self, sha256: str, extract: Extract) -> None:
        """Keep the last page; first put the documents behind, so that a stop repeats this."""
        documents = (id for id, published in self.reader.published_files() if published == sha256)
        self.catalogue.put_behind(documents)
        self.derived.put(sha256, extract)
        self.derived.compare(sha256)
