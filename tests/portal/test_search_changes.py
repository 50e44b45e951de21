"""What a change of the desk does to a list of results."""

from portal.desk.search_changes import Change, Move, changes


def test_each_result_tells_where_it_goes() -> None:
    assert [(c.id, c.before, c.after, c.move) for c in changes("abcd", "eacb")] == [
        ("e", None, 1, Move.NEW),
        ("a", 1, 2, Move.DOWN),
        ("c", 3, 3, Move.SAME),
        ("b", 2, 4, Move.DOWN),
        ("d", 4, None, Move.GONE),
    ]
    assert changes("ab", "ba")[0] == Change("b", 2, 1)
    assert changes("ab", "ba")[0].move is Move.UP


def test_nothing_found_before_or_after_changes_nothing() -> None:
    assert changes((), ()) == ()
