"""The numbers of the ranking formula, apart from the code that applies it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Ranking:
    """Parameters of the score of an entry; tuned by ``benchmarks/relevance.py``.

    The score of a word is that of BM25F (Robertson, Zaragoza, Taylor, 2004): occurrences in each
    part of the entry are divided by the part's length against the average (``b``), weighed, added
    up, and saturated by ``k1``. To it are added, for the best ``rescored`` entries, the words
    exactly as typed, the words of title and keywords, the words that stand close together or where
    a text begins, and the best page. Where an answer need not have all words, those of one root
    count for each other.

    Title and body were weighed on one half of ``indexer/relevance.yaml``, with the other half and
    ``ricerca-it`` to check: long documents, whose words lie scattered over many pages, used to
    push the short record that is about the question out of the first ten.
    """

    k1: float = 1.2
    title: float = 5.0
    headings: float = 1.5
    summary: float = 1.5
    keywords: float = 1.5
    body: float = 0.5
    b_head: float = 0.3  # the parts before the text: title, headings, summary, keywords
    b_body: float = 0.75
    form: float = 0.4  # the word exactly as typed, beside its stem
    phrase: float = 1.5  # a phrase in quotes, as one word
    page: float = 0.3  # the best page, as a document by itself; where some entry has several
    b_page: float = 0.5
    closeness: float = 0.8  # the weight of the different words within the best window of words
    window: int = 24
    about: float = 3.0  # the words that title and keywords have, apart from how often
    b_about: float = 0.75  # many keywords say less each
    about_in_sentences: float = 0.5  # the same for questions in plain language
    lead: float = 1.5  # the beginning of a text, which says what it is about
    rescored: int = 50
    kin: float = 0.5  # relaxed questions: words that begin alike, beside the word itself
    coverage: float = 0.25  # relaxed questions: exponent of the share of the words that are there
