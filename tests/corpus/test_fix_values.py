"""What the fixes that move or convert an entry leave: its values, and their spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest
from corpus_cases import Case

from tui.document.change import ChangeSet


def mended(case: str, rule: str, text: str | None = None) -> str:
    """The case's text after the first fix of its first finding of the rule."""
    text = Case(case).text if text is None else text
    found = next(d for d in Case(case).analysis(text).diagnostics if d.rule == rule)
    return ChangeSet.of(len(text), found.fixes[0].edits).apply(text)


@pytest.mark.parametrize(
    ("case", "rule", "path", "value"),
    [
        (
            "ee-3-old-shape",
            "entry-shape-3",
            ["extra_config", "plugin/http-server"],
            {"plugins": [{"name": "auth", "config": {"a": 1}}, {"name": "log"}]},
        ),
        (
            "ee-3-settings",
            "entry-shape-3",
            ["endpoints", 0, "extra_config", "plugin/req-resp-modifier"],
            {
                "@comment": "kept",
                "plugins": [
                    {"name": "trim-request", "config": {"a": 1}},
                    {"name": "trim-response", "config": {"a": 1}},
                    {"name": "other", "config": {"flat": True}},
                ],
            },
        ),
        (
            "ee-3-shape-in-2",
            "entry-shape-2",
            ["extra_config", "plugin/http-server"],
            {"name": ["auth"], "auth": {"a": 1}},
        ),
        (
            "level-server-at-backend",
            "namespace-wrong-level",
            ["extra_config"],
            {"plugin/http-server": {"name": ["auth"]}},
        ),
        (
            "half-stem",
            "plugin-name-half",
            ["endpoints", 0, "backend", 0, "extra_config", "plugin/req-resp-modifier", "name"],
            ["trim-request", "trim-response"],
        ),
        (
            "value-list",
            "namespace-value-type",
            ["extra_config"],
            {"plugin/http-server": {"name": ["auth"]}},
        ),
        (
            "name-comma",
            "plugin-name-comma",
            ["extra_config", "plugin/http-server", "name"],
            ["auth", "log"],
        ),
    ],
)
def test_values(case: str, rule: str, path: list[Any], value: Any) -> None:
    found = json.loads(mended(case, rule))
    for step in path:
        found = found[step]
    assert found == value


def test_a_moved_entry_keeps_its_spelling() -> None:
    text = (
        '{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"},\n'
        ' "plugin/http-server": {"name":["auth"], "a": 1e3, "b": 1.0, "c": "\\u00e9"}}'
    )
    after = mended("outside-root", "namespace-outside", text)
    assert '{"name":["auth"], "a": 1e3, "b": 1.0, "c": "\\u00e9"}' in after
