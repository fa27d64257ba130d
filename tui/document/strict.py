"""What makes a text no JSON for KrakenD, in words and at its place.

KrakenD's own parser is Go's encoding/json, by way of koanf since 2.12. Whether a text is JSON
for it is known from its tree; only what is broken of one that is not is read by `scan_json`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.diagnostic import Diagnostic, Edit, Fix, Severity, Span
from tui.document.text import BOM
from tui.document.tree import JsonNode, JsonTree
from tui.visible import visible

if TYPE_CHECKING:
    from tui.document.fault import Fault

SYNTAX = "json-syntax"
MARKED = "json-bom"
RANGE = "json-number-range"

# No number without 300 digits in a row or an exponent of two digits is out of float64's range.
_LARGE = re.compile(r"[0-9]{300}|[0-9.][eE]\+?[0-9]{2}")
# Of 300 digits in a row, every 50th code point shows six: much quicker to look for, above all when
# a digit is like another.
_STRIDE, _SAMPLED = 50, b"000000"
_ALL_ZERO = bytes.maketrans(b"123456789", b"000000000")


def syntax_diagnostics(text: str, tree: JsonTree | None = None) -> list[Diagnostic]:
    """What KrakenD's parser refuses: a byte order mark, the first syntax fault, or else numbers
    out of range.

    `tree` is the text's tree if the caller has it. Never raises, whatever the text.
    """
    tree = tree or JsonTree.parse(text)
    found = []
    if text.startswith(BOM):
        found.append(_of_mark())
        text = " " + text[len(BOM) :]
    if not tree.is_json:
        # Not at the top: they are for broken texts, and their patterns take a while to compile.
        from tui.document.fault import explain
        from tui.document.scanner import scan_json

        stop = scan_json(text, {start: start + len(part) for start, part in tree.parts.each()})
        if stop is not None:
            return [*found, _of_fault(explain(text, stop))]
    if not tree.is_json or tree.has_large_number or _may_hold_long(text):
        found += _infinite_numbers(text, tree)
    return found


def _may_hold_long(text: str) -> bool:
    """Whether there may be 300 digits in a row."""
    return _SAMPLED in text[::_STRIDE].encode("ascii", "replace").translate(_ALL_ZERO)


def _of_mark() -> Diagnostic:
    return Diagnostic(
        MARKED,
        Severity.ERROR,
        "The file begins with a byte order mark (BOM): KrakenD refuses to start with "
        "\"invalid character 'ï'\".",
        "",
        Span(0, len(BOM)),
        (Fix("remove the byte order mark", (Edit(0, len(BOM), ""),), is_safe=True),),
    )


def _of_fault(fault: Fault) -> Diagnostic:
    fixes = (Fix(fault.fix_title, fault.edits, fault.is_safe),) if fault.edits else ()
    return Diagnostic(SYNTAX, Severity.ERROR, fault.message, "", fault.span, fixes)


def _infinite_numbers(text: str, tree: JsonTree) -> Iterator[Diagnostic]:
    """Numbers that no float64 holds, in file order."""
    last = -1
    for match in _LARGE.finditer(text):
        if match.start() < last:
            continue
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
