"""What staff set for the search, as the catalogue has it now, in the form that engines take."""

from corpus.reader import Reader
from corpus.records import BestBetView, SynonymView
from indexer.engine import BestBet, Desk


class CurrentDesk:
    """Gives the desk of the last write of any process, and the same object until the next one."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._made: tuple[tuple[BestBetView, ...], tuple[SynonymView, ...], Desk] = ((), (), Desk())

    def __call__(self) -> Desk:
        bets, synonyms = self._reader.best_bets(), self._reader.synonyms()
        known_bets, known_synonyms, desk = self._made
        if bets != known_bets or synonyms != known_synonyms:
            desk = made(bets, synonyms)
            self._made = bets, synonyms, desk
        return desk


def made(bets: tuple[BestBetView, ...], synonyms: tuple[SynonymView, ...]) -> Desk:
    """The desk that these entries make."""
    return Desk(
        tuple(BestBet(bet.queries, bet.records) for bet in bets),
        tuple(synonym.expressions for synonym in synonyms),
    )
