"""How many slips lie between two words."""


def slips_between(word: str, other: str, most: int) -> int:
    """Letters added, dropped, changed or swapped with the next; ``most + 1`` where more.

    Optimal string alignment (Damerau 1964, restricted): a swapped pair is not edited again.
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(word, 1):
        current = [row]
        for column, match in enumerate(other, 1):
            best = min(
                last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != match)
            )
            swapped = row > 1 and column > 1 and letter == other[column - 2]
            if swapped and word[row - 2] == match:
                best = min(best, before_last[column - 2] + 1)
            current.append(best)
        if min(current) > most:
            return most + 1
        before_last, last = last, current
    return last[-1]
