"""The one table of rules, in the order in which documentation lists them."""

from __future__ import annotations

from tui.krakend.rules import (
    block,
    elsewhere,
    file,
    files,
    folder,
    interplay,
    keys,
    levels,
    misplaced,
    names,
    namespaces,
    pattern,
    registered,
    release3,
    shapes,
    used,
)
from tui.krakend.rules.base import Context, Rule

RULES: tuple[Rule, ...] = (
    *block.RULES,
    *folder.RULES,
    *pattern.RULES,
    *files.RULES,
    *levels.RULES,
    *namespaces.RULES,
    *misplaced.RULES,
    *shapes.RULES,
    *names.RULES,
    *registered.RULES,
    *used.RULES,
    *interplay.RULES,
    *file.RULES,
    *keys.RULES,
    *release3.RULES,
    *elsewhere.RULES,
)


def rules_for(context: Context) -> tuple[Rule, ...]:
    """The rules that have something to say about a config.

    For a release without Go plugins that is their absence, and what is wrong with the file.
    """
    if context.target.has_plugins:
        return RULES
    return (release3.DROPPED, *file.RULES, *keys.RULES)
