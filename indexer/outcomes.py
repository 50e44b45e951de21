"""What becomes of a file that is imported, in words: also those that show imports read them."""

from enum import StrEnum

_FIELDS = {
    "title": "titolo",
    "summary": "sintesi",
    "language": "lingua",
    "licence": "licenza",
    "authors": "autori",
    "topics": "argomenti",
    "year": "anno",
    "issued": "data",
    "publisher": "editore",
    "form": "forma",
    "external_url": "indirizzo",
    "note": "note",
}
_PROBLEMS = {
    "required": "manca",
    "too-long": "è troppo lungo",
    "too-many": "ha troppi valori",
    "format": "non è scritto nella forma giusta",
    "range": "è fuori dai limiti",
}


class Outcome(StrEnum):
    """What became of a file; the values stand in the report."""

    ADDED = "aggiunto"
    PRESENT = "già presente"
    DUPLICATE = "doppione"
    REFUSED = "rifiutato"


def explained(problems: dict[str, str]) -> str:
    """What a draft is refused for, in plain Italian."""
    return "; ".join(
        f"{_FIELDS.get(field, field)}: {_PROBLEMS.get(code, code)}"
        for field, code in problems.items()
    )
