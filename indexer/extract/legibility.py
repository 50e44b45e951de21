"""Whether extracted text can be read, or is the debris of a font without a letter table."""

import re

_LATIN_WORD = re.compile(r"[a-zà-öø-ÿ]{3,}")
_VOWELS = set("aeiouyàèéìíòóùúâêîôûäëïöü")
_SAMPLE = 20_000
_FEW_LETTERS = 40  # below, there is nothing to judge


def is_legible(texts: list[str]) -> bool:
    """False when there is no letter or digit at all, or when what there is makes no words.

    Text in scripts other than Latin always passes; so do numbers, codes and short labels.
    """
    sample = " ".join(texts)[:_SAMPLE] if texts else ""
    visible = [character for character in sample if not character.isspace()]
    if not any(character.isalnum() for character in visible):
        return False
    letters = [character for character in visible if character.isalpha()]
    digits = sum(character.isdigit() for character in visible)
    signs = len(visible) - len(letters) - digits
    if len(visible) < _FEW_LETTERS or _other_script(letters):
        return True
    if signs > len(visible) * 0.5 or len(letters) + digits < len(visible) * 0.3:
        return not _no_words(sample)
    return len(letters) < _FEW_LETTERS or not _no_words(sample)


def _other_script(letters: list[str]) -> bool:
    return sum(letter > "\u024f" for letter in letters) > len(letters) * 0.5


def _no_words(sample: str) -> bool:
    """Fewer than one piece in eight looks like a word with a vowel among its consonants."""
    pieces = sample.split()
    words = 0
    for piece in pieces:
        found = _LATIN_WORD.fullmatch(piece.strip(".,;:()[]«»“”\"'’!?-–").lower())
        if found and 0.15 < sum(letter in _VOWELS for letter in found[0]) / len(found[0]) < 0.9:
            words += 1
    return words < len(pieces) / 8
