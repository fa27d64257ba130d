"""What a user does to entries: laws over configs of every shape, and what is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tui.document.edits import EditError
from tui.document.tree import JsonTree
from tui.krakend import actions
from tui.krakend.namespaces import Spelling
from tui.krakend.points import Entry, InjectionPoint, injection_points
from tui.krakend.target import default_target, parse_target
from tui.plugin.facts import PluginType
from tui.schema.validate import validate

SERVER, CLIENT, MODIFIER = PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER
TARGET = default_target()
NAMES = st.sampled_from(["auth", "geo", "x-request", "x-response"])
ENTRY = st.one_of(
    st.builds(lambda name: {"name": name}, NAMES),
    st.builds(lambda names: {"name": names, **{n: {"o": 1} for n in names}}, st.lists(NAMES)),
    st.builds(lambda name: {"name": [name], "#name": {"geo": 1}}, NAMES),
)
EXTRA = st.dictionaries(
    st.sampled_from(
        [
            "plugin/http-server",
            "plugin/http-client",
            "plugin/req-resp-modifier",
            "#plugin/req-resp-modifier",
            "_plugin/http-client",
            "plugin/req_resp_modifier",
            "telemetry/logging",
        ]
    ),
    ENTRY,
    max_size=3,
)
OWNER = st.builds(lambda extra: {"extra_config": extra}, EXTRA) | st.just({})
CONFIGS = st.builds(
    lambda extra, owners, backends: {
        "extra_config": extra,
        "endpoints": [{**owner, "backend": backends} for owner in owners],
    },
    EXTRA,
    st.lists(OWNER, max_size=3),
    st.lists(OWNER, max_size=2),
)
INDENTS = st.sampled_from([None, 2, "\t"])


def parsed(config: Any, indent: Any = 2) -> tuple[JsonTree, tuple[InjectionPoint, ...]]:
    tree = JsonTree.parse(json.dumps(config, indent=indent))
    return tree, injection_points(tree)


def entries(points: tuple[InjectionPoint, ...]) -> list[Entry]:
    return [entry for point in points for entry in point.entries]


def after(tree: JsonTree, change: Any) -> tuple[JsonTree, tuple[InjectionPoint, ...]]:
    new = JsonTree.parse(change.apply(tree.text))
    json.loads(new.text)
    return new, injection_points(new)


@given(CONFIGS, INDENTS, st.data())
def test_off_and_on_again_restores_every_byte(
    config: Any, indent: Any, data: st.DataObject
) -> None:
    tree, points = parsed(config, indent)
    assume(found := [entry for entry in entries(points) if entry.spelling is Spelling.EXACT])
    entry = data.draw(st.sampled_from(found))
    try:
        off, off_points = after(tree, actions.switch_entry(tree, entry))
    except EditError:
        # It is there switched off as well.
        return
    same = next(e for e in entries(off_points) if e.value.span.start == entry.value.span.start + 1)
    assert same.spelling is Spelling.OFF
    assert not same.works_here
    on, _points = after(off, actions.switch_entry(off, same))
    assert on.text == tree.text


def test_every_way_of_switching_off_is_switched_on() -> None:
    for key in ("#plugin/http-server", "_plugin/http-server", "$plugin/http-server"):
        tree, points = parsed({"extra_config": {key: {"name": ["a"]}}})
        _tree, on = after(tree, actions.switch_entry(tree, entries(points)[0]))
        assert [(e.key, e.works_here) for e in entries(on)] == [("plugin/http-server", True)]


@given(CONFIGS, INDENTS, st.data())
def test_a_copy_has_the_same_text_everywhere(config: Any, indent: Any, data: st.DataObject) -> None:
    tree, points = parsed(config, indent)
    assume(found := entries(points))
    entry = data.draw(st.sampled_from(found))
    targets = actions.copy_targets(points, entry, TARGET)
    assume(targets)
    chosen = data.draw(st.lists(st.sampled_from(targets), min_size=1, unique_by=id))
    _new, new_points = after(tree, actions.copy_entry(tree, entry, chosen))
    by_pointer = {point.pointer: point for point in new_points}
    key = actions.copied_key(entry)
    chosen_pointers = {point.pointer for point in chosen}
    for point in points:
        then = {e.key: e for e in by_pointer[point.pointer].entries}
        if point.pointer in chosen_pointers:
            assert then[key].value.value() == entry.value.value()
            assert then[key].works_here == (not key.startswith(("#", "_")))
        else:
            before = {e.key: e.value.value() for e in point.entries}
            assert {k: e.value.value() for k, e in then.items()} == before


@given(CONFIGS, INDENTS, st.sampled_from([SERVER, CLIENT, MODIFIER]), NAMES)
def test_a_renamed_plugin_is_named_nowhere_and_comes_back(
    config: Any, indent: Any, type_: PluginType, old: str
) -> None:
    tree, points = parsed(config, indent)
    change = actions.rename_plugin(tree, points, type_, {old: "brand-new"})
    new, new_points = after(tree, change)
    for entry, then in zip(entries(points), entries(new_points), strict=True):
        if entry.meant is not type_:
            assert then.value.value() == entry.value.value()
            continue
        assert old not in [name for name, _span in then.names]
        assert len(then.names) == len(entry.names)
        if old in [name for name, _span in entry.names]:
            assert then.value.member(old) is None
    back = actions.rename_plugin(new, new_points, type_, {"brand-new": old})
    assert back.apply(new.text) == tree.text


def test_a_modifier_is_renamed_by_its_stem() -> None:
    tree, points = parsed(
        {
            "endpoints": [
                {"extra_config": {MODIFIER.namespace: {"name": ["x-request", "y"], "x": {}}}},
                {"extra_config": {"#" + MODIFIER.namespace: {"name": ["x-response"], "y": {}}}},
            ]
        }
    )
    change = actions.rename_plugin(tree, points, MODIFIER, actions.halves_of("x", "z"))
    config = json.loads(change.apply(tree.text))
    assert [list(e["extra_config"].values()) for e in config["endpoints"]] == [
        [{"name": ["z-request", "y"], "z": {}}],
        [{"name": ["z-response"], "y": {}}],
    ]


def test_renaming_reaches_the_lists_of_enterprise_3() -> None:
    tree, points = parsed(
        {"extra_config": {SERVER.namespace: {"plugins": [{"name": "a", "config": {"a": 1}}]}}}
    )
    change = actions.rename_plugin(tree, points, SERVER, {"a": "b"})
    config = json.loads(change.apply(tree.text))
    plugins = config["extra_config"][SERVER.namespace]["plugins"]
    assert plugins == [{"name": "b", "config": {"a": 1}}]


def test_a_new_name_whose_options_are_there_is_refused() -> None:
    tree, points = parsed({"extra_config": {SERVER.namespace: {"name": ["a"], "a": {}, "b": {}}}})
    with pytest.raises(EditError, match="options of b already"):
        actions.rename_plugin(tree, points, SERVER, {"a": "b"})


@given(CONFIGS, INDENTS, st.data())
def test_what_is_added_works_and_pleases_its_schema(
    config: Any, indent: Any, data: st.DataObject
) -> None:
    tree, points = parsed(config, indent)
    point = data.draw(st.sampled_from(points))
    legal = actions.legal_types(point, TARGET)
    assume(legal)
    type_ = data.draw(st.sampled_from(legal))
    names = ["x-request", "x-response"] if type_ is MODIFIER else ["auth"]
    change = actions.add_entry(tree, point, type_, names, TARGET)
    _new, new_points = after(tree, change)
    then = next(p for p in new_points if p.pointer == point.pointer)
    entry = next(e for e in then.entries if e.key == type_.namespace)
    assert entry.works_here
    assert [name for name, _span in entry.names] == names
    assert not list(validate(type_.value, entry.value, entry.pointer))
    assert len(entries(new_points)) == len(entries(points)) + 1


def test_only_what_the_target_reads_can_be_added() -> None:
    _tree, points = parsed({"endpoints": [{"backend": [{}]}]})
    service, endpoint, backend = points

    def legal(point: InjectionPoint, target: str) -> list[str]:
        return [type_.value for type_ in actions.legal_types(point, parse_target(target))]

    assert legal(service, "2.13") == ["http-server"]
    assert legal(endpoint, "2.13") == ["req-resp-modifier"]
    assert legal(backend, "2.13") == ["http-client", "req-resp-modifier"]
    assert legal(endpoint, "ee-2.13") == ["req-resp-modifier", "middleware"]
    assert legal(endpoint, "ee-2.9") == ["req-resp-modifier"]
    assert legal(backend, "ce-3.0") == []


def test_enterprise_3_gets_its_own_shape() -> None:
    target = parse_target("ee-3.0")
    assert actions.skeleton(SERVER, ["a", "b"], target) == {
        "plugins": [{"name": "a", "config": {}}, {"name": "b", "config": {}}]
    }
    assert actions.skeleton(CLIENT, ["a"], target) == {"name": "a", "a": {}}


def test_a_misspelt_entry_is_copied_under_the_right_key() -> None:
    tree, points = parsed(
        {"endpoints": [{"extra_config": {"plugin/req_resp_modifier": {"name": ["a"]}}}, {}]}
    )
    targets = actions.copy_targets(points, entries(points)[0], TARGET)
    assert [point.pointer for point in targets] == ["/endpoints/0", "/endpoints/1"]
    config = json.loads(actions.copy_entry(tree, entries(points)[0], targets[1:]).apply(tree.text))
    assert config["endpoints"][1]["extra_config"] == {MODIFIER.namespace: {"name": ["a"]}}


def test_a_copy_keeps_the_spelling_of_numbers_and_its_own_indentation() -> None:
    text = """{
  "extra_config": {},
  "endpoints": [
    {"extra_config": {
      "plugin/req-resp-modifier": {
        "name": ["a"],
        "a": {"n": 1e3}
      }
    }},
    {}
  ]
}"""
    tree = JsonTree.parse(text)
    points = injection_points(tree)
    entry = entries(points)[0]
    copied = actions.copy_entry(tree, entry, [points[2]]).apply(text)
    assert copied.count('"n": 1e3') == 2
    json.loads(copied)


REVERTED = """{
  "version": 3,
  "extra_config": {
    "plugin/http-server": { "name": ["a"],
      "a": {"n": 1.0} }
  }
}
"""


@pytest.mark.parametrize(
    "edit",
    [
        ("1.0", "2"),
        ("plugin/http-server", "#plugin/http-server"),
        ('plugin/http-server": { "name": ["a"]', '#plugin/http-server": {"name": []'),
    ],
)
def test_an_entry_reverts_to_the_bytes_that_were_saved(edit: tuple[str, str]) -> None:
    saved, now = JsonTree.parse(REVERTED), JsonTree.parse(REVERTED.replace(*edit))
    entry = injection_points(now)[0].entries[0]
    assert actions.revert_entry(now, entry, saved).apply(now.text) == REVERTED


def test_an_entry_that_is_as_it_was_saved_has_nothing_to_revert() -> None:
    saved = JsonTree.parse(REVERTED)
    now = JsonTree.parse(REVERTED.replace('"version": 3', '"version": 3, "x": 1'))
    with pytest.raises(EditError, match="as it was saved"):
        actions.revert_entry(now, injection_points(now)[0].entries[0], saved)


def test_an_entry_that_was_not_saved_has_nothing_to_revert_to() -> None:
    now = JsonTree.parse(REVERTED)
    entry = injection_points(now)[0].entries[0]
    with pytest.raises(EditError, match="has no"):
        actions.revert_entry(now, entry, JsonTree.parse('{"version": 3}'))
