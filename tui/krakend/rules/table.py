"""The one table of rules, in the order in which documentation lists them."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Diagnostic
from tui.krakend.rules import (
    block,
    file,
    folder,
    names,
    namespaces,
    pattern,
    registered,
    shapes,
)
from tui.krakend.rules.base import Context, Rule

RULES: tuple[Rule, ...] = (
    *block.RULES,
    *folder.RULES,
    *pattern.RULES,
    *namespaces.RULES,
    *shapes.RULES,
    *names.RULES,
    *registered.RULES,
    *file.RULES,
)


def findings(context: Context) -> Iterator[Diagnostic]:
    """What all rules have to say about the config."""
    for rule in RULES:
        yield from rule.findings(context)
