"""What follows from a long list: the same as from all of it, and worked out where it changed."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tui.krakend.blocks import Blocks

LISTS = st.lists(st.text(max_size=2), max_size=12)


@given(st.lists(LISTS, min_size=1, max_size=5), st.integers(1, 5))
def test_the_blocks_give_what_the_whole_list_gives(lists: list[list[str]], size: int) -> None:
    blocks: Blocks[str, str] = Blocks("".join, size)
    for items in lists:
        assert "".join(blocks.of(items)) == "".join(items)


def test_only_the_block_that_changed_is_worked_on() -> None:
    worked: list[int] = []

    def work(items: Sequence[object]) -> int:
        worked.append(len(items))
        return len(items)

    blocks: Blocks[object, int] = Blocks(work, size=10)
    items = [object() for _ in range(95)]
    blocks.of(items)
    worked.clear()
    items[42] = object()
    assert sum(blocks.of(items)) == 95
    assert worked == [10]
