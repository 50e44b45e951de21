"""Italian analysis: how texts and questions become comparable words."""

from indexer.italian.tokens import Postings, Token, analyse, analyse_chunk, family, fold, postings

__all__ = ["Postings", "Token", "analyse", "analyse_chunk", "family", "fold", "postings"]
