"""Whether text drawn by a PDF can be read, or is the debris of fonts without a letter table."""

import re
import unicodedata

_SAMPLE = 8_000
_FEWEST = 30  # visible characters, or pairs of letters, below which nothing is proved
_USUAL_PAIRS = 0.55  # words of any European language reach 0.75, letters mixed up 0.5
_SPACE, _DIGIT = re.compile(r"\s"), re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_OTHER_SCRIPT = re.compile("[^\\W\\d_\0-\u024f]")
_MARK = re.compile("[\u0300-\u036f]")
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
    sample = _sample(texts)
    visible = len(sample) - len(_SPACE.findall(sample))
    letters, digits = len(_LETTER.findall(sample)), len(_DIGIT.findall(sample))
    if visible < _FEWEST or digits > letters or len(_OTHER_SCRIPT.findall(sample)) > letters / 2:
        return True
    runs = _RUN.findall(_without_accents(sample))
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    usual = sum(pair in _PAIRS for pair in pairs)
    if len(pairs) >= _FEWEST:
        return usual >= len(pairs) * _USUAL_PAIRS
    return visible - letters - digits < visible * 0.3 or usual > visible * 0.1


def _sample(texts: list[str]) -> str:
    """Text of the whole document, evenly: a cover may be drawn with other fonts."""
    share = max(200, _SAMPLE // max(1, len(texts)))
    step = max(1, len(texts) * share // _SAMPLE)
    return "".join(text[:share] for text in texts[::step])


def _without_accents(text: str) -> str:
    return _MARK.sub("", unicodedata.normalize("NFD", text.lower()))
