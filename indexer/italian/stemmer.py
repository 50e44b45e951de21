"""The family of an Italian word: singular and plural, both genders, verb and noun of one root.

Made for words without accents, as people type them. It is more careful than the Snowball stemmer
where the portal's words need it: "metropolitano" and "metropolitana", "area" and "aree",
"semplificazione" and "semplificare", "ridurre" and "riduzione" agree, while "regolamento" is not
"regola" and "formazione" is not "forma".
"""

from indexer.italian.roots import KEPT, ONE_ROOT

_SHORTEST = 4  # letters; shorter words are left alone


def _endings(least: int, *listed: str) -> dict[str, int]:
    return {ending: least for group in listed for ending in group.split()}


# Endings that are dropped, with the letters that must stay before them; the longest counts.
_DROPPED = {
    **_endings(
        5,
        "azione azioni izione izioni",
        "amento amenti imento imenti",
        "ativo ativa ativi ative ativamente",
        "atorio atoria atori atorie atore atrice atrici",
    ),
    **_endings(
        4,
        "are ato ata ati ate ando ante anti ano ana ani ane",
        "arsi arlo arla arli arle andosi andolo",
        "ire ito ita iti ite endo endosi irsi irlo irla",
        "isce iscono iscano",
        "ava avano eva evano arono irono erono assero issero",
        "eranno iranno erebbe erebbero irebbe irebbero",
    ),
    **_endings(5, "mente"),
}
# Endings that become another; what they become is reduced no further.
_CHANGED = {
    "enza": "ent",
    "enze": "ent",
    "duzione": "duc",
    "duzioni": "duc",
    "uzione": "u",
    "uzioni": "u",
    "logico": "log",
    "logica": "log",
    "logici": "log",
    "logiche": "log",
    "grafico": "graf",
    "grafica": "graf",
    "grafici": "graf",
    "grafiche": "graf",
    "nomico": "nom",
    "nomica": "nom",
    "nomici": "nom",
    "nomiche": "nom",
    "tegico": "teg",
    "tegica": "teg",
    "tegici": "teg",
    "tegiche": "teg",
}
# "-ere" and "-ono" end verbs only after these: "prendere", but "lettere" and "frontiere".
_VERBS_IN_ERE = tuple(
    "nd gg ng lg nc sc rr id ed iv ev um im ett en gli et uov od ud olv".split()  # noqa: SIM905
)
# Nouns in "-ità" whose root lives without it: "sostenibilità" and "sostenibile".
_ROOTS_BEFORE_ITA = ("bil", "iv", "al", "il", "os", "ar", "ic", "ac", "oc")
_LONGEST_ENDING = max(map(len, (*_DROPPED, *_CHANGED)))


def stem(word: str) -> str:
    """Return the common root of the family of ``word`` (lower case letters, no accents)."""
    if len(word) < _SHORTEST:
        return word
    bare = _bare(word)
    if bare in KEPT:
        return ONE_ROOT.get(bare, bare)
    root = _root(word, bare)
    return ONE_ROOT.get(root, root)


def _root(word: str, bare: str) -> str:
    if word.endswith("ita") and word[:-3].endswith(_ROOTS_BEFORE_ITA) and len(word) > 6:
        return _bare(word[:-3])
    if word.endswith(("ere", "ono")) and len(word) > 6 and word[:-3].endswith(_VERBS_IN_ERE):
        return _bare(word[:-3])
    for length in range(min(_LONGEST_ENDING, len(word) - 1), 2, -1):
        ending = word[-length:]
        before = word[:-length]
        if ending in _CHANGED and len(before) > 1:
            return before + _CHANGED[ending]
        if ending in _DROPPED and len(before) >= _DROPPED[ending]:
            return stem(before) if ending == "mente" else _bare(before)
    return bare


def _bare(word: str) -> str:
    """Without the vowel of gender and number: "servizio", "servizi" → "serviz"."""
    bare = word
    if len(bare) > 3 and bare[-1] in "aeio":
        bare = bare[:-1]
        if bare[-1] == "h" and len(bare) > 3 and bare[-2] in "cg":
            bare = bare[:-1]
    if len(bare) > 3 and bare[-1] == "i":
        bare = bare[:-1]
        if bare[-1] == "h" and len(bare) > 3 and bare[-2] in "cg":
            bare = bare[:-1]
    return bare
