"""What the API answers: the shapes, and how they are filled from the catalogue and the engine.

Plain dataclasses; ``portal.api.describing`` makes the OpenAPI schemas from them. A field that a
record does not have is left out of the answer, never null.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from enum import Enum
from typing import Any

from corpus.vocabulary import Evidence, FileFormat, Kind, Scope, SourceKind
from indexer.engine import Facet

# The docstring below a field is its description (pydantic reads it).
_DESCRIBED = {"use_attribute_docstrings": True}


@dataclass(frozen=True)
class Fonte:
    """Da dove viene un'affermazione."""

    __pydantic_config__ = _DESCRIBED

    indirizzo: str
    """Indirizzo della fonte."""
    chi: SourceKind
    """Chi pubblica la fonte."""
    etichetta: str = ""
    """Nome della fonte."""


@dataclass(frozen=True)
class File:
    """Una versione del file di un documento."""

    __pydantic_config__ = _DESCRIBED

    versione: int
    """Numero della versione, da 1."""
    formato: FileFormat
    """Formato, deciso dal contenuto."""
    media_type: str
    """Tipo di contenuto (media type)."""
    byte: int
    """Dimensione in byte."""
    sha256: str
    """Impronta SHA-256 del file."""
    indirizzo: str
    """Dove si scarica questa versione."""
    pubblicato: datetime
    """Quando è stata pubblicata."""


@dataclass(frozen=True)
class Documento:
    """Ciò che hanno solo i documenti."""

    __pydantic_config__ = _DESCRIBED

    versioni: tuple[File, ...]
    """Le versioni del file, dalla più vecchia; nessuna se il file non è qui."""
    forma: str | None = None
    """Rapporto, dossier, libro…"""
    editore: str | None = None
    """Chi lo ha pubblicato."""
    licenza: str | None = None
    """Licenza, codice SPDX; manca se non è nota."""
    indirizzo_esterno: str | None = None
    """Pagina del documento presso chi lo pubblica."""


@dataclass(frozen=True)
class Soluzione:
    """Ciò che hanno solo le soluzioni pilota; un testo vuoto non è noto dalle fonti."""

    __pydantic_config__ = _DESCRIBED

    attestazione: Evidence
    """Quanto è attestata dalle fonti."""
    problema: str
    """Il problema di partenza."""
    azioni: str
    """Che cosa si è fatto."""
    esito: str
    """Che cosa ne è venuto."""
    riuso: str
    """Che cosa si può riprendere altrove."""
    ufficio: str
    """A chi rivolgersi."""
    attori: tuple[str, ...]
    """Chi ha partecipato."""
    fatti: tuple[str, ...]
    """Fatti attestati."""
    documenti: tuple[str, ...]
    """Identificativi dei documenti collegati."""


@dataclass(frozen=True)
class Corso:
    """Ciò che hanno solo i percorsi formativi."""

    __pydantic_config__ = _DESCRIBED

    forma: str
    """Webinar, laboratorio, corso a distanza…"""
    inizio: date | None = None
    """Primo giorno."""
    fine: date | None = None
    """Ultimo giorno."""
    ore: int | None = None
    """Durata in ore."""


@dataclass(frozen=True)
class Evento:
    """Ciò che hanno solo gli eventi."""

    __pydantic_config__ = _DESCRIBED

    inizio: date | None = None
    """Primo giorno; manca se le fonti non lo danno con certezza."""
    fine: date | None = None
    """Ultimo giorno."""
    luogo: str | None = None
    """Dove."""


@dataclass(frozen=True)
class Scheda:
    """Una scheda pubblicata; di «documento», «soluzione», «corso», «evento» ce n'è una sola."""

    __pydantic_config__ = _DESCRIBED

    id: str
    """Identificativo che non cambia."""
    tipo: Kind
    """Tipo, come nel filtro della ricerca."""
    titolo: str
    """Titolo."""
    titolo_redazionale: bool
    """Vero se il titolo è della redazione e non della fonte."""
    sintesi: str
    """Sintesi della scheda."""
    autori: tuple[str, ...]
    """Autori."""
    citta: tuple[str, ...]
    """Città, come nel filtro della ricerca."""
    area: tuple[str, ...]
    """Aree d'intervento, come nel filtro della ricerca."""
    temi: tuple[str, ...]
    """Temi."""
    lingua: str
    """Lingua, codice ISO 639-1."""
    ambito: Scope
    """Se è del programma o ne è il contesto."""
    fonti: tuple[Fonte, ...]
    """Da dove vengono le informazioni."""
    indirizzo: str
    """La pagina della scheda."""
    modificata: datetime
    """Ultima modifica."""
    pubblicata: datetime
    """Prima pubblicazione su questo portale."""
    anno: int | None = None
    """Anno; manca se non è noto."""
    data: date | None = None
    """Giorno; manca se non è noto."""
    nota_sulla_data: str | None = None
    """Che cosa si sa della data."""
    nota: str | None = None
    """Avvertenza della redazione."""
    documento: Documento | None = None
    """Solo per i documenti."""
    soluzione: Soluzione | None = None
    """Solo per le soluzioni pilota."""
    corso: Corso | None = None
    """Solo per i percorsi formativi."""
    evento: Evento | None = None
    """Solo per gli eventi."""


@dataclass(frozen=True)
class Pezzo:
    """Un tratto di testo di un passo."""

    __pydantic_config__ = _DESCRIBED

    testo: str
    """Il testo."""
    trovato: bool
    """Vero se risponde alle parole cercate."""


@dataclass(frozen=True)
class Passo:
    """Un passo del testo attorno alle parole trovate."""

    __pydantic_config__ = _DESCRIBED

    pezzi: tuple[Pezzo, ...]
    """Il passo, pezzo per pezzo."""
    pagina: int | None = None
    """Pagina, diapositiva, foglio o tratto di tempo, da 1; manca per titolo e sintesi."""
    etichetta: str = ""
    """Come la pagina si chiama nel documento."""


@dataclass(frozen=True)
class Risultato:
    """Una scheda trovata."""

    __pydantic_config__ = _DESCRIBED

    scheda: Scheda
    """La scheda."""
    passi: tuple[Passo, ...]
    """Fino a tre passi del testo."""
    in_evidenza: bool
    """Vero se la redazione l'ha messa in cima per questa domanda."""
    parole_mancanti: tuple[str, ...]
    """Di una ricerca allargata: le parole della domanda che questa scheda non contiene."""


@dataclass(frozen=True)
class Espansione:
    """Una parola della domanda e ciò che vi è stato aggiunto."""

    __pydantic_config__ = _DESCRIBED

    parola: str
    """La parola."""
    aggiunte: tuple[str, ...]
    """Sinonimi e sigle cercati insieme."""


@dataclass(frozen=True)
class AltraDomanda:
    """Un'altra domanda e quanti risultati ha."""

    __pydantic_config__ = _DESCRIBED

    testo: str
    """La domanda."""
    totale: int
    """Quanti risultati."""


@dataclass(frozen=True)
class Avvisi:
    """Che cosa è stato fatto oltre a cercare le parole alla lettera."""

    __pydantic_config__ = _DESCRIBED

    espansioni: tuple[Espansione, ...]
    """Sinonimi aggiunti; «sinonimi=no» li toglie."""
    allargata: bool
    """Vero se alcuni risultati non hanno tutte le parole; «parziali=no» li toglie."""
    con_tutte_le_parole: int
    """Di una ricerca allargata: quanti risultati hanno tutte le parole."""
    parole_ignote: tuple[str, ...]
    """Parole che nessuna scheda ha."""
    troncata: bool
    """Vero se la domanda era più lunga di quanto si legge."""
    incompleta: bool
    """Vero se l'indice è in riparazione e qualche risultato può mancare."""
    corretta_da: str | None = None
    """La domanda com'era scritta, se si è risposto a «forse_cercavi»."""
    forse_cercavi: AltraDomanda | None = None
    """La grafia proposta."""


@dataclass(frozen=True)
class Ricerca:
    """Una pagina di risultati; oltre l'ultima non ce ne sono e il totale resta."""

    __pydantic_config__ = _DESCRIBED

    indirizzo: str
    """La stessa ricerca per le persone."""
    totale: int
    """Quanti risultati in tutto."""
    pagina: int
    """Numero di questa pagina, da 1."""
    per_pagina: int
    """Risultati per pagina."""
    pagine: int
    """Numero dell'ultima pagina."""
    avvisi: Avvisi
    """Che cosa è stato fatto oltre alla lettera della domanda."""
    risultati: tuple[Risultato, ...]
    """I risultati di questa pagina."""


@dataclass(frozen=True)
class Valore:
    """Un valore di un filtro."""

    __pydantic_config__ = _DESCRIBED

    valore: str
    """Come si scrive nell'indirizzo."""
    etichetta: str
    """Come si legge."""
    totale: int
    """Quanti risultati se si sceglie anche questo."""
    scelto: bool
    """Vero se è già scelto."""


@dataclass(frozen=True)
class Filtro:
    """Un filtro con i suoi valori."""

    __pydantic_config__ = _DESCRIBED

    filtro: Facet
    """Nome del parametro."""
    etichetta: str
    """Come si legge."""
    valori: tuple[Valore, ...]
    """I valori con almeno un risultato, e quelli scelti."""


@dataclass(frozen=True)
class Filtri:
    """I filtri di una ricerca, con i numeri di ogni valore."""

    __pydantic_config__ = _DESCRIBED

    totale: int
    """Quanti risultati ha la ricerca."""
    filtri: tuple[Filtro, ...]
    """I filtri."""


@dataclass(frozen=True)
class Dato:
    """Una cifra della carta d'identità di una città."""

    __pydantic_config__ = _DESCRIBED

    chiave: str
    """Che cosa dice."""
    valore: str
    """Il valore."""
    data: str
    """A quando si riferisce."""
    fonte: str
    """Da dove viene."""
    da_verificare: bool
    """Vero se la redazione non ne è certa."""


@dataclass(frozen=True)
class Citta:
    """Una città metropolitana."""

    __pydantic_config__ = _DESCRIBED

    slug: str
    """Come si scrive nel filtro della ricerca."""
    denominazione: str
    """Nome della Città metropolitana."""
    capoluogo: str
    """Comune capoluogo."""
    regione: str
    """Regione."""
    nel_programma: bool
    """Vero se è una delle città del programma."""
    dati: tuple[Dato, ...]
    """Cifre con data e fonte."""
    indirizzo: str
    """La pagina della città."""
    codice_istat: str | None = None
    """Codice ISTAT della Città metropolitana."""
    sigla: str | None = None
    """Sigla automobilistica."""
    latitudine: float | None = None
    """Gradi nord del capoluogo."""
    longitudine: float | None = None
    """Gradi est del capoluogo."""
    sito: str | None = None
    """Sito istituzionale."""
    dal: date | None = None
    """Da quando esiste con questo perimetro."""
    al: date | None = None
    """Fino a quando."""
    nota: str | None = None
    """Avvertenza della redazione."""


@dataclass(frozen=True)
class ElencoCitta:
    """Tutte le città, nell'ordine del programma."""

    __pydantic_config__ = _DESCRIBED

    totale: int
    """Quante sono."""
    citta: tuple[Citta, ...]
    """Le città."""


@dataclass(frozen=True)
class Area:
    """Un'area d'intervento."""

    __pydantic_config__ = _DESCRIBED

    slug: str
    """Come si scrive nel filtro della ricerca."""
    etichetta: str
    """Nome dell'area."""
    etichetta_breve: str
    """Nome breve."""
    etichetta_inglese: str
    """Nome in inglese."""
    descrizione: str
    """Che cosa comprende."""
    fonti: tuple[Fonte, ...]
    """Da dove vengono le informazioni."""
    indirizzo: str
    """La pagina dell'area."""
    nota: str | None = None
    """Avvertenza della redazione."""


@dataclass(frozen=True)
class ElencoAree:
    """Le aree d'intervento, nell'ordine del programma."""

    __pydantic_config__ = _DESCRIBED

    totale: int
    """Quante sono."""
    aree: tuple[Area, ...]
    """Le aree."""


@dataclass(frozen=True)
class Problem:
    """Un errore, o lo stato del servizio, nella forma di RFC 9457."""

    __pydantic_config__ = _DESCRIBED

    type: str
    """Il genere di problema; «about:blank» se lo dice già «status»."""
    title: str
    """Che cosa è successo, in breve."""
    status: int
    """Il codice HTTP."""
    detail: str
    """Che cosa è successo e come rimediare."""
    parametri: tuple[str, ...] = field(default=())
    """I parametri da correggere, se è colpa loro."""


def plain(value: Any) -> Any:
    """The answer as JSON values, without the fields that are not known."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        shown = ((each.name, getattr(value, each.name)) for each in fields(value))
        return {name: plain(content) for name, content in shown if content is not None}
    return value
