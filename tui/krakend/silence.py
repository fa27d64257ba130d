"""The comment key that silences findings in place: `"@krakend-tui": "ignore plugin-unused"`.

KrakenD and its lint pass keys that begin with @ in the root, the plugin block, extra_config and
plugin entries alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.diagnostic import Diagnostic
from tui.document.tree import JsonNode, JsonTree

KEY = "@krakend-tui"


# Reading the places of so many findings is quicker than looking through a large text.
_FEW = 8


def not_silenced(found: Sequence[Diagnostic], tree: JsonTree) -> Iterator[Diagnostic]:
    """Those of `found` that no comment key at their place, or above it, tells to ignore."""
    if len(found) > _FEW and KEY not in tree.text:
        yield from found
        return
    ignored: dict[str, frozenset[str]] = {}
    for diagnostic in found:
        if diagnostic.rule not in _ignored(diagnostic.pointer, tree, ignored):
            yield diagnostic


def _ignored(pointer: str, tree: JsonTree, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The rules that are ignored at a pointer: by its own object, and by those above it."""
    if pointer not in known:
        above = _ignored(pointer.rpartition("/")[0], tree, known) if pointer else frozenset()
        known[pointer] = above | _rules(tree.node(pointer))
    return known[pointer]


def _rules(node: JsonNode | None) -> frozenset[str]:
    member = node.member(KEY) if node is not None else None
    if member is None or member.value.kind != "string":
        return frozenset()
    command, *rules = re.split(r"[\s,]+", str(member.value.value()).strip())
    return frozenset(rules) if command == "ignore" else frozenset()
