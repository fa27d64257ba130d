"""What KrakenD's parser refuses, held against Python's where the two agree."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui.diagnostic import Diagnostic, Edit, Severity
from tui.document.change import ChangeSet
from tui.document.scanned import is_nested_deeper
from tui.document.scanner import Expected, scan_json
from tui.document.strict import syntax_diagnostics
from tui.document.tree import JsonTree

VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 12, 1e16, -0.5, "", "a", "é😀\u2028", '\\"\n']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)
STYLES: list[dict[str, Any]] = [{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}]
WORDS = (
    *("//", "/*", "*/", "#", "{{", "}}", "'", "NaN", "Infinity", "-", "+", "0", "01", "1.", ".5"),
    *("1e", "1e+5", "0x1", "True", "true", "nul", "key", '"a"', '"\\q"', '"\\u12"', '"\t"'),
)
TOKENS = st.sampled_from((*WORDS, *'{}[],:"\\ \t\n\r\x00\x0b\xa0\ufeff\u2028\ud800é'))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """JSON, and JSON with some tokens put in, taken out or written over."""
    text = json.dumps(
        draw(VALUES), ensure_ascii=draw(st.booleans()), **draw(st.sampled_from(STYLES))
    )
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 2))
        text = text[:start] + draw(TOKENS) + text[end:]
    return text


JUNK = st.lists(TOKENS, max_size=12).map("".join)


def is_json(text: str) -> bool:
    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        json.loads(text, parse_constant=refuse)
        text.encode()
    except ValueError:
        return False
    return True


@given(st.one_of(texts(), JUNK))
@example("")
@example("[1}")
@example('{"a":1]')
def test_the_verdict_is_that_of_a_json_parser(text: str) -> None:
    found = [d for d in syntax_diagnostics(text) if d.rule == "json-syntax"]
    assert len(found) == (0 if is_json(text.removeprefix("\ufeff")) else 1)
    assert (scan_json(text) is None) == is_json(text)
    for finding in found:
        assert finding.severity is Severity.ERROR
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        for fix in finding.fixes:
            assert ChangeSet.of(len(text), fix.edits).apply(text) != text


@given(st.one_of(texts(), JUNK))
def test_what_is_json_has_a_tree_without_errors(text: str) -> None:
    if is_json(text):
        assert not JsonTree.parse(text).has_errors


COMPLETIONS = {
    Expected.VALUE: "0",
    Expected.VALUE_OR_END: "0",
    Expected.KEY: '"":0',
    Expected.KEY_OR_END: '"":0',
    Expected.COLON: ":0",
    Expected.COMMA_OR_END: "",
    Expected.NOTHING: "",
}


@given(st.one_of(texts(), JUNK))
def test_the_scanner_stops_at_the_first_token_that_is_wrong(text: str) -> None:
    """What is before it is the beginning of some JSON, which goes on as it says."""
    stop = scan_json(text)
    if stop is None:
        return
    closing = stop.open_brackets[::-1].translate(str.maketrans("{[", "}]"))
    assert is_json(text[: stop.before] + " " + COMPLETIONS[stop.expected] + closing)
    assert text[stop.before : stop.offset].strip(" \t\r\n") == ""


def only(text: str) -> Diagnostic:
    (found,) = syntax_diagnostics(text)
    return found


@pytest.mark.parametrize(
    ("text", "words", "place", "mended"),
    [
        ("", "is empty", "", None),
        (" \n", "is empty", " \n", None),
        ('{"a": 1,}', "comma after the last of the object", ",", '{"a": 1}'),
        ('["a,",\n]', "comma after the last of the list", ",", '["a,"\n]'),
        ("[1,, 2]", "a comma too many", ",", "[1, 2]"),
        ("[,1]", "a comma too many", ",", "[1]"),
        ('{"a": 1 "b": 2}', 'comma is missing before "b"', "1", '{"a": 1, "b": 2}'),
        ('{"a" 1}', "colon is missing before 1", "1", '{"a": 1}'),
        ('{"a" = 1}', "colon, not by =", "=", '{"a" : 1}'),
        ("{a: 1}", "key a needs double quotes", "a", '{"a": 1}'),
        ("{'a': 1}", "double quotes only", "'a'", '{"a": 1}'),
        ("{1: 2}", "key 1 needs double quotes", "1", '{"1": 2}'),
        ('{"a": 1, @b: 2}', "key @b needs double quotes", "@b", '{"a": 1, "@b": 2}'),
        ('{"a": 1} // x', "Comments", "// x", '{"a": 1} '),
        ('{ /* x */"a": 1}', "Comments", "/* x */", '{ "a": 1}'),
        ('{"a": 1\n# x\n}', "Comments", "# x", '{"a": 1\n\n}'),
        ("[1 /* x", "Comments", "/* x", "[1 "),
        ('["a\tb"]', "control character", "\t", '["a\\tb"]'),
        ('["a\x01b"]', "control character", "\x01", '["a\\u0001b"]'),
        ('["a\ud800b"]', "surrogate", "\ud800", '["a\\ud800b"]'),
        ('["C:\\Program"]', "is no escape", "\\P", '["C:\\\\Program"]'),
        ('["\\u12"]', "is no escape", "\\u", '["\\\\u12"]'),
        ('{"a": "b\n}', "not closed on its line", '"b', None),
        ("[NaN]", "NaN is no JSON value", "NaN", None),
        ("[-Infinity]", "is no number", "-Infinity", None),
        ("[True]", "True is no JSON value", "True", "[true]"),
        ("[007]", "007 is no number", "007", None),
        ("[+1]", "+1 is no number", "+1", None),
        ("[1.]", "1. is no number", "1.", None),
        ("{} {}", "ended before", "{", None),
        ('{"a": 1}}', "ended before", "}", '{"a": 1}'),
        ('{"a": [1}', "} closes what [ opened", "}", '{"a": [1]'),
        ('{"a": {"b": 1}', "the object is closed", "}", '{"a": {"b": 1}}'),
        ('{"a": [{"b": 1', "3 brackets are closed", "1", '{"a": [{"b": 1}]}'),
        ('{"a":', "the object is closed", ":", None),
        ('{"port": {{ .port }}}', "template", "{{", None),
        ('{"a": "{{ marshal "x" }}"}', "template", "{{", None),
        ('{{ include "a" }}', "template", "{{", None),
        ('{"a": "{{ .x }}", "b": 1,}', "comma after the last", ",", '{"a": "{{ .x }}", "b": 1}'),
        ('{"a": "{{", "b": 1,}', "comma after the last", ",", '{"a": "{{", "b": 1}'),
        ("version: 3\nplugin:\n", "looks like YAML", "v", None),
        ("---\nversion: 3\n", "looks like YAML", "-", None),
        ("<!DOCTYPE html>\n<html></html>", "failed download", "<", None),
        ("# gateway\nversion: 3\n", "looks like YAML", "#", None),
        ("# gateway\n{}", "Comments", "# gateway", "\n{}"),
        (" \ufeff{}", "out of place", "\ufeff", None),
        ('{"a":\xa01}', "out of place", "\xa0", None),
    ],
)
def test_a_fault_is_told_in_words_at_its_place_and_mended(
    text: str, words: str, place: str, mended: str | None
) -> None:
    found = only(text)
    assert words in found.message
    assert text[found.span.start : found.span.end] == place
    afterwards = [ChangeSet.of(len(text), fix.edits).apply(text) for fix in found.fixes]
    assert afterwards == ([] if mended is None else [mended])


@pytest.mark.parametrize("opening", ["[", '{"":'])
def test_ten_thousand_levels_are_read_and_one_more_is_not(opening: str) -> None:
    closing = {"[": "]", '{"":': "}"}[opening]
    for inner in ("0", "[0]"):
        for levels in (9_999, 10_000, 10_001):
            text = opening * levels + inner + closing * levels
            found = syntax_diagnostics(text)
            if levels + inner.count("[") <= 10_000:
                assert found == []
            else:
                assert [d.rule for d in found] == ["json-syntax"]
                assert "nesting" in found[0].message
                assert text[: found[0].span.start].count(opening[0]) == 10_000


def test_nesting_is_counted_by_dicts_and_lists() -> None:
    value = json.loads('[1, {"a": [2, {}]}, []]')
    assert is_nested_deeper(value, 3)
    assert not is_nested_deeper(value, 4)
    assert not is_nested_deeper("text", 0)


@pytest.mark.parametrize(
    "number",
    ["1e400", "-1E+400", "1e309", "9" * 310, "1" + "0" * 305 + "e5", "0." + "0" * 5 + "1e400"],
)
def test_numbers_out_of_range_are_found_where_they_are(number: str) -> None:
    text = f'{{"a": "1e400", "b": [1e10, {number}], "b": [0, {number}], "é": -1e-400}}'
    found = syntax_diagnostics(text)
    assert [d.rule for d in found] == ["json-number-range"] * 2
    assert [d.pointer for d in found] == ["/b/1", "/b/1"]
    assert [text[d.span.start : d.span.end] for d in found] == [number, number]


@pytest.mark.parametrize(
    "number", ["1e308", "9" * 308, "1.7976931348623157e308", "1e-4000", "5" * 300]
)
def test_numbers_in_range_are_not(number: str) -> None:
    assert syntax_diagnostics(f"[{number}]") == []


def test_a_byte_order_mark_is_a_fault_of_its_own() -> None:
    found = only("\ufeff{}")
    assert found.rule == "json-bom"
    assert found.fixes[0].edits == (Edit(0, 1, ""),)
    both = syntax_diagnostics("\ufeff{,}")
    assert [(d.rule, d.span.start) for d in both] == [("json-bom", 0), ("json-syntax", 2)]


def test_messages_are_safe_for_a_terminal() -> None:
    for text in ("[\x1b[2J]", '{"a": \x1b}', '["\x1b"]', '{"a" "\x9b31m"}', '["\\\x1b"]'):
        assert all(character.isprintable() for character in only(text).message)
