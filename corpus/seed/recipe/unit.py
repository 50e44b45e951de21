"""The training unit: slides with the words to say, shared by the slide set and the transcript."""

from corpus.seed.recipe.material import TEXTS
from corpus.seed.sheets import read_sheet
from corpus.seed.strict import Strict, Text

WORDS_PER_MINUTE = 130
PAUSE = 2.0  # seconds between one slide and the next


class Slide(Strict):
    """One slide: what is shown, and what is said (sentence by sentence)."""

    title: Text
    points: tuple[Text, ...]
    spoken: tuple[Text, ...]


class Unit(Strict):
    """``texts/unita.yaml``."""

    slides: tuple[Slide, ...]


def read_unit() -> Unit:
    """The unit, checked."""
    return read_sheet(TEXTS / "unita.yaml", Unit)
