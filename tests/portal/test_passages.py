"""Passages as people read them: bounded by sentences, cuts shown, nothing of the layout."""

import pytest

from indexer.engine import Passage, Run
from portal.passages import is_index, tidy


def passage(text: str) -> Passage:
    """A text where [words] are matched; it may go on beyond < and >."""
    parts = text.strip("<>").replace("]", "[").split("[")
    runs = tuple(Run(part, place % 2 == 1) for place, part in enumerate(parts) if part)
    return Passage(runs, 1, "", text.startswith("<"), text.endswith(">"))


def shown(text: str) -> str:
    runs = tidy(passage(text))
    return "".join(f"[{run.text}]" if run.matched else run.text for run in runs)


CASES = """
La pratica passa dal [SUAP]
La pratica passa dal [SUAP]

<urbanistica. Le soluzioni riguardano lo [sportello].>
Le soluzioni riguardano lo [sportello].

<aperta. [SUAP] e Comuni.
[SUAP] e Comuni.

Il problema. Poi il [SUAP]
Il problema. Poi il [SUAP]

<e sinonimi Se cerchi il [SUAP] metropolitano>
… e sinonimi Se cerchi il [SUAP] metropolitano …

[SUAP] dei Comuni: si veda l'art. 5 della legge>
[SUAP] dei Comuni: si veda l'art. 5 della legge …

Un [SUAP] in un settore: l'ambiente. • A chi serve ▪ A chi lavora>
Un [SUAP] in un settore: l'ambiente. A chi serve · A chi lavora …

Il [SUAP] riceve le pratiche di tutte le imprese del territorio. Non chiedetevi quale>
Il [SUAP] riceve le pratiche di tutte le imprese del territorio.

<Voce | Il portale trova [SUAP] | altro>
Il portale trova [SUAP] · altro …

Il [SUAP] . . . . . . . . 7 e altro.>
Il [SUAP] … e altro.

Vedi https://www.comune.it/a/b/c?d=1 del [SUAP].
Vedi comune.it/… del [SUAP].

Solo un riassunto senza parole>
Solo un riassunto senza parole …
"""
PAIRS = [case.split("\n") for case in CASES.strip().split("\n\n")]


@pytest.mark.parametrize(("text", "wanted"), PAIRS)
def test_a_passage_begins_and_ends_where_it_can_be_read(text: str, wanted: str) -> None:
    assert shown(text) == wanted


def test_lines_of_the_author_are_kept_apart() -> None:
    found = passage("Chi ha un [SUAP]\nTempo: dieci minuti.\nQuale somiglia\n• al vostro")
    joined = "".join(run.text for run in tidy(found, lines=True))
    assert joined == "Chi ha un SUAP · Tempo: dieci minuti. Quale somiglia · al vostro"
    assert "\n" in "".join(run.text for run in tidy(found))


def test_matched_words_are_never_lost_or_changed() -> None:
    runs = passage("<A. [uno] • B. [due]\n[tre] https://a.example/x [quattro]. Fine non>")
    kept = [run.text for run in tidy(runs) if run.matched]
    assert kept == ["uno", "due", "tre", "quattro"]


def test_a_stretch_of_a_table_of_contents_is_known() -> None:
    assert is_index(passage("Venezia: [SUAP] ........ 7 Bologna: Il [SUAP] . . . . . . 8").runs)
    assert not is_index(passage("Il [SUAP]... e poi... niente").runs)
