"""Provisional: plural, gender and the commonest verb endings."""


def stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word[-1] in "aeio" else word
