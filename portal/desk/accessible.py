"""The accessibility report of a file in words: what is there, what lacks, how to repair it."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.accessibility import Check, checks
from indexer.derived import FileFacts
from portal.i18n import lazy_gettext as _l

PASSED: Mapping[Check, str] = {
    Check.TEXT: _l("Il testo si può leggere, cercare e copiare."),
    Check.TAGGED: _l("Il PDF ha una struttura: titoli, elenchi e tabelle si riconoscono."),
    Check.HEADINGS: _l("I titoli sono fatti con gli stili."),
    Check.SLIDE_TITLES: _l("Ogni diapositiva ha il suo titolo."),
    Check.LANGUAGE: _l("La lingua è dichiarata."),
    Check.TITLE: _l("Il titolo è scritto nelle proprietà."),
    Check.BOOKMARKS: _l("Ci sono i segnalibri per muoversi nel documento."),
    Check.ALTERNATIVES: _l("Le immagini hanno un testo alternativo."),
}
LACKING: Mapping[Check, str] = {
    Check.TEXT: _l("Il testo non si può leggere: è una scansione o un'immagine."),
    Check.TAGGED: _l("Il PDF non ha struttura: un lettore di schermo legge tutto di seguito."),
    Check.HEADINGS: _l("Mancano i titoli fatti con gli stili: non ci si può orientare."),
    Check.SLIDE_TITLES: _l("Qualche diapositiva non ha titolo."),
    Check.LANGUAGE: _l("La lingua non è dichiarata: la voce che legge può sbagliare pronuncia."),
    Check.TITLE: _l("Manca il titolo nelle proprietà: al suo posto si sente il nome del file."),
    Check.BOOKMARKS: _l("Il documento è lungo e non ha segnalibri."),
    Check.ALTERNATIVES: _l("Qualche immagine non ha un testo alternativo."),
}
_EXPORT = (
    _l(
        "In Word: File, Esporta, Crea documento PDF/XPS; in Opzioni scegli «Tag per "
        "l'accessibilità della struttura documento» e «Crea segnalibri utilizzando Intestazioni»."
    ),
    _l(
        "In LibreOffice: File, Esporta nel formato PDF; nella scheda Generale scegli «PDF con tag» "
        "ed «Esporta struttura»."
    ),
)
ADVICE: Mapping[Check, tuple[str, ...]] = {
    Check.TEXT: (
        _l("Se esiste il documento di partenza (Word, LibreOffice), carica quello o il suo PDF."),
        _l(
            "Se c'è soltanto la carta, ripeti la scansione con il riconoscimento del testo (OCR) "
            "in italiano, poi controlla le parole riconosciute."
        ),
    ),
    Check.TAGGED: (
        _l("Riapri il documento di partenza: una stampa su «PDF» perde sempre la struttura."),
        *_EXPORT,
    ),
    Check.HEADINGS: (
        _l("In Word: seleziona ogni titolo e, in Home, Stili, scegli Titolo 1, Titolo 2 …"),
        _l("In LibreOffice: menu Stili, Titolo 1, Titolo 2 …; il grassetto da solo non basta."),
    ),
    Check.SLIDE_TITLES: (
        _l("In PowerPoint: Home, Layout, scegline uno con titolo e scrivilo in ogni diapositiva."),
        _l("In LibreOffice Impress: Formato, Layout diapositiva, scegline uno con il titolo."),
    ),
    Check.LANGUAGE: (
        _l("In Word: Revisione, Lingua, Imposta lingua di correzione, su tutto il testo."),
        _l("In LibreOffice: Strumenti, Opzioni, Lingue e località, Lingue predefinite."),
        _l("Poi esporta di nuovo il PDF, se è un PDF che si pubblica."),
    ),
    Check.TITLE: (
        _l("In Word: File, Informazioni, Titolo, a destra tra le proprietà."),
        _l("In LibreOffice: File, Proprietà, scheda Descrizione, Titolo."),
        _l("Poi esporta di nuovo il PDF, se è un PDF che si pubblica."),
    ),
    Check.BOOKMARKS: (_l("I segnalibri nascono dai titoli fatti con gli stili."), *_EXPORT),
    Check.ALTERNATIVES: (
        _l("In Word e PowerPoint: clic destro sull'immagine, Visualizza testo alternativo."),
        _l(
            "In LibreOffice: clic destro sull'immagine, Proprietà o Descrizione, Testo alternativo."
        ),
        _l(
            "Di' in una frase che cosa mostra; per un grafico, il dato che conta. Un'immagine che "
            "abbellisce soltanto si segna come decorativa."
        ),
    ),
}


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    passed: bool
    words: str
    advice: tuple[str, ...] = ()


def findings(facts: FileFacts) -> tuple[Finding, ...]:
    """What lacks first, each with how to repair it; then what is there."""
    found = [
        Finding(True, PASSED[each.check])
        if each.passed
        else Finding(False, LACKING[each.check], ADVICE[each.check])
        for each in checks(facts)
    ]
    return tuple(sorted(found, key=lambda finding: finding.passed))
