"""What to write in the catalogue about a file: proposed from the file, or from a row of a list."""

from indexer.proposals.base import SHY, Found, Origin, Suggestions
from indexer.proposals.kinds import KINDS
from indexer.proposals.places import Places
from indexer.proposals.rows import Defaults, Proposal, Proposer
from indexer.proposals.suggesting import suggest
from indexer.proposals.titles import title_from

__all__ = [
    "KINDS",
    "SHY",
    "Defaults",
    "Found",
    "Origin",
    "Places",
    "Proposal",
    "Proposer",
    "Suggestions",
    "suggest",
    "title_from",
]
