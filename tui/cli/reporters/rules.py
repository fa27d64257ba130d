"""Reports about the rules themselves."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence

from tui.cli.streams import Streams
from tui.krakend.rules.base import Rule
from tui.visible import visible


def write_list(rules: Sequence[Rule], streams: Streams) -> None:
    """A line each: id, worst severity, summary."""
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        streams.out.write(f"{rule.id:{width}}  {rule.severity.value:7}  {rule.summary}\n")


def write_explanation(rule: Rule, streams: Streams) -> None:
    """Everything about one rule."""
    bad, good = rule.examples
    streams.out.write(
        f"{rule.id} ({rule.severity.value}): {rule.summary}\n\n"
        f"{textwrap.fill(rule.explanation, 80)}\n\n"
        f"bad:    {bad}\n"
        f"good:   {good}\n"
        f"{_fix('fix:    ', rule)}"
        f"source: {rule.source}\n"
    )


def write_markdown(rules: Sequence[Rule], streams: Streams) -> None:
    """A page of documentation: a table of all, then each with its explanation and examples."""
    streams.out.write(
        "# The rules\n\n"
        "Written by `make docs` from the table in tui/krakend/rules; `krakend-tui rules ID` shows "
        "the same.\nThe severity is the worst that a rule gives: *error* when KrakenD does not "
        "start or the plugin does\nnot run, *warning* when it works by luck or another reader of "
        "the config disagrees, *info* when it\nis good to know.\n\n"
        "| rule | severity | what is wrong |\n| --- | --- | --- |\n"
    )
    for rule in rules:
        streams.out.write(f"| [{rule.id}](#{rule.id}) | {rule.severity.value} | {rule.summary} |\n")
    for rule in rules:
        explanation = textwrap.fill(rule.explanation, 110, break_long_words=False)
        bad, good = (_example(text, rule) for text in rule.examples)
        streams.out.write(
            f"\n## {rule.id}\n\n{rule.summary} ({rule.severity.value})\n\n{explanation}\n\n"
            f"Bad:{bad}\nGood:{good}\n"
            f"{_fix('Fix: ', rule)}Source: {rule.source}.\n"
        )


def _fix(label: str, rule: Rule) -> str:
    return f"{label}{rule.fix}\n" if rule.fix else ""


def _example(text: str, rule: Rule) -> str:
    return f" {text}.\n" if rule.around else f"\n\n```json\n{_shown(text)}\n```\n"


def _shown(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def write_json(rules: Sequence[Rule], streams: Streams) -> None:
    """All of it, for machines. `examples` are the bad and the good one as the text shows them:
    in words where it is not the config that is wrong."""
    rows = [
        {
            "id": rule.id,
            "severity": rule.severity.value,
            "summary": rule.summary,
            "explanation": rule.explanation,
            "bad": rule.bad,
            "good": rule.good,
            "examples": rule.examples,
            "fix": rule.fix,
            "source": rule.source,
        }
        for rule in rules
    ]
    json.dump({"schema_version": 1, "rules": rows}, streams.out, indent=2, ensure_ascii=False)
    streams.out.write("\n")
