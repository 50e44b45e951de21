"""The title: what the file calls itself, unless its first page says better."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from indexer.extract.base import Extract
from indexer.extract.titles import sane_heading, sane_title
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import Line, first_lines, stems

_LINES = 25
_JOINED = 3  # lines of one title
_LONGEST, _SENTENCE = 180, 70  # characters
_NO_TITLE_IN_TEXT = ("foglio", "tempo")  # rows of tables, spoken words
_SHARED = 0.6  # of the words of a stated title: then the text confirms it

_STATED, _STATED_ALONE, _STATED_OTHERWISE = 0.75, 0.55, 0.3
_HEADLINE, _LINE, _SUBJECT, _NAME = 0.72, 0.5, 0.58, 0.36

# What public bodies write: a line that begins with one of these is about the document itself.
_FORMS = re.compile(
    r"(?i)^(?:\W|\d|allegat[oi]\b|proposta di|schema di|modello di|bozza di|il|la|nuov[oa])*\s*"
    r"(?:linee guida|manual[ei]|guid[ae]|verbal[ei]|regolament[oi]|pian[oi]|relazion[ei]"
    r"|modul[oi]|modell[oi]|decret[oi]|deliber\w+|determin\w+|informativ[ae]|specific(?:he|a)"
    r"|document\w+|not[ae] (?:tecnic|di|per|informativ|operativ)\w*|propost[ae]|offert[ae]"
    r"|rapport[oi]|stud[io]+|analisi|indagin[ei]|vademecum|dizionari[oi]|schem[ai]|richiest[ae]"
    r"|istanz[ae]|dichiarazion[ei]|progett[oi]|programm[ai]|catalog[oi]|manifestazion[ei]"
    r"|appunti|lezion[ei]|corso|release notes|protocoll[oi]|convenzion[ei]|accord[oi]|avvis[oi]"
    r"|band[oi]|capitolat[oi]|contratt[oi]|circolar[ei]|ordinanz[ae]|report|bilanci[oi]"
    r"|istruzioni|tabell[ae]|elenc[oi]|tracciat[oi]|mappa(?:tura)?|checklist|check-list|statut[oi]"
    r"|atto|segnalazion[ei]|comunicazion[ei]|domand[ae]|autorizzazion[ei]|certificat[oi]"
    r"|disciplinar[ei]|strategi[ae]|agenda|quadro|dossier|quadern[oi]|sintesi|focus|faq"
    r"|referto|prontuario|glossario|carta|patto|intesa|questionario|scheda|schede|norme)\b"
)
# Who writes, not what: the head of a letter, an office, a company, a person.
_LETTERHEAD = re.compile(
    r"(?i)^(?:repubblica italiana|unione europea"
    r"|regione(?: del(?:la|l['’]))?\s*\w+(?:\s?[ –-]\s?\w+)*"
    r"|provincia\b.{0,50}|comune di\b.{0,40}|citt[àa]'? (?:metropolitana )?di\b.{0,40}"
    r"|presidenza\b.{0,60}|minister[oi]\b.{0,90}|autorit[àa]\b.{0,80}|agenzia\b.{0,60}"
    r"|universit[àa]\b.{0,60}|dipartiment[oi]\b.{0,90}|direzione\b.{0,90}|assessorat[oi]\b.{0,90}"
    r"|segretari?a(?:to|te)?\b.{0,60}|servizi?o?\s+\d.{0,90}|settore\b.{0,80}|ufficio\b.{0,80}"
    r"|area\b.{0,70}|osservatorio\b.{0,90}|consiglio\b.{0,60}|giunta\b.{0,50}|unione dei\b.{0,60}"
    r"|r\. ?t\. ?i\.?.*|.*\bs\.? ?[pr]\.? ?[al]\.?\b.*|il (?:dirigente|sindaco|direttore)\b.{0,40}"
    r"|(?:sig|arch|ing|dott|avv|geom|prof|on|spett)\w{0,4}(?:[./ ].{0,50})?|premess[oaei]\b.{0,12}"
    r"|vist[oaie]\b.*|pec\b.*|via\b.{0,60}|tel\b.*|sede legale.*|c\.? ?f\.?\b.*|oggetto:?"
    r"|gazzetta ufficiale.*|copyright.*|.*gazzetta ufficiale della repubblica.*)$"
)
_NAMES_A_FORM = re.compile(
    r"(?i)[-–:]\s*(?:verbale|relazione|rapporto|manuale|regolamento|piano|linee guida|progetto)\b"
)
_ASIDE = re.compile(
    r"(?i)^(?:versione|vers\.|ver\.|v\.|rev\b|revisione|data|uso|stato|pag(?:ina|\.)|nome doc"
    r"|art(?:icolo|\.)? ?\d|di \d|www\.|https?:|tel\b|e-?mail|codice fiscale|ai sensi|a cura di"
    r"|aggiornament[oi]\b|edizione\b|bozza\b|anno\b|\(|n\. ?\d|prot\b|informazioni$|indice\b"
    r"|contenuti\b|titolo\b|home$|sommario|executive summary|table of|note$|descrizione (?:del )?"
    r"progetto$|premessa|introduzione|generalit[àa]|scopo|decreta|determina|delibera$|chiede)"
)
_BODY = re.compile(
    r"(?i)^(?:il presente|la presente|in questa|in questo|di seguito|nel presente|il sottoscritto"
    r"|la sottoscritta|l['’]anno|il giorno|le domande|si definisce|con (?:la|il) presente)\b"
)
_SUBJECT_LINE = re.compile(r"(?i)^\s*oggetto\s*:\s*(.+)$")
_UNFINISHED = re.compile(
    r"(?i)(?:\b(?:di|del|dei|degli|della|delle|dell['’]|d['’]|a|al|ai|agli|alla|alle|all['’]|da|dal"
    r"|dalla|in|nel|nella|nei|nelle|su|sul|sulla|per|con|tra|fra|e|ed|o|il|lo|la|i|gli|le|un|una|l['’]"
    r"|che)|[-–,:/“\"«(])$"
)
_TABLE_ROW = re.compile(r" \| ")
_PLACEHOLDER = re.compile(r"\+\+\+|\$\w|\$\{|@[A-Z_]{3,}@|«\w|#foreach|_{4,}|\.{5,}|!{3}|\{\w+ ")
_ITEM = re.compile(r"^(?:\d{1,2}|[a-z])[.)]\s")  # of a list
_ODD = re.compile(r"[^\W\d_a-zA-ZÀ-ÿŒœ]{2,}|[|{}<>\\]")  # letters of a broken font, of OCR
# Says what a document is, not of what: it needs the line beside it.
_GENERIC = re.compile(
    r"(?i)^(?:manual[ei]|guida|relazione|documentazione|verbale|nota|note|specifiche|report"
    r"|regolamento|architettura|release notes|appunti|istruzioni|descrizione)"
    r"(?:\s+(?:(?:per\s+)?(?:l['’]|gli?\s)?(?:d['’]\s*uso|di\s+uso|utent[ei]|operator[ei]|tecnic[aoh]+e?"
    r"|operativ[aoe]|finale|generale|illustrativa|di rilascio|d['’]utilizzo|del progetto"
    r"|funzionale)))*(?:\s+[vV]?\d[\d.]*)?$"
)
_VERSION_SUFFIX = re.compile(r"(?i)[\s._-]*(?:v|ver|rev|versione)?[\s._-]*\d+(?:[._]\d+)*$")
_WORDS_OF_NAME = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-zà-ù])")


@dataclass(frozen=True)
class _Candidate:
    text: str
    origin: Origin
    score: float
    page: int | None = None


def title_from(file: str) -> str:
    """A title out of a file name: "004-linee_guida.docx" gives "Linee guida"."""
    stem = PurePosixPath(file).stem
    words = re.sub(r"[\s_-]+", " ", stem).strip()
    words = re.sub(r"^\d{1,4}[ .]+(?=\D)", "", words) or words
    return words[:1].upper() + words[1:]


def find_title(extract: Extract, name: str) -> Found[str] | None:
    """The likeliest title; None where neither file nor name offer one."""
    lines = first_lines(extract, _LINES)
    of_name = stems(" ".join(_WORDS_OF_NAME.findall(PurePosixPath(name).stem)))
    candidates = [
        *_stated(extract, lines),
        *_headlines(extract, lines),
        *_in_text(lines, extract),
        *_named(name),
    ]
    best = max(candidates, key=lambda one: _judge(one, of_name), default=None)
    if best is None:
        return None
    confidence = max(0.05, min(0.98, _judge(best, of_name)))
    text = _completed(best, lines) if _GENERIC.match(best.text) else _capitalised(best.text)
    return Found(text, best.origin, confidence, best.text, best.page)


def _completed(title: _Candidate, lines: Sequence[Line]) -> str:
    """ "Manuale d'uso" with the line that says of what; alone where none does."""
    generic = _capitalised(title.text)
    own = stems(title.text)
    near = next((line.place for line in lines if line.text in title.text), 0)
    for line in sorted(lines[:12], key=lambda line: (abs(line.place - near), line.place)):
        words = stems(line.text)
        if (
            not words
            or words <= own
            or len(line.text) > _LONGEST // 2
            or not sane_heading(line.text)
        ):
            continue
        if _ASIDE.match(line.text) or _LETTERHEAD.match(line.text) or _BODY.match(line.text):
            continue
        whole = _capitalised(line.text)
        return whole if own <= words else f"{whole} – {generic}"
    return generic


def _stated(extract: Extract, lines: Sequence[Line]) -> Iterator[_Candidate]:
    title = extract.stated_title
    if not title:
        return
    words = stems(title)
    seen = stems(" ".join(line.text for line in lines))
    if not extract.readable or not seen:
        score = _STATED_ALONE
    else:
        confirmed = len(words & seen) >= _SHARED * len(words)
        score = _STATED if confirmed else _STATED_OTHERWISE
    yield _Candidate(title, Origin.PROPERTIES, score)


def _headlines(extract: Extract, lines: Sequence[Line]) -> Iterator[_Candidate]:
    for place, headline in enumerate(extract.headlines):
        page = next((line.page for line in lines if line.text in headline), None)
        yield _Candidate(headline, Origin.TEXT, _HEADLINE - 0.06 * place, page)
        for joined in _continued(headline, lines):
            yield _Candidate(joined, Origin.TEXT, _HEADLINE - 0.06 * place + 0.05, page)


def _continued(headline: str, lines: Sequence[Line]) -> Iterator[str]:
    """The headline with the line that completes it, where it stops in the middle."""
    for here, after in pairwise(lines):
        if here.text in headline and headline.endswith(here.text) and _goes_on(here, after):
            yield f"{headline} {after.text}"


def _in_text(lines: Sequence[Line], extract: Extract) -> Iterator[_Candidate]:
    if not extract.readable or extract.unit in _NO_TITLE_IN_TEXT:
        return
    for place, line in enumerate(lines):
        score = _LINE - 0.012 * place
        if _is_prose(line, lines[place + 1 : place + 2]):
            score -= 0.35
        if subject := _SUBJECT_LINE.match(line.text):
            yield _Candidate(_cut(subject[1]), Origin.TEXT, _SUBJECT, line.page)
            for part in re.split(r"\s[–-]\s", subject[1])[1:]:
                yield _Candidate(_cut(part), Origin.TEXT, _SUBJECT - 0.08, line.page)
        yield _Candidate(line.text, Origin.TEXT, score, line.page)
        joined = line.text
        for before, after in zip(lines[place:], lines[place + 1 : place + _JOINED], strict=False):
            if not _goes_on(before, after):
                break
            joined = f"{joined} {after.text}"
            yield _Candidate(joined, Origin.TEXT, score + 0.03, line.page)


def _is_prose(line: Line, following: Sequence[Line]) -> bool:
    """Whether a long line runs on into the next: then it is a sentence of the text."""
    runs_on = any(after.text[:1].islower() for after in following)
    return len(line.text) > _SENTENCE and runs_on and not _FORMS.match(line.text)


def _goes_on(line: Line, after: Line) -> bool:
    if line.page != after.page or _ASIDE.match(after.text) or _LETTERHEAD.match(after.text):
        return False
    capitals = line.text.isupper() and after.text.isupper()
    return bool(_UNFINISHED.search(line.text)) or after.text[:1].islower() or capitals


def _named(name: str) -> Iterator[_Candidate]:
    stem = _VERSION_SUFFIX.sub("", PurePosixPath(name).stem)
    text = " ".join(_WORDS_OF_NAME.findall(stem)) if " " not in stem else title_from(stem)
    if len(text) < 3:
        text = title_from(name)
    if text:
        words = len(stems(text))
        score = _NAME if words >= 2 else _NAME - 0.25
        if _FORMS.match(text):
            score += 0.2 if words >= 3 else 0.14
        yield _Candidate(text, Origin.NAME, score)


def _judge(candidate: _Candidate, of_name: frozenset[str]) -> float:
    """From the trust in the place to the trust in the words."""
    text = candidate.text
    words = stems(text)
    score = candidate.score
    if candidate.origin is Origin.NAME:
        return score
    sane = sane_title(text) if candidate.origin is Origin.PROPERTIES else sane_heading(text)
    if not sane or _PLACEHOLDER.search(text) or not words:
        return -1.0
    if (_LETTERHEAD.match(text) and not _NAMES_A_FORM.search(text)) or _ASIDE.match(text):
        score -= 0.45
    if _BODY.match(text) or _TABLE_ROW.search(text):
        score -= 0.6
    if _FORMS.match(text) or _NAMES_A_FORM.search(text):
        score += 0.16
    if len(words) == 1:
        score -= 0.25
    if _ITEM.match(text) or _ODD.search(text):
        score -= 0.25
    if len(text) > _LONGEST or text.endswith(".") or text.startswith(("-", "•", "*", "·")):
        score -= 0.2
    if of_name:
        score += 0.35 * len(words & of_name) / len(of_name)
    return score


def _cut(text: str) -> str:
    """The first sentence of a subject, at most as long as a title."""
    sentence = re.split(r"(?<=[a-zà-ù]{3}[a-zà-ù”»)])\.\s", text)[0].strip(" .[]")
    return sentence if len(sentence) <= _LONGEST else sentence[:_LONGEST].rsplit(" ", 1)[0] + "…"


def _capitalised(text: str) -> str:
    """Capital letters throughout are shouting; acronyms keep theirs when they stand alone."""
    text = " ".join(text.split()).strip(" -–_|")
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < 12 or not all(letter.isupper() for letter in letters) or " " not in text:
        return text[:1].upper() + text[1:]
    return text[:1].upper() + text[1:].lower()
