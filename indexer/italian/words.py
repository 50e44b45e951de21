"""Closed word lists of the Italian analysis, already folded (lower case, no accents)."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that carry no subject: they keep their position (phrases need it) and have no stem.
# "sua", "sue" and "via" are missing on purpose: SUA, SUE and VIA are acronyms of the field.
STOP_WORDS = _words(
    """
    a ad al allo ai agli all alla alle con col coi coll collo colla cogli colle da dal dallo dai
    dagli dall dalla dalle di d del dello dei degli dell della delle in nel nello nei negli nell
    nella nelle su sul sullo sui sugli sull sulla sulle per tra fra pel
    il lo la i gli gl l le un uno una
    io tu egli lui lei esso essa noi voi essi esse loro mi m ti t ci c vi v si s ne n me te se ce ve
    mio mia miei mie tuo tua tuoi tue suo suoi nostro nostra nostri nostre vostro vostra
    vostri vostre
    questo questa questi queste quest quello quella quelli quelle quel quei quegli quell cio stesso
    stessa stessi stesse
    che chi cui quale quali qual cosa cos quanto quanta quanti quante quant come com dove dov
    quando quand perche
    e ed o od ma se anche anch pure ne non no si piu poi cosi dunque quindi pero mentre oppure
    ovvero nonche sia ossia cioe
    tutto tutta tutti tutte tutt ogni qualche alcuni alcune alcun alcuno alcuna
    ho hai ha abbiamo avete hanno abbia abbiano avra avranno avrebbe avrebbero aveva avevano ebbe
    ebbero avere aver avendo avuto avuta avuti avute
    sono sei siamo siete sia siano sara saranno sarebbe sarebbero era erano fu furono fosse fossero
    essere esser essendo
    """
)

# Names and acronyms that a stemmer would fold into common words ("bari" is not "bare").
PROTECTED = _words(
    """
    bari bologna cagliari catania firenze genova messina milano napoli palermo reggio calabria roma
    torino venezia sassari
    abruzzo basilicata campania emilia friuli lazio liguria lombardia marche molise piemonte puglia
    sardegna sicilia toscana trentino umbria veneto italia europa
    via scia cila vinca suap suape pola dara agid arpa anci piao pinqua ires inps inail snai spid
    anac anpr pums fesr ifel istat miur mise mims ispra gige consip sogei invitalia formez
    psmve psmto cciaa
    """
)

# First halves that are written with a hyphen, apart or joined: "co-progettazione".
JOINED_PREFIXES = _words(
    """
    ante anti arci auto bio co contro de dis e eco euro extra geo inter intra iper macro maxi
    mega meta micro mini mono multi neo off on para pluri poli post pre pro re retro semi sopra
    sotto sovra sub super tele trans tri ultra vice
    """
)

# Latin numbering of articles inserted later: "14-bis" is one code.
ARTICLE_SUFFIXES = _words(
    """
    bis ter quater quinquies sexies septies octies novies decies undecies duodecies terdecies
    quaterdecies quinquiesdecies sexiesdecies
    """
)
