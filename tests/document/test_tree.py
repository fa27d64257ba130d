import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.diagnostic import Edit
from tui.document.change import ChangeSet
from tui.document.pointer import child, join, parent, split
from tui.document.tree import JsonNode, JsonTree

KEYS = st.text(alphabet='ab/~"\\é😀\u2028\x00 ', max_size=3)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
STYLES = st.sampled_from(
    [{"indent": None}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}]
)
JUNK = st.text(alphabet='{}[],:"\\1e-/*\n\r\tté😀\x00\ud800NaN', max_size=12)


@st.composite
def documents(draw: st.DrawFn) -> str:
    escape = draw(st.booleans())
    return json.dumps(draw(VALUES), ensure_ascii=escape, **draw(STYLES))


def dump(tree: JsonTree) -> object:
    """Everything that a tree says, as a value that compares."""

    def walk(node: JsonNode) -> object:
        if node.kind == "object":
            return [(m.key, m.key_span, m.span, walk(m.value)) for m in node.members()]
        if node.kind == "array":
            return [walk(item) for item in node.items()]
        return (node.kind, node.span)

    root = tree.root
    return (tree.has_errors, None if root is None else (root.span, walk(root)))


def pointers(value: object) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []

    def walk(pointer: str, inner: object) -> None:
        found.append((pointer, inner))
        pairs = inner.items() if isinstance(inner, dict) else ()
        pairs = enumerate(inner) if isinstance(inner, list) else pairs
        for token, below in pairs:
            walk(child(pointer, token), below)

    walk("", value)
    return found


@given(documents())
def test_every_pointer_finds_its_value(text: str) -> None:
    tree = JsonTree.parse(text)
    for pointer, value in pointers(json.loads(text)):
        node = tree.node(pointer)
        assert node is not None
        assert node.value() == value
        assert json.loads(text[node.span.start : node.span.end]) == value
        nearest, found = tree.nearest(pointer + "/no/such")
        assert nearest == pointer
        assert found is not None
        assert found.span == node.span


@given(documents())
def test_a_place_inside_a_value_has_its_pointer(text: str) -> None:
    tree = JsonTree.parse(text)
    for pointer, value in pointers(json.loads(text)):
        node = tree.node(pointer)
        assert node is not None
        if not isinstance(value, dict | list):
            for offset in range(node.span.start + 1, node.span.end):
                assert tree.pointer_at(offset) == pointer
        assert tree.pointer_at(node.span.start) == pointer
        member = tree.member(pointer)
        if member is not None:
            assert tree.pointer_at(member.key_span.start) == pointer
            assert text[member.key_span.start : member.key_span.end][0] == '"'


@given(documents())
def test_only_object_members_are_members(text: str) -> None:
    tree = JsonTree.parse(text)
    for pointer, _ in pointers(json.loads(text)):
        member = tree.member(pointer)
        if pointer and tree.node(parent(pointer)[0]).kind == "object":  # type: ignore[union-attr]
            assert member is not None
            assert member.key == split(pointer)[-1]
            assert member.value.span == tree.node(pointer).span  # type: ignore[union-attr]
        else:
            assert member is None


@given(documents(), st.data())
def test_the_next_tree_is_the_tree_of_the_next_text(text: str, data: st.DataObject) -> None:
    tree = JsonTree.parse(text)
    for _ in range(3):
        points = sorted(data.draw(st.lists(st.integers(0, len(tree.text)), max_size=4)))
        pairs = zip(points[::2], points[1::2], strict=False)
        texts = st.one_of(JUNK, documents())
        edits = [Edit(a, b, data.draw(texts)) for a, b in pairs]
        change = ChangeSet.of(len(tree.text), edits)
        text = change.apply(tree.text)
        tree = tree.edited(change, text)
        fresh = JsonTree.parse(text)
        assert tree.has_errors == fresh.has_errors
        if not fresh.has_errors:
            assert dump(tree) == dump(fresh)


def test_a_plus_sign_in_an_exponent_is_a_number_like_any() -> None:
    tree = JsonTree.parse('{"e+1": [1e+16, -2.5E+3, 1]}')
    assert not tree.has_errors
    assert tree.root.value() == {"e+1": [1e16, -2500.0, 1]}  # type: ignore[union-attr]
    text = "[1 +5]"
    tree = JsonTree.parse(text)
    for at, old, new in ((2, " ", "e"), (3, "+", "-"), (3, "-", "+"), (2, "e", ""), (2, "", "E")):
        change = ChangeSet.replace(len(text), at, at + len(old), new)
        text = change.apply(text)
        tree = tree.edited(change, text)
        assert tree.has_errors == JsonTree.parse(text).has_errors
        assert tree.has_errors == (text == "[1+5]")


def test_a_plus_sign_that_an_edit_makes_or_unmakes_is_read_anew() -> None:
    text = '[1e+5, "e+", 2 +3, 1E+4]'
    tree = JsonTree.parse(text)
    for start, end, written in (
        (18, 20, ""),
        (21, 22, ""),
        (21, 21, "]"),
        (18, 19, ""),
        (15, 17, ""),
    ):
        change = ChangeSet.replace(len(text), start, end, written)
        text = change.apply(text)
        tree = tree.edited(change, text)
        assert tree.has_errors == JsonTree.parse(text).has_errors
    assert text == '[1e+5, "e+", 2 ,+4]'


@given(st.one_of(JUNK, documents()), st.data())
@example('{"a":}', None)
@example('{"a" 1, : 2, "b": }', None)
@example("[1,,2 3,]", None)
@example('{"a":"\\q\\ud83d\\ude00\\u12"}', None)
def test_no_text_makes_the_tree_raise(text: str, data: st.DataObject | None) -> None:
    if data is not None:
        cut = data.draw(st.integers(0, len(text)))
        text = text[:cut] + data.draw(JUNK) + text[cut + data.draw(st.integers(0, 3)) :]
    tree = JsonTree.parse(text)
    dump(tree)
    if tree.root is not None:
        tree.root.value()
    for offset in range(len(text) + 1):
        pointer = tree.pointer_at(offset)
        tree.node(pointer)
        tree.member(pointer)
        tree.nearest(pointer + "/0/x")


@pytest.mark.parametrize("depth", [10_000, 50_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"":', "}")])
def test_deep_nesting_neither_recurses_nor_crashes(depth: int, opening: str, closing: str) -> None:
    whole = opening * depth + ("1" if opening != "[" else "") + closing * depth
    for text in (whole, opening * depth, whole[:-3]):
        tree = JsonTree.parse(text)
        if tree.root is not None:
            tree.root.value()
        tree.pointer_at(len(text) // 2)
        tree.nearest("/0/0/0")
    value = JsonTree.parse(whole).root.value()  # type: ignore[union-attr]
    levels = 0
    while value and value != 1:
        value, levels = (value[0] if isinstance(value, list) else value[""]), levels + 1
    assert levels == (depth if opening != "[" else depth - 1)


def test_the_last_of_duplicate_keys_is_taken() -> None:
    tree = JsonTree.parse('{"a": 1, "b": 2, "\\u0061": {"c": [3]}}')
    assert [m.key for m in tree.root.members()] == ["a", "b", "a"]  # type: ignore[union-attr]
    assert tree.node("/a/c/0").value() == 3  # type: ignore[union-attr]
    assert tree.root.value() == {"a": {"c": [3]}, "b": 2}  # type: ignore[union-attr]


def test_odd_scalars_have_a_value() -> None:
    long = "9" * 5000
    tree = JsonTree.parse(f'["\\ud800", 1e400, {long}, -0, 1E2, "a\tb", "\\ud83d\\ude00\t\\u12"]')
    assert [item.value() for item in tree.root.items()] == [  # type: ignore[union-attr]
        "\ud800",
        float("inf"),
        float("inf"),
        0,
        100.0,
        "a\tb",
        "😀\t\\u12",
    ]
    assert len(tree.root.value()) == 7  # type: ignore[union-attr]


def test_comments_do_not_shift_items() -> None:
    for text in ("[/*c*/ 1, /*d*/ 2]", "[1, 2 /*c*/]", "[1,, 2]", "[1 2]", "[1, 2,]"):
        tree = JsonTree.parse(text)
        assert [tree.node(f"/{i}").value() for i in range(2)] == [1, 2]  # type: ignore[union-attr]
        assert tree.pointer_at(text.index("2")) == "/1"
        assert tree.node("/2") is None
    assert JsonTree.parse("[/*c*/]").node("/0") is None


def test_what_is_there_of_broken_text_is_still_found() -> None:
    tree = JsonTree.parse('{"a": 1 "b": {"c": 2,}, }')
    assert tree.has_errors
    assert tree.node("/a").value() == 1  # type: ignore[union-attr]
    assert tree.node("/b/c").value() == 2  # type: ignore[union-attr]


def test_indices_are_those_of_rfc_6901() -> None:
    tree = JsonTree.parse("[1, 2]")
    for token in ("01", "-1", "-", "+1", "1.0", "", "²", "9" * 5000, "2"):
        assert tree.node(f"/{token}") is None
    with pytest.raises(ValueError, match="not a JSON Pointer"):
        tree.node("a")


def test_a_text_without_a_value_has_no_root() -> None:
    for text in ("", "  \n", "// c"):
        tree = JsonTree.parse(text)
        assert tree.root is None
        assert tree.node("") is None
        assert tree.nearest("/a") == ("", None)
        assert tree.pointer_at(0) == ""


def test_places_around_a_member() -> None:
    text = '{ "é": [1, {"b": 2} ] }'
    tree = JsonTree.parse(text)
    assert tree.pointer_at(0) == ""
    assert tree.pointer_at(1) == ""
    assert tree.pointer_at(text.index("é")) == "/é"
    assert tree.pointer_at(text.index(":")) == "/é"
    assert tree.pointer_at(text.index("1") + 1) == "/é/0"
    assert tree.pointer_at(text.index("2")) == "/é/1/b"
    assert tree.pointer_at(text.index("2") + 1) == "/é/1/b"
    assert tree.pointer_at(text.index("}") + 1) == "/é/1"
    assert tree.pointer_at(text.index("]")) == "/é"
    assert tree.pointer_at(len(text)) == ""


@given(st.lists(st.text(), max_size=4))
def test_pointers_keep_their_tokens(tokens: list[str]) -> None:
    assert split(join(tokens)) == tokens
    if tokens:
        assert parent(join(tokens)) == (join(tokens[:-1]), tokens[-1])
