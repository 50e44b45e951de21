"""What two texts do not share, for a person to look at."""

from indexer.comparison import SHOWN, difference


def test_line_ends_case_and_punctuation_do_not_count() -> None:
    found = difference(
        ["Lo sportello unico\nè aperto ogni giorno. Il comune risponde entro trenta giorni."],
        ["lo sportello UNICO è aperto, ogni giorno.", "Il comune risponde entro trenta giorni!"],
    )
    assert (found.only_here, found.only_there) == (0, 0)


def test_sentences_of_one_side_are_counted_and_the_first_are_shown() -> None:
    many = [f"Questa frase numero {number} sta da una parte sola." for number in range(30)]
    found = difference(many, ["Una frase che sta soltanto dall'altra parte."])
    assert (found.only_here, found.only_there) == (30, 1)
    assert len(found.here) == SHOWN
    assert found.there == ("Una frase che sta soltanto dall'altra parte.",)
