"""What the collection lacks, counted by hand on the small one, and the page that shows it."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask

from corpus.records import DocumentDraft, SolutionDraft
from corpus.vocabulary import Evidence, Kind, Role, State
from indexer.extract.base import FailureKind
from indexer.links import LinkCheck
from portal.app import create_app
from portal.desk.coverage import Gap, addresses, gaps, incomplete
from tests.portal.desk import sign_in
from tests.portal.house import ACTOR, House


@pytest.fixture
def desk(other_house: House) -> Flask:
    return create_app(services=other_house.services)


def test_each_type_of_record_lacks_what_its_form_has(house: House) -> None:
    record = house.services.reader.record
    assert gaps(record(house.ids["suap"])) == (Gap.SOURCES,)
    assert gaps(record(house.ids["guida"])) == (Gap.SUMMARY, Gap.LICENCE, Gap.SOURCES)
    assert gaps(record(house.ids["altrove"])) == (Gap.SUMMARY, Gap.SOURCES)
    assert gaps(record(house.ids["soluzione"])) == (
        Gap.DATE,
        Gap.SOURCES,
        Gap.ACTIONS,
        Gap.OUTCOME,
        Gap.REUSABLE,
        Gap.OFFICE,
    )


def test_those_that_lack_most_come_first(house: House) -> None:
    records = house.services.reader.in_states(State.PUBLISHED)
    found = incomplete(records)
    assert found[0].record.public_id == house.ids["soluzione"]
    assert len(found) == len(records)


def test_addresses_are_those_of_published_records(house: House) -> None:
    named = addresses(house.services.reader.in_states(State.PUBLISHED))
    assert [r.public_id for r in named["https://example.org/dossier"]] == [house.ids["altrove"]]


def test_the_page_shows_cells_gaps_weak_files_and_broken_links(
    desk: Flask, other_house: House
) -> None:
    services, ids = other_house.services, other_house.ids
    record = services.reader.record(ids["attesa"])
    services.derived.put_failure(record.current.sha256, FailureKind.CORRUPT, "È danneggiato.")
    services.links.put(
        LinkCheck("https://example.org/dossier", datetime.now(UTC), "la pagina non c'è più (404)")
    )
    draft = SolutionDraft(
        kind=Kind.SOLUTION,
        title="Uffici in rete",
        cities=("torino",),
        areas=("gestione-associata",),
        evidence=Evidence.OFFICIAL,
    )
    services.catalogue.add(draft, actor=ACTOR)
    services.catalogue.add(DocumentDraft(kind=Kind.OTHER, title="Vuoto"), actor=ACTOR)
    edo = sign_in(desk, other_house, "edo@ente.it", Role.EDITOR)
    page = edo.get("/redazione/copertura")
    assert "Descritte 1, soltanto annunciate 0, vuote 41" in page
    assert "in preparazione: Uffici in rete" in page
    assert "È danneggiato." in page
    assert "la pagina non c&#39;è più (404)" in page
    assert "Controllati 1 indirizzi su 1" in page
    assert ">Vuoto<" not in page  # only what is published is judged
    # Each line leads to where staff work on it, and an empty cell to its form.
    assert f'href="/redazione/contenuti/{ids["soluzione"]}"' in page
    assert f"/redazione/contenuti/{ids['attesa']}" in page
    assert "/redazione/contenuti/nuovo/soluzione?citta=torino&amp;area=gestione-ass" not in page
    form = "/redazione/contenuti/nuovo/soluzione?citta=torino&area=semplificazione"
    assert form.replace("&", "&amp;") in page
    chosen = edo.get(form)
    assert '<option selected value="torino">' in chosen
    assert '<option selected value="semplificazione">' in chosen
    assert '<option selected value="">' in edo.get(form.replace("torino", "boh"))
    told = edo.get(f"/redazione/contenuti/{ids['attesa']}")
    assert "la ricerca non lo troverà." in told
    assert "È danneggiato." in told


def test_who_works_for_some_cities_is_offered_their_cells(desk: Flask, other_house: House) -> None:
    lea = sign_in(desk, other_house, "lea@ente.it", Role.EDITOR, ("bari",))
    page = lea.get("/redazione/copertura")
    assert "nuovo/soluzione?citta=bari&amp;" in page
    assert "nuovo/soluzione?citta=torino&amp;" not in page
    form = lea.get("/redazione/contenuti/nuovo/documento")
    assert "Il tuo accesso vale per alcune città" in form
    assert re.findall(r'<input checked[^>]* name="cities"[^>]* value="(\w+)"', form) == ["bari"]
    assert '<option selected value="bari">' in lea.get("/redazione/contenuti/nuovo/soluzione")
