"""Address ↔ Query: one address for one search, and no address that raises."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import Facet, Query, Sort
from portal.search_url import (
    Known,
    Problem,
    Remark,
    TooManyValues,
    address,
    parse,
    printable,
    strict_number,
    with_filters,
)

KNOWN = Known(frozenset({"bari", "napoli"}), frozenset({"semplificazione"}))


def read(**arguments: list[str]) -> Query:
    return parse(arguments, KNOWN, size=10).query


def test_an_empty_address_asks_for_everything() -> None:
    assert read() == Query()


def test_every_part_of_an_address_is_read() -> None:
    query = read(
        q=["  sportello unico "],
        citta=["napoli", "bari", "bari"],
        anno=["2023"],
        ordine=["recenti"],
        pagina=["3"],
        sinonimi=["no"],
        correggi=["no"],
        parziali=["no"],
    )
    assert query == Query(
        text="sportello unico",
        filters={Facet.CITY: ("bari", "napoli"), Facet.YEAR: ("2023",)},
        sort=Sort.NEWEST,
        page=3,
        expand=False,
        correct=False,
        relax=False,
    )


def test_what_is_set_aside_is_reported() -> None:
    search = parse({"citta": ["bari", "oz"], "ordine": ["x"], "pagina": ["0"]}, KNOWN, size=10)
    assert search.query == Query(filters={Facet.CITY: ("bari",)})
    assert search.remarks == (
        Remark(Problem.UNKNOWN_VALUE, "oz", Facet.CITY),
        Remark(Problem.UNKNOWN_SORT, "x"),
        Remark(Problem.BAD_PAGE, "0"),
    )


def test_more_values_than_a_person_ticks_are_refused() -> None:
    with pytest.raises(TooManyValues):
        read(anno=[str(year) for year in range(1960, 2001)])


def test_the_address_of_a_search_has_one_order_and_no_defaults() -> None:
    query = Query(
        text="a b",
        filters={Facet.YEAR: ("2023",), Facet.CITY: ("napoli", "bari")},
        sort=Sort.TITLE,
        page=2,
        expand=False,
    )
    assert address(query) == (
        "/ricerca?q=a+b&citta=bari&citta=napoli&anno=2023&sinonimi=no&ordine=titolo&pagina=2"
    )
    assert address(Query()) == "/ricerca"


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    query = Query(filters={Facet.CITY: ("bari",)}, page=4)
    assert with_filters(query, Facet.CITY, ()) == Query()
    assert with_filters(query, Facet.KIND, ("guida",)).page == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("100", 100), ("007", 7), ("0", None), ("101", None), ("²", None), ("١", None),
     ("", None), ("-1", None), ("+1", None), ("1.0", None), (" 1", None), ("9" * 5000, None)],
)  # fmt: skip
def test_numbers_are_ascii_digits_in_a_range(text: str, number: int | None) -> None:
    assert strict_number(text, 1, 100) == number


def test_what_no_person_types_is_dropped() -> None:
    assert printable("a\x00b\ud800c\x9fd\n") == "a bc d"


queries = st.builds(
    Query,
    text=st.text(max_size=40).map(printable),
    filters=st.fixed_dictionaries(
        {},
        optional={
            Facet.CITY: st.sampled_from([("bari",), ("bari", "napoli")]),
            Facet.YEAR: st.integers(1900, 2100).map(lambda year: (str(year),)),
            Facet.FORMAT: st.just(("pdf",)),
        },
    ),
    sort=st.sampled_from(Sort),
    page=st.integers(1, 100_000),
    expand=st.booleans(),
    correct=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(queries)
def test_an_address_read_back_is_the_same_search(query: Query) -> None:
    from urllib.parse import parse_qs, urlsplit

    arguments = parse_qs(urlsplit(address(query)).query, keep_blank_values=True)
    assert parse(arguments, KNOWN, size=10).query == query


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*Facet, "q", "ordine", "pagina"]), st.lists(st.text())))
def test_no_arguments_raise_anything_but_too_many(arguments: dict[str, list[str]]) -> None:
    try:
        search = parse(arguments, KNOWN, size=10)
    except TooManyValues:
        return
    assert search.query.page >= 1
