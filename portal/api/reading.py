"""The search in an address of the API: read as the page's, and refused where the page helps.

A person who mistypes a filter gets results and a remark; a program would take them for the answer
to what it meant. So whatever ``search_url`` would set aside, change or ignore is refused here.
"""

import re
from collections.abc import Mapping, Sequence

from indexer.engine import Facet
from portal.i18n import gettext as _
from portal.search_url import TEXT_LIMIT, VALUES_LIMIT, Search, strict_number

SWITCHES = ("sinonimi", "correggi", "parziali")
# The page reads years as people write them; a program writes them in one of these ways.
_YEAR = "(18(6[1-9]|[7-9][0-9])|19[0-9][0-9]|20[0-9][0-9]|2100)"
YEARS = f"{_YEAR}|{_YEAR}-{_YEAR}|{_YEAR}-|-{_YEAR}"
MOST_VALUES = {Facet.YEAR: 5, Facet.LANGUAGE: 3}  # of the filters without a closed list
ONCE = ("q", *SWITCHES, "ordine", "pagina", "per_pagina")
SEARCHING = ("q", *(facet.value for facet in Facet), *SWITCHES)
PAGING = ("ordine", "pagina", "per_pagina")


class BadParameters(Exception):
    """The parameters to correct, each with a sentence."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(", ".join(sentences))
        self.sentences = sentences


def page_size(arguments: Mapping[str, Sequence[str]], usual: int, most: int) -> int:
    """Results for a page: what was asked for, if it can be; what cannot is for ``check``."""
    values = arguments.get("per_pagina", ())
    size = strict_number(values[0], 1, most) if values else usual
    return size or usual


def check(
    arguments: Mapping[str, Sequence[str]], search: Search, allowed: Sequence[str], most: int
) -> None:
    """Raise ``BadParameters`` unless ``search`` says all that ``arguments`` say."""
    wrong: dict[str, str] = {}
    for name, values in arguments.items():
        if name not in allowed:
            wrong[name] = _("non esiste")
        elif name in ONCE and len(values) > 1:
            wrong[name] = _("va scritto una volta sola")
        else:
            sentence = _wrong(name, values, search, most)
            if sentence:
                wrong[name] = sentence
    if wrong:
        raise BadParameters(wrong)


def _wrong(name: str, values: Sequence[str], search: Search, most: int) -> str:
    """What is wrong with the values of a parameter that exists; "" when nothing is."""
    query, first = search.query, values[0]
    if name == "q":
        good = len(first) <= TEXT_LIMIT
        return "" if good else _("supera %(most)s caratteri", most=TEXT_LIMIT)
    if name in SWITCHES:
        return "" if first in ("si", "no") else _("si scrive «si» oppure «no»")
    if name == "ordine":
        return "" if first == query.sort.value else _("non è un ordine che esista")
    if name == "pagina":
        return "" if first == str(query.page) else _("è un numero intero da 1 in su")
    if name == "per_pagina":
        good = first == str(query.size)
        return "" if good else _("è un numero intero da 1 a %(most)s", most=most)
    if len(set(values)) < len(values):
        return _("ripete un valore")
    most_values = MOST_VALUES.get(Facet(name), VALUES_LIMIT)
    if len(values) > most_values:
        return _("ammette al massimo %(most)s valori", most=most_values)
    if name == Facet.YEAR.value:
        good = all(re.fullmatch(YEARS, value) for value in values)
        return "" if good else _("si scrive 2023, 2021-2023, 2021- oppure -2023")
    unknown = set(values) - set(query.filters.get(Facet(name), ()))
    return _("ha un valore che non esiste") if unknown else ""
