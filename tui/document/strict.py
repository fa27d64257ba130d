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
from typing import Any

from tui.diagnostic import Diagnostic, Fix, Severity, Span
from tui.document.fault import Fault, explain
from tui.document.pointer import child
from tui.document.scanner import scan_json
from tui.document.tree import JsonNode, JsonTree
from tui.visible import visible

SYNTAX = "json-syntax"
DUPLICATE = "json-duplicate-key"
BOM = "json-bom"
RANGE = "json-number-range"

# The largest float64 has 309 digits.
_LONG_INTEGER = re.compile(r"[0-9]{309}")


def syntax_diagnostics(
    text: str, tree: JsonTree | None = None, *, bom: bool = False
) -> list[Diagnostic]:
    """The first thing that KrakenD's parser refuses, or else the duplicate keys, in file order.

    `tree` is the text's tree if the caller has it. Never raises, whatever the text.
    """
    found = [_of_bom()] if bom else []
    census = _Census()
    if not census.takes(text):
        state = scan_json(text)
        if state is not None:
            return [*found, _of_fault(explain(text, state))]
    if not (census.has_duplicates or census.has_infinite or census.was_not_read):
        return found
    found += _walked(tree or JsonTree.parse(text), numbers=census.has_infinite)
    return found


class _Census:
    """Reads the text with json.loads and counts what is legal JSON and still worth a word."""

    def __init__(self) -> None:
        self.has_duplicates = False
        self.has_infinite = False
        self.was_not_read = False

    def takes(self, text: str) -> bool:
        try:
            json.loads(
                text,
                object_pairs_hook=self._object,
                parse_float=self._float,
                parse_int=str,
                parse_constant=_refuse,
            )
        except RecursionError:
            # More than some thousand levels, which json cannot read and Go can.
            self.was_not_read = True
            return False
        except ValueError:
            return False
        self.has_infinite = self.has_infinite or _LONG_INTEGER.search(text) is not None
        return True

    def _object(self, pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) > 1 and len({key for key, _ in pairs}) != len(pairs):
            self.has_duplicates = True

    def _float(self, number: str) -> None:
        if math.isinf(float(number)):
            self.has_infinite = True


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


def _walked(tree: JsonTree, *, numbers: bool) -> Iterator[Diagnostic]:
    """Duplicate keys, and numbers that no float64 holds, found by walking the whole tree."""
    waiting: list[tuple[JsonNode, str]] = [(tree.root, "")] if tree.root is not None else []
    found: list[Diagnostic] = []
    while waiting:
        node, pointer = waiting.pop()
        if node.kind == "object":
            members = list(node.members())
            last = {member.key: member for member in members}
            for member in members:
                if last[member.key] is not member:
                    found.append(_of_duplicate(member.key, member.key_span, pointer))
                waiting.append((member.value, child(pointer, member.key)))
        elif node.kind == "array":
            waiting += [(item, child(pointer, i)) for i, item in enumerate(node.items())]
        elif numbers and node.kind == "number" and _is_infinite(node.text):
            found.append(_of_infinite(node, pointer))
    yield from sorted(found, key=lambda diagnostic: diagnostic.span)


def _is_infinite(number: str) -> bool:
    return math.isinf(float(number))


def _of_duplicate(key: str, span: Span, pointer: str) -> Diagnostic:
    return Diagnostic(
        DUPLICATE,
        Severity.WARNING,
        f'"{visible(key)}" stands more than once in this object: KrakenD takes the last one '
        "and says nothing.",
        child(pointer, key),
        span,
    )


def _of_infinite(node: JsonNode, pointer: str) -> Diagnostic:
    return Diagnostic(
        RANGE,
        Severity.ERROR,
        f"{visible(node.text)[:40]} is out of the range of a number (float64): KrakenD 2.12 and "
        "newer refuse to start.",
        pointer,
        node.span,
    )
