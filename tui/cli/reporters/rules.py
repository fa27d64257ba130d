"""Reports about the rules themselves."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from tui.cli.streams import Streams
from tui.krakend.rules.base import Rule


def write_list(rules: Sequence[Rule], streams: Streams) -> None:
    """A line each: id, worst severity, summary."""
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        streams.out.write(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.summary}\n")


def write_explanation(rule: Rule, streams: Streams) -> None:
    """Everything about one rule."""
    streams.out.write(
        f"{rule.id} ({rule.severity.value}): {rule.summary}\n\n"
        f"{textwrap.fill(rule.explanation, 80)}\n\n"
        f"bad:    {rule.bad}\n"
        f"good:   {rule.good}\n"
        f"source: {rule.source}\n"
    )


def write_json(rules: Sequence[Rule], streams: Streams) -> None:
    """All of it, for machines."""
    rows = [
        {
            "id": rule.id,
            "severity": rule.severity.value,
            "summary": rule.summary,
            "explanation": rule.explanation,
            "bad": rule.bad,
            "good": rule.good,
            "source": rule.source,
        }
        for rule in rules
    ]
    json.dump({"schema_version": 1, "rules": rows}, streams.out, indent=2, ensure_ascii=False)
    streams.out.write("\n")
