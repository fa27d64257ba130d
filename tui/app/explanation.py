"""What a finding means, from the table of rules."""

from __future__ import annotations

from rich.text import Text

from tui.diagnostic import Diagnostic
from tui.krakend.rules.table import RULES
from tui.visible import visible


def explanation(finding: Diagnostic) -> Text:
    """The finding, what KrakenD does, a bad and a good example, and where the fact is from."""
    text = Text()
    text.append(f"{visible(finding.message)}\n")
    for fix in finding.fixes:
        text.append(f"  fix: {visible(fix.title)}\n", "dim")
    rule = next((rule for rule in RULES if rule.id == finding.rule), None)
    if rule is None:
        return text
    text.append(f"\n{rule.summary}\n", "bold")
    text.append(f"{rule.explanation}\n\n")
    for label, example in zip(("bad", "good"), rule.examples, strict=True):
        text.append(f"{label:<8}", "bold")
        text.append(f"{visible(example)}\n")
    text.append("source  ", "bold")
    text.append(f"{rule.source}\n")
    text.append("silence ", "bold")
    text.append(f'"@krakend-tui": "ignore {rule.id}" in an object\n')
    return text
