"""What staff set for the search, made ready to be asked."""

from functools import cached_property

from indexer.engine import Desk
from indexer.italian import analyse
from indexer.vocabulary import Thesaurus, thesaurus

_LONGEST = 1_000  # characters of a question that are compared


class PreparedDesk:
    """A desk and what is worked out of it, once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._bets = {
            key: bet.ids for bet in desk.bets for query in bet.queries if (key := _key(query))
        }

    @cached_property
    def thesaurus(self) -> Thesaurus:
        return thesaurus(self.desk.synonyms)

    def bet(self, text: str) -> tuple[str, ...]:
        """The ids that are pinned to this whole question; case, accents and commas do not count."""
        return self._bets.get(_key(text), ()) if self._bets else ()


def _key(text: str) -> tuple[str, ...]:
    return tuple(token.surface for token in analyse(text[:_LONGEST]))
