"""Names that are switched off keep their place, and the text comes back as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.document.edits import EditError
from tui.document.tree import JsonTree
from tui.folder import FolderListing, FolderStatus
from tui.krakend.points import Entry, injection_points
from tui.krakend.snapshot import Snapshot
from tui.krakend.switched import all_names, has_list, remove_name, switch_name
from tui.krakend.target import default_target
from tui.workspace.analyser import analyse

NAMES = st.lists(st.sampled_from("abcdefg"), unique=True, min_size=1, max_size=6)


def config(names: object, indent: int | None, behind: bool = True) -> str:
    entry: dict[str, object] = {"name": names}
    if behind:
        entry["a"] = {"x": 1}
    return json.dumps({"version": 3, "extra_config": {"plugin/http-server": entry}}, indent=indent)


def entry_of(tree: JsonTree) -> Entry:
    return injection_points(tree)[0].entries[0]


@given(NAMES, st.lists(st.integers(0, 5), max_size=8), st.sampled_from([None, 2]), st.booleans())
def test_switching_moves_nothing(
    names: list[str], places: list[int], indent: int | None, behind: bool
) -> None:
    text = config(names, indent, behind)
    tree = JsonTree.parse(text)
    off: set[str] = set()
    for place in places:
        entry = entry_of(tree)
        place %= len(names)
        tree = JsonTree.parse(switch_name(tree, entry, place).apply(tree.text))
        off ^= {names[place]}
        assert [name.name for name in all_names(entry_of(tree))] == names
        value = json.loads(tree.text)["extra_config"]["plugin/http-server"]
        assert value["name"] == [name for name in names if name not in off]
        assert set(value.get("#name", {})) == off
        assert "#name" in value or not off
    for place, name in enumerate(names):
        if name in off:
            change = switch_name(tree, entry_of(tree), place)
            tree = JsonTree.parse(change.apply(tree.text))
    assert json.loads(tree.text) == json.loads(text)


@given(NAMES, st.integers(0, 5), st.sampled_from([None, 2]), st.booleans())
def test_off_and_on_leaves_the_bytes(
    names: list[str], place: int, indent: int | None, behind: bool
) -> None:
    text = config(names, indent, behind)
    tree = JsonTree.parse(text)
    place %= len(names)
    off = JsonTree.parse(switch_name(tree, entry_of(tree), place).apply(text))
    on = switch_name(off, entry_of(off), place).apply(off.text)
    if len(names) > 1 or indent is None:
        assert on == text
    assert json.loads(on) == json.loads(text)


@given(NAMES, st.data())
def test_removing_a_name_leaves_the_others_in_their_places(
    names: list[str], data: st.DataObject
) -> None:
    tree = JsonTree.parse(config(names, 2))
    for place in range(len(names)):
        if data.draw(st.booleans()):
            tree = JsonTree.parse(switch_name(tree, entry_of(tree), place).apply(tree.text))
    before = all_names(entry_of(tree))
    gone = data.draw(st.integers(0, len(names) - 1))
    tree = JsonTree.parse(remove_name(tree, entry_of(tree), gone).apply(tree.text))
    after = [(name.name, name.is_on) for name in all_names(entry_of(tree))]
    assert after == [(n.name, n.is_on) for n in before[:gone] + before[gone + 1 :]]


def test_what_is_no_list_is_switched_as_a_whole() -> None:
    entry = entry_of(JsonTree.parse(config("auth", 2)))
    assert not has_list(entry)
    with pytest.raises(EditError, match="no list"):
        switch_name(JsonTree.parse(config("auth", 2)), entry, 0)


def test_a_second_name_of_the_same_text_is_not_lost() -> None:
    tree = JsonTree.parse(config(["a", "a"], 2))
    tree = JsonTree.parse(switch_name(tree, entry_of(tree), 0).apply(tree.text))
    with pytest.raises(EditError, match="already"):
        switch_name(tree, entry_of(tree), 1)


def test_somebody_elses_member_is_left_alone() -> None:
    text = '{"extra_config": {"plugin/http-server": {"#name": ["old"], "name": ["a"]}}}'
    tree = JsonTree.parse(text)
    with pytest.raises(EditError, match="not what krakend-tui"):
        switch_name(tree, entry_of(tree), 0)


def test_krakend_and_the_schemas_have_nothing_against_it() -> None:
    text = (
        '{"version": 3, "extra_config": {"plugin/http-server": {"name": ["a"], "#name": {"b": 2}}}}'
    )
    listing = FolderListing("/w", FolderStatus.UNCHECKED)
    found = analyse(Snapshot(JsonTree.parse(text), default_target(), listing)).diagnostics
    assert not [f for f in found if "#name" in f.pointer or "#name" in f.message]
