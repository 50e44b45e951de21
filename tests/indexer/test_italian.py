"""The Italian analysis by word lists: what must agree, what must stay apart."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.seed import HERE
from corpus.seed.sheets import read_sheet
from corpus.seed.words import Acronym, Vocabulary
from indexer.italian import analyse, family, fold, postings

VOCABULARY = read_sheet(HERE / "vocabulary.yaml", Vocabulary)
# Every word of a line has one stem.
FAMILIES = """
    città citta citta' citta’ CITTÀ
    perché perche perche' perchè
    area aree dell'area dell’area
    comune comuni
    anno anni
    ente enti
    acqua acque
    metropolitano metropolitana metropolitani metropolitane
    italiano italiana italiani italiane
    urbano urbana urbani urbane
    pubblico pubblica pubblici pubbliche
    politica politiche
    banca banche
    parco parchi
    luogo luoghi
    collega colleghi
    servizio servizi
    ufficio uffici
    territorio territori
    edilizia edilizie edilizio edilizi
    agenzia agenzie
    provincia province
    strategia strategie strategico strategica strategici strategiche strategicamente
    tecnologia tecnologie tecnologico
    economia economico economici
    europeo europea europei europee
    semplificazione semplificazioni semplificare semplificato semplificata semplifica semplificando
    gestione gestioni gestire gestito gestita gestisce gestore
    riduzione riduzioni ridurre ridotto ridotti riduce
    produzione produrre prodotto produce
    pianificazione pianificare pianificato
    partecipazione partecipare partecipato partecipativo partecipata
    valutazione valutazioni valutare valutato
    organizzazione organizzare organizzativo organizzativi
    amministrazione amministrazioni amministrativo amministrative
    associato associata associazione associare
    autorizzazione autorizzazioni autorizzare autorizzato autorizzatorio
    informatizzazione informatizzare informatizzato
    digitale digitali digitalizzazione digitalizzare
    formazione formativo formativa formativi
    progetto progetti progettazione progettare
    finanziamento finanziamenti finanziare finanziato
    rafforzamento rafforzare rafforzato
    coinvolgimento coinvolgere coinvolto coinvolti
    procedimento procedimenti
    monitoraggio monitoraggi monitorare
    sviluppo sviluppi sviluppare
    innovazione innovazioni innovare innovativo
    decisione decisioni decidere deciso
    previsione prevedere previsto prevede
    proposta proposte proporre proposto
    richiesta richieste richiedere richiede
    concessione concessioni concedere concesso
    iscrizione iscrizioni iscrivere iscritto
    condivisione condividere condiviso condivisa
    protezione proteggere protetto
    chiusura chiudere chiuso
    costruzione costruire costruito
    intervento interventi intervenire
    estensione estendere esteso
    sostenibile sostenibili sostenibilità
    responsabile responsabili responsabilità
    trasparenza trasparente trasparenti
    competenza competenze competente
    efficienza efficiente
    attività attivita attività'
    rischio rischi
    occhio occhi
    consigliere consiglieri
    attuazione attuare attuato attuativo
    adozione adottare adottato
    redazione redigere redatto
    pagamento pagamenti pagare pagato
    discussione discutere discusso
    inclusione inclusivo inclusiva
    sostegno sostenere
    accesso accessi accedere
    energia energie energetico energetica
    sicurezza sicuro
    impresa imprese imprenditore imprenditoriale
    turismo turistico turistica
    velocità veloce veloci velocemente
    sanità sanitario sanitari sanita'
    priorità prioritario
    necessità necessario
    uomo uomini
    scuola scolastico
    collaborazione collaborare collaborativo
    rigenerazione rigenerare rigenerato
    integrazione integrato integrare
    lavoro lavori lavorare lavoratore lavoratori
    trasporto trasporti trasportare
    cittadino cittadina cittadini cittadine
    amico amica amici amiche
    camicia camicie
    bambino bambini
    dipendente dipendenti
    particolare particolari
    coprogettazione co-progettazione co‑progettazione CO-PROGETTAZIONE
    intercomunale inter-comunale intercomunali
    email e-mail E-mail
    online on-line
    SUAP suap S.U.A.P. S.u.a.p.
    PEC p.e.c.
    d.lgs. D.Lgs. dlgs D.LGS
    d.P.R. DPR D.P.R.
    5.110.000 5110000
    3,5 3.5
    14-bis 14bis
    sostenibile so­stenibile
    fine ﬁne
    è e' e
    un'altra un’altra un`altra un´altra unʼaltra
"""

# No two words of a line may share a stem.
STRANGERS = """
    bari bare
    bari bara
    Bari barile
    comune comunale comunità
    regolamento regola
    formazione forma formato
    unione unità
    regione regionale ragione
    metropoli metropolitano
    impresa impressione
    via viaggio vie
    scia scie
    SUA SUAP suape
    importante importare
    mercato merce
    stazione stato
    Messina messa
    Genova genere
    Firenze fiera
    Torino torre
    Milano miglio
    Napoli napoletano
    Catania catena
    Palermo palestra
    Roma romano
    Europa europeo
    campano campo
    settimana settimo
    sindaco sindacato
    giornata giorno
    costituzione costituire
    parlamento parlare
    condizione condire
    iniziativa inizio
    università universo
    12 120
    267/2000 267/2001
    OT11 OT2
    AUA AIA
    legge leggero
    piano pianificazione
    funzione funzionale
    pubblicità pubblico
    persona perso
    accesso acceso
    consiglio consigliere
    uomo uova
    inclusione includere
"""


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def stems(text: str) -> list[str]:
    """What finds a text: its stems, or the surfaces of stop words."""
    places: dict[int, str] = {}
    for token in analyse(text):
        places.setdefault(token.position, token.stem or token.surface)
    return list(places.values())


@pytest.mark.parametrize("words", lines(FAMILIES), ids=lambda words: words[0])
def test_words_of_one_family_find_each_other(words: list[str]) -> None:
    assert {word: stems(word)[-1] for word in words} == {
        word: stems(words[0])[-1] for word in words
    }


@pytest.mark.parametrize("words", lines(STRANGERS), ids=lambda words: words[0])
def test_words_of_different_families_stay_apart(words: list[str]) -> None:
    found = [stems(word)[0] for word in words]
    assert len(set(found)) == len(words), dict(zip(words, found, strict=True))


def test_the_lists_hold_more_than_150_pairs() -> None:
    pairs = sum(len(words) - 1 for words in lines(FAMILIES) + lines(STRANGERS))
    assert pairs > 150


@pytest.mark.parametrize("name", VOCABULARY.proper_names)
def test_names_of_cities_are_never_reduced(name: str) -> None:
    assert [token.stem for token in analyse(name)] == [fold(word) for word in name.split()]


@pytest.mark.parametrize("entry", VOCABULARY.acronyms, ids=lambda entry: entry.acronym)
def test_acronyms_are_never_reduced(entry: Acronym) -> None:
    for word in entry.acronym.split():
        if word != "Metro":  # a word of "PON Metro"
            assert stems(word)[0] == fold(word)


@pytest.mark.parametrize(
    "text",
    [
        "dell'area",
        "dell’area",
        "dell' area",
        "dell` area",
        "dellʼarea",
    ],
)
def test_an_elided_article_is_a_stop_word_with_its_own_place(text: str) -> None:
    found = [(token.surface, token.stem, token.position) for token in analyse(text)]
    assert found == [("dell", "", 0), ("area", "are", 1)]


@pytest.mark.parametrize("text", ["l'", "un'", "quest'", "c'", "d'", "sull'", "nell'", "dall'"])
def test_elided_forms_are_stop_words(text: str) -> None:
    assert [token.stem for token in analyse(text)] == [""]


def test_stop_words_keep_their_place() -> None:
    found = {token.surface: token.position for token in analyse("il piano della città di Bari")}
    assert found == {"il": 0, "piano": 1, "della": 2, "citta": 3, "di": 4, "bari": 5}


def test_a_code_is_read_whole_and_by_its_parts() -> None:
    found = [(token.surface, token.position) for token in analyse("D.Lgs. 267/2000, art. 14-bis")]
    assert found == [
        ("dlgs", 0),
        ("267/2000", 1),
        ("267", 1),
        ("2000", 2),
        ("art", 3),
        ("14bis", 4),
        ("14", 4),
        ("bis", 5),
    ]


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("PON Metro", ["pon", "metro"]),
        ("OT11", ["ot11", "ot", "11"]),
        ("PSMVe", ["psmve"]),
        ("2014-2020", ["2014-2020", "2014", "2020"]),
        ("2014–2020", ["2014-2020", "2014", "2020"]),
        ("Emilia-Romagna", ["emilia", "romagna"]),
        ("info@comune.bari.it", ["info", "comune", "bari", "it"]),
        ("https://www.anci.it/a", ["https", "www", "anci", "it", "a"]),
        ("fine.Inizio", ["fine", "inizio"]),
        ("art.14", ["art", "14"]),
        ("azione 3.1.1", ["azione", "3.1.1", "3", "1", "1"]),
        ("anni '90", ["anni", "90"]),
        ("nome_del_file", ["nome", "del", "file"]),
        ("(città),", ["citta"]),
        ("\x00a\x00b", ["a", "b"]),
        ("…", []),
        ("1º", ["1"]),
    ],
)
def test_written_forms_are_cut_sensibly(text: str, surfaces: list[str]) -> None:
    assert [token.surface for token in analyse(text)] == surfaces


@given(st.text())
def test_tokens_lie_in_the_text_and_in_order(text: str) -> None:
    tokens = analyse(text)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.surface
        assert token.stem == family(token.surface)
    positions = [token.position for token in tokens]
    assert positions == sorted(positions)
    assert sorted(set(positions)) == list(range(len(set(positions))))


@given(st.text())
def test_the_index_sees_the_tokens_of_the_text(text: str) -> None:
    tokens = analyse(text)
    found = postings(text, start=7)
    surfaces = {(surface, place) for surface, row in found.surfaces.items() for place in row}
    stems_ = {(stem, place) for stem, row in found.stems.items() for place in row}
    assert surfaces == {(token.surface, token.position + 7) for token in tokens}
    assert stems_ == {(token.stem, token.position + 7) for token in tokens if token.stem}
    assert found.end == (tokens[-1].position + 8 if tokens else 7)


@given(st.text(alphabet="cittàCITTÀ'’-. "))
def test_capitals_never_matter(text: str) -> None:
    assert [token.surface for token in analyse(text)] == [
        token.surface for token in analyse(text.casefold())
    ]


@pytest.mark.parametrize(
    "text",
    ["a" * 50_000, "a-" * 25_000, "1." * 25_000, "a.b" * 20_000, "1,2/" * 15_000, "'" * 50_000],
    ids=["letters", "hyphens", "dots", "abbreviations", "codes", "apostrophes"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    start = time.process_time()
    analyse(text)
    assert time.process_time() - start < 2
