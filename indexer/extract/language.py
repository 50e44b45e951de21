"""Language of a text, among those that the collection may hold."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

LANGUAGES = (
    "it",
    "en",
    "fr",
    "de",
    "es",
    "pt",
    "sl",
    "hr",
    "sq",
    "ro",
    "ar",
    "zh",
    "ja",
    "ru",
    "el",
)
_SAMPLE = 6_000  # characters: more changes no answer and costs time
_LETTERS = 25  # fewer prove nothing
_HOME = "it"
_NEARLY = 0.3  # score a byte; texts in one language are 0.7 and more away from any other


@cache
def identifier() -> "LanguageIdentifier":
    """The model, loaded at first use (about half a second)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    loaded = LanguageIdentifier.from_model_file(MODEL_FILE)
    loaded.set_languages(LANGUAGES)
    return loaded


def language_of(pages: list[str]) -> str:
    """ISO 639-1 code of the language of most of the text; empty when there is too little.

    A text that mixes languages, Italian among them, counts as Italian.
    """
    sample = _sample(pages)
    if sum(character.isalpha() for character in sample) < _LETTERS:
        return ""
    scores = dict(identifier().rank(sample))
    best = max(scores, key=lambda language: float(scores[language]))
    mixed = scores[best] - scores[_HOME] < _NEARLY * len(sample.encode())
    return _HOME if mixed else best


def _sample(pages: list[str]) -> str:
    """Text from the whole document: covers and tables of contents may mislead."""
    share = max(400, _SAMPLE // max(1, len(pages)))
    step = max(1, len(pages) * share // _SAMPLE)
    return " ".join(page[:share] for page in pages[::step])[:_SAMPLE]
