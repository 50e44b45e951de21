"""Whether text drawn by a PDF can be read, or is the debris of fonts without a letter table."""

import re
import unicodedata

_SAMPLE = 20_000
_FEWEST = 30  # visible characters, or pairs of letters, below which nothing is proved
_USUAL_PAIRS = 0.55  # words of any European language reach 0.75, letters mixed up 0.5
_RUN = re.compile(r"[a-z]{2,}")

# For each letter the ones that follow it in 97 % of the pairs of Italian and of English texts.
_FOLLOWING = (
    "a:bcdfgiklmnprstuvyz b:abeiloruy c:acehilortu d:adeiou e:acdefgilmnpqrstvxy f:aefiortuy "
    "g:aeghilnoru h:aeiot i:abcdefglmnoprstuvz k:e l:adeilostuy m:abeimopsu n:acdefginostuvyz "
    "o:bcdfglmnprstuvw p:aeiloprtuy q:u r:acdeikmnorstuvy s:acehiopstu t:aehilorstuwy "
    "u:abcdeilmnoprstz v:aeio w:aehio x:t y:ior z:aiz"
)
_PAIRS = frozenset(
    first + second
    for first, _, following in (part.partition(":") for part in _FOLLOWING.split())
    for second in following
)


def is_legible(texts: list[str]) -> bool:
    """False when the letters make no words of a European language.

    Text in other scripts, numbers, and anything shorter than some thirty characters pass: a
    wrong alarm would hide a document, a missed one only leaves it as it is.
    """
    sample = "".join(texts)[:_SAMPLE]
    visible = [character for character in sample if not character.isspace()]
    letters = sum(character.isalpha() for character in visible)
    digits = sum(character.isdigit() for character in visible)
    if len(visible) < _FEWEST or digits > letters:
        return True
    if sum(character > "\u024f" and character.isalpha() for character in visible) > letters / 2:
        return True
    runs = _RUN.findall(_without_accents(sample))
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    usual = sum(pair in _PAIRS for pair in pairs)
    if len(pairs) >= _FEWEST:
        return usual >= len(pairs) * _USUAL_PAIRS
    signs = len(visible) - letters - digits
    return signs < len(visible) * 0.3 or usual > len(visible) * 0.1


def _without_accents(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFD", text.lower())
        if not unicodedata.combining(character)
    )
