"""What makes a text no JSON for KrakenD, in words and at its place.

tree-sitter recovers from everything and Python's json takes NaN: neither says what KrakenD's
own parser (Go's encoding/json, by way of koanf since 2.12) refuses. A valid text is judged at
the speed of C; only a broken one is read by the scanner of `scan_json`.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from tui.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from tui.document.fault import Fault, explain
from tui.document.scanner import MOST_NESTED, scan_json
from tui.document.text import BOM
from tui.document.tree import JsonNode, JsonTree
from tui.visible import visible

SYNTAX = "json-syntax"
MARKED = "json-bom"
RANGE = "json-number-range"

# No number without 300 digits in a row or an exponent of two digits is out of float64's range.
_LARGE = re.compile(r"[0-9]{300}|[0-9.][eE]\+?[0-9]{2}")
# Of 300 digits in a row, every 50th code point shows six: much quicker to look for.
_STRIDE, _SAMPLED = 50, re.compile(r"[0-9]{6}")


def syntax_diagnostics(text: str, tree: JsonTree | None = None) -> list[Diagnostic]:
    """What KrakenD's parser refuses: a byte order mark, the first syntax fault, or else numbers
    out of range.

    `tree` is the text's tree if the caller has it. Never raises, whatever the text.
    """
    found = []
    if text.startswith(BOM):
        found.append(_of_mark())
        text = " " + text[len(BOM) :]
    large: list[str] = []
    if not _json_takes(text, large):
        stop = scan_json(text)
        if stop is not None:
            return [*found, _of_fault(explain(text, stop))]
        large.append(text)
    if large or _SAMPLED.search(text[::_STRIDE]):
        found += _infinite_numbers(text, tree)
    return found


def _json_takes(text: str, large: list[str]) -> bool:
    """Whether the text is JSON, as far as Python's json can tell at the speed of C.

    It cannot for more levels than the interpreter's stack has room for. Numbers with a point
    or exponent that are too large for float64 are put into `large`.
    """

    def read_float(number: str) -> None:
        if math.isinf(float(number)):
            large.append(number)

    try:
        # parse_int=str: int() refuses more than 4,300 digits, which JSON does not.
        value = json.loads(text, parse_float=read_float, parse_int=str, parse_constant=_refuse)
        text.encode("utf-8")
    except (ValueError, RecursionError):
        return False
    return text.count("[") + text.count("{") <= MOST_NESTED or not _is_too_deep(value)


def _is_too_deep(value: object) -> bool:
    """Whether a value has more levels than Go reads. Newer Pythons read more than that."""
    try:
        json.loads("[" * (MOST_NESTED + 1) + "]" * (MOST_NESTED + 1))
    except RecursionError:
        return False
    return is_nested_deeper(value, MOST_NESTED)


def is_nested_deeper(value: object, levels: int) -> bool:
    """Whether dicts and lists are nested in more than so many levels."""
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        level = [
            below
            for holder in level
            for below in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(below, (dict, list))
        ]
        if not level:
            return False
    return bool(level)


def _refuse(_word: str) -> None:
    raise ValueError


def _of_mark() -> Diagnostic:
    return Diagnostic(
        MARKED,
        Severity.ERROR,
        "The file begins with a byte order mark (BOM): KrakenD refuses to start with "
        "\"invalid character 'ï'\".",
        "",
        Span(0, len(BOM)),
        (Fix("remove the byte order mark", (Edit(0, len(BOM), ""),)),),
    )


def _of_fault(fault: Fault) -> Diagnostic:
    fixes = (Fix(fault.fix_title, fault.edits),) if fault.edits else ()
    return Diagnostic(SYNTAX, Severity.ERROR, fault.message, "", fault.span, fixes)


def _infinite_numbers(text: str, tree: JsonTree | None) -> Iterator[Diagnostic]:
    """Numbers that no float64 holds, in file order."""
    last = -1
    for match in _LARGE.finditer(text):
        if match.start() < last:
            continue
        tree = tree or JsonTree.parse(text)
        pointer, node = tree.place(match.start())
        last = node.span.end if node is not None else last
        if node is not None and node.kind == "number" and math.isinf(float(node.text)):
            yield _of_infinite(node, pointer)


def _of_infinite(node: JsonNode, pointer: str) -> Diagnostic:
    return Diagnostic(
        RANGE,
        Severity.ERROR,
        f"{visible(node.text)[:40]} is out of the range of a number (float64): KrakenD 2.12 and "
        "newer refuse to start.",
        pointer,
        node.span,
    )
