"""Two writers of one JSON text. Every leaf that anybody writes is a string of its own, so that
what became of it can be told: no edit may be lost but where somebody was asked."""

import json
import os
import random
from typing import Any

import pytest
from document.writers import Writer, leaves
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.document.merge import MergeError, merge

ROUNDS = 30_000 if os.environ.get("SOAK") else 500


def of_texts(texts: list[str | None]) -> set[str]:
    return {leaf for text in texts if text is not None for leaf in leaves(json.loads(text))}


def check(seed: int) -> tuple[int, int]:
    """One base, some edits of each side, one merge; (changes taken, conflicts)."""
    print(f"check({seed})", end="\r")
    choice = random.Random(seed)
    writers = [Writer(choice, name) for name in "bmt"]
    base = writers[0].value(4)
    sides = [base, base]
    for index, writer in enumerate(writers[1:]):
        for _ in range(choice.randrange(5)):
            sides[index] = writer.edited(sides[index])
    mine, theirs = sides
    merged = merge(writers[0].written(base), writers[1].written(mine), writers[2].written(theirs))
    theirs_text = merged.theirs.text
    answers = [choice.choice(["mine", "theirs"]) for _ in merged.conflicts]
    outcome = json.loads(merged.resolve(answers).apply(theirs_text))

    left, before = leaves(outcome), leaves(base)
    asked = {
        side: of_texts([getattr(conflict, side) for conflict in merged.conflicts])
        for side in ("base", "mine", "theirs")
    }
    disputed = set().union(*asked.values())
    assert {leaf for leaf, times in left.items() if times > 1} <= disputed
    for value in (mine, theirs):
        now = leaves(value)
        for leaf in now - before:
            assert leaf in left or leaf in disputed, f"{leaf} was written and is lost"
        for leaf in before - now:
            assert leaf not in left or leaf in disputed, f"{leaf} was removed and is back"
    for leaf in before & leaves(mine) & leaves(theirs):
        assert leaf in left or leaf in disputed, f"{leaf} was touched by nobody and is lost"
    for conflict, answer in zip(merged.conflicts, answers, strict=True):
        for leaf in of_texts([getattr(conflict, answer)]):
            assert leaf in left, f"{leaf} was wanted"
    return merged.taken, len(merged.conflicts)


def test_no_edit_is_lost_silently(record_property) -> None:
    seeds = random.Random(os.environ.get("CI") and 1).sample(range(10**9), ROUNDS)
    taken = conflicts = 0
    for seed in seeds:
        found = check(seed)
        taken, conflicts = taken + found[0], conflicts + found[1]
    record_property("merges", ROUNDS)
    print(f"{ROUNDS} merges: {taken} changes taken, {conflicts} conflicts")
    assert taken > ROUNDS / 4
    assert conflicts > ROUNDS / 10


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc~/"), inner, max_size=4)
    ),
    max_leaves=12,
)
STYLES = st.sampled_from([None, 1, "\t"])


@settings(deadline=None)
@given(base=JSON, side=JSON, styles=st.tuples(STYLES, STYLES, STYLES))
def test_who_writes_alone_is_followed(base: Any, side: Any, styles: tuple[Any, Any, Any]) -> None:
    was, mine, theirs = (
        json.dumps(value, indent=style)
        for value, style in zip((base, side, base), styles, strict=True)
    )
    merged = merge(was, mine, theirs)
    assert not merged.conflicts
    assert json.loads(merged.resolve([]).apply(theirs)) == side
    theirs_alone = merge(was, theirs, mine)
    assert not theirs_alone.conflicts
    assert theirs_alone.resolve([]).is_empty
    both = merge(was, mine, json.dumps(side, indent=styles[2]))
    assert not both.conflicts
    assert both.resolve([]).is_empty


@settings(deadline=None)
@given(base=JSON, mine=JSON, theirs=JSON)
def test_any_three_texts_are_merged(base: Any, mine: Any, theirs: Any) -> None:
    merged = merge(*map(json.dumps, (base, mine, theirs)))
    text = merged.theirs.text
    for side in ("mine", "theirs"):
        json.loads(merged.resolve([side] * len(merged.conflicts)).apply(text))


BASE = """{
  "version": 3,
  "endpoints": [
    {"endpoint": "/a", "timeout": "1s"},
    {"endpoint": "/b", "timeout": "1s"}
  ],
  "extra_config": {"plugin/http-server": {"name": ["one", "two"], "one": {"x": 1}}}
}
"""


def edit(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def test_edits_of_two_endpoints_come_together_in_their_layout() -> None:
    mine = edit(BASE, ('"/a", "timeout": "1s"', '"/a", "timeout": "2s"'), ('"x": 1', '"x": 1.0'))
    theirs = edit(
        BASE,
        ('{"endpoint": "/b", "timeout": "1s"}', '{ "endpoint":"/b","timeout":"9s" }'),
        ('    {"endpoint": "/a"', '    {"endpoint": "/new"},\n    {"endpoint": "/a"'),
    )
    merged = merge(BASE, mine, theirs)
    assert not merged.conflicts
    assert merged.resolve([]).apply(theirs) == edit(
        theirs, ('"/a", "timeout": "1s"', '"/a", "timeout": "2s"'), ('"x": 1', '"x": 1.0')
    )


def test_a_list_of_names_is_one_value() -> None:
    merged = merge(
        BASE, edit(BASE, ('"two"]', '"two", "mine"]')), edit(BASE, ('"two"]', '"two", "theirs"]'))
    )
    (conflict,) = merged.conflicts
    assert conflict.pointer == "/extra_config/plugin~1http-server/name"
    assert conflict.base == '["one", "two"]'
    assert conflict.mine == '["one", "two", "mine"]'
    assert conflict.theirs == '["one", "two", "theirs"]'


def test_removed_here_and_changed_there_is_asked() -> None:
    without = edit(BASE, (', "one": {"x": 1}', ""))
    changed = edit(BASE, ('"x": 1', '"x": 2'))
    for mine, theirs in ((without, changed), (changed, without)):
        merged = merge(BASE, mine, theirs)
        (conflict,) = merged.conflicts
        assert {conflict.mine, conflict.theirs} == {None, '{"x": 2}'}
        assert json.loads(merged.resolve(["mine"]).apply(theirs)) == json.loads(mine)
        assert merged.resolve(["theirs"]).is_empty


def test_an_endpoint_moved_here_and_edited_there_is_asked() -> None:
    first, second = '{"endpoint": "/a", "timeout": "1s"}', '{"endpoint": "/b", "timeout": "1s"}'
    moved = edit(BASE, (first, "#"), (second, first), ("#", second))
    changed = edit(BASE, ('"/b", "timeout": "1s"', '"/b", "timeout": "5s"'))
    merged = merge(BASE, moved, changed)
    assert [conflict.pointer for conflict in merged.conflicts] == ["/endpoints"]


def test_repeated_keys_are_compared_as_a_whole() -> None:
    twice = edit(BASE, ('"x": 1', '"x": 1, "x": 2'))
    merged = merge(BASE, edit(BASE, ('"x": 1', '"x": 3')), twice)
    assert [conflict.pointer for conflict in merged.conflicts] == [
        "/extra_config/plugin~1http-server/one"
    ]


@pytest.mark.parametrize("text", ["", "{", "[1,]", "NaN", "[" * 100_000 + "]" * 100_000])
def test_what_is_no_json_is_not_merged(text: str) -> None:
    for texts in ((text, "{}", "{}"), ("{}", text, "{}"), ("{}", "{}", text)):
        with pytest.raises(MergeError):
            merge(*texts)
