"""Path edits: the intended value, all other bytes kept, and the style of the place."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.diagnostic import Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.edits import EditError
from tui.document.pointer import child, parent, split
from tui.document.tree import JsonTree

KEYS = st.text(alphabet='ab/~"\\é😀\ud800 ', max_size=2)
SCALARS = st.none() | st.booleans() | st.integers() | st.sampled_from([1e16, -2.5]) | KEYS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
CONTAINERS = st.dictionaries(KEYS, VALUES, max_size=3) | st.lists(VALUES, max_size=3)


@st.composite
def spelled(draw: st.DrawFn, value: Any, white: st.SearchStrategy[str]) -> str:
    """`value` as JSON with white space drawn anew at every place, and keys written twice."""
    if isinstance(value, dict):
        pairs = [(key, item) for key, item in value.items()]
        if pairs and draw(st.booleans()):
            pairs.insert(0, (draw(st.sampled_from(pairs))[0], draw(SCALARS)))
        parts = [
            f"{json.dumps(key)}{draw(white)}:{draw(white)}{draw(spelled(item, white))}"
            for key, item in pairs
        ]
    elif isinstance(value, list):
        parts = [draw(spelled(item, white)) for item in value]
    else:
        return json.dumps(value, ensure_ascii=draw(st.booleans()) or "\ud800" in str(value))
    opening, closing = ("{", "}") if isinstance(value, dict) else ("[", "]")
    inner = ",".join(f"{draw(white)}{part}{draw(white)}" for part in parts) or draw(white)
    return opening + inner + closing


NEAT = [
    {"indent": 2},
    {"indent": 4},
    {"indent": "\t"},
    {"separators": (",", ":")},
    {},
]
WILD = st.sampled_from(["", " ", "\n", "\r\n", "\r", "\t", "\n    ", "  \r\n\t"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, Any]:
    value = draw(CONTAINERS)
    if draw(st.booleans()):
        text = draw(spelled(value, WILD))
    else:
        style: dict[str, Any] = draw(st.sampled_from(NEAT))
        text = json.dumps(value, ensure_ascii=True, **style)
        text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    before, after = draw(WILD), draw(WILD)
    return before + text + after, value


def pointers(value: Any) -> list[str]:
    found, waiting = [], [("", value)]
    while waiting:
        pointer, inner = waiting.pop()
        found.append(pointer)
        pairs = inner.items() if isinstance(inner, dict) else ()
        pairs = enumerate(inner) if isinstance(inner, list) else pairs
        waiting += [(child(pointer, token), below) for token, below in pairs]
    return found


def at(value: Any, pointer: str) -> Any:
    for token in split(pointer):
        value = value[int(token)] if isinstance(value, list) else value[token]
    return value


def same(one: Any, other: Any) -> bool:
    """Equal, with 1 and True and 1.0 told apart."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def made(text: str, change: ChangeSet, expected: Any) -> str:
    after = change.apply(text)
    assert same(json.loads(after), expected)
    assert text.isspace() or len(after) - len(after.rstrip()) == len(text) - len(text.rstrip())
    return after


@given(documents(), st.data())
def test_set_replaces_a_value_and_nothing_else(case: tuple[str, Any], data: st.DataObject) -> None:
    text, value = case
    pointer, new = data.draw(st.sampled_from(pointers(value))), data.draw(VALUES)
    tree = JsonTree.parse(text)
    change = edits.set_value(tree, pointer, new)
    if pointer:
        above, token = parent(pointer)
        holder = at(value, above)
        holder[int(token) if isinstance(holder, list) else token] = new
    made(text, change, value if pointer else new)
    span = tree.node(pointer).span  # type: ignore[union-attr]
    assert all(span.start <= edit.start and edit.end <= span.end for edit in change.edits)


@given(documents())
def test_setting_what_is_there_changes_nothing(case: tuple[str, Any]) -> None:
    text, value = case
    tree = JsonTree.parse(text)
    for pointer in pointers(value):
        if same(json.loads(tree.node(pointer).text), at(value, pointer)):  # type: ignore[union-attr]
            assert edits.set_value(tree, pointer, tree.node(pointer).value()).is_empty  # type: ignore[union-attr]


@given(documents(), st.lists(KEYS, min_size=1, max_size=3), VALUES, st.data())
def test_set_makes_every_missing_level(
    case: tuple[str, Any], path: list[str], new: Any, data: st.DataObject
) -> None:
    text, value = case
    holders = [p for p in pointers(value) if isinstance(at(value, p), dict)]
    if not holders:
        return
    pointer = data.draw(st.sampled_from(holders))
    holder = at(value, pointer)
    if path[0] in holder:
        return
    change = edits.set_value(JsonTree.parse(text), pointer + child("", path[0]), new)
    assert len(change.edits) == 1
    nested = new
    for key in reversed(path[1:]):
        nested = {key: nested}
    full = pointer + "".join(child("", key) for key in path)
    deep = edits.set_value(JsonTree.parse(text), full, new)
    holder[path[0]] = nested
    made(text, deep, value)


@given(documents(), KEYS, VALUES, st.data())
def test_insert_member_adds_and_keeps_every_byte(
    case: tuple[str, Any], key: str, new: Any, data: st.DataObject
) -> None:
    text, value = case
    holders = [p for p in pointers(value) if isinstance(at(value, p), dict)]
    if not holders:
        return
    pointer = data.draw(st.sampled_from(holders))
    holder = at(value, pointer)
    if key in holder:
        with pytest.raises(EditError, match="already"):
            edits.insert_member(JsonTree.parse(text), pointer, key, new)
        return
    before = data.draw(st.sampled_from([None, *holder]))
    change = edits.insert_member(JsonTree.parse(text), pointer, key, new, before=before)
    was_empty = not holder
    holder[key] = new
    after = made(text, change, value)
    (edit,) = change.edits
    assert was_empty or edit.start == edit.end
    assert text[edit.start : edit.end].strip() == ""
    keys = [m.key for m in JsonTree.parse(after).node(pointer).members()]  # type: ignore[union-attr]
    assert keys.index(key) == (len(keys) - 1 if before is None else keys.index(before) - 1)


@given(documents(), VALUES, st.data())
def test_insert_item_adds_and_keeps_every_byte(
    case: tuple[str, Any], new: Any, data: st.DataObject
) -> None:
    text, value = case
    holders = [p for p in pointers(value) if isinstance(at(value, p), list)]
    if not holders:
        return
    pointer = data.draw(st.sampled_from(holders))
    holder = at(value, pointer)
    index = data.draw(st.integers(0, len(holder)))
    change = edits.insert_item(JsonTree.parse(text), pointer, index, new)
    was_empty = not holder
    holder.insert(index, new)
    made(text, change, value)
    (edit,) = change.edits
    assert was_empty or edit.start == edit.end
    assert text[edit.start : edit.end].strip() == ""


@given(documents(), st.data())
def test_remove_takes_one_child_and_one_comma(case: tuple[str, Any], data: st.DataObject) -> None:
    text, value = case
    places = pointers(value)[1:]
    if not places:
        return
    pointer = data.draw(st.sampled_from(places))
    tree = JsonTree.parse(text)
    above, token = parent(pointer)
    holder = at(value, above)
    node = tree.node(above)
    twice = [m for m in node.members() if m.key == token]  # type: ignore[union-attr]
    count = len(list(node.members())) + len(list(node.items()))  # type: ignore[union-attr]
    member = tree.member(pointer)
    span = member.span if member else tree.node(pointer).span  # type: ignore[union-attr]
    change = edits.remove(tree, pointer)
    if isinstance(holder, list):
        del holder[int(token)]
    elif len(twice) > 1:
        holder[token] = json.loads(twice[-2].value.text)
    else:
        del holder[token]
    made(text, change, value)
    (edit,) = change.edits
    assert edit.text == ""
    assert edit.start <= span.start
    assert span.end <= edit.end
    rest = text[edit.start : span.start] + text[span.end : edit.end]
    assert rest.strip() == ("," if count > 1 else "")


@given(documents(), KEYS, st.data())
def test_rename_changes_the_key_alone(case: tuple[str, Any], key: str, data: st.DataObject) -> None:
    text, value = case
    tree = JsonTree.parse(text)
    places = [p for p in pointers(value) if tree.member(p)]
    if not places:
        return
    pointer = data.draw(st.sampled_from(places))
    above, token = parent(pointer)
    holder = at(value, above)
    if key in holder:
        if key != token:
            with pytest.raises(EditError, match="already"):
                edits.rename(tree, pointer, key)
        return
    change = edits.rename(tree, pointer, key)
    (edit,) = change.edits
    span = tree.member(pointer).key_span  # type: ignore[union-attr]
    assert (edit.start, edit.end) == (span.start, span.end)
    twice = [m for m in tree.node(above).members() if m.key == token]  # type: ignore[union-attr]
    holder[key] = holder.pop(token)
    if len(twice) > 1:
        holder[token] = json.loads(twice[-2].value.text)
    made(text, change, value)


@given(documents(), st.data())
def test_move_changes_places_and_keeps_what_is_between(
    case: tuple[str, Any], data: st.DataObject
) -> None:
    text, value = case
    places = [p for p in pointers(value)[1:] if isinstance(at(value, parent(p)[0]), list)]
    if not places:
        return
    pointer = data.draw(st.sampled_from(places))
    above, token = parent(pointer)
    holder = at(value, above)
    index = data.draw(st.integers(0, len(holder) - 1))
    tree = JsonTree.parse(text)
    change = edits.move_item(tree, pointer, index)
    spans = [item.span for item in tree.node(above).items()]  # type: ignore[union-attr]
    low, high = sorted((index, int(token)))
    allowed = set(spans[low : high + 1]) if low < high else set()
    assert {Span(edit.start, edit.end) for edit in change.edits} <= allowed
    holder.insert(index, holder.pop(int(token)))
    after = made(text, change, value)

    def between(text: str) -> list[str]:
        spans = [item.span for item in JsonTree.parse(text).node(above).items()]  # type: ignore[union-attr]
        return [text[a.end : b.start] for a, b in pairwise(spans)]

    assert between(after) == between(text)


LINES = """{
  "version": 3,
  "plugin": {
    "pattern": ".so"
  },
  "empty": {},
  "list": [],
  "names": ["a", "b"],
  "rows": [
    1,
    2
  ],
  "endpoints": [
    {
      "endpoint": "/a"
    }
  ]
}
"""


def edited(text: str, pointer: str, value: Any) -> str:
    return edits.set_value(JsonTree.parse(text), pointer, value).apply(text)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("unit", ["  ", "    ", "\t", " "])
def test_a_file_of_lines_stays_one(newline: str, unit: str) -> None:
    def styled(text: str) -> str:
        return text.replace("  ", unit).replace("\n", newline)

    def check(pointer: str, value: Any, old: str, new: str) -> None:
        assert LINES.count(old) == 1
        assert edited(styled(LINES), pointer, value) == styled(LINES.replace(old, new))

    check("/plugin/folder", "./p/", '".so"\n', '".so",\n    "folder": "./p/"\n')
    check("/plugin/pattern", "x", '".so"', '"x"')
    check("/names/2", "c", '"b"]', '"b", "c"]')
    check("/rows/2", 3, "2\n", "2,\n    3\n")
    check("/empty/a", 1, "{},", '{\n    "a": 1\n  },')
    check("/list/0", "a", "[],", '["a"],')
    check("/list/0", {"a": 1}, "[],", '[\n    {\n      "a": 1\n    }\n  ],')
    check(
        "/endpoints/0/extra_config/plugin~1req-resp-modifier",
        {"name": ["a", "b"], "a": {}},
        '"/a"\n',
        '"/a",\n      "extra_config": {\n        "plugin/req-resp-modifier": {\n'
        '          "name": ["a", "b"],\n          "a": {}\n        }\n      }\n',
    )
    check(
        "/endpoints/1",
        {"endpoint": "/b", "backend": [{"host": []}]},
        "    }\n  ]\n",
        '    },\n    {\n      "endpoint": "/b",\n      "backend": [\n        {\n'
        '          "host": []\n        }\n      ]\n    }\n  ]\n',
    )


@pytest.mark.parametrize(
    ("text", "pointer", "value", "expected"),
    [
        ('{"a":1}', "/b", {"c": [1, 2]}, '{"a":1,"b":{"c":[1,2]}}'),
        ('{ "a": 1 }', "/b", 2, '{ "a": 1, "b": 2 }'),
        ('{"a": 1, "b": [1,2]}', "/b/2", 3, '{"a": 1, "b": [1,2,3]}'),
        ("{}", "/a/b", 1, '{"a":{"b":1}}'),
        ("{ }\n", "/a", 1, '{"a":1}\n'),
        ("[ ]", "/0", "é\ud800", '["é\\ud800"]'),
        ("{\n}\n", "/a", 1, '{\n  "a": 1\n}\n'),
        ('{"a" :1}', "/b", 2, '{"a" :1,"b" :2}'),
        ('{\n\t"a":1,\n\n\t"b":2 }', "/c", 3, '{\n\t"a":1,\n\n\t"b":2,\n\t"c":3 }'),
        ('{"a": [{\n  "b": 1\n}]}', "/a/1", {}, '{"a": [{\n  "b": 1\n}, {}]}'),
        ('{"a": 1e3, "a": 2.0}', "/a", 3, '{"a": 1e3, "a": 3}'),
        ('{"a": 1e3}', "/a", 1000.0, '{"a": 1e3}'),
        ('{"a": 1}', "/a", True, '{"a": true}'),
        ('{"\\u0061": "\\u0061"}', "/a", "a", '{"\\u0061": "\\u0061"}'),
    ],
)
def test_the_neighbours_show_the_style(text: str, pointer: str, value: Any, expected: str) -> None:
    assert edited(text, pointer, value) == expected


@pytest.mark.parametrize(
    ("pointer", "old", "new"),
    [
        ("/version", '  "version": 3,\n', ""),
        ("/names", '  "names": ["a", "b"],\n', ""),
        ("/names/0", '"a", ', ""),
        ("/names/1", ', "b"', ""),
        ("/rows/1", ",\n    2", ""),
        ("/plugin/pattern", '{\n    "pattern": ".so"\n  }', "{}"),
        ("/endpoints/0", '[\n    {\n      "endpoint": "/a"\n    }\n  ]', "[]"),
        ("/endpoints", ',\n  "endpoints": [\n    {\n      "endpoint": "/a"\n    }\n  ]', ""),
    ],
)
def test_what_is_removed_leaves_no_trace(pointer: str, old: str, new: str) -> None:
    for newline in ("\n", "\r\n"):
        text, expected = (t.replace("\n", newline) for t in (LINES, LINES.replace(old, new)))
        assert edits.remove(JsonTree.parse(text), pointer).apply(text) == expected


def test_a_node_is_carried_over_as_it_is_written() -> None:
    text = '{\n    "a": {\n        "x": 1e3,\n\n        "y": [ "\\u0061" ], "y": 2\n    }\n}'
    tree = JsonTree.parse(text)
    change = edits.set_value(tree, "/b/c", {"d": tree.node("/a")})
    assert change.apply(text) == (
        '{\n    "a": {\n        "x": 1e3,\n\n        "y": [ "\\u0061" ], "y": 2\n    },\n'
        '    "b": {\n        "c": {\n            "d": {\n                "x": 1e3,\n\n'
        '                "y": [ "\\u0061" ], "y": 2\n            }\n        }\n    }\n}'
    )


@pytest.mark.parametrize(
    "attempt",
    [
        lambda tree: edits.set_value(tree, "/version/a", 1),
        lambda tree: edits.set_value(tree, "/rows/7", 1),
        lambda tree: edits.set_value(tree, "/rows/x", 1),
        lambda tree: edits.set_value(tree, "/version", float("inf")),
        lambda tree: edits.insert_member(tree, "/rows", "a", 1),
        lambda tree: edits.insert_member(tree, "", "a", 1, before="b"),
        lambda tree: edits.insert_item(tree, "/rows", 3, 1),
        lambda tree: edits.insert_item(tree, "/rows", -1, 1),
        lambda tree: edits.insert_item(tree, "/plugin", 0, 1),
        lambda tree: edits.remove(tree, ""),
        lambda tree: edits.remove(tree, "/nothing"),
        lambda tree: edits.rename(tree, "/rows/0", "a"),
        lambda tree: edits.rename(tree, "", "a"),
        lambda tree: edits.move_item(tree, "/rows/0", 2),
        lambda tree: edits.move_item(tree, "/version", 0),
    ],
)
@pytest.mark.parametrize("text", [LINES, LINES[:-2], ""])
def test_what_cannot_be_done_is_an_edit_error(attempt: Any, text: str) -> None:
    with pytest.raises(EditError):
        attempt(JsonTree.parse(text))


def test_a_value_too_deep_to_write_is_an_edit_error() -> None:
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(EditError, match="too deeply"):
        edits.set_value(JsonTree.parse("{}"), "/a", value)
    deep = "[" * 9000 + "]" * 9000
    tree = JsonTree.parse('{"a": ' + deep + "}")
    change = edits.set_value(tree, "/b", tree.node("/a"))
    assert change.apply(tree.text) == '{"a": ' + deep + ', "b": ' + deep + "}"


def test_a_comment_between_items_is_not_written_twice() -> None:
    tree = JsonTree.parse("[1, /* one */ 2]")
    assert edits.insert_item(tree, "", 2, 3).apply(tree.text) == "[1, /* one */ 2, 3]"
