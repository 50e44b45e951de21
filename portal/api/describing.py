"""The OpenAPI 3.0 description of the API, made from the shapes of its answers.

pydantic turns the dataclasses of ``answers`` into schemas; it is imported when a description is
first asked for. What ModI asks of an Italian public API (rate limits told in headers, problems in
RFC 9457, ``/status``, formats of numbers) is said here and held by a test.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.ids import ALPHABET, LENGTH
from indexer.engine import Facet, Sort
from portal.api import answers
from portal.api.reading import MOST_VALUES, YEARS
from portal.problems import CONTENT_TYPE
from portal.search_url import LANGUAGE, LAST_PAGE, TEXT_LIMIT, VALUES_LIMIT

VERSION = "1.0.0"
API_ID = "urn:metropoli-strategiche:api:lettura"
MOST_PER_PAGE = 100
LINKS_LENGTH = 3000  # a longer header than 4 kB makes many proxies refuse the whole answer

Schema = dict[str, Any]


@dataclass(frozen=True)
class Installation:
    """What of a description depends on where and by whom the portal is run."""

    site: str  # address of the portal, without a last slash
    brand: str
    publisher: str
    email: str
    values: Mapping[Facet, tuple[str, ...]]  # of the closed filters
    rate: int  # requests a minute


ENUMS = {
    "Evidence": "Quanto una soluzione pilota è attestata dalle fonti.",
    "Facet": "Nome di un filtro.",
    "FileFormat": "Formato di un file.",
    "Kind": "Tipo di scheda.",
    "Scope": "Se una scheda è del programma o ne è il contesto.",
    "SourceKind": "Chi pubblica una fonte.",
}
_SHAPES = (
    answers.Ricerca,
    answers.Filtri,
    answers.Scheda,
    answers.ElencoCitta,
    answers.Citta,
    answers.ElencoAree,
    answers.Area,
    answers.Problem,
)


def description(where: Installation) -> Schema:
    """The whole document."""
    contact = {"name": where.publisher, "url": f"{where.site}/contattaci"}
    if where.email:
        contact["email"] = where.email
    server: Schema = {
        "url": f"{where.site}/api/v1",
        "description": f"{where.brand}, interfaccia di lettura",
    }
    if not where.site.startswith("https://"):
        server["x-sandbox"] = True  # a trial on this machine, says ModI
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{where.brand}: interfaccia di lettura",
            "x-summary": "Cerca e legge ciò che il portale pubblica, senza registrazione.",
            "description": _ABOUT.format(rate=where.rate),
            "version": VERSION,
            "x-api-id": API_ID,
            "termsOfService": f"{where.site}/note-legali",
            "contact": contact,
            "license": {
                "name": "CC BY 4.0",
                "url": "https://creativecommons.org/licenses/by/4.0/deed.it",
            },
        },
        "servers": [server],
        "tags": [
            {"name": "ricerca", "description": "Cercare fra ciò che è pubblicato."},
            {"name": "schede", "description": "Leggere una scheda."},
            {"name": "luoghi", "description": "Le città e le aree d'intervento."},
            {"name": "servizio", "description": "Lo stato del servizio."},
        ],
        # Nobody needs to be known here. A voucher of the national platform does no harm.
        "security": [{}, {"VoucherPdnd": []}],
        "paths": _paths(where),
        "components": {
            "securitySchemes": {
                "VoucherPdnd": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Facoltativo: l'interfaccia è aperta a tutti. Chi passa dalla"
                    " PDND può inviare il suo voucher, che non cambia la risposta.",
                }
            },
            "headers": _headers(where.rate),
            "schemas": _schemas(),
        },
    }


_ABOUT = """\
Legge soltanto ciò che è pubblicato, con gli stessi parametri della pagina di ricerca. Ogni risposta
porta un `ETag`: con `If-None-Match` ciò che non è cambiato non viene rimandato. Sono permesse
{rate} richieste al minuto da un indirizzo di rete; le intestazioni `RateLimit-*` dicono quante ne
restano. Gli errori sono nella forma di RFC 9457. Un campo che una scheda non ha manca dalla
risposta. La versione maggiore sta nell'indirizzo: in `/api/v1` si possono solo aggiungere campi.
"""


def _paths(where: Installation) -> Schema:
    searching = _search_parameters(where.values)
    paging = [_page_parameter(), _size_parameter(), _sort_parameter()]
    return {
        "/ricerca": _operation(
            "ricerca",
            "cerca",
            "Cerca fra ciò che è pubblicato",
            "Una pagina di risultati. Senza parole rispondono tutte le schede che passano i filtri,"
            " dalla più recente. I valori di un filtro allargano, i filtri fra loro restringono.",
            answers.Ricerca,
            searching + paging,
        ),
        "/filtri": _operation(
            "ricerca",
            "conta_filtri",
            "I numeri dei filtri",
            "Per ogni valore di ogni filtro, quanti risultati avrebbe la ricerca scegliendo anche"
            " quello.",
            answers.Filtri,
            searching,
        ),
        "/schede/{id}": _operation(
            "schede",
            "leggi_scheda",
            "Una scheda",
            "Una scheda pubblicata, con i suoi file. Se è stata ritirata la risposta è 410 e dice"
            " il motivo.",
            answers.Scheda,
            [_in_path("id", "Identificativo.", f"^[{ALPHABET}]{{{LENGTH}}}$")],
            missing=(404, 410),
        ),
        "/citta": _operation(
            "luoghi",
            "elenca_citta",
            "Le città metropolitane",
            "Tutte le città, nell'ordine del programma, con la loro carta d'identità.",
            answers.ElencoCitta,
            [],
        ),
        "/citta/{slug}": _operation(
            "luoghi",
            "leggi_citta",
            "Una città metropolitana",
            "La carta d'identità di una città; le sue schede si trovano con la ricerca.",
            answers.Citta,
            [_in_path("slug", "La città, come nel filtro.", "^[a-z-]{1,60}$")],
            missing=(404,),
        ),
        "/aree": _operation(
            "luoghi",
            "elenca_aree",
            "Le aree d'intervento",
            "Le aree d'intervento, nell'ordine del programma.",
            answers.ElencoAree,
            [],
        ),
        "/aree/{slug}": _operation(
            "luoghi",
            "leggi_area",
            "Un'area d'intervento",
            "Un'area d'intervento; le sue schede si trovano con la ricerca.",
            answers.Area,
            [_in_path("slug", "L'area, come nel filtro.", "^[a-z-]{1,60}$")],
            missing=(404,),
        ),
        "/status": _status(),
    }


def _operation(
    tag: str,
    identifier: str,
    summary: str,
    about: str,
    answer: type,
    parameters: list[Schema],
    missing: tuple[int, ...] = (),
) -> Schema:
    headers = [*_RATE, "Cache-Control", "ETag"]
    if answer is answers.Ricerca:
        headers += ["Link"]
    responses: Schema = {
        "200": _response("La risposta.", answer.__name__, "application/json", headers),
        "304": {
            "description": "Non è cambiata da quando è stato dato l'«ETag» di «If-None-Match».",
            "headers": _named(["ETag"]),
        },
    }
    if parameters and not missing:
        responses["400"] = _problem("Un parametro non è scritto come si deve.", _RATE)
        responses["414"] = _problem("L'indirizzo è troppo lungo.", _RATE)
    if 404 in missing:
        responses["404"] = _problem("Non c'è.", _RATE)
    if 410 in missing:
        responses["410"] = _problem("Ritirata: «detail» dice perché.", _RATE)
    responses |= _always()
    return {
        "get": {
            "tags": [tag],
            "operationId": identifier,
            "summary": summary,
            "description": about,
            "parameters": [*parameters, _if_none_match()],
            "responses": responses,
        }
    }


def _status() -> Schema:
    up = _response("In funzione.", "Problem", CONTENT_TYPE, [*_RATE, "Cache-Control"])
    down = _problem("Non in funzione: «detail» dice che cosa.", ["Retry-After", *_RATE])
    return {
        "get": {
            "tags": ["servizio"],
            "operationId": "leggi_stato",
            "summary": "Lo stato del servizio",
            "description": "Dice se catalogo e ricerca rispondono.",
            "responses": {"200": up, **_always(), "503": down},
        }
    }


def _always() -> Schema:
    """The problems that any operation may answer."""
    return {
        "429": _problem("Troppe richieste in un minuto.", ["Retry-After", *_RATE]),
        "503": _problem("Momentaneamente non disponibile.", ["Retry-After", *_RATE]),
        "default": _problem("Un altro problema.", _RATE),
    }


def _response(about: str, schema: str, content_type: str, headers: list[str]) -> Schema:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "description": about,
        "headers": _named(headers),
        "content": {content_type: {"schema": reference}},
    }


def _problem(about: str, headers: list[str]) -> Schema:
    return _response(about, "Problem", CONTENT_TYPE, headers)


_RATE = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]


def _named(headers: list[str]) -> Schema:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _headers(rate: int) -> Schema:
    number: Schema = {"type": "integer", "format": "int32", "minimum": 0}
    text: Schema = {"type": "string", "maxLength": 2000}
    return {
        "RateLimit-Limit": {
            "description": "Richieste permesse in un minuto.",
            "schema": {**number, "example": rate},
        },
        "RateLimit-Remaining": {
            "description": "Richieste che restano.",
            "schema": {**number, "example": rate},
        },
        "RateLimit-Reset": {
            "description": "Secondi fino al prossimo minuto.",
            "schema": {**number, "example": 60},
        },
        "Retry-After": {
            "description": "Secondi da aspettare prima di riprovare.",
            "schema": {**number, "example": 60},
        },
        "ETag": {"description": "Cambia quando cambia la risposta.", "schema": text},
        "Cache-Control": {
            "description": "Sempre «no-cache»: una copia si può tenere, ma va chiesto ogni volta se"
            " è ancora buona.",
            "schema": text,
        },
        "Link": {
            "description": "Prima, precedente, successiva e ultima pagina (RFC 8288), la stessa"
            " ricerca per le persone, questa descrizione.",
            "schema": {"type": "string", "maxLength": LINKS_LENGTH},
        },
    }


def _search_parameters(values: Mapping[Facet, tuple[str, ...]]) -> list[Schema]:
    words = {
        "name": "q",
        "in": "query",
        "description": "Parole; «fra virgolette» alla lettera; -parola esclude.",
        "schema": {"type": "string", "maxLength": TEXT_LIMIT, "example": "sportello unico"},
    }
    return [
        words,
        *(_filter(facet, values.get(facet, ())) for facet in Facet),
        _switch("sinonimi", "«no» per non cercare anche sinonimi e sigle."),
        _switch("correggi", "«no» per non rispondere mai a una grafia corretta."),
        _switch("parziali", "«no» per avere solo i risultati con tutte le parole."),
    ]


def _filter(facet: Facet, values: tuple[str, ...]) -> Schema:
    each: Schema = {"type": "string", "enum": list(values)}
    about = "Filtro, anche ripetuto."
    if facet is Facet.YEAR:
        each = {"type": "string", "pattern": f"^({YEARS})$", "example": "2021-2023"}
        about += " Un anno (2023) o un intervallo: 2021-2023, 2021-, -2023."
    if facet is Facet.LANGUAGE:
        each = {"type": "string", "pattern": f"^({LANGUAGE.pattern})$", "example": "it"}
        about += " Codice ISO 639-1."
    return {
        "name": facet.value,
        "in": "query",
        "description": f"{about} In tutto non più di {VALUES_LIMIT} valori fra i filtri.",
        "style": "form",
        "explode": True,
        "schema": {
            "type": "array",
            "items": each,
            "maxItems": MOST_VALUES.get(facet, len(values)),
            "uniqueItems": True,
        },
    }


def _switch(name: str, about: str) -> Schema:
    schema = {"type": "string", "enum": ["si", "no"], "default": "si"}
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _page_parameter() -> Schema:
    return _number("pagina", "Pagina dei risultati, da 1.", LAST_PAGE, 1)


def _size_parameter() -> Schema:
    return _number("per_pagina", "Risultati per pagina.", MOST_PER_PAGE, None)


def _number(name: str, about: str, most: int, default: int | None) -> Schema:
    schema: Schema = {"type": "integer", "format": "int32", "minimum": 1, "maximum": most}
    if default is not None:
        schema["default"] = default
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _sort_parameter() -> Schema:
    schema = {
        "type": "string",
        "enum": [sort.value for sort in Sort],
        "default": Sort.RELEVANCE.value,
    }
    return {"name": "ordine", "in": "query", "description": "Ordine.", "schema": schema}


def _in_path(name: str, about: str, pattern: str) -> Schema:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": about,
        "schema": {"type": "string", "pattern": pattern},
    }


def _if_none_match() -> Schema:
    return {
        "name": "If-None-Match",
        "in": "header",
        "description": "L'«ETag» della copia che si ha già.",
        "schema": {"type": "string", "example": '"3f1b5c"'},
    }


def _schemas() -> Schema:
    from pydantic import TypeAdapter

    _, made = TypeAdapter.json_schemas(
        [(shape, "serialization", TypeAdapter(shape)) for shape in _SHAPES],
        ref_template="#/components/schemas/{model}",
    )
    schemas: Schema = {
        name: as_openapi_3_0(schema) for name, schema in sorted(made["$defs"].items())
    }
    for name, about in ENUMS.items():
        schemas[name]["description"] = about
    return schemas


def as_openapi_3_0(schema: Schema) -> Schema:
    """A JSON Schema of 2020 in the dialect of OpenAPI 3.0; what may be None may only be missing."""
    result: Schema = {}
    for key, value in schema.items():
        if key == "title" or (key == "default" and value in (None, [], "")):
            continue
        if key == "properties":
            value = {name: as_openapi_3_0(each) for name, each in value.items()}
        elif key == "items":
            value = as_openapi_3_0(value)
        elif key == "anyOf":
            (only,) = (as_openapi_3_0(each) for each in value if each != {"type": "null"})
            result |= only
            continue
        elif key == "description":
            value = re.sub(r"\s+", " ", value).strip()
        result[key] = value
    if result.get("type") == "integer":
        result["format"] = "int64"
    if result.get("type") == "number":
        result["format"] = "double"
    if "$ref" in result and len(result) > 1:  # 3.0 reads nothing beside a reference
        result = {"allOf": [{"$ref": result.pop("$ref")}], **result}
    return result
