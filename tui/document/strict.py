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

from tui.diagnostic import Diagnostic, Fix, Severity, Span
from tui.document.fault import Fault, explain
from tui.document.pointer import child
from tui.document.scanner import scan_json
from tui.document.tree import JsonNode, JsonTree
from tui.visible import visible

SYNTAX = "json-syntax"
BOM = "json-bom"
RANGE = "json-number-range"

# The largest float64 has 309 digits.
_LONG_INTEGER = re.compile(r"[0-9]{309}")


def syntax_diagnostics(
    text: str, tree: JsonTree | None = None, *, bom: bool = False
) -> list[Diagnostic]:
    """What KrakenD's parser refuses: the first syntax fault, or else numbers out of range.

    `tree` is the text's tree if the caller has it. Never raises, whatever the text.
    """
    found = [_of_bom()] if bom else []
    census = _Census()
    if not census.takes(text):
        stop = scan_json(text)
        if stop is not None:
            return [*found, _of_fault(explain(text, stop))]
    if census.may_be_infinite:
        found += _infinite_numbers(tree or JsonTree.parse(text))
    return found


class _Census:
    """Reads the text with json.loads; `may_be_infinite` says whether to look for such numbers."""

    def __init__(self) -> None:
        self.may_be_infinite = False

    def takes(self, text: str) -> bool:
        self.may_be_infinite = _LONG_INTEGER.search(text) is not None
        try:
            # parse_int=str: int() refuses more than 4,300 digits, which JSON does not.
            json.loads(text, parse_float=self._float, parse_int=str, parse_constant=_refuse)
        except RecursionError:
            # More than some thousand levels, which json cannot read and Go can.
            self.may_be_infinite = True
            return False
        except ValueError:
            return False
        return True

    def _float(self, number: str) -> None:
        if math.isinf(float(number)):
            self.may_be_infinite = True


def _refuse(_word: str) -> None:
    raise ValueError


def _of_bom() -> Diagnostic:
    return Diagnostic(
        BOM,
        Severity.ERROR,
        "The file begins with a byte order mark (BOM): KrakenD refuses to start with "
        "\"invalid character 'ï'\". Save it again without BOM.",
        "",
        Span(0, 0),
    )


def _of_fault(fault: Fault) -> Diagnostic:
    fixes = (Fix(fault.fix_title, fault.edits),) if fault.edits else ()
    return Diagnostic(SYNTAX, Severity.ERROR, fault.message, "", fault.span, fixes)


def _infinite_numbers(tree: JsonTree) -> Iterator[Diagnostic]:
    """Numbers that no float64 holds, in file order, found by walking the whole tree."""
    waiting: list[tuple[JsonNode, str]] = [(tree.root, "")] if tree.root is not None else []
    while waiting:
        node, pointer = waiting.pop()
        if node.kind == "number" and math.isinf(float(node.text)):
            yield _of_infinite(node, pointer)
        below = [(member.value, child(pointer, member.key)) for member in node.members()]
        below += [(item, child(pointer, index)) for index, item in enumerate(node.items())]
        waiting += reversed(below)


def _of_infinite(node: JsonNode, pointer: str) -> Diagnostic:
    return Diagnostic(
        RANGE,
        Severity.ERROR,
        f"{visible(node.text)[:40]} is out of the range of a number (float64): KrakenD 2.12 and "
        "newer refuse to start.",
        pointer,
        node.span,
    )
