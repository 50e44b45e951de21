"""Words whose endings deceive the stemmer, and roots that change within a family.

Everything here is already without its last vowel: "settiman" stands for "settimana, settimane".
"""


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Endings that belong to the root: adjectives in "-are", nouns in "-ano", "-ito", "-ità", "-ato"…
KEPT = _listed(
    """
    particolar regolar popolar familiar militar circolar nuclear titolar singolar esemplar alimentar
    elementar complementar supplementar parlamentar regolamentar linear secolar cellular molecolar
    muscolar angolar modular insular consolar tutelar cautelar salutar preliminar disciplinar
    interdisciplinar ausiliar immobiliar mobiliar domiciliar stellar
    campan fontan settiman sovran montan lontan german roman veteran afgan sultan gabbian
    credit debit merit limit ambit requisit visit compit transit deposit proposit spirit circuit
    vendit esplicit implicit lecit illecit solit insolit ospit esercit sollecit prestit inedit
    gratuit capit invit evit recit milit orbit apposit quesit esit
    comunit opportunit dignit sanit autorit priorit entit identit quantit umanit serenit verit carit
    parit eredit modernit eternit maternit paternit immunit impunit minorit integrit celebrit rarit
    maturit santit universit maggiorit unit disparit sincerit prosperit profondit velocit
    capacit citt qualit
    mercat sindacat giornat trattat format dipartiment regolament iniziativ condizion tradizion
    complement appartament ordinament element segretariat elettorat cioccolat privat candidat
    collettiv parlament trattament
    settant novant ottant quarant cinquant sessant import important elefant restaurant gigant
    person telefon abbandon condon perdon carbon campion patron
    costituzion pubblicit
    consiglier
    """
)

# Roots of one family on each line; they become the first.
_FAMILIES = """
    gest gestion gestor
    riduc ridurr ridott riduzion
    produc produrr prodott produzion
    conduc condurr condott conduzion
    introduc introdurr introdott introduzion
    traduc tradurr tradott traduzion
    preved previst prevision
    provved provvist
    decid decis decision
    iscriv iscritt iscrizion
    descriv descritt descrizion
    prescriv prescritt prescrizion
    trascriv trascritt trascrizion
    sottoscriv sottoscritt sottoscrizion
    coinvolg coinvolt
    svolg svolt
    permett permess
    ammett ammess ammission
    trasmett trasmess trasmission
    conced concess concession
    richied richiest
    raccogl raccolt
    accogl accolt
    scegl scelt
    chiud chius chiusur
    apr apert apertur aprir
    protegg protett protezion
    corregg corrett correzion
    estend estes estension
    diffond diffus diffusion
    assum assunt assunzion
    comprend compres comprension
    rispond rispost
    propon propost proporr proposizion
    dispon dispost disporr disposizion dispos
    risolv risolt
    interven intervent
    condivid condivis condivision
    divid divis division
    suddivid suddivis suddivision
    costru costruir costruit costruttiv
    nasc nascit
    cresc crescit
    contribu contribut
    distribu distribut
    attribu attribut
    digital digitalizz
    monitor monitoragg
    formazion formativ formator
    attu attuazion attuativ attuator
    adott adozion
    redig rediger redatt redazion
    pagament pagar pagat
    discut discuter discuss discussion
    connett conness connession
    esprim espress espression
    inclusion inclusiv
    esclud esclus esclusion
    sosten sostegn
    acced access
    energ energetic
    sicur sicurezz
    impres imprenditor imprenditorial
    turism turistic
    veloc velocit
    sanit sanitar
    priorit prioritar
    necess necessar
    uom uomin
    problem problematic
    scuol scolastic
    crea creazion crear creat
    elegg elett elezion
    legg lettur
    scriv scritt scrittur
"""
ONE_ROOT = {
    other: first
    for first, *others in map(str.split, _FAMILIES.strip().splitlines())
    for other in others
}
