"""The sentences that tell a person why a file was refused and how to mend it."""

from collections.abc import Sequence

from indexer.extract.base import FailureKind, Unreadable

SENTENCES = {
    FailureKind.EMPTY: "Il file è vuoto: controlla l'originale e caricalo di nuovo.",
    FailureKind.CORRUPT: (
        "Il file è danneggiato o incompleto: aprilo con il programma che lo ha creato, "
        "salvalo di nuovo e ripeti il caricamento."
    ),
    FailureKind.ENCRYPTED: (
        "Il file è protetto da password: salvalo senza protezione e caricalo di nuovo."
    ),
    FailureKind.TYPE_REFUSED: (
        "Questo tipo di file non è tra quelli ammessi: salva il documento in PDF, Word (.docx), "
        "OpenDocument, Excel (.xlsx), PowerPoint (.pptx), HTML o testo e caricalo di nuovo."
    ),
    FailureKind.TYPE_MISMATCH: (
        "Il contenuto del file non corrisponde alla sua estensione: "
        "salvalo di nuovo nel formato giusto e ripeti il caricamento."
    ),
    FailureKind.MACRO: (
        "Il file contiene macro, che il portale non accetta: salvalo senza macro "
        "(per esempio .docx, .xlsx, .pptx o PDF) e caricalo di nuovo."
    ),
    FailureKind.XML_FORBIDDEN: (
        "Il file contiene dichiarazioni XML (DTD o entità) che il portale non accetta per "
        "sicurezza: salvalo di nuovo con un programma d'ufficio e ripeti il caricamento."
    ),
    FailureKind.DANGEROUS_ARCHIVE: (
        "La struttura interna del file è pericolosa (percorsi esterni, collegamenti o parti "
        "sovrapposte): salvalo di nuovo con un programma d'ufficio e ripeti il caricamento."
    ),
    FailureKind.TOO_MANY_BYTES: (
        "Il file è troppo grande: riduci le immagini o dividilo in più parti."
    ),
    FailureKind.TOO_MANY_PAGES: "Il documento ha troppe pagine: dividilo in più parti.",
    FailureKind.TOO_MUCH_EXPANSION: (
        "Il contenuto compresso del file, una volta aperto, è sproporzionato: "
        "salvalo di nuovo con il programma che lo ha creato o dividilo in più parti."
    ),
    FailureKind.TOO_MUCH_MEMORY: (
        "Per leggere il file serve troppa memoria: semplificalo o dividilo in più parti."
    ),
    FailureKind.TOO_MUCH_TIME: (
        "La lettura del file richiede troppo tempo: semplificalo o dividilo in più parti."
    ),
    FailureKind.INVALID_NAME: (
        "Il nome del file non è valido: usa lettere, cifre, trattini e l'estensione giusta."
    ),
}


def shortened(numbers: Sequence[int]) -> str:
    """Page numbers for a sentence: the first twenty."""
    return ", ".join(map(str, numbers[:20])) + (" e altre" if len(numbers) > 20 else "")


def unreadable(kind: FailureKind, message: str = "") -> Unreadable:
    """The failure to raise; without ``message`` it carries the usual sentence of its kind."""
    return Unreadable(kind, message or SENTENCES[kind])
