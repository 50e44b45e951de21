"""The kind of a document, by the words that public bodies write on its first page."""

import re
from collections.abc import Mapping

from corpus.vocabulary import TABLES, FileFormat, Kind
from indexer.extract.base import Extract
from indexer.proposals.base import Found, Origin
from indexer.proposals.head import beginning, first_lines, words_of_name

# What people call a kind -> the kind. A word that says more than the kind is kept as ``form``.
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("ricerca", "analisi", "studio", "rapporto", "dossier"), Kind.RESEARCH),
    **dict.fromkeys(("soluzione pilota", "soluzione", "buona pratica"), Kind.SOLUTION),
    **dict.fromkeys(("formazione", "corso", "lezione", "webinar", "dispensa"), Kind.TRAINING),
    **dict.fromkeys(("guida", "manuale", "linee guida", "vademecum"), Kind.GUIDE),
    **dict.fromkeys(("articolo", "notizia", "intervista"), Kind.ARTICLE),
    "evento": Kind.EVENT,
    **dict.fromkeys(
        ("altro", "atto", "verbale", "modulistica", "modulo", "dati", "presentazione"), Kind.OTHER
    ),
}
# (form, words that show it, weight where they begin a line of the head)
_SIGNS: tuple[tuple[str, str, float], ...] = (
    ("linee guida", r"linee[ -]?guida|specifiche attuative|piano triennale", 1.0),
    ("vademecum", r"vademecum|prontuario", 1.0),
    (
        "manuale",
        r"manual[ei]|guida (?:all|al|per|di|rapida|utente|operativa|d['’])\w*|istruzioni"
        r"|documentazione (?:tecnica|rapida|utente|di)"
        r"|not[ae] (?:tecnica|di rilascio|di configurazione)"
        r"|release notes|note per la configurazione|specifiche (?:tecniche|funzionali|delle)"
        r"|sussidiario|dizionario|user guide",
        1.0,
    ),
    ("verbale", r"verbal[ei]|resoconto della seduta|report della riunione", 1.0),
    (
        "atto",
        r"decret[oa]\b|deliber\w+|determinazion[ei]|determina\b|ordinanza|delibera\b|informativa"
        r"|manifestazione di interesse|convenzione|accordo di programma|protocollo d['’]intesa"
        r"|avviso pubblico|bando|disciplinare|regolamento|statuto|richiesta (?:di )?integrazion[ei]"
        r"|oggetto\s*:|il dirigente$|vist[oaie]\b|premesso che|circolare|contratto|capitolato",
        0.8,
    ),
    (
        "modulistica",
        r"modul[oi]\b|modello (?:di|f\d|unico|per)|il(?:/la)? sottoscritt[oa]|istanza|scia\b|cila\b"
        r"|dichiarazione sostitutiva|richiesta (?:di )?(?:attivazione|utenza|abilitazione)"
        r"|segnalazione certificata|domanda di|procura\b|referto|codice fiscale|scheda di"
        r"|dichiarazioni? (?:del|dell)|dati anagrafici|autocertificazione|soggetti coinvolti",
        0.8,
    ),
    (
        "analisi",
        r"analisi|indagine|studio|ricerca\b|rapporto|survey|focus|dossier|valutazione|osservatorio"
        r"|abstract|report|monitoraggio|statistic\w+|questionario|tracciato dei dati|relazione",
        0.7,
    ),
    (
        "formazione",
        r"appunti|lezion[ei]|corso\b|dispens[ae]|esercizi\w*|esame|percorso formativo|webinar"
        r"|formazione|docente|slide del corso|materiale didattico|domande frequenti|faq\b|tutorial",
        0.9,
    ),
    (
        "soluzione",
        r"buon[ae] pratic[ah]\w*|best practice|soluzion[ei]\b|architettura|progetto\b|proposta di"
        r"|offerta di|caso (?:d['’]uso|studio)|modello (?!di|f\d|unico|per)\w+|prototipo"
        r"|sperimentazion[ei]|mappatura dei",
        0.7,
    ),
    ("presentazione", r"presentazione\b", 0.6),
)
_COMPILED = tuple(
    (form, re.compile(rf"(?i)(?<!\w)(?:{words})"), weight) for form, words, weight in _SIGNS
)
_LINES, _MOST_TEXT = 25, 30_000  # looked at, and characters
_SLIDES = {FileFormat.PPTX, FileFormat.ODP}
_LESSONS = {FileFormat.VTT, FileFormat.SRT}
_BLANKS = re.compile(r"_{5,}|\.{8,}|…{3,}|\$\{|«#|\+\+\+|☐|□|❑|\[ \]")
_LECTURE = re.compile(r"\b(?:teorema|dimostrazione|lemma|corollario|esercizio)\b", re.I)


def find_kind(extract: Extract, name: str, title: str) -> tuple[Found[Kind], Found[str]] | None:
    """The kind and the word for it ("verbale"); None where nothing speaks for one."""
    forced = _by_format(extract)
    if forced:
        return _both(forced, 0.75, extract.format.value)
    points: dict[str, float] = {}
    evidence: dict[str, str] = {}
    places = [(title, 3.0), (words_of_name(name), 2.0)]
    places += [(line.text, 1.2 if line.place < 8 else 0.5) for line in first_lines(extract, _LINES)]
    for text, trust in places:
        for form, sign, weight in _COMPILED:
            if match := sign.search(text):
                starts = match.start() <= 12
                points[form] = points.get(form, 0.0) + trust * weight * (1.0 if starts else 0.45)
                evidence.setdefault(form, match[0])
    text = beginning(extract, _MOST_TEXT)
    blanks = len(_BLANKS.findall(text))
    if blanks >= 6:
        points["modulistica"] = points.get("modulistica", 0.0) + min(2.5, blanks / 12)
    if len(_LECTURE.findall(text)) >= 6:
        points["formazione"] = points.get("formazione", 0.0) + 2.5
    if not points:
        return None
    form, most = max(points.items(), key=lambda item: item[1])
    if most < 0.6:
        return None
    confidence = min(0.9, 0.35 + 0.5 * most / sum(points.values()) + 0.03 * most)
    return _both(form, confidence, evidence.get(form, ""))


def _by_format(extract: Extract) -> str | None:
    if extract.format in _LESSONS:
        return "lezione"
    if extract.format in _SLIDES:
        return "presentazione"
    if extract.format in TABLES:
        return "dati"
    return None


def _both(form: str, confidence: float, evidence: str) -> tuple[Found[Kind], Found[str]]:
    kind = Found(KINDS[form], Origin.TEXT, confidence, evidence)
    return kind, Found(form, Origin.TEXT, confidence, evidence)
