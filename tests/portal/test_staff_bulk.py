"""Many records changed at once: shown first, applied in one step, taken back in one step."""

import re

from flask import Flask

from corpus.vocabulary import Role
from tests.portal.desk import CONTENTS, Colleague, fields, sign_in, write
from tests.portal.house import House

BULK = "/redazione/insieme"


def test_the_way_from_the_list_to_the_change_and_back(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    one, two = (write(rita, title=f"Insieme {n}", topics="vecchio") for n in "ab")
    assert f'value="{one}"' in ugo.get(f"{CONTENTS}?q=insieme")
    assert "Modifica insieme" not in rita.get(CONTENTS)
    page = ugo.get(f"{BULK}/scegli?scheda={one}&scheda={two}&scheda=boh")
    assert "2 schede scelte" in page

    change = {
        "scheda": [one, two],
        "add_areas": ["semplificazione"],
        "add_topics": "Nuovo",
        "remove_topics": "vecchio",
        "licence": "CC-BY-4.0",
        "kind": "",
    }
    seen = ugo.post(f"{BULK}/prova", status=200, **change).text
    assert "Cambierebbero 2 schede" in seen
    assert "Niente è ancora salvato" in seen
    reader = edited.services.reader
    assert reader.record(one, any_state=True).topics == ("vecchio",)

    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', seen.split("<main")[1])
    sent: dict[str, list[str]] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    sent.pop("csrf_token", None)
    done = ugo.post(f"{BULK}/applica", **sent)
    number = int(re.findall(r"/insieme/(\d+)", done.headers["Location"])[0])
    assert reader.record(two, any_state=True).topics == ("Nuovo",)
    assert "Annulla questa modifica" in ugo.get(f"{BULK}/{number}?fatto=modificate&quanti=2")

    rita.post(f"{CONTENTS}/{two}/modifica", **fields(title="Cambiata", topics="altro", seen="2"))
    back = ugo.post(f"{BULK}/{number}/annulla").headers["Location"]
    assert "1 scheda ha di nuovo i valori di prima" in ugo.get(back)
    assert "rimaste come sono" in ugo.get(back)
    assert reader.record(one, any_state=True).topics == ("vecchio",)
    assert reader.record(two, any_state=True).topics == ("altro",)
    ugo.post(f"{BULK}/{number}/annulla")
    assert "annullata" in ugo.get(BULK)


def test_what_was_shown_is_not_applied_to_what_has_changed_since(
    rita: Colleague, ugo: Colleague, edited: House
) -> None:
    one = write(rita, title="Si muove")
    rita.post(f"{CONTENTS}/{one}/modifica", **fields(title="Si è mossa", seen="1"))
    moved = ugo.post(
        f"{BULK}/applica",
        status=409,
        **{"scheda": one, f"revisione-{one}": "1", "add_topics": "x", "kind": "", "licence": ""},
    )
    assert "Niente è stato salvato" in moved.text
    assert edited.services.reader.record(one, any_state=True).topics == ()


def test_nothing_chosen_and_nonsense_are_said(ugo: Colleague, rita: Colleague) -> None:
    assert "Nessuna scheda scelta" in ugo.get(f"{BULK}/scegli")
    assert "schede scelte" in ugo.get(f"{BULK}/scegli?q=sportello")
    vain = ugo.get(f"{BULK}/scegli?q=zzzqqq")
    assert "si trova con «zzzqqq»" in vain
    assert 'value="zzzqqq"' in vain
    one = write(rita)
    page = ugo.post(f"{BULK}/prova", status=422, scheda=one, kind="", licence="").text
    assert "almeno una cosa" in page
    ugo.post(f"{BULK}/prova", status=400)
    ugo.post(f"{BULK}/applica", status=400, scheda=one)
    ugo.post(f"{BULK}/prova", status=422, scheda=one, add_cities=["atlantide"], kind="boh")
    ugo.get(f"{BULK}/999", 404)


def test_limits_to_cities_hold_for_what_was_and_for_what_would_be(
    desk: Flask, edited: House, rita: Colleague
) -> None:
    bari = sign_in(desk, edited, "solobari@ente.it", Role.REVIEWER, cities=("bari",))
    own = write(rita, title="Di Bari", cities=["bari"])
    other = edited.document("di-roma", "Di Roma", cities=("roma",))
    blank = {"kind": "", "licence": ""}
    page = bari.post(f"{BULK}/prova", status=200, scheda=[own, other], add_topics="x", **blank).text
    assert "Cambierebbe 1 scheda" in page
    assert "non è tra le tue città" in page
    for public_id, change in ((other, {"add_topics": "x"}), (own, {"add_cities": ["roma"]})):
        sent = {"scheda": public_id, f"revisione-{public_id}": "1", **blank, **change}
        bari.post(f"{BULK}/applica", status=403, **sent)


def test_drafts_of_other_cities_stay_out_of_sight(
    desk: Flask, edited: House, rita: Colleague, ugo: Colleague
) -> None:
    bari = sign_in(desk, edited, "baribari@ente.it", Role.REVIEWER, cities=("bari",))
    own = write(rita, title="Bozza di Bari", cities=["bari"])
    other = write(rita, title="Segretissima di Roma", cities=["roma"])
    blank = {"kind": "", "licence": "", "add_topics": "x"}
    both = {"scheda": [own, other], **blank}
    edit = {f"revisione-{own}": "1", f"revisione-{other}": "1", **both}
    number = ugo.post(f"{BULK}/applica", **edit).headers["Location"].partition("?")[0]
    pages = [
        bari.get(f"{BULK}/scegli?scheda={own}&scheda={other}"),
        bari.post(f"{BULK}/prova", status=200, **both).text,
        bari.get(number),
    ]
    for page in pages:
        assert "Bozza di Bari" in page
        assert "Segretissima" not in page
    assert other not in pages[-1]
    assert "altra scheda non riguarda le tue città" in pages[-1]
    assert "Segretissima di Roma" in ugo.get(number)
    bari.post(f"{number}/annulla", status=403)
