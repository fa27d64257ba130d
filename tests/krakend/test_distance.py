"""Law: the distance is that of its definition, however it is worked out."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from tui.krakend.distance import edit_distance

# Few letters, so that swaps, common beginnings and common ends are frequent.
WORDS = st.text(alphabet="ab-", max_size=9)


def by_definition(left: str, right: str) -> int:
    """Optimal string alignment distance, letter by letter."""

    @cache
    def of(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        costs = [of(i - 1, j) + 1, of(i, j - 1) + 1]
        costs.append(of(i - 1, j - 1) + (left[i - 1] != right[j - 1]))
        if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
            costs.append(of(i - 2, j - 2) + 1)
        return min(costs)

    return of(len(left), len(right))


@given(WORDS, WORDS, st.integers(0, 4))
def test_the_distance_is_the_one_of_its_definition(left: str, right: str, limit: int) -> None:
    assert edit_distance(left, right, limit) == min(by_definition(left, right), limit + 1)
