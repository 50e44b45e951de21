"""From the views of the catalogue and the answers of the engine to what the API answers."""

from corpus.records import (
    AreaView,
    CityView,
    CourseView,
    DocumentView,
    EventView,
    RecordView,
    SolutionView,
    Source,
    VersionView,
)
from corpus.vocabulary import MEDIA_TYPES
from indexer.engine import Hit, Notices, Page, Query
from portal import facets, labels, search_url
from portal.addresses import file_url, record_url
from portal.api.answers import (
    AltraDomanda,
    Area,
    Avvisi,
    Citta,
    Corso,
    Dato,
    Documento,
    Espansione,
    Evento,
    File,
    Filtri,
    Filtro,
    Fonte,
    Passo,
    Pezzo,
    Ricerca,
    Risultato,
    Scheda,
    Soluzione,
    Valore,
)
from portal.paging import last_page


def record(view: RecordView, site: str) -> Scheda:
    """A published record; ``site`` is the address of the portal, without a last slash."""
    return Scheda(
        id=view.public_id,
        tipo=view.kind,
        titolo=view.title,
        titolo_redazionale=view.title_is_ours,
        sintesi=view.summary,
        autori=view.authors,
        citta=view.cities,
        area=view.areas,
        temi=view.topics,
        lingua=view.language,
        ambito=view.scope,
        fonti=_sources(view.sources),
        indirizzo=site + record_url(view),
        modificata=view.updated_at,
        pubblicata=view.published_at or view.created_at,
        anno=view.year,
        data=view.issued,
        nota_sulla_data=view.date_note,
        nota=view.note,
        documento=_document(view, site) if isinstance(view, DocumentView) else None,
        soluzione=_solution(view) if isinstance(view, SolutionView) else None,
        corso=_course(view) if isinstance(view, CourseView) else None,
        evento=_event(view) if isinstance(view, EventView) else None,
    )


def _document(view: DocumentView, site: str) -> Documento:
    return Documento(
        versioni=tuple(_file(view, version, site) for version in view.versions),
        forma=view.form,
        editore=view.publisher,
        licenza=view.licence,
        indirizzo_esterno=view.external_url,
    )


def _file(view: DocumentView, version: VersionView, site: str) -> File:
    return File(
        versione=version.number,
        formato=version.format,
        media_type=MEDIA_TYPES[version.format].partition(";")[0],
        byte=version.size,
        sha256=version.sha256,
        indirizzo=site + file_url(view.public_id, version.number),
        pubblicato=version.published_at or version.created_at,
    )


def _solution(view: SolutionView) -> Soluzione:
    return Soluzione(
        attestazione=view.evidence,
        problema=view.problem,
        azioni=view.actions,
        esito=view.outcome,
        riuso=view.reusable,
        ufficio=view.contact_office,
        attori=view.partners,
        fatti=view.facts,
        documenti=view.documents,
    )


def _course(view: CourseView) -> Corso:
    return Corso(forma=view.form, inizio=view.start, fine=view.end, ore=view.hours)


def _event(view: EventView) -> Evento:
    return Evento(inizio=view.start, fine=view.end, luogo=view.place)


def _sources(sources: tuple[Source, ...]) -> tuple[Fonte, ...]:
    return tuple(Fonte(source.url, source.kind, source.label) for source in sources)


def search(page: Page, query: Query, records: tuple[RecordView, ...], site: str) -> Ricerca:
    """A page of results; ``records`` are the hits that the catalogue still shows, in order."""
    hits = {hit.id: hit for hit in page.hits}
    return Ricerca(
        indirizzo=site + search_url.address(query),
        totale=page.total,
        pagina=query.page,
        per_pagina=query.size,
        pagine=last_page(page.total, query.size),
        avvisi=_notices(page.notices),
        risultati=tuple(_result(hits[view.public_id], view, site) for view in records),
    )


def _result(hit: Hit, view: RecordView, site: str) -> Risultato:
    passages = tuple(
        Passo(
            pezzi=tuple(Pezzo(run.text, run.matched) for run in passage.runs),
            pagina=passage.page,
            etichetta=passage.label,
        )
        for passage in hit.passages
    )
    return Risultato(
        scheda=record(view, site),
        passi=passages,
        in_evidenza=hit.pinned,
        parole_mancanti=hit.missing,
    )


def _notices(notices: Notices) -> Avvisi:
    better = notices.did_you_mean
    return Avvisi(
        espansioni=tuple(Espansione(each.word, each.added) for each in notices.expansions),
        allargata=notices.relaxed,
        con_tutte_le_parole=notices.complete,
        parole_ignote=notices.dropped,
        troncata=notices.truncated,
        incompleta=notices.reduced,
        corretta_da=notices.corrected_from,
        forse_cercavi=AltraDomanda(better.text, better.total) if better else None,
    )


def filters(page: Page, query: Query, names: facets.Labels) -> Filtri:
    """The numbers beside the values of each filter."""
    return Filtri(
        totale=page.total,
        filtri=tuple(
            Filtro(
                filtro=group.facet,
                etichetta=str(labels.FACETS[group.facet]),
                valori=tuple(
                    Valore(value.value, value.label, value.count, value.ticked)
                    for value in (*group.first, *group.more)
                ),
            )
            for group in facets.groups(query, page, names)
        ),
    )


def city(view: CityView, site: str) -> Citta:
    return Citta(
        slug=view.slug,
        denominazione=view.name,
        capoluogo=view.capital,
        regione=view.region,
        nel_programma=view.in_programme,
        dati=tuple(
            Dato(figure.key, figure.value, figure.date, figure.source, figure.to_verify)
            for figure in view.figures
        ),
        indirizzo=f"{site}/citta/{view.slug}",
        codice_istat=view.istat_code,
        sigla=view.plate,
        latitudine=view.latitude,
        longitudine=view.longitude,
        sito=view.website,
        dal=view.valid_from,
        al=view.valid_to,
        nota=view.note,
    )


def area(view: AreaView, site: str) -> Area:
    return Area(
        slug=view.slug,
        etichetta=view.label,
        etichetta_breve=view.short_label,
        etichetta_inglese=view.label_en,
        descrizione=view.description,
        fonti=_sources(view.sources),
        indirizzo=f"{site}/aree/{view.slug}",
        nota=view.note,
    )
