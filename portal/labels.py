"""Italian names of the closed lists, for facets, cards and metadata."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.records import AreaView, CityView
from corpus.vocabulary import AreaSlug, Evidence, FileFormat, Kind, Role, Scope, SourceKind, State
from indexer.accessibility import Level
from indexer.engine import Facet, Sort
from indexer.extract.base import Accessibility
from portal.i18n import DEFAULT_LOCALE, current_locale
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l

FACETS: Mapping[Facet, str] = {
    Facet.CITY: _l("Città"),
    Facet.AREA: _l("Area"),
    Facet.KIND: _l("Tipo"),
    Facet.YEAR: _l("Anno"),
    Facet.FORMAT: _l("Formato"),
    Facet.LANGUAGE: _l("Lingua"),
    Facet.ACCESSIBILITY: _l("Accessibilità del file"),
}
KINDS: Mapping[str, str] = {
    Kind.RESEARCH: _l("Ricerche e analisi"),
    Kind.SOLUTION: _l("Soluzioni pilota"),
    Kind.TRAINING: _l("Formazione"),
    Kind.GUIDE: _l("Guide"),
    Kind.ARTICLE: _l("Articoli"),
    Kind.EVENT: _l("Eventi"),
    Kind.OTHER: _l("Altro"),
}
KIND: Mapping[str, str] = {
    Kind.RESEARCH: _l("Analisi"),  # not «Ricerca», which is the page's word for searching
    Kind.SOLUTION: _l("Soluzione pilota"),
    Kind.TRAINING: _l("Formazione"),
    Kind.GUIDE: _l("Guida"),
    Kind.ARTICLE: _l("Articolo"),
    Kind.EVENT: _l("Evento"),
    Kind.OTHER: _l("Altro"),
}
FORMATS: Mapping[str, str] = {
    FileFormat.PDF: "PDF",
    FileFormat.DOCX: "Word (DOCX)",
    FileFormat.ODT: "OpenDocument (ODT)",
    FileFormat.PPTX: "PowerPoint (PPTX)",
    FileFormat.ODP: _l("Presentazione OpenDocument (ODP)"),
    FileFormat.XLSX: "Excel (XLSX)",
    FileFormat.ODS: _l("Foglio OpenDocument (ODS)"),
    FileFormat.HTML: _l("Pagina web (HTML)"),
    FileFormat.MARKDOWN: "Markdown",
    FileFormat.TEXT: _l("Testo semplice"),
    FileFormat.VTT: _l("Trascrizione (VTT)"),
    FileFormat.SRT: _l("Sottotitoli (SRT)"),
}
SORTS: Mapping[Sort, str] = {
    Sort.RELEVANCE: _l("Pertinenza"),
    Sort.NEWEST: _l("Dal più recente"),
    Sort.OLDEST: _l("Dal meno recente"),
    Sort.TITLE: _l("Titolo"),
}
STATES: Mapping[State, str] = {
    State.DRAFT: _l("Bozza"),
    State.IN_REVIEW: _l("Da rivedere"),
    State.SCHEDULED: _l("Programmata"),
    State.PUBLISHED: _l("Pubblicata"),
    State.WITHDRAWN: _l("Ritirata"),
    State.TRASHED: _l("Nel cestino"),
}
TYPES: Mapping[str, str] = {
    "document": _l("Documento"),
    "pilot_solution": _l("Soluzione pilota"),
    "course": _l("Percorso formativo"),
    "event": _l("Evento"),
}
# What the log tells of records, in words.
ACTIONS: Mapping[str, str] = {
    "add": _l("ha creato la scheda"),
    "add_version": _l("ha aggiunto una versione del file"),
    "become_version": _l("ha fatto di un file la versione di un altro documento"),
    "note_version": _l("ha scritto la nota di una versione"),
    "discard_version": _l("ha scartato una versione mai pubblicata"),
    "revise": _l("ha modificato la scheda"),
    "bulk_edit": _l("ha modificato la scheda insieme ad altre"),
    "bulk_undo": _l("ha annullato una modifica fatta insieme"),
    "submit": _l("ha chiesto la revisione"),
    "return_to_draft": _l("ha riportato la scheda in bozza"),
    "comment": _l("ha commentato"),
    "publish": _l("ha pubblicato"),
    "schedule": _l("ha programmato la pubblicazione"),
    "unschedule": _l("ha annullato la pubblicazione programmata"),
    "withdraw": _l("ha ritirato la scheda"),
    "trash": _l("ha messo la scheda nel cestino"),
    "restore": _l("ha ripristinato la scheda dal cestino"),
    "purge": _l("ha eliminato la scheda dal cestino per sempre"),
    "give": _l("ha affidato la scheda"),
    "create_preview": _l("ha creato un collegamento di anteprima"),
    "revoke_preview": _l("ha revocato un collegamento di anteprima"),
    "add_account": _l("ha creato un accesso"),
    "change_account": _l("ha modificato un accesso"),
    "set_password": _l("ha scelto una password"),
    "create_link": _l("ha creato un collegamento di accesso"),
    "use_link": _l("ha usato un collegamento di accesso"),
    "sign_in": _l("è entrato nella redazione"),
    "wrong_password": _l("ha rifiutato una password sbagliata"),
    "wrong_code": _l("ha rifiutato un codice sbagliato"),
    "set_totp": _l("ha attivato il codice del telefono"),
    "remove_totp": _l("ha tolto il codice del telefono"),
    "add_passkey": _l("ha aggiunto una passkey"),
    "rename_passkey": _l("ha cambiato nome a una passkey"),
    "remove_passkey": _l("ha tolto una passkey"),
    "new_recovery_codes": _l("ha fatto codici di riserva nuovi"),
    "use_recovery_code": _l("ha usato un codice di riserva"),
    "remove_second_factors": _l("ha tolto il secondo passo a un accesso"),
    "put_best_bet": _l("ha messo schede in evidenza"),
    "remove_best_bet": _l("ha tolto schede dall'evidenza"),
    "put_synonym": _l("ha scritto un sinonimo"),
    "remove_synonym": _l("ha tolto un sinonimo"),
    "forget_log": _l("ha tolto dal registro le righe di oltre dodici mesi fa"),
    "put_city": _l("ha scritto una città"),
    "put_area": _l("ha scritto un'area"),
    "put_gap": _l("ha annotato una casella vuota"),
}
# What a line of the log holds besides, in words; what is not here shows as it is.
DETAILS: Mapping[str, str] = {
    "account": _l("accesso"),
    "alone": _l("senza una seconda persona"),
    "area": _l("area"),
    "cities": _l("città"),
    "city": _l("città"),
    "comment": _l("commento"),
    "edit": _l("modifica insieme"),
    "email": _l("posta elettronica"),
    "expires_at": _l("scade"),
    "hint": _l("nota"),
    "name": _l("nome"),
    "note": _l("nota"),
    "number": _l("versione"),
    "owner": _l("a"),
    "publish_at": _l("per il"),
    "purpose": _l("per"),
    "reason": _l("motivo"),
    "restored": _l("tornando a prima della riga"),
    "role": _l("ruolo"),
    "scheduled": _l("all'ora programmata"),
    "state": _l("stato"),
    "successor": _l("sostituita da"),
    "times": _l("volte"),
    "title": _l("titolo"),
    "unknown": _l("per indirizzi che non hanno un accesso"),
    "versions": _l("versioni"),
}
# The steps of a record's life that a comment can come with.
STEPS: Mapping[str, str] = {
    "submit": _l("ha chiesto la revisione"),
    "return_to_draft": _l("ha rimandato la scheda"),
    "publish": _l("ha pubblicato"),
}
SCOPES: Mapping[Scope, str] = {
    Scope.PROGRAMME: _l("del programma"),
    Scope.CONTEXT: _l("di contesto: aiuta a capire il programma"),
}
EVIDENCE: Mapping[Evidence, str] = {
    Evidence.PORTAL: _l("ha una pagina propria sul sito del programma"),
    Evidence.OFFICIAL: _l("attribuita al programma da fonti ufficiali o dalla stampa"),
    Evidence.THIN: _l("soltanto annunciata o citata: scheda da completare"),
}
SOURCE_KINDS: Mapping[SourceKind, str] = {
    SourceKind.PRIMARY: _l("sito dell'ente o del programma"),
    SourceKind.COPY: _l("copia su un sito di terzi"),
    SourceKind.PRESS: _l("stampa"),
    SourceKind.OWN: _l("redazione del portale"),
}
# The fields of a record, as forms and differences call them.
FIELDS: Mapping[str, str] = {
    "title": _l("Titolo"),
    "title_is_ours": _l("Titolo dato dalla redazione"),
    "summary": _l("Riassunto"),
    "kind": _l("Tipo"),
    "scope": _l("Rapporto con il programma"),
    "cities": _l("Città"),
    "areas": _l("Aree d'intervento"),
    "topics": _l("Argomenti"),
    "authors": _l("Autori"),
    "year": _l("Anno"),
    "issued": _l("Data"),
    "date_note": _l("Nota sulla data"),
    "language": _l("Lingua"),
    "note": _l("Avvertenza per chi legge"),
    "sources": _l("Fonti"),
    "form": _l("Forma"),
    "publisher": _l("Pubblicato da"),
    "licence": _l("Licenza"),
    "external_url": _l("Indirizzo sul sito di chi lo ha pubblicato"),
    "evidence": _l("Prova"),
    "problem": _l("Il problema"),
    "actions": _l("Che cosa è stato fatto"),
    "outcome": _l("L'esito"),
    "reusable": _l("Che cosa si può riusare"),
    "contact_office": _l("Ufficio di riferimento"),
    "partners": _l("Chi ha partecipato"),
    "facts": _l("Fatti e numeri"),
    "documents": _l("Documenti"),
    "start": _l("Primo giorno"),
    "end": _l("Ultimo giorno"),
    "hours": _l("Ore"),
    "place": _l("Luogo"),
}
# Short names of the areas: the catalogue has the Italian ones, these are for other languages.
AREAS: Mapping[str, str] = {
    AreaSlug.SIMPLIFICATION: _l("Semplificazione"),
    AreaSlug.PLANNING: _l("Pianificazione"),
    AreaSlug.JOINT_SERVICES: _l("Gestione associata"),
}
ROLES: Mapping[Role, str] = {
    Role.EDITOR: _l("redattore"),
    Role.REVIEWER: _l("revisore"),
    Role.ADMINISTRATOR: _l("amministratore"),
}
LANGUAGES: Mapping[str, str] = {
    "it": _l("italiano"),
    "en": _l("inglese"),
    "fr": _l("francese"),
    "de": _l("tedesco"),
    "es": _l("spagnolo"),
}
# What can be said of a file by its facts alone: see ``indexer.accessibility``.
LEVELS: Mapping[str, str] = {
    Level.GOOD: _l("Nessun problema rilevato"),
    Level.PARTIAL: _l("Da migliorare"),
    Level.POOR: _l("Non accessibile"),
}


GAPS: Mapping[str, str] = {
    "summary": _l("la sintesi"),
    "date": _l("l'anno o la data"),
    "licence": _l("la licenza"),
    "place": _l("la città o l'area"),
    "sources": _l("le fonti"),
    "content": _l("il file o il collegamento"),
    "problem": _l("il problema"),
    "actions": _l("che cosa è stato fatto"),
    "outcome": _l("l'esito"),
    "reusable": _l("che cosa si può riprendere"),
    "contact_office": _l("l'ufficio da contattare"),
}


@dataclass(frozen=True)
class Licence:
    """A licence as a reader knows it."""

    name: str
    url: str


LICENCES: Mapping[str, Licence] = {
    "CC-BY-4.0": Licence(
        _l("Creative Commons Attribuzione 4.0"),
        "https://creativecommons.org/licenses/by/4.0/deed.it",
    ),
    "CC-BY-SA-4.0": Licence(
        _l("Creative Commons Attribuzione - Condividi allo stesso modo 4.0"),
        "https://creativecommons.org/licenses/by-sa/4.0/deed.it",
    ),
    "CC-BY-NC-ND-4.0": Licence(
        _l("Creative Commons Attribuzione - Non commerciale - Non opere derivate 4.0"),
        "https://creativecommons.org/licenses/by-nc-nd/4.0/deed.it",
    ),
    "CC0-1.0": Licence(
        _l("Creative Commons Zero 1.0"),
        "https://creativecommons.org/publicdomain/zero/1.0/deed.it",
    ),
    "IODL-2.0": Licence(
        "Italian Open Data License 2.0",
        "https://www.dati.gov.it/content/italian-open-data-license-v20",
    ),
}
# How the reading view and the passages call the parts of a file (``Extract.unit``).
PLACES: Mapping[str, str] = {
    "pagina": _l("pag. %(place)s"),
    "diapositiva": _l("diapositiva %(place)s"),
    "foglio": _l("foglio %(place)s"),
    "tempo": _l("al minuto %(place)s"),
    "sezione": _l("sezione %(place)s"),
}
EXTENTS: Mapping[str, str] = {
    "pagina": _l("Pagine"),
    "diapositiva": _l("Diapositive"),
    "foglio": _l("Fogli"),
    "tempo": _l("Tratti di tempo"),
    "sezione": _l("Sezioni"),
}
# The unit that the reader of each format counts (``Extract.unit``); the others count sections.
UNITS: Mapping[FileFormat, str] = {
    FileFormat.PDF: "pagina",
    FileFormat.PPTX: "diapositiva",
    FileFormat.ODP: "diapositiva",
    FileFormat.XLSX: "foglio",
    FileFormat.ODS: "foglio",
    FileFormat.VTT: "tempo",
    FileFormat.SRT: "tempo",
}


def place(unit: str, number: int, label: str = "") -> str:
    """ "pag. 12", "diapositiva 3", "al minuto 00:04:30"."""
    return str(PLACES.get(unit, PLACES["pagina"])) % {"place": label or number}


def accessibility(facts: Accessibility) -> tuple[tuple[str, bool], ...]:
    """What the file says of its own accessibility, and whether it is there."""
    known = (
        (_("struttura con tag"), facts.tagged),
        (_("titolo"), facts.title),
        (_("testo selezionabile"), facts.text_layer),
        (_("segnalibri"), facts.bookmarks),
        (_("testi alternativi alle immagini"), facts.alternative_texts),
        (_("lingua dichiarata"), None if facts.language is None else bool(facts.language)),
    )
    return tuple((label, there) for label, there in known if there is not None)


def area_label(area: AreaView) -> str:
    """The whole name of an area in the language of the page."""
    return area.label if current_locale() == DEFAULT_LOCALE else area.label_en


def area_short(area: AreaView) -> str:
    """The short name of an area in the language of the page."""
    if current_locale() == DEFAULT_LOCALE:
        return area.short_label
    return str(AREAS.get(area.slug, area.short_label))


def facet_labels(
    cities: tuple[CityView, ...], areas: tuple[AreaView, ...]
) -> dict[Facet, dict[str, str]]:
    """The label of every value that a facet can have, in the order of its closed list."""
    return {
        Facet.CITY: {city.slug: city.capital for city in cities},
        Facet.AREA: {area.slug: area_short(area) for area in areas},
        Facet.KIND: {value: str(label) for value, label in KINDS.items()},
        Facet.YEAR: {},
        Facet.FORMAT: {value: str(label) for value, label in FORMATS.items()},
        Facet.LANGUAGE: {value: str(label) for value, label in LANGUAGES.items()},
        Facet.ACCESSIBILITY: {value: str(label) for value, label in LEVELS.items()},
    }
