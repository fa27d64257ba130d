"""Our verdict on a text as JSON against that of KrakenD's parser."""

from __future__ import annotations

import json

import pytest
from engine.judge import ParseJudge
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.diagnostic import Severity
from tui.document.buffer import Document
from tui.document.strict import syntax_diagnostics
from tui.document.text import NotUtf8
from tui.document.tree import JsonTree
from tui.krakend.plugin_block import read_plugin_block

# Not about the text as JSON: the parser wants an object, and `null` for none.
WRONG_ROOT = "json: cannot unmarshal"

# One value a word; ~ is a space.
WORDS = r"""
0 -0 1 -1 1.5 1e5 1E+5 1e-5 0.0 123456789012345678901234567890 1e400 -1e400 1e-400 1.e5 1. .5 01
-01 00 +1 - -a 0x1 1_000 1e 1e+ 1.5.5 NaN Infinity -Infinity nan null true false nul nulll Null
True TRUE undefined "" "a" "é" "🐍" "\u0041" "\ud800" "\ud83d\udc0d" "\u12" "\uxyzw" "\x41" "\'"
"\/" "\b\f\n\r\t\"\" "\0" "\a" 'a' "a 'a "a"~"b" `a` "a\" \u0031 "a"b" ""a""
[] [1] [1,] [,1] [,] [1,,2] [1~2] [1;2] [1} [ ] [[] [[],[]] [1]] {} {"a":1} {"a":1,} {,"a":1}
{"a"~1} {"a":} {"a"} {a:1} {'a':1} {1:1} {"a":1"b":2} {"a":1,"a":2} {"":1} {"a":1;"b":2} {"a"=1}
{"a"::1} {"a":{"b":{}}} {"a":1] {[]:1} {null:1} /**/1 1/**/ 1//x #1 1,2 1,"b" ( ) ; : , } @ \
"""
VALUES = [word.replace("~", " ") for word in WORDS.split()]
SPACES = [  # and what may be taken for one
    "\t",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\f",
    "\v",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\x00",
    "\x85",
    "\x1e",
]
RAW = [
    *(f'{{"a":{value}}}' for value in VALUES),
    *(f'{{{space}"a":1}}' for space in SPACES),
    *(f'{{"a":1}}{space}' for space in SPACES),
    *(f'{{"a":"x{space}y"}}' for space in SPACES),
    *(f'{{"a{space}":1}}' for space in SPACES),
    *(f'{{"a":"{character}"}}' for character in "\x7f\ufeff\ufffe\U0010ffff"),
    *(
        "",
        " ",
        "{",
        "}",
        "{}",
        "{}{}",
        "{} {}",
        "{},",
        "{}x",
        "[]",
        "null",
        "1",
        '"a"',
        "true",
        "{}\x00",
    ),
    '{"a":' + "[" * 9999 + "]" * 9999 + "}",
    '{"a":' + "[" * 10000 + "]" * 10000 + "}",
    '{"a":' * 10000 + "1" + "}" * 10000,
    '{"a":' * 10001 + "1" + "}" * 10001,
    '{"a":' + "1" * 308 + "}",
    '{"a":' + "9" * 309 + "}",
    '{"a":' + "9" * 400 + "}",
    '{"a":179769313486231580793e289}',
    '{"a":1.7976931348623157e308}',
    '{"a":1.7976931348623159e308}',
]


def refuses(text: str) -> bool:
    return any(d.severity is Severity.ERROR for d in syntax_diagnostics(text))


def agrees(krakend_parse: ParseJudge, text: str) -> bool:
    """Whether both take it, or both do not."""
    told = krakend_parse(text.encode())["syntax"]
    if told.startswith(WRONG_ROOT) and "type map" in told:
        # The text was taken as JSON; only a number's range was not looked at any more.
        return not refuses(text) or text.strip()[:1].isdecimal()
    return refuses(text) == bool(told)


@pytest.mark.parametrize("text", RAW, ids=lambda text: ascii(text[:24]))
def test_small_texts(krakend_parse: ParseJudge, text: str) -> None:
    assert agrees(krakend_parse, text)


TOKENS = st.sampled_from(
    ["{", "}", "[", "]", ",", ":", '"', '"a"', "1", "-", ".", "e", "0", "true", "null", " ", "\n",
     "\\", "\\u", "d8", "/", "*", "é", "\x00", "\t", "'", "1e999"]
)  # fmt: skip
PARTS = st.recursive(
    st.sampled_from(["1", '"x"', "null", "-0.5e3", '"\\u00e9"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(inner, max_size=3).map(
            lambda items: "{" + ",".join(f'"{n}": {item}' for n, item in enumerate(items)) + "}"
        )
    ),
    max_leaves=6,
)


@given(
    part=PARTS,
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 2), TOKENS), max_size=3),
)
@example(part="[1,2]", places=[(0.0, 0, "\ufeff")])
@settings(max_examples=400, deadline=None)
def test_broken_texts(
    krakend_parse: ParseJudge, part: str, places: list[tuple[float, int, str]]
) -> None:
    text = f'{{"a": {part}}}'
    for place, cut, token in places:
        at = int(place * len(text))
        text = text[:at] + token + text[at + cut :]
    assert agrees(krakend_parse, text), text


@given(tokens=st.lists(TOKENS, max_size=7))
@settings(max_examples=400, deadline=None)
def test_strings_of_tokens(krakend_parse: ParseJudge, tokens: list[str]) -> None:
    assert agrees(krakend_parse, "".join(tokens))


# -- where we differ, and know it --------------------------------------------------------------


def test_bytes_that_are_no_utf_8_are_read_by_krakend_and_not_by_us(
    krakend_parse: ParseJudge,
) -> None:
    """Go puts U+FFFD for them; an editor that did so would change bytes that nobody touched."""
    data = b'{"a": "\xff"}'
    assert krakend_parse(data)["syntax"] == ""
    with pytest.raises(NotUtf8):
        Document.from_bytes(data)


def test_a_byte_order_mark_is_refused_by_both(krakend_parse: ParseJudge) -> None:
    data = b"\xef\xbb\xbf{}"
    assert krakend_parse(data)["syntax"]
    document = Document.from_bytes(data)
    found = syntax_diagnostics(document.text, document.tree)
    assert [d.severity for d in found] == [Severity.ERROR]


def test_a_minus_zero_for_a_folder_keeps_its_sign_in_krakend(krakend_parse: ParseJudge) -> None:
    text = '{"version": 3, "plugin": {"folder": -0}}'
    assert krakend_parse(text.encode())["plugin"]["Folder"] == "-0"
    assert read_plugin_block(JsonTree.parse(text)).folder_text == "0"


# -- what is read ------------------------------------------------------------------------------

BLOCKS = [
    '"plugin": {"folder": "a", "pattern": "b"}',
    '"plugin": {"folder": "a", "pattern": "b"}, "plugin": {"folder": "c"}',
    '"plugin": {"folder": "a", "folder": "b"}',
    '"plugin": {"folder": "a"}, "Plugin": {"folder": "b"}',
    '"Plugin": {"folder": "a"}, "plugin": {"folder": "b"}',
    '"PLUGIN": {"Folder": "a", "PATTERN": "b"}',
    '"plugin": {"Folder": "a", "folder": "b"}',
    '"plugin": {"folder": "b", "Folder": "a"}',
    '"plugin": {"folder": "\\u0061", "pattern": "\\ud800"}',
    '"plugin": {"folder": 1, "pattern": 1.0}',
    '"plugin": {"folder": 1e21, "pattern": 1e-7}',
    '"plugin": {"folder": 0, "pattern": 100000000000000000000}',
    '"plugin": {"folder": 123456789, "pattern": 0.1}',
    '"plugin": {"folder": 12345678901234567890, "pattern": 1.5e300}',
    '"plugin": {"folder": true, "pattern": false}',
    '"plugin": {"folder": null}, "plugins": {"folder": "x"}',
    '"plugin": {"f\\u006flder": "a"}',
    '"plugin": {"\\u017folder": "a", "FOLDER": "b"}',
    '"plugin": {"folder": "a"}, "p\\u006cugin": {"pattern": "b"}',
    '"plugin": null',
    '"plugins": {"folder": "a"}',
    '"plugin": {}',
]


@pytest.mark.parametrize("block", BLOCKS)
def test_the_plugin_block_is_read_as_krakend_reads_it(
    krakend_parse: ParseJudge, block: str
) -> None:
    text = f'{{"version": 3, {block}}}'
    answer = krakend_parse(text.encode())
    assert answer["koanf"] == ""
    ours = read_plugin_block(JsonTree.parse(text))
    loader = answer["plugin"]
    if loader is None:
        assert not ours.is_loaded
    else:
        read = {"Folder": ours.folder_text, "Pattern": ours.pattern_text}
        assert json.dumps(read).replace("\\ud800", "\\ufffd") == json.dumps(loader)
