"""The one place that writes the collection.

Every method is one transaction: it happens wholly or not at all, and when it returns it is on
disk. Each leaves a line in the log (``corpus.audit``) in the same transaction; what changes the
answers of the search raises the record's ``revision``, so that the indexer sees it.
"""

from corpus.catalogue.accounts import AccountWriter, Newcomer
from corpus.catalogue.bulk import BulkWriter
from corpus.catalogue.desk import DeskWriter
from corpus.catalogue.log import LogWriter
from corpus.catalogue.merging import MergeWriter
from corpus.catalogue.places import PlaceWriter
from corpus.catalogue.previews import PreviewWriter
from corpus.catalogue.records import RecordWriter
from corpus.catalogue.second_factors import NewPasskey, SecondFactorWriter
from corpus.catalogue.steps import StepWriter
from corpus.catalogue.uploads import UploadWriter
from corpus.catalogue.usage import UsageWriter
from corpus.catalogue.writing import SYSTEM

__all__ = ["SYSTEM", "Catalogue", "NewPasskey", "Newcomer"]


class Catalogue(
    RecordWriter,
    StepWriter,
    BulkWriter,
    PreviewWriter,
    PlaceWriter,
    DeskWriter,
    UsageWriter,
    UploadWriter,
    MergeWriter,
    AccountWriter,
    SecondFactorWriter,
    LogWriter,
):
    """Records, places, search desk, counts, accounts. Safe in several threads and processes."""
