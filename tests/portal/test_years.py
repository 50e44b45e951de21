"""Years as people write them, and back into words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.years import Read, read, words

WRITTEN = """
2023            | 2023 | anno 2023 | nel 2023 |  2023.
2021-2023       | 2021-2023 | 2021 – 2023 | 2021/2023 | 2021-23 | dal 2021 al 2023 | 2023-2021
2021-2023       | tra il 2021 e il 2023 | da 2021 a 2023 | FROM 2021 TO 2023 | 2021...2023
2019-           | dal 2019 | Dal 2019 in poi | da 2019 | since 2019 | 2019- | dal 2019 ad oggi
2020-           | dopo il 2019 | after 2019
-2015           | fino al 2015 | entro il 2015 | until 2015 | - 2015
-2014           | prima del 2015 | before 2015
2019 2021       | 2019, 2021 | 2019 e 2021 | 2021; 2019, | 2019 o 2021
2017 2021-2023  | 2017, 2021-2023
"""
CASES = [
    (text.strip(), values.split())
    for values, *texts in (line.split("|") for line in WRITTEN.strip().splitlines())
    for text in texts
]
MONTHS = ["marzo 2023", "Mar. 2023", "12 marzo 2023", "1º marzo 2023", "03/2023", "2023-03",
          "12/03/2023", "2023-03-12", "March 2023"]  # fmt: skip
NO_YEARS = ["", "MMXX", "99", "20233", "l'altro anno", "2023 forse", "1500", "2500", "dal",
            "2019,x", "²⁰²³", "2023/13", "0" * 80, "2019-2021-2023", "--2019", "-"]  # fmt: skip


@pytest.mark.parametrize(("text", "values"), CASES)
def test_years_and_spans(text: str, values: list[str]) -> None:
    found = read(text)
    assert found is not None
    assert (sorted(found.values), found.months) == (sorted(values), False)


@pytest.mark.parametrize("text", MONTHS)
def test_a_month_counts_as_its_year(text: str) -> None:
    assert read(text) == Read(("2023",), months=True)


@pytest.mark.parametrize("text", NO_YEARS)
def test_what_is_no_year(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=90))
def test_any_text_is_read_in_no_time_and_values_are_read_as_themselves(text: str) -> None:
    start = time.process_time()
    found = read(text)
    assert time.process_time() - start < 0.5
    for value in found.values if found else ():
        assert read(value) == Read((value,))


def test_hostile_texts_take_no_time() -> None:
    start = time.process_time()
    for text in ("2019" + " " * 5000, "dal " * 500, "2019-" * 500, "1," * 500, "e " * 500):
        read(text)
    assert time.process_time() - start < 0.5


def test_values_in_words() -> None:
    assert [words(value) for value in ("2023", "2021-2023", "2019-", "-2015")] == [
        "2023",
        "2021-2023",
        "dal 2019",
        "fino al 2015",
    ]
