"""What follows from a list in blocks: worked out where it changed; and sequences as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.krakend.blocks import Blocks, Joined


def test_only_the_block_that_changed_is_worked_on() -> None:
    worked: list[object] = []

    def work(block: object) -> int:
        worked.append(block)
        return id(block)

    known: Blocks[object, int] = Blocks(work)
    blocks = [object() for _ in range(9)]
    known.of(blocks)
    worked.clear()
    blocks[4] = object()
    blocks.insert(1, object())
    assert known.of(blocks) == [id(block) for block in blocks]
    assert worked == [blocks[1], blocks[5]]
    # What is no longer there is not kept.
    known.of(blocks[:1])
    worked.clear()
    known.of(blocks)
    assert worked == blocks[1:]


@given(st.lists(st.lists(st.integers(), max_size=3), max_size=5), st.data())
def test_joined_is_the_sequence_of_all(parts: list[list[int]], data: st.DataObject) -> None:
    joined, flat = Joined(parts), [item for part in parts for item in part]
    assert [*joined] == flat
    assert len(joined) == len(flat)
    for index in range(-len(flat), len(flat)):
        assert joined[index] == flat[index]
    for index in (len(flat), -len(flat) - 1):
        with pytest.raises(IndexError):
            joined[index]
    here = data.draw(st.slices(max(len(flat), 1)))
    assert joined[here] == flat[here]
