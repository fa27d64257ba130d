"""What a tree remembers of the one before it: the items of the root's lists."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.diagnostic import Edit
from tui.document import parts, scanned
from tui.document.change import ChangeSet
from tui.document.strict import syntax_diagnostics
from tui.document.tree import JsonNode, JsonTree

KEYS = st.sampled_from(["a", "b", "é", 'x"y', "a/b~"])
SCALARS = st.sampled_from([None, True, 0, -1.5e9, "", "é", '"]}', "/*", "*/", "//", "😀"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
ITEMS = st.lists(st.dictionaries(KEYS, VALUES, max_size=3) | VALUES, max_size=4)
CONFIGS = st.dictionaries(KEYS, ITEMS | VALUES, max_size=4)
SNIPPETS = st.sampled_from(
    ["", *'{}[],:"\\1e-+ \n', "//", "/*", "*/", "null", '"a": 1,', "{},", "[{", "1e999", "\ud800"]
)


def dump(tree: JsonTree) -> object:
    def walk(node: JsonNode) -> object:
        members = [(m.key, m.key_span, m.span, walk(m.value)) for m in node.members()]
        return (node.kind, node.span, node.text, members, [walk(item) for item in node.items()])

    return None if tree.root is None else walk(tree.root)


@st.composite
def changes(draw: st.DrawFn, text: str) -> ChangeSet:
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    pairs = zip(points[::2], points[1::2], strict=False)
    short = [(start, min(end, start + draw(st.integers(0, 3)))) for start, end in pairs]
    return ChangeSet.of(len(text), [Edit(a, b, draw(SNIPPETS)) for a, b in short])


@pytest.fixture(params=[2, 6, parts.BLOCK])
def _block_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BLOCK", request.param)


def assert_is_that_of_its_text(tree: JsonTree) -> None:
    text = tree.text
    fresh = JsonTree.parse(text)
    assert tree.is_json == fresh.is_json
    assert syntax_diagnostics(text, tree) == syntax_diagnostics(text)
    dumped = dump(tree)
    if fresh.is_json:
        assert dumped == dump(fresh)
    for offset in range(len(text) + 1):
        pointer, node = tree.place(offset)
        assert node is None or node.span.start <= offset <= node.span.end
        if fresh.is_json:
            assert pointer == fresh.pointer_at(offset)


@pytest.mark.usefixtures("_block_size")
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CONFIGS, st.sampled_from([None, 1]), st.data())
def test_a_tree_after_changes_is_that_of_the_text(
    config: Any, indent: int | None, data: st.DataObject
) -> None:
    text = json.dumps(config, indent=indent, ensure_ascii=False)
    tree = JsonTree.parse(text)
    for _ in range(4):
        change = data.draw(changes(text))
        text = change.apply(text)
        tree = tree.edited(change, text)
        assert_is_that_of_its_text(tree)


@pytest.mark.usefixtures("_block_size")
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(1, 30), st.data())
def test_of_many_parts_those_that_edits_leave_alone_stay_in_blocks(
    count: int, data: st.DataObject
) -> None:
    """What follows from a block is worked out again where a key was, and blocks stay blocks."""
    items = [{"n": n} for n in range(count)]
    text = json.dumps({"a": items, "b": items})
    tree = JsonTree.parse(text)
    for _ in range(data.draw(st.integers(1, 12))):
        lists = [tree.node(pointer) for pointer in ("/a", "/b")]
        before = [node.parts() for node in lists if node is not None]
        starts = [m.start() for m in re.finditer(r'\{"n"', text)]
        start = data.draw(st.sampled_from(starts))
        end = text.index("}", start)
        edit = data.draw(
            st.sampled_from(
                [
                    Edit(start + 6, start + 6, "1"),
                    Edit(start, start, '{"n": 0}, '),
                    Edit(start, start, " "),
                    *([] if text[end + 1] == "]" else [Edit(start, end + 3, "")]),
                ]
            )
        )
        change = ChangeSet.of(len(text), [edit])
        text = change.apply(text)
        tree = tree.edited(change, text)
        assert tree.is_json
        assert dump(tree) == dump(JsonTree.parse(text))
        for pointer, known in zip(("/a", "/b"), before, strict=True):
            node = tree.node(pointer)
            now = node.parts() if node is not None else None
            assert now is not None
            assert known is not None
            blocks = now.blocks
            sizes = [len(block.texts) for block in blocks]
            assert max(sizes) <= parts.BLOCK
            # What edits divide is joined again.
            small = [2 * size < parts.BLOCK for size in sizes]
            assert not any(one and other for one, other in pairwise(small))
            assert len({*blocks} - {*known.blocks}) <= 4


BIG = json.dumps({"endpoints": [{"n": n, "deep": [{"a": n}]} for n in range(500)]}, indent=2)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many values the scan of a text has read, one item for each."""
    found: list[int] = []
    end = scanned._Scanner._end

    def counted(self: scanned._Scanner, start: int, levels: int) -> int:
        found.append(start)
        return end(self, start, levels)

    monkeypatch.setattr(scanned._Scanner, "_end", counted)
    return found


def changed(text: str, old: str, new: str) -> ChangeSet:
    at = text.index(old)
    return ChangeSet.replace(len(text), at, at + len(old), new)


def test_after_an_edit_only_what_it_touched_is_read(read: list[int]) -> None:
    tree = JsonTree.parse(BIG)
    assert len(read) == 500
    read.clear()
    change = changed(BIG, '"n": 250', '"n": 25')
    after = tree.edited(change, change.apply(BIG))
    assert after.is_json
    assert len(read) == 1
    assert after.node("/endpoints/499/deep/0/a").value() == 499  # type: ignore[union-attr]


def test_a_broken_part_leaves_the_others_known(
    read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.document import recovered

    tree = JsonTree.parse(BIG)
    parsed: list[int] = []
    readable = recovered._readable
    monkeypatch.setattr(recovered, "_readable", lambda t: parsed.append(len(t)) or readable(t))
    read.clear()
    change = changed(BIG, '"n": 250,', '"n": 250')
    text = change.apply(BIG)
    broken = tree.edited(change, text)
    assert not broken.is_json
    assert broken.node("/endpoints/499/deep/0/a").value() == 499  # type: ignore[union-attr]
    assert sum(parsed) < len(BIG) / 4
    assert syntax_diagnostics(text, broken) == syntax_diagnostics(text)
    read.clear()
    back = change.invert(BIG)
    assert dump(broken.edited(back, BIG)) == dump(tree)
    assert len(read) == 1


def test_a_number_out_of_range_stays_known() -> None:
    text = '{"a": [{"n": 1e400}, {"n": 1}]}'
    change = changed(text, '"n": 1}', '"n": 2}')
    tree = JsonTree.parse(text).edited(change, change.apply(text))
    assert [found.rule for found in syntax_diagnostics(tree.text, tree)] == ["json-number-range"]
