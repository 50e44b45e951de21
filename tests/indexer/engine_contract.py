"""What every search engine promises, one test a promise; test classes of engines inherit it.

The small collection is counted by hand: change an entry and count again.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine import (
    BestBet,
    Correction,
    Desk,
    Engine,
    EngineUnavailable,
    Entry,
    Facet,
    PageText,
    Query,
    Run,
    Sort,
)
from tests.indexer import brute_force

CITY, AREA, KIND, YEAR, FORMAT = Facet.CITY, Facet.AREA, Facet.KIND, Facet.YEAR, Facet.FORMAT
LANGUAGE, ACCESSIBILITY = Facet.LANGUAGE, Facet.ACCESSIBILITY


def entry(
    id: str,
    title: str,
    *pages: str,
    cities: Sequence[str] = (),
    area: str = "semplificazione",
    kind: str = "ricerca",
    issued: date | None = None,
    format: str = "",
    summary: str = "",
    headings: Sequence[str] = (),
    keywords: Sequence[str] = (),
    revision: int = 1,
) -> Entry:
    facets = {
        CITY: tuple(cities),
        AREA: (area,),
        KIND: (kind,),
        YEAR: (str(issued.year),) if issued else (),
        FORMAT: (format,) if format else (),
    }
    return Entry(
        id=id,
        title=title,
        summary=summary,
        pages=tuple(PageText(number, text) for number, text in enumerate(pages, 1)),
        headings=tuple(headings),
        keywords=tuple(keywords),
        facets={facet: values for facet, values in facets.items() if values},
        issued=issued,
        revision=revision,
    )


COLLECTION = (
    entry(
        "suap-bo",
        "Sportello unico metropolitano",
        "La piattaforma raccoglie le pratiche edilizie dei comuni. Il regolamento è approvato.",
        "Tempi medi di rilascio: trenta giorni. L'ufficio risponde ai cittadini.",
        cities=["bologna"],
        kind="soluzione-pilota",
        issued=date(2022, 5, 1),
        format="pdf",
        keywords=["Bologna", "edilizia"],
    ),
    entry(
        "modulistica",
        "Modulistica unica per l'edilizia",
        "I moduli unificati riducono gli oneri. Il regolamento è in vigore.",
        cities=["bologna", "bari"],
        kind="soluzione-pilota",
        issued=date(2021, 3, 10),
        format="docx",
        keywords=["Bologna", "Bari", "edilizia"],
    ),
    entry(
        "piano-ge",
        "Piano strategico di Genova",
        "Il porto e la mobilità sostenibile sono al centro del piano.",
        "Le azioni del piano: rigenerazione urbana, verde, trasporto pubblico.",
        "Allegato con le tabelle dei costi.",
        cities=["genova"],
        area="pianificazione-strategica",
        issued=date(2022, 11, 2),
        format="pdf",
        headings=["Visione", "Azioni"],
        keywords=["Genova"],
    ),
    entry(
        "piano-to",
        "Piano strategico di Torino",
        "La città metropolitana di Torino sceglie la montagna come risorsa.",
        cities=["torino"],
        area="pianificazione-strategica",
        issued=date(2020, 1, 1),
        format="pdf",
        keywords=["Torino"],
    ),
    entry(
        "uffici",
        "Uffici associati per i fondi europei",
        "I comuni dividono il personale. Un ufficio Europa segue i bandi.",
        cities=["bari", "napoli", "genova"],
        area="gestione-associata",
        kind="soluzione-pilota",
        issued=date(2022, 7, 7),
        format="pdf",
        summary="Come i piccoli comuni lavorano insieme sui bandi europei.",
        keywords=["Bari", "Napoli", "Genova", "progettazione europea"],
    ),
    entry(
        "corso",
        "Corso sulla gestione associata",
        cities=[],
        area="gestione-associata",
        kind="formazione",
        summary="Quattro lezioni a distanza sulle funzioni dei comuni.",
        keywords=["webinar"],
    ),
)

ORDINARY = entry("altro", "Un altro documento", "Testo che parla d'altro.", cities=["roma"])


def ids(engine: Engine, text: str = "", **options: object) -> list[str]:
    return [hit.id for hit in engine.search(Query(text=text, **options)).hits]  # type: ignore[arg-type]


def found(engine: Engine, text: str, **options: object) -> set[str]:
    """Ids of all results for all the words, nothing corrected, relaxed or added."""
    query = Query(text=text, relax=False, correct=False, expand=False, size=100)
    return {hit.id for hit in engine.search(replace(query, **options)).hits}  # type: ignore[arg-type]


def text_of(runs: Sequence[Run]) -> str:
    return "".join(run.text for run in runs)


def matched(runs: Sequence[Run]) -> list[str]:
    return [run.text for run in runs if run.matched]


class EngineContract:
    """Inherited by one class an engine, which gives the fixture ``new_engine``."""

    @pytest.fixture
    def new_engine(self) -> Callable[[], Engine]:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, new_engine: Callable[[], Engine]) -> Engine:
        engine = new_engine()
        engine.rebuild(COLLECTION)
        return engine

    # Words, phrases, exclusions

    def test_an_empty_engine_answers_with_nothing(self, new_engine: Callable[[], Engine]) -> None:
        engine = new_engine()
        page = engine.search(Query(text="piano"))
        assert (page.hits, page.total) == ((), 0)
        assert engine.suggest("pia") == ()
        assert engine.similar("suap-bo") == ()
        assert engine.revisions() == {}

    def test_all_words_are_required_wherever_they_stand_in_the_entry(self, engine: Engine) -> None:
        # "regolamento" is on page 1, "cittadini" on page 2, "Bologna" only among the keywords.
        assert found(engine, "regolamento cittadini bologna") == {"suap-bo"}
        assert found(engine, "regolamento montagna") == set()

    def test_plural_and_singular_accents_and_apostrophes_do_not_matter(
        self, engine: Engine
    ) -> None:
        assert found(engine, "regolamenti") == {"suap-bo", "modulistica"}
        assert found(engine, "CITTA' torino") == {"piano-to"}
        assert found(engine, "città torino") == {"piano-to"}
        assert found(engine, "dell’edilizia") >= {"suap-bo", "modulistica"}

    def test_a_phrase_stands_in_order_within_one_page(self, engine: Engine) -> None:
        assert found(engine, '"regolamento è in vigore"') == {"modulistica"}
        assert found(engine, '"vigore in è regolamento"') == set()
        # Last word of page 1 and first of page 2; last of the title and first of page 1.
        assert found(engine, '"approvato tempi"') == set()
        assert found(engine, '"torino la città"') == set()

    def test_a_phrase_is_found_in_title_summary_and_headings(self, engine: Engine) -> None:
        assert found(engine, '"piano strategico di genova"') == {"piano-ge"}
        assert found(engine, '"piccoli comuni lavorano insieme"') == {"uffici"}

    def test_a_quoted_word_means_exactly_this_word(self, engine: Engine) -> None:
        assert found(engine, "ufficio") >= {"suap-bo", "uffici"}
        assert found(engine, '"uffici"') == {"uffici"}
        assert found(engine, '"ufficio" cittadini') == {"suap-bo"}

    def test_a_word_after_a_minus_is_excluded(self, engine: Engine) -> None:
        assert found(engine, "piano -torino") == {"piano-ge"}
        assert found(engine, '-"piano strategico"') == {"suap-bo", "modulistica", "uffici", "corso"}

    def test_without_text_everything_answers_newest_first_and_undated_last(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query())
        assert page.total == 6
        assert [hit.id for hit in page.hits] == [
            "piano-ge",
            "uffici",
            "suap-bo",
            "modulistica",
            "piano-to",
            "corso",
        ]

    # Filters and counts

    def test_values_of_a_facet_widen_and_facets_narrow_each_other(self, engine: Engine) -> None:
        assert found(engine, "", filters={CITY: ("bari", "torino")}) == {
            "modulistica",
            "uffici",
            "piano-to",
        }
        assert found(engine, "", filters={CITY: ("bari", "torino"), YEAR: ("2022",)}) == {"uffici"}

    def test_counts_without_filters_count_every_value_of_every_entry(self, engine: Engine) -> None:
        assert engine.search(Query()).counts == {
            CITY: {"bologna": 2, "bari": 2, "genova": 2, "torino": 1, "napoli": 1},
            AREA: {"semplificazione": 2, "pianificazione-strategica": 2, "gestione-associata": 2},
            KIND: {"soluzione-pilota": 3, "ricerca": 2, "formazione": 1},
            YEAR: {"2022": 3, "2021": 1, "2020": 1},
            FORMAT: {"pdf": 4, "docx": 1},
            LANGUAGE: {},
            ACCESSIBILITY: {},
        }

    def test_counts_ignore_their_own_ticks_and_keep_those_of_the_others(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query(filters={CITY: ("bari",), KIND: ("soluzione-pilota",)}))
        assert page.total == 2
        assert page.counts == {
            CITY: {"bologna": 2, "bari": 2, "genova": 1, "napoli": 1},
            AREA: {"semplificazione": 1, "gestione-associata": 1},
            KIND: {"soluzione-pilota": 2},
            YEAR: {"2022": 1, "2021": 1},
            FORMAT: {"pdf": 1, "docx": 1},
            LANGUAGE: {},
            ACCESSIBILITY: {},
        }

    def test_counts_follow_the_words(self, engine: Engine) -> None:
        page = engine.search(Query(text="piano strategico"))
        assert page.counts[CITY] == {"genova": 1, "torino": 1}
        assert page.counts[YEAR] == {"2022": 1, "2020": 1}

    def test_years_are_filtered_by_spans_too(self, engine: Engine) -> None:
        everything = {hit.id for hit in engine.search(Query()).hits}
        page = engine.search(Query(filters={YEAR: ("2020-2021",)}))
        assert page.total == 2
        assert page.counts[YEAR] == {"2022": 3, "2021": 1, "2020": 1, "2020-2021": 2}
        assert len(found(engine, "", filters={YEAR: ("2021-",)})) == 4
        assert len(found(engine, "", filters={YEAR: ("-2020", "2022")})) == 4
        assert found(engine, "", filters={YEAR: ("1990-1999",)}) == set()
        page = engine.search(Query(filters={YEAR: ("2020-2022",), CITY: ("bari",)}))
        assert page.counts[YEAR]["2020-2022"] == page.total == 2
        assert page.counts[CITY].keys() == {"bologna", "bari", "genova", "torino", "napoli"}
        assert len(everything) == 6

    def test_a_ticked_value_is_always_counted(self, engine: Engine) -> None:
        page = engine.search(Query(text="montagna", filters={CITY: ("bari",), YEAR: ("2020",)}))
        assert page.total == 0
        assert page.counts[CITY] == {"torino": 1, "bari": 0}
        assert page.counts[YEAR] == {"2020": 0}

    def test_an_unknown_value_lets_nothing_through(self, engine: Engine) -> None:
        page = engine.search(Query(filters={CITY: ("atlantide",)}))
        assert page.total == 0
        assert page.counts[CITY]["atlantide"] == 0
        assert page.counts[CITY]["bari"] == 2

    def test_an_empty_choice_of_values_is_no_filter(self, engine: Engine) -> None:
        assert engine.search(Query(filters={CITY: ()})).total == 6

    def test_counts_can_be_left_out(self, engine: Engine) -> None:
        assert engine.search(Query(facets=False)).counts == {}

    def test_zero_results_say_what_each_filter_hides(self, engine: Engine) -> None:
        query = Query(text="montagna", filters={CITY: ("bari",), YEAR: ("2020",)}, relax=False)
        assert engine.search(query).notices.without_filter == {CITY: 1, YEAR: 0}

    # Order and pages

    def test_sort_orders_are_kept(self, engine: Engine) -> None:
        assert ids(engine, "piano", sort=Sort.OLDEST, expand=False)[0] == "piano-to"
        assert ids(engine, sort=Sort.OLDEST) == [
            "piano-to",
            "modulistica",
            "suap-bo",
            "uffici",
            "piano-ge",
            "corso",
        ]
        assert ids(engine, sort=Sort.TITLE) == [
            "corso",
            "modulistica",
            "piano-ge",
            "piano-to",
            "suap-bo",
            "uffici",
        ]

    def test_a_match_in_the_title_comes_before_one_in_the_text(self, engine: Engine) -> None:
        text = "In questa relazione si parla anche, tra molte altre cose, di modulistica e tempi."
        engine.apply([replace(ORDINARY, pages=(PageText(1, text),))])
        assert ids(engine, "modulistica")[0] == "modulistica"

    def test_pages_cut_one_order_without_gaps_or_repeats(self, engine: Engine) -> None:
        whole = ids(engine, "comuni regolamento piano", size=100)
        cut = [
            id
            for page in (1, 2, 3, 4)
            for id in ids(engine, "comuni regolamento piano", size=2, page=page)
        ]
        assert cut == whole

    def test_a_page_beyond_the_last_is_empty_and_knows_the_total(self, engine: Engine) -> None:
        page = engine.search(Query(page=7))
        assert (page.hits, page.total) == ((), 6)
        assert page.counts[CITY]["bari"] == 2

    def test_the_order_does_not_depend_on_how_entries_came(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        whole, piecemeal = new_engine(), new_engine()
        whole.rebuild(COLLECTION)
        piecemeal.apply([ORDINARY, *COLLECTION[4:]])
        for one in COLLECTION[:4]:
            piecemeal.apply([one])
        piecemeal.apply([], [ORDINARY.id])
        for text in ("comuni", "piano", "regolamento edilizia", ""):
            pages = [engine.search(Query(text=text)) for engine in (whole, piecemeal)]
            assert [hit.id for hit in pages[0].hits] == [hit.id for hit in pages[1].hits]
            assert [hit.score for hit in pages[0].hits] == pytest.approx(
                [hit.score for hit in pages[1].hits]
            )
            assert pages[0].counts == pages[1].counts

    # Passages

    def test_passages_come_from_the_pages_that_match(self, engine: Engine) -> None:
        (hit,) = engine.search(Query(text="rigenerazione")).hits
        (passage,) = hit.passages
        assert passage.page == 2
        assert matched(passage.runs) == ["rigenerazione"]
        assert "verde" in text_of(passage.runs)

    def test_passages_are_bounded_and_of_different_pages_first(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        words = "parola " * 60
        pages = [f"Il castoro vive qui. {words} Un altro castoro. {words}"] * 5
        engine.rebuild([entry("castori", "Animali", *pages)])
        (hit,) = engine.search(Query(text="castoro", passages=3)).hits
        assert len({passage.page for passage in hit.passages}) == 3
        for passage in hit.passages:
            assert "castoro" in matched(passage.runs)
            assert 5 <= len(text_of(passage.runs).split()) <= 50
        (hit,) = engine.search(Query(text="castoro", passages=0)).hits
        assert hit.passages == ()

    def test_a_passage_never_cuts_a_word(self, new_engine: Callable[[], Engine]) -> None:
        engine = new_engine()
        words = [f"precipitevolissimevolmente{number}" for number in range(200)]
        engine.rebuild([entry("lungo", "Lungo", " ".join(words))])
        for number in (0, 3, 90, 199):
            (hit,) = engine.search(Query(text=words[number])).hits
            shown = text_of(hit.passages[0].runs).split()
            assert set(shown) <= set(words)
            assert words[number] in shown
            # It says whether the page has more text before and after it.
            assert hit.passages[0].follows == (shown[0] != words[0])
            assert hit.passages[0].goes_on == (shown[-1] != words[-1])

    def test_runs_mark_words_of_the_same_family_in_title_and_text(self, engine: Engine) -> None:
        (hit,) = engine.search(Query(text="moduli edilizie", filters={CITY: ("bari",)})).hits
        assert text_of(hit.title) == "Modulistica unica per l'edilizia"
        assert "edilizia" in " ".join(matched(hit.title))
        assert "moduli" in matched(hit.passages[0].runs)

    def test_a_hit_of_the_metadata_alone_shows_how_the_entry_begins(self, engine: Engine) -> None:
        (hit,) = engine.search(Query(text="webinar", expand=False)).hits
        assert text_of(hit.passages[0].runs).startswith("Quattro lezioni")
        assert hit.passages[0].page is None
        (hit,) = engine.search(Query(text="strategico torino")).hits
        assert hit.passages[0].page == 1

    def test_labels_of_pages_come_back(self, new_engine: Callable[[], Engine]) -> None:
        engine = new_engine()
        pages = (PageText(1, "prefazione", "iv"), PageText(9, "sviluppo del tema", "00:04:30"))
        engine.rebuild([replace(ORDINARY, pages=pages)])
        (hit,) = engine.search(Query(text="tema")).hits
        assert (hit.passages[0].page, hit.passages[0].label) == (9, "00:04:30")

    def test_passages_of_a_phrase_mark_all_its_words(self, engine: Engine) -> None:
        (hit,) = engine.search(Query(text='"tempi medi di rilascio"')).hits
        assert matched(hit.passages[0].runs) == ["Tempi", "medi", "di", "rilascio"]

    # Help with questions

    def test_at_zero_results_the_question_is_corrected_and_the_page_knows(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query(text="regolamemto"))
        assert {hit.id for hit in page.hits} == {"suap-bo", "modulistica"}
        assert page.notices.corrected_from == "regolamemto"
        assert page.notices.did_you_mean == Correction("regolamento", 2)
        assert page.notices.near == ()

    def test_near_words_are_counted_without_the_filters_that_hide_them(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query(text="regolamemto", filters={CITY: ("torino",)}))
        assert page.total == 0
        assert Correction("regolamento", 2) in page.notices.near

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("regolamemto", "regolamento"),
            ("regolamnto", "regolamento"),
            ("regollamento", "regolamento"),
            ("reoglamento", "regolamento"),
            ("strateggico", "strategico"),
            ("montgna", "montagna"),
            ("mobilta sostenibile", "mobilità sostenibile"),
            ("sportellounico", "sportello unico"),
            ("dellarea", None),
            ("lufficio europa", "l'ufficio europa"),
            ("rego lamento", "regolamento"),
            ("piano strategico di Genva", "piano strategico di Genova"),
        ],
    )
    def test_slips_of_the_keyboard_are_mended(
        self, engine: Engine, typed: str, meant: str | None
    ) -> None:
        page = engine.search(Query(typed, correct=False))
        better = page.notices.did_you_mean
        assert (better.text if better else None) == meant
        if better is not None:
            assert better.total == engine.search(Query(better.text)).total > 0

    def test_a_word_that_some_entry_has_is_not_made_into_a_rarer_one(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        engine.rebuild(
            [
                *(entry(f"comune{n}", "Il comune", "La città.") for n in range(30)),
                entry("raro", "Il comume", "La città."),
                entry("sigla", "CONUNE", "Una sigla."),
            ]
        )
        assert engine.search(Query("comune")).notices.did_you_mean is None
        assert engine.search(Query("CONUNE")).notices.did_you_mean is None
        assert engine.search(Query('"comume"')).notices.did_you_mean is None
        offered = engine.search(Query("comume")).notices.did_you_mean
        assert offered is not None
        assert (offered.text, offered.total) == ("comune", 30)

    def test_a_name_is_offered_for_a_slip_that_another_family_hides(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        named = [entry(f"torino{n}", "Dossier di Torino", "La montagna.") for n in range(12)]
        engine.rebuild([*named, entry("torni", "I torni", "Un dossier sui torni.")])
        page = engine.search(Query("dossier Tornio"))
        assert [hit.id for hit in page.hits] == ["torni"]
        assert page.notices.did_you_mean == Correction("dossier Torino", 12)

    def test_a_refused_correction_is_offered_with_its_number_of_results(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query(text="regolamemto", correct=False))
        assert page.total == 0
        assert page.notices.corrected_from is None
        assert page.notices.did_you_mean is not None
        assert page.notices.did_you_mean.text == "regolamento"
        assert page.notices.did_you_mean.total == 2

    def test_corrections_use_only_words_of_indexed_entries(self, engine: Engine) -> None:
        secret = entry("bozza", "Segreto", "La parola zibaldonico appare qui.")
        engine.apply([secret])
        assert engine.search(Query(text="zibaldonoco")).total == 1
        engine.apply([], ["bozza"])
        page = engine.search(Query(text="zibaldonoco"))
        assert page.notices.corrected_from is None
        assert page.notices.did_you_mean is None
        assert engine.suggest("zibaldon") == ()
        assert engine.suggest("segr") == ()

    def test_a_question_without_results_is_relaxed_and_the_page_knows(self, engine: Engine) -> None:
        page = engine.search(Query(text="regolamento porto"))
        assert page.notices.relaxed
        assert page.notices.dropped == ()
        assert {hit.id for hit in page.hits} == {"suap-bo", "modulistica", "piano-ge"}
        strict = engine.search(Query(text="regolamento porto", relax=False))
        assert (strict.total, strict.notices.relaxed) == (0, False)

    def test_several_words_with_few_results_are_relaxed_too_and_each_hit_says_what_it_lacks(
        self, engine: Engine
    ) -> None:
        page = engine.search(Query(text="piano strategico Genova"))
        assert [hit.id for hit in page.hits] == ["piano-ge", "piano-to", "uffici"]
        assert [hit.missing for hit in page.hits] == [
            (),
            ("Genova",),
            ("piano", "strategico"),
        ]
        assert (page.notices.relaxed, page.notices.complete) == (True, 1)
        strict = engine.search(Query(text="piano strategico Genova", relax=False))
        assert [hit.id for hit in strict.hits] == ["piano-ge"]
        assert not strict.notices.relaxed

    def test_of_two_words_both_are_meant(self, engine: Engine) -> None:
        page = engine.search(Query(text="piano Genova"))
        assert [hit.id for hit in page.hits] == ["piano-ge"]
        assert not page.notices.relaxed
        assert page.hits[0].missing == ()

    def test_counts_hold_their_promise_when_the_question_is_relaxed(self, engine: Engine) -> None:
        text = "piano strategico Genova"
        counts = engine.search(Query(text=text)).counts
        for city, count in counts[CITY].items():
            assert engine.search(Query(text=text, filters={CITY: (city,)})).total == count

    def test_words_that_no_entry_has_are_named(self, engine: Engine) -> None:
        page = engine.search(Query(text="regolamento qqqwwwxxx"))
        assert page.notices.dropped == ("qqqwwwxxx",)
        assert page.notices.relaxed
        assert page.total == 2

    def test_relaxed_results_rank_those_with_more_words_first(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        engine.rebuild(
            [
                entry("uno", "Uno", "ponte ponte ponte ponte"),
                entry("due", "Due", "ponte e galleria"),
                entry("tre", "Tre", "autostrada"),
            ]
        )
        assert ids(engine, "ponte galleria autostrada")[0] == "due"

    def test_synonyms_are_added_said_and_can_be_switched_off(self, engine: Engine) -> None:
        page = engine.search(Query(text="webinar"))
        without = engine.search(Query(text="SUAP", expand=False, relax=False, correct=False))
        with_synonyms = engine.search(Query(text="SUAP", relax=False, correct=False))
        assert page.total == 1
        assert without.notices.expansions == ()
        assert without.total == 0
        assert with_synonyms.notices.expansions[0].word == "SUAP"

    def test_an_acronym_finds_its_full_name(self, new_engine: Callable[[], Engine]) -> None:
        engine = new_engine()
        text = "Lo sportello unico per le attività produttive riceve le domande."
        engine.rebuild([entry("nome", "Sportelli", text), ORDINARY])
        page = engine.search(Query(text="SUAP"))
        assert [hit.id for hit in page.hits] == ["nome"]
        assert "sportello" in matched(page.hits[0].passages[0].runs)

    def test_a_law_is_found_however_it_is_cited(self, new_engine: Callable[[], Engine]) -> None:
        engine = new_engine()
        engine.rebuild(
            [
                entry("data", "Uno", "Come vuole la legge 7 aprile 2014, n. 56, la città decide."),
                entry("barra", "Due", "Le funzioni della l. 56/2014 e il resto."),
                entry("nome", "Tre", "La legge Delrio ha un solo articolo."),
                entry("altra", "Quattro", "La delibera n. 56/2014 e la legge n. 57 del 2014."),
            ]
        )
        spellings = ("l. 56/2014", "legge n. 56 del 2014", "legge 7 aprile 2014, n. 56")
        for text in (*spellings, "LEGGE DELRIO", "funzioni dell'art. 1 l. 56/14"):
            assert found(engine, text, expand=True, relax=True) >= {"barra"}
        for text in (*spellings, "legge delrio"):
            assert found(engine, text, expand=True) == {"data", "barra", "nome"}
        assert set(ids(engine, "56/2014")) == {"data", "barra", "nome", "altra"}
        page = engine.search(Query("legge Delrio"))
        assert page.notices.expansions[0].added == ("legge 7 aprile 2014, n. 56",)
        passage = next(hit for hit in page.hits if hit.id == "data").passages[0]
        assert matched(passage.runs) == ["legge", "7", "aprile", "2014", "n", "56"]
        assert found(engine, "legge delrio", expand=False) == {"nome"}
        runs = engine.highlight("l. 56/2014", "La legge Delrio, non altre leggi.")
        assert matched(runs) == ["legge", "Delrio"]

    def test_questions_that_are_too_long_say_so(self, engine: Engine) -> None:
        assert engine.search(Query(text="piano " + "parola diversa " * 400)).notices.truncated
        assert not engine.search(Query(text="piano")).notices.truncated

    # Best bets, suggestions, similar entries, marking

    def test_pinned_entries_come_first_for_the_whole_question_only(self, engine: Engine) -> None:
        desk = Desk((BestBet(("piani strategici", "Piano"), ("corso", "piano-to", "manca")),))
        engine.use(lambda: desk)
        page = engine.search(Query(text="piano"))
        assert [hit.id for hit in page.hits][:2] == ["corso", "piano-to"]
        assert [hit.pinned for hit in page.hits][:2] == [True, True]
        assert page.total == len(page.hits) == 3
        assert "corso" not in ids(engine, "piano genova")
        assert "corso" not in ids(engine, "piano", filters={CITY: ("torino",)})
        assert "corso" not in [hit.id for hit in engine.search(Query(text="piano"), Desk()).hits]
        engine.use(Desk)
        assert "corso" not in ids(engine, "piano")

    def test_a_pinned_question_is_answered_as_it_is_spelt(self, engine: Engine) -> None:
        assert engine.search(Query(text="pianno")).notices.corrected_from == "pianno"
        desk = Desk((BestBet(("pianno",), ("corso",)),))
        page = engine.search(Query(text="pianno"), desk)
        assert [(hit.id, hit.pinned) for hit in page.hits] == [("corso", True)]
        assert page.notices.corrected_from is None
        assert page.notices.did_you_mean is not None

    def test_synonyms_of_staff_are_added_said_and_switched_off(self, engine: Engine) -> None:
        desk = Desk(synonyms=(("balena", "corso"),))
        assert not engine.search(Query(text="balena", correct=False)).hits
        engine.use(lambda: desk)
        page = engine.search(Query(text="balena"))
        assert "corso" in [hit.id for hit in page.hits]
        assert [(one.word, one.added) for one in page.notices.expansions] == [
            ("balena", ("corso",))
        ]
        assert engine.search(Query(text="corsi")).notices.expansions
        assert not engine.search(Query(text="balena", expand=False, correct=False)).hits
        assert any(run.matched for run in engine.highlight("balena", "Un corso breve"))
        engine.use(Desk)

    def test_suggestions_come_from_titles_cities_and_topics(self, engine: Engine) -> None:
        texts = {(one.kind, one.text, one.id) for one in engine.suggest("gen")}
        assert ("citta", "Genova", None) in texts
        assert ("titolo", "Piano strategico di Genova", "piano-ge") in texts
        assert {one.text for one in engine.suggest("progett")} == {"progettazione europea"}
        titles = [one.text for one in engine.suggest("piano strategico di t")]
        assert titles == ["Piano strategico di Torino"]
        assert engine.suggest("") == ()
        assert len(engine.suggest("p", 2)) <= 2

    def test_similar_entries_share_telling_words_and_never_the_entry_itself(
        self, engine: Engine
    ) -> None:
        assert engine.similar("piano-ge", 1) == ("piano-to",)
        assert "piano-ge" not in engine.similar("piano-ge", 10)
        assert engine.similar("nessuno") == ()

    def test_highlight_gives_the_text_back_with_marks(self, engine: Engine) -> None:
        text = "I regolamenti: l'edilizia\x00 e le città.\n\nRegolamento\u2028finale"
        runs = engine.highlight('regolamento "le città"', text)
        assert text_of(runs) == text
        assert matched(runs) == ["regolamenti", "le", "città", "Regolamento"]

    def test_matching_pages_are_numbers_of_this_entry(self, engine: Engine) -> None:
        assert engine.matching_pages("piano-ge", "piano trasporto") == (1, 2)
        assert engine.matching_pages("piano-ge", '"tabelle dei costi"') == (3,)
        assert engine.matching_pages("piano-ge", "montagna") == ()
        assert engine.matching_pages("nessuno", "piano") == ()

    # Changes

    def test_a_change_is_visible_at_once_and_never_doubles(self, engine: Engine) -> None:
        changed = replace(COLLECTION[3], title="Agenda del Piemonte", revision=2)
        engine.apply([changed])
        assert engine.search(Query()).total == 6
        assert found(engine, "agenda") == {"piano-to"}
        assert found(engine, "piano strategico") == {"piano-ge"}
        assert engine.revisions()["piano-to"] == 2

    def test_of_two_entries_with_one_id_the_later_counts(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        later = replace(ORDINARY, title="Versione successiva", revision=2)
        engine.rebuild([ORDINARY, later])
        assert engine.search(Query()).total == 1
        assert engine.revisions() == {ORDINARY.id: 2}
        engine.apply([later, ORDINARY])
        assert engine.revisions() == {ORDINARY.id: 1}
        assert engine.search(Query()).counts[CITY] == {"roma": 1}

    def test_a_removed_entry_disappears_everywhere(self, engine: Engine) -> None:
        engine.apply([], ["piano-to", "mai-visto"])
        page = engine.search(Query())
        assert page.total == 5
        assert "torino" not in page.counts[CITY]
        assert found(engine, "montagna") == set()
        assert engine.suggest("torin") == ()
        assert engine.similar("piano-ge") == engine.similar("piano-ge")
        assert "piano-to" not in engine.similar("piano-ge", 10)
        assert "piano-to" not in engine.revisions()
        assert engine.matching_pages("piano-to", "montagna") == ()

    def test_many_changes_leave_one_copy_of_each_entry(self, engine: Engine) -> None:
        for revision in range(2, 30):
            engine.apply([replace(COLLECTION[revision % 6], revision=revision)])
        assert engine.search(Query()).total == 6
        assert engine.revisions() == {COLLECTION[n % 6].id: n for n in range(24, 30)}
        assert found(engine, "regolamento") == {"suap-bo", "modulistica"}
        assert engine.search(Query()).counts[CITY]["bari"] == 2
        (hit,) = engine.search(Query(text="rigenerazione")).hits
        assert hit.passages[0].page == 2

    def test_removing_everything_leaves_an_engine_that_answers(self, engine: Engine) -> None:
        engine.apply([], [one.id for one in COLLECTION])
        page = engine.search(Query(text="piano"))
        assert (page.total, page.counts[CITY]) == (0, {})
        engine.apply([ORDINARY])
        assert engine.search(Query()).total == 1

    def test_a_failed_change_leaves_the_old_answers(self, engine: Engine) -> None:
        class Broken(Exception):
            pass

        def entries() -> Iterator[Entry]:
            yield ORDINARY
            raise Broken

        before = engine.search(Query())
        with pytest.raises(Broken):
            engine.rebuild(entries())
        assert engine.search(Query()) == before
        with pytest.raises(Exception):  # noqa: B017, PT011 whatever it is, nothing may change
            engine.apply([ORDINARY, None], ["corso"])  # type: ignore[list-item]
        assert engine.search(Query()) == before
        engine.apply([ORDINARY])
        assert engine.search(Query()).total == 7

    def test_a_rebuild_replaces_everything_and_catches_up(self, engine: Engine) -> None:
        asked = []

        def catch_up() -> tuple[Sequence[Entry], Sequence[str]]:
            asked.append(engine.search(Query()).total)
            return [replace(ORDINARY, revision=5)], ["corso"]

        engine.rebuild([COLLECTION[0], COLLECTION[5]], catch_up)
        assert asked == [6]
        assert engine.revisions() == {"suap-bo": 1, "altro": 5}
        assert not engine.needs_rebuild

    def test_a_rebuild_that_fails_while_catching_up_leaves_the_old_answers(
        self, engine: Engine
    ) -> None:
        def catch_up() -> tuple[Sequence[Entry], Sequence[str]]:
            raise OSError("gone")

        before = engine.search(Query())
        with pytest.raises(OSError, match="gone"):
            engine.rebuild([ORDINARY], catch_up)
        assert engine.search(Query()) == before

    def test_a_sound_index_verifies_without_damage(self, engine: Engine) -> None:
        engine.apply([ORDINARY])
        assert engine.verify() == ()

    def test_a_closed_engine_is_unavailable_and_not_empty(self, engine: Engine) -> None:
        engine.close()
        for question in (
            lambda: engine.search(Query()),
            lambda: engine.suggest("pia"),
            lambda: engine.revisions(),
        ):
            with pytest.raises(EngineUnavailable):
                question()

    # Against an engine that reads everything

    @pytest.mark.parametrize("seed", range(4))
    def test_totals_and_counts_are_those_of_reading_everything(
        self, new_engine: Callable[[], Engine], seed: int
    ) -> None:
        engine = new_engine()
        entries = brute_force.collection(seed, 30)
        engine.rebuild(entries[:20])
        engine.apply(entries[15:])
        engine.apply([], ["voce3", "voce17"])
        left = [one for one in entries if one.id not in ("voce3", "voce17")]
        for number in range(120):
            query = brute_force.question(1_000 * seed + number)
            expected, counts = brute_force.answer(left, query)
            page = engine.search(query)
            assert {hit.id for hit in page.hits} == expected, query
            assert page.total == len(expected), query
            assert page.counts == counts, query

    # Several at once

    def test_readers_in_threads_get_whole_answers_while_the_index_changes(
        self, engine: Engine
    ) -> None:
        failures: list[object] = []
        done = threading.Event()

        def read() -> None:
            while not done.is_set():
                page = engine.search(Query(text="piano strategico", relax=False))
                cities = page.counts[CITY]
                answer = (page.total, cities.get("genova"), len(page.hits))
                if answer not in ((2, 1, 2), (3, 2, 3)):
                    failures.append(answer)

        threads = [threading.Thread(target=read) for _ in range(2)]
        for thread in threads:
            thread.start()
        third = entry("terzo", "Piano strategico", "Testo.", cities=["genova"])
        try:
            for turn in range(4):
                engine.apply([third])
                if turn == 2:
                    engine.rebuild([*COLLECTION, third])
                engine.apply([], ["terzo"])
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert failures == []

    # Hostile text

    @pytest.mark.parametrize(
        "text",
        [
            "p*",
            "[a TO z]",
            "NOT OR (",
            '"""""',
            "-",
            '-"',
            "\x00\x01\x02",
            "\ud800\udfff",
            "di a da in con",
            '"di a da in con su per tra fra"',
            "a " * 50_000,
            "x" * 100_000,
            '"' + "parola " * 50 + '"',
            " ".join(f"parola{number}" for number in range(500)),
            "²³ ½ ﷺ 🇮🇹 İ ß ŉ",
            "citta:bari",
            "\u202e\u200b\ufeff",
            "%00%0a<script>alert(1)</script>",
        ],
    )
    def test_no_string_is_refused(self, engine: Engine, text: str) -> None:
        page = engine.search(Query(text=text))
        assert 0 <= len(page.hits) <= 10
        assert page.total >= len(page.hits)
        engine.suggest(text)
        engine.matching_pages("suap-bo", text)
        assert text_of(engine.highlight("piano", text[:2_000])) == text[:2_000]

    def test_any_string_is_answered(self, engine: Engine) -> None:
        @settings(max_examples=60, deadline=None)
        @given(st.text(st.characters(), max_size=80) | st.text("abpiano \"-'*:()", max_size=30))
        def ask(text: str) -> None:
            page = engine.search(Query(text=text))
            assert page.total >= len(page.hits)
            assert text_of(engine.highlight("piano", text)) == text

        ask()

    def test_hostile_texts_in_entries_come_back_as_they_were(
        self, new_engine: Callable[[], Engine]
    ) -> None:
        engine = new_engine()
        strange = "perché\x00no \ud800 \u202e<b>ciao</b>\u2028 fine"
        engine.rebuild([entry("strano", strange, strange, summary=strange, keywords=[strange])])
        (hit,) = engine.search(Query(text="fine")).hits
        assert text_of(hit.title) == strange
        assert text_of(hit.passages[0].runs) == strange
