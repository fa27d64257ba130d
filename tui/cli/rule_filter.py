"""--select and --ignore: which rules' findings count."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tui.cli.errors import UsageError
from tui.document.strict import SYNTAX
from tui.krakend.rules.table import RULES
from tui.visible import visible


class RuleFilter(NamedTuple):
    """`select` None takes every rule. What is no JSON is always told, but when it is ignored:
    nothing else can be said of it."""

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()

    @classmethod
    def of(cls, select: Iterable[str], ignore: Iterable[str]) -> RuleFilter:
        """From the options, each a rule or several between commas. UsageError for an unknown."""
        chosen = _ids(select)
        return cls(chosen or None, _ids(ignore))

    def takes(self, rule: str) -> bool:
        """Whether findings of the rule count."""
        is_selected = self.select is None or rule in self.select or rule == SYNTAX
        return is_selected and rule not in self.ignore


def unknown_rule(rule: str) -> UsageError:
    """There is no such rule; close ones are named."""
    import difflib

    close = difflib.get_close_matches(rule, [known.id for known in RULES], n=3)
    hint = f"Did you mean {' or '.join(close)}?" if close else "Try: krakend-tui rules"
    return UsageError(f"there is no rule {visible(rule)}", hint)


def _ids(options: Iterable[str]) -> frozenset[str]:
    ids = frozenset(id_.strip() for option in options for id_ in option.split(",") if id_.strip())
    known = {rule.id for rule in RULES}
    for id_ in sorted(ids - known):
        raise unknown_rule(id_)
    return ids
