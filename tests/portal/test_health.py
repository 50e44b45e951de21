"""Monitors: life and readiness apart; true measures, only for those who may see them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import abort
from flask.testing import FlaskClient
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from corpus.records import DocumentDraft
from corpus.vocabulary import Kind, State
from indexer.engine import EngineUnavailable
from portal import milestones
from portal.app import create_app
from portal.auth.access import public
from portal.metrics import CONTENT_TYPE, Tally
from portal.settings import InvalidSetting, Settings
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House


@pytest.fixture
def own(other_house: House) -> FlaskClient:
    return create_app(services=other_house.services).test_client()


def measures(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/metriche")
    assert answer.status_code == 200
    check_answer(answer)
    assert answer.content_type == CONTENT_TYPE
    return {
        sample.name + "".join(sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_process_without_its_parts_lives_but_is_not_ready(
    own: FlaskClient, other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own.get("/salute/vivo").text == "vivo\n"
    good = own.get("/salute/pronto")
    assert good.status_code == 200
    assert good.get_json() == {"catalogo": "risponde", "ricerca": "risponde"}

    def silent(*arguments: object, **named: object) -> None:
        raise EngineUnavailable

    monkeypatch.setattr(type(other_house.services.engine), "search", silent)
    ill = own.get("/salute/pronto")
    assert ill.status_code == 503
    assert ill.headers["Retry-After"] == "30"
    assert ill.get_json() == {"catalogo": "risponde", "ricerca": "non risponde"}
    assert own.get("/salute/vivo").status_code == 200


def test_measures_are_of_now(own: FlaskClient, other_house: House) -> None:
    services = other_house.services
    before = measures(own)
    assert before["metropoli_records_public"] == services.reader.count()
    assert before["metropoli_index_answers"] == 1
    assert before["metropoli_last_backup_timestamp_seconds"] == 0
    assert before["metropoli_last_dump_timestamp_seconds"] == 0
    assert before["metropoli_disk_free_bytes"] > 0
    assert before["process_resident_memory_bytes"] > 0
    assert "metropoli_relevance_ndcg" not in before
    services.catalogue._now = lambda: datetime.now(UTC) - timedelta(minutes=5)  # type: ignore[method-assign]
    services.catalogue.add(
        DocumentDraft(kind=Kind.GUIDE, title="Da indicizzare"), actor=ACTOR, state=State.PUBLISHED
    )
    milestones.note(services.settings.home, milestones.BACKUP, files=3)
    milestones.note(services.settings.home, milestones.RELEVANCE, ndcg=0.91, floor=0.9)
    made = services.dumps.make()
    after = measures(own)
    assert after["metropoli_index_queue"] == before["metropoli_index_queue"] + 1
    assert after["metropoli_index_age_seconds"] >= 300
    assert after["metropoli_relevance_ndcg"] == 0.91
    assert after["metropoli_relevance_floor"] == 0.9
    assert after["metropoli_last_dump_timestamp_seconds"] == made.made_at.timestamp()
    now = datetime.now(UTC).timestamp()
    assert now - 60 < after["metropoli_last_backup_timestamp_seconds"] <= now


def test_answers_are_counted_by_class_and_time(other_house: House) -> None:
    app = create_app(services=other_house.services)

    @app.get("/rotta")
    @public
    def broken() -> str:
        abort(500)

    client = app.test_client()
    before = measures(client)
    for address in ("/progetto", "/non-esiste", "/non-esiste", "/rotta"):
        client.get(address)
    after = measures(client)
    grown = {
        name: after[name] - before[name] for name in after if name.startswith("metropoli_answers_t")
    }
    assert grown == {
        "metropoli_answers_total1xx": 0,
        "metropoli_answers_total2xx": 2,  # the page, and the measures of before
        "metropoli_answers_total3xx": 0,
        "metropoli_answers_total4xx": 2,
        "metropoli_answers_total5xx": 1,
    }
    assert after["metropoli_answer_seconds_count"] - before["metropoli_answer_seconds_count"] == 5
    assert after["metropoli_answer_seconds_bucket+Inf"] == after["metropoli_answer_seconds_count"]


def test_an_answer_falls_into_the_bucket_of_its_time() -> None:
    tally = Tally()
    for seconds in (0.001, 0.01, 0.3, 9.0):
        tally.answered(200, seconds)
    classes, durations, total = tally.read()
    assert classes == {"2xx": 4}
    assert durations == [2, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert total == pytest.approx(9.311)


@pytest.mark.parametrize(
    ("environ", "headers"),
    [
        ({"REMOTE_ADDR": "203.0.113.9"}, {}),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"X-Forwarded-For": "203.0.113.9"}),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"X-Real-IP": "203.0.113.9"}),
        ({"REMOTE_ADDR": "127.0.0.1"}, {"Host": "documenti.ente.it"}),
        ({"REMOTE_ADDR": "::ffff:203.0.113.9"}, {}),
    ],
)
def test_measures_are_only_for_this_machine(
    house: House, environ: dict[str, str], headers: dict[str, str]
) -> None:
    settings = replace(house.services.settings, hosts=("localhost", "documenti.ente.it"))
    client = create_app(services=replace(house.services, settings=settings)).test_client()
    refused = client.get("/metriche", environ_overrides=environ, headers=headers)
    assert refused.status_code == 404
    assert "metropoli_answers" not in refused.text


def test_a_word_opens_the_measures_from_anywhere(house: House) -> None:
    word = "una-parola-lunga-a-caso-7"
    settings = replace(house.services.settings, metrics_token=word)
    client = create_app(services=replace(house.services, settings=settings)).test_client()
    for shown, status in (
        (None, 404),
        ("Bearer sbagliata", 404),
        ("Bearer è", 404),
        (word, 404),
        (f"Bearer {word}", 200),
    ):
        headers = {"Authorization": shown} if shown else {}
        answer = client.get(
            "/metriche", headers=headers, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
        )
        assert answer.status_code == status, shown
    assert word not in repr(settings)
    with pytest.raises(InvalidSetting):
        Settings.from_environment({"METROPOLI_METRICS_TOKEN": "corta"})


def test_a_note_that_cannot_be_kept_or_read_is_as_none(tmp_path: Path) -> None:
    milestones.note(tmp_path / "missing", milestones.BACKUP)
    assert milestones.noted(tmp_path / "missing", milestones.BACKUP) == {}
    (tmp_path / "last-backup.json").write_text('{"at": "ieri"}', "utf-8")
    assert milestones.noted(tmp_path, milestones.BACKUP) == {}
    assert milestones.time_of({}) is None
