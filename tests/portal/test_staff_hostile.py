"""Whatever is sent to the pages of the desk gets a page in words, never a failure of the portal."""

import random

import pytest
from flask import Flask
from werkzeug.routing import Rule

from corpus.vocabulary import FileFormat, Role
from tests.portal.desk import ORIGIN, Colleague, fields, sign_in, write
from tests.portal.house import House

NASTY = (
    "", " ", "\x00", "²", "-1", "9" * 40, "NaN", "x" * 30_000, "<script>", "' OR 1=1 --",
    "{{ 7 * 7 }}", "../../etc/passwd", "\u202e", "31/02/2023", "00:00", "99:99", "%s%n", "è" * 600,
    "https://", "javascript:alert(1)", "a@b", "\r\nSet-Cookie: x=1", "2222222", "1.1", "sì",
)  # fmt: skip
NAMES = (
    "title", "title_is_ours", "summary", "cities", "areas", "topics", "authors", "year", "issued",
    "date_note", "language", "scope", "note", "kind", "form", "publisher", "licence", "seen",
    "external_url", "evidence", "problem", "partners", "facts", "documents", "start", "end",
    "hours",
    "place", "sources-0-url", "sources-0-words", "sources-0-kind", "sources-x-url",
    "sources-99-url",
    "comment", "reason", "successor_id", "day", "hour", "owner", "purpose", "days", "scheda",
    "revisione-2222222", "add_cities", "remove_topics", "add_topics", "add_areas",
)  # fmt: skip
SECTIONS = ("staff_contents.", "staff_record.", "staff_history.", "staff_preview.", "staff_bulk.",
            "staff_audit.", "staff_review.", "staff_board.")  # fmt: skip


@pytest.fixture(scope="module")
def admin(desk: Flask, edited: House) -> Colleague:
    return sign_in(desk, edited, "ostile@ente.it", Role.ADMINISTRATOR)


def rules(app: Flask, method: str) -> list[Rule]:
    return [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(SECTIONS) and method in (rule.methods or ())
    ]


def address(rule: Rule, chance: random.Random, public_id: str) -> str:
    values = {
        "public_id": public_id,
        "type_": chance.choice(["documento", "soluzione", "percorso", "evento", "boh"]),
        "step": chance.choice(
            ["invia", "pubblica", "programma", "ritira", "cestino", "affida", "x"]
        ),
        "number": chance.choice([0, 1, 2, 10**15]),
        "digest": "x" * 64,
        "rest": chance.choice(["file", "leggi", "v/1", "v/99999999999/file", "..", "x/y"]),
    }
    built = rule.build(values | dict(rule.defaults or {}), append_unknown=False)
    assert built is not None
    return built[1]


def test_nothing_that_is_sent_breaks_a_page(admin: Colleague, desk: Flask, edited: House) -> None:
    chance = random.Random(7)  # noqa: S311
    file = edited.store(b"Testo di prova.", FileFormat.TEXT, "prova.txt")
    draft = write(admin, title="Bersaglio")
    edited.services.catalogue.add_version(draft, file, actor="prova")
    targets = [draft, edited.ids["suap"], edited.ids["soluzione"], "2222222", "x"]
    token = admin.token()
    broken: list[object] = []
    for turn in range(8):
        for rule in rules(desk, "POST"):
            where = address(rule, chance, chance.choice(targets))
            sent: dict[str, object] = {"evidence": "solo-annunciata"} | fields() if turn % 2 else {}
            many = 3 if turn % 2 else 25
            sent |= {name: chance.choice(NASTY) for name in chance.sample(NAMES, many)}
            response = admin.client.post(where, data={**sent, "csrf_token": token}, headers=ORIGIN)
            if response.status_code >= 500:
                broken.append((where, sent))
        for rule in rules(desk, "GET"):
            where = address(rule, chance, chance.choice(targets))
            query = {
                chance.choice(
                    ["q", "stato", "pagina", "scheda", "dal", "chi", "fatto", "quanti", "tenuta"]
                ): chance.choice(NASTY)[:200]
            }
            with admin.client.get(where, query_string=query) as response:
                if response.status_code >= 500:
                    broken.append((where, query))
    assert broken == []
