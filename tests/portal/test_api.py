"""The read API: the page's answers for programs, as its own description says."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
import yaml
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from werkzeug.test import TestResponse

from indexer.engine import EngineUnavailable, Facet
from portal.api.describing import Installation, as_openapi_3_0, description
from portal.app import create_app
from portal.search_url import VALUES_LIMIT
from tests.portal.conftest import check_answer
from tests.portal.house import ACTOR, House

RATE = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def get(client: FlaskClient, path: str, status: int = 200, **more: Any) -> TestResponse:
    response = client.get(f"/api/v1/{path}", **more)
    assert response.status_code == status, response.text
    check_answer(response)
    assert all(name in response.headers for name in RATE)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if status >= 400:
        check_problem(response)
    return response


def check_problem(response: TestResponse) -> None:
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert problem["status"] == response.status_code
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"].endswith(".")


def ids(response: TestResponse) -> list[str]:
    return [result["scheda"]["id"] for result in response.get_json()["risultati"]]


@pytest.mark.parametrize(
    "query",
    ["", "q=sportello", "q=sportello&citta=bari", "citta=bari&citta=milano&ordine=titolo",
     "tipo=guida&anno=2023&anno=2021", "anno=2021-2023", "anno=-2021&lingua=it",
     "formato=pdf&sinonimi=no&correggi=no&pagina=1"],
)  # fmt: skip
def test_a_search_answers_what_the_page_answers(client: FlaskClient, query: str) -> None:
    page = client.get(f"/ricerca.json?{query}").get_json()
    answer = get(client, f"ricerca?{query}")
    assert ids(answer) == [row["id"] for row in page["righe"]][:10]
    content = answer.get_json()
    assert content["totale"] == page["totale"]
    assert client.get(content["indirizzo"]).status_code == 200


def test_passages_say_where_they_stand(client: FlaskClient, house: House) -> None:
    results = get(client, "ricerca?q=sportello&citta=napoli").get_json()["risultati"]
    assert [result["scheda"]["id"] for result in results] == [house.ids["suap"]]
    pages = {passage.get("pagina"): passage for passage in results[0]["passi"]}
    assert {1, 3} <= pages.keys()
    found = [piece["testo"] for piece in pages[3]["pezzi"] if piece["trovato"]]
    assert "sportello" in found


def test_pages_of_results_are_linked(client: FlaskClient) -> None:
    found: list[str] = []
    address: str | None = "http://localhost/api/v1/ricerca?per_pagina=2&ordine=titolo"
    while address:
        response = client.get(address)
        found += ids(response)
        links = re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"])
        address = {rel: target for target, rel in links}.get("next")
    everything = ids(get(client, "ricerca?ordine=titolo&per_pagina=100"))
    assert found == everything
    assert len(set(found)) == len(found) == 6
    beyond = get(client, "ricerca?pagina=99&per_pagina=2")
    assert beyond.get_json()["risultati"] == []
    assert beyond.get_json()["totale"] == 6
    assert 'pagina=3&per_pagina=2>; rel="prev"' in beyond.headers["Link"]


def test_filters_count_as_beside_the_results(client: FlaskClient) -> None:
    filters = get(client, "filtri?citta=bari").get_json()
    assert filters["totale"] == 3
    values = {each["filtro"]: each["valori"] for each in filters["filtri"]}
    for value in values["citta"]:
        query = f"ricerca?citta={value['valore']}"
        assert value["totale"] == get(client, query).get_json()["totale"]
        assert value["scelto"] is (value["valore"] == "bari")
    for value in values["tipo"]:
        query = f"ricerca?citta=bari&tipo={value['valore']}"
        assert value["totale"] == get(client, query).get_json()["totale"]


def test_a_record_has_what_its_kind_has(client: FlaskClient, house: House) -> None:
    suap = get(client, f"schede/{house.ids['suap']}").get_json()
    assert suap["autori"] == ["Maria Rossi", "Anna Bianchi"]
    assert suap["documento"]["licenza"] == "CC-BY-4.0"
    (version,) = suap["documento"]["versioni"]
    with client.get(version["indirizzo"]) as download:
        assert len(download.data) == version["byte"]
    assert not {"soluzione", "corso", "evento", "data"} & suap.keys()
    solution = get(client, f"schede/{house.ids['soluzione']}").get_json()
    assert solution["soluzione"]["documenti"] == [house.ids["suap"]]


def test_places_are_those_of_the_pages(client: FlaskClient) -> None:
    cities = get(client, "citta").get_json()["citta"]
    assert get(client, "citta/bari").get_json() in cities
    assert client.get(cities[0]["indirizzo"]).status_code == 200
    areas = get(client, "aree").get_json()["aree"]
    assert len(areas) == 3
    assert get(client, "aree/semplificazione").get_json() == areas[0]
    assert client.get(areas[0]["indirizzo"]).status_code == 200


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("cita=bari", ["cita"]),
        ("citta=atlantide", ["citta"]),
        ("citta=bari&citta=", ["citta"]),
        ("anno=²", ["anno"]),
        ("anno=marzo 2023", ["anno"]),
        ("lingua=it&lingua=en&lingua=fr&lingua=de", ["lingua"]),
        ("anno=99999999999999999999", ["anno"]),
        ("tipo=Guida", ["tipo"]),
        ("ordine=x", ["ordine"]),
        ("pagina=0", ["pagina"]),
        ("pagina=1&pagina=2", ["pagina"]),
        ("pagina=1e3", ["pagina"]),
        ("per_pagina=101", ["per_pagina"]),
        ("per_pagina=-1&sinonimi=forse", ["per_pagina", "sinonimi"]),
        ("q=a&q=b", ["q"]),
        ("q=" + "a" * 257, ["q"]),
        ("%ff=1", ["%FF"]),
        ("citta=bari&citta=bari", ["citta"]),
    ],
)
def test_what_the_page_would_set_aside_is_refused_by_name(
    client: FlaskClient, query: str, names: list[str]
) -> None:
    problem = get(client, f"ricerca?{query}", 400).get_json()
    assert problem["parametri"] == names


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("schede/zzzzzzz", 404), ("schede/%00", 404), ("citta/atlantide", 404), ("aree/x", 404),
        ("", 404), ("boh", 404), ("../v2", 404), ("ricerca?" + "citta=bari&" * 500, 414),
        ("ricerca?" + "&".join(f"anno={year}" for year in range(1950, 2000)), 400),
    ],
)  # fmt: skip
def test_errors_are_problems(client: FlaskClient, path: str, status: int) -> None:
    get(client, path, status)


def test_other_errors_are_problems_too(app: Flask, client: FlaskClient) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE"):
        response = client.open("/api/v1/ricerca", method=method)
        assert response.status_code == 405
        assert "GET" in response.headers["Allow"]
        check_problem(response)
    check_problem(client.get("/api/v1/ricerca", headers={"Host": "evil.example"}))
    assert client.get("/api").content_type == "application/problem+json"


def test_a_draft_is_not_there_and_what_was_withdrawn_says_why(other_house: House) -> None:
    client = create_app(services=other_house.services).test_client()
    get(client, f"schede/{other_house.ids['bozza']}", 404)
    assert "segretissima" not in get(client, "ricerca?per_pagina=100").text
    other_house.services.catalogue.withdraw(
        other_house.ids["piano"],
        actor=ACTOR,
        reason="Superato dal nuovo piano.",
        successor_id=other_house.ids["suap"],
    )
    gone = get(client, f"schede/{other_house.ids['piano']}", 410).get_json()
    assert gone["detail"] == "Superato dal nuovo piano."
    assert gone["successore"] == other_house.ids["suap"]
    assert other_house.ids["piano"] not in ids(get(client, "ricerca?per_pagina=100"))


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient, house: House) -> None:
    for path in ("ricerca?q=sportello", f"schede/{house.ids['suap']}", "citta", "openapi.json"):
        tag = get(client, path).headers["ETag"]
        again = get(client, path, 304, headers={"If-None-Match": tag})
        assert again.data == b""
        assert again.headers["ETag"] == tag


def test_the_limit_is_told_and_kept(house: House) -> None:
    services = replace(house.services, settings=replace(house.services.settings, search_rate=3))
    client = create_app(services=services).test_client()
    left = [int(get(client, "citta").headers["RateLimit-Remaining"]) for _ in range(3)]
    assert left == [2, 1, 0]
    refused = get(client, "citta", 429)
    assert 0 < int(refused.headers["RateLimit-Reset"]) <= 120
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    get(client, "status")  # monitors are not counted


def test_a_silent_engine_is_a_problem_with_a_time_to_come_back(
    other_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = create_app(services=other_house.services).test_client()
    assert get(client, "status").content_type == "application/problem+json"

    def silent(*arguments: object, **named: object) -> None:
        raise EngineUnavailable

    monkeypatch.setattr(type(other_house.services.engine), "search", silent)
    for path in ("status", "ricerca?q=a", "filtri"):
        assert get(client, path, 503).headers["Retry-After"] == "30"
    assert "ricerca" in get(client, "status", 503).get_json()["detail"]
    get(client, "citta")


def test_both_forms_of_the_description_are_the_same(client: FlaskClient) -> None:
    as_json = get(client, "openapi.json").get_json()
    assert yaml.safe_load(get(client, "openapi.yaml").text) == as_json
    paths = {rule.rule for rule in client.application.url_map.iter_rules()}
    for path in as_json["paths"]:
        flask_path = "/api/v1" + re.sub(r"\{(\w+)\}", r"<\1>", path)
        assert flask_path in paths


def described(site: str = "https://documenti.ente.it") -> dict[str, Any]:
    return description(
        Installation(site, "Portale", "Ente", "a@ente.it", {Facet.CITY: ("bari",)}, 120)
    )


def test_the_description_keeps_what_modi_asks() -> None:
    """The demands of the "Italian Guidelines Full" rules, in our own words."""
    told = described()
    info = told["info"]
    assert info["contact"]["email"]
    assert info["x-summary"]
    assert info["termsOfService"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    for server in told["servers"]:
        assert server["description"]
        assert server["url"].startswith("https://")
    assert described("http://localhost")["servers"][0]["x-sandbox"] is True
    up = told["paths"]["/status"]["get"]["responses"]["200"]["content"]
    assert list(up) == ["application/problem+json"]
    assert {"status", "title", "detail"} <= set(
        told["components"]["schemas"]["Problem"]["required"]
    )
    for path, item in told["paths"].items():
        assert re.fullmatch(r"(/[a-z0-9.-]+|/\{\w+\})+", path)
        operation = item["get"]
        assert not re.match("get|post|put|delete|patch|head", operation["operationId"])
        for status, response in operation["responses"].items():
            check_response(status, response)
    for schema in every_schema(told):
        if schema.get("type") in ("integer", "number"):
            assert schema["format"] in ("int32", "int64", "float", "double")


def check_response(status: str, response: dict[str, Any]) -> None:
    headers, content = set(response["headers"]), list(response.get("content", {}))
    if status[0] in "2d":
        assert content in (["application/json"], ["application/problem+json"])
    if status[0] in "45" or status == "default":
        assert content == ["application/problem+json"]
    if status[0] in "24":
        assert headers >= set(RATE)
    if status[0] == "2":
        assert "Cache-Control" in headers
        assert "Expires" not in headers
    if status in ("429", "503"):
        assert "Retry-After" in headers
    assert not [name for name in headers if name.startswith("X-")]


def every_schema(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from every_schema(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_schema(each)


def test_schemas_have_nothing_that_openapi_3_0_lacks() -> None:
    for schema in every_schema(described()["components"]["schemas"]):
        assert "const" not in schema
        assert {"type": "null"} not in schema.get("anyOf", [])
        assert "$ref" not in schema or set(schema) == {"$ref"}
    assert as_openapi_3_0(
        {"anyOf": [{"$ref": "#/x"}, {"type": "null"}], "description": "a\n b", "default": None}
    ) == {"allOf": [{"$ref": "#/x"}], "description": "a b"}


@pytest.fixture(scope="module")
def told(house: House) -> Any:
    """The description as schemathesis reads it, with the portal behind it."""
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", create_app(services=house.services)
    )
    schema.config.checks.positive_data_acceptance.expected_statuses = ["2xx", "304", "404"]
    schema.config.checks.negative_data_rejection.expected_statuses = ["4xx"]
    return schema


# Only what takes parameters can be asked badly.
ASKED = [
    (path, mode)
    for path, item in described()["paths"].items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or len(item["get"].get("parameters", ())) > 1
]


def values_asked(case: schemathesis.Case) -> int:
    return sum(len(value) for value in (case.query or {}).values() if isinstance(value, list))


EXAMPLES = 12  # of each operation, well made and badly made


@pytest.mark.parametrize(("path", "mode"), ASKED)
def test_requests_made_from_the_description_are_answered_as_it_says(
    told: Any, path: str, mode: GenerationMode
) -> None:
    operation = told[path]["GET"]

    @given(operation.as_strategy(mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        if mode is GenerationMode.POSITIVE and values_asked(case) > VALUES_LIMIT:
            # A limit over all filters together: a schema of each parameter cannot say it.
            assert case.call().status_code == 400
        else:
            case.call_and_validate(headers={"Accept-Encoding": "identity"})

    ask()
