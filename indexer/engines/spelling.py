"""How many slips lie between two words."""


def slips_between(word: str, other: str, most: int) -> int:
    """Letters added, dropped, changed or swapped with the next; ``most + 1`` where more.

    Optimal string alignment (Damerau 1964, restricted): a swapped pair is not edited again. Only
    the band of the table where at most ``most`` slips are possible is worked out (Ukkonen 1985).
    """
    if abs(len(word) - len(other)) > most:
        return most + 1
    size = len(other)
    beyond = [most + 1] * (size + 1)
    before_last = beyond
    last: list[int] = [*range(most + 1), *beyond][: size + 1]
    for row, letter in enumerate(word, 1):
        current = beyond.copy()
        if row <= most:
            current[0] = row
        nearest = current[0]
        for column in range(max(row - most, 1), min(row + most, size) + 1):
            match = other[column - 1]
            if letter == match:
                best = last[column - 1]
            else:
                best = min(last[column], current[column - 1], last[column - 1]) + 1
                swapped = row > 1 and column > 1 and letter == other[column - 2]
                if swapped and match == word[row - 2]:
                    best = min(best, before_last[column - 2] + 1)
            current[column] = best
            nearest = min(nearest, best)
        if nearest > most:
            return most + 1
        before_last, last = last, current
    return last[-1]
