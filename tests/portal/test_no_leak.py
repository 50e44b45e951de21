"""Nothing that is not public shows anywhere: a secret in every unpublished state is looked for.

Every public address of the portal is opened, also those that come after this test was written: with
the id of every unpublished record, and with parts of the secret as the question. The secret has two
words, so that a page may repeat the question and still must not know the other word.
"""

import io
import itertools
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from corpus.records import CourseDraft, DocumentDraft, EventDraft, NewFile, SolutionDraft
from corpus.vocabulary import Evidence, FileFormat, Kind, State
from portal.app import create_app
from portal.auth import access
from portal.auth.throttle import count_failures
from portal.commands.house import build
from tests.portal.house import ACTOR, House, copy_of
from tests.portal.routes import VALUES

ASKED, KEPT = "zanzibarrone", "clandestinissimo"
SECRET = f"{ASKED} {KEPT}"
# The question itself, a slip of the pen that corrections could mend, and a beginning that
# suggestions could complete.
QUESTIONS = (ASKED, "zanzibarone", "zanzib", f'"{ASKED}"', f"-{ASKED}", "sportello")


@dataclass
class Trap:
    """A portal with secrets in it, the ids that hold them, and the links that lead to them."""

    app: Flask
    house: House
    secret_ids: list[str] = field(default_factory=list)
    public_ids: list[str] = field(default_factory=list)


def secret_file(house: House, name: str) -> NewFile:
    file = house.store(f"{SECRET} {name}".encode(), FileFormat.PDF, f"{SECRET} {name}.pdf")
    house.read(file, (f"Testo con {SECRET} {name}.", f"Altro {SECRET}."))
    return file


def secret_fields(title: str = SECRET) -> dict[str, object]:
    return {
        "title": title,
        "summary": SECRET,
        "topics": (SECRET,),
        "authors": (SECRET,),
        "note": SECRET,
        "cities": ("bari",),
        "areas": ("semplificazione",),
        "year": 2023,
    }


@pytest.fixture(scope="module")
def trap(house: House, tmp_path_factory: pytest.TempPathFactory) -> Trap:
    own = copy_of(house, tmp_path_factory.mktemp("segreti") / "casa")
    trap = Trap(create_app(services=own.services), own)
    _unfinished(trap)
    _withdrawn(trap)
    _new_version(trap)
    for public_id in trap.secret_ids:
        own.services.catalogue.comment(public_id, SECRET, actor=ACTOR, account=None)
    build(own.services).indexer.rebuild()
    own.services.dumps.make()
    return trap


def _unfinished(trap: Trap) -> None:
    """Records of every type, in every state that never was public."""
    catalogue = trap.house.services.catalogue
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    drafts = (
        SolutionDraft(
            kind=Kind.SOLUTION,
            evidence=Evidence.OFFICIAL,
            problem=SECRET,
            partners=(SECRET,),
            **secret_fields() | {"cities": ("roma",)},  # type: ignore[arg-type]
        ),
        CourseDraft(kind=Kind.TRAINING, form=SECRET, **secret_fields()),  # type: ignore[arg-type]
        EventDraft(
            kind=Kind.EVENT,
            start=tomorrow.date(),
            place=SECRET,
            **secret_fields(),  # type: ignore[arg-type]
        ),
        *(
            DocumentDraft(kind=Kind.RESEARCH, publisher=SECRET, **secret_fields())  # type: ignore[arg-type]
            for _ in range(4)
        ),
    )
    steps = ("draft", "draft", "draft", "draft", "review", "schedule", "trash")
    for number, (draft, step) in enumerate(zip(drafts, steps, strict=True)):
        document = isinstance(draft, DocumentDraft)
        file = secret_file(trap.house, f"n{number}") if document else None
        new = catalogue.add(draft, file, actor=ACTOR)
        trap.secret_ids.append(new)
        catalogue.create_preview(new, SECRET, timedelta(days=1), actor=ACTOR)
        if step == "review":
            catalogue.submit(new, actor=ACTOR, comment=SECRET)
        elif step == "schedule":
            catalogue.schedule(new, tomorrow, actor=ACTOR)
        elif step == "trash":
            catalogue.trash(new, actor=ACTOR)


def _withdrawn(trap: Trap) -> None:
    """Public once, indexed and dumped, then withdrawn; its title and reason stay public."""
    house, catalogue = trap.house, trap.house.services.catalogue
    draft = DocumentDraft(kind=Kind.GUIDE, **secret_fields("Una guida superata"))  # type: ignore[arg-type]
    gone = catalogue.add(draft, secret_file(house, "via"), actor=ACTOR, state=State.PUBLISHED)
    indexer = build(house.services).indexer
    indexer.catch_up()
    assert house.services.reader.record(gone).summary == SECRET
    catalogue.withdraw(
        gone, actor=ACTOR, reason="Superata da un'altra", successor_id=trap.secret_ids[0]
    )
    indexer.catch_up()
    trap.secret_ids.append(gone)


def _new_version(trap: Trap) -> None:
    """A public document whose second version waits; one of a solution that is a draft."""
    house, catalogue = trap.house, trap.house.services.catalogue
    public = house.document("doppio", "Un documento con due versioni", ("Testo di tutti.",))
    catalogue.add_version(public, secret_file(house, "seconda"), actor=ACTOR)
    catalogue.note_version(public, 2, SECRET, actor=ACTOR)
    trap.public_ids.append(public)


def public_rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if "GET" in (rule.methods or ()) and access.mark_of(view) == access.PUBLIC:
            yield rule


def addresses(trap: Trap) -> Iterator[str]:
    """Every public address: with each id in every variable part, and with every question."""
    ids = [*trap.secret_ids, *trap.public_ids]
    chosen = "&".join(f"id={each}" for each in ids)
    for rule in public_rules(trap.app):
        if rule.endpoint == "static":
            continue
        built = {_build(rule, values) for values in _values(rule, ids)}
        for address in sorted(built):
            yield address
            if not {"public_id", "id"} & rule.arguments:
                yield f"{address}?{chosen}"
                for question in QUESTIONS:
                    yield f"{address}?q={question}"
    for verb in ("ListRecords", "ListIdentifiers"):
        yield f"/oai?verb={verb}&metadataPrefix=oai_dc"
    for each in trap.secret_ids:
        yield f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:{each}"


def _values(rule: Rule, ids: list[str]) -> Iterator[dict[str, object]]:
    kinds = rule._converters
    candidates: dict[str, list[object]] = {}
    for name in rule.arguments:
        if name in ("public_id", "id"):
            candidates[name] = list(ids)
        elif kinds.get(name) is not None and kinds[name].regex == r"\d+":
            candidates[name] = [1, 2]
        elif name == "slug":
            candidates[name] = ["bari", "roma", "semplificazione"]
        elif getattr(kinds.get(name), "items", None):  # one of a closed list: all of it
            candidates[name] = sorted(kinds[name].items)  # type: ignore[attr-defined]
        else:
            candidates[name] = [VALUES.get(name, "x")]
    for combination in itertools.product(*candidates.values()):
        yield dict(zip(candidates, combination, strict=True))


def _build(rule: Rule, values: dict[str, object]) -> str:
    built = rule.build(values | dict(rule.defaults or {}), append_unknown=False)
    assert built is not None, rule
    return built[1]


def texts(response: TestResponse) -> Iterator[str]:
    """What the answer says, inside an archive too."""
    yield " ".join(f"{name}: {value}" for name, value in response.headers)
    if response.mimetype == "application/zip" and response.status_code == 200:
        with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "replace")
    else:
        yield response.data.decode("utf-8", "replace")


def leaks(client: FlaskClient, address: str) -> list[str]:
    """What of the secret an address gives away, beyond repeating the question."""
    with client.get(address) as response:
        assert response.status_code < 500, address
        said = " ".join(texts(response)).lower()
    words = [KEPT] if ASKED in address else [KEPT, ASKED]
    return [word for word in words if word in said]


def test_no_public_address_gives_a_secret_away(trap: Trap) -> None:
    client = trap.app.test_client()
    found = {}
    asked = 0
    for address in addresses(trap):
        count_failures(trap.app)  # guessing links is throttled, and this is not guessing
        asked += 1
        if given := leaks(client, address):
            found[address] = given
    assert found == {}
    assert asked > 400, "the walk has become short"


def test_the_walk_would_notice_a_leak(trap: Trap) -> None:
    """The same search finds the secret where it may be: on the desk, for who is signed in."""
    public = trap.house.document("svelato", f"Titolo {SECRET}", ("Testo.",))
    try:
        client = trap.app.test_client()
        assert KEPT in leaks(client, f"/ricerca?q={ASKED}")
        assert KEPT in leaks(client, f"/documenti/{public}/titolo-{ASKED}-{KEPT}")
    finally:
        trap.house.services.catalogue.withdraw(public, actor=ACTOR, reason="Prova finita")
        trap.house.services.engine.apply((), [public])


def test_the_index_holds_no_secret_record(trap: Trap) -> None:
    assert not set(trap.secret_ids) & set(trap.house.services.engine.revisions())


def test_the_engine_knows_no_secret_word(trap: Trap) -> None:
    """Neither the words that it completes, nor what is like what."""
    engine = trap.house.services.engine
    assert not [s for s in engine.suggest("zanzib", 10) if ASKED in str(s).lower()]
    for public in trap.house.services.reader.public_ids():
        assert not set(engine.similar(public, 20)) & set(trap.secret_ids)
