"""A plugin's own schema, `<plugin name>.schema.json`: for the block of its settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tui.diagnostic import Diagnostic, Severity
from tui.document.lines import LineIndex
from tui.document.strict import syntax_diagnostics
from tui.document.text import NotUtf8, decode
from tui.document.tree import JsonNode, JsonTree
from tui.schema.validate import RULE, Checker
from tui.visible import visible

SUFFIX = ".schema.json"
RULE_OWN = "plugin-schema"
"""Id of the findings that a plugin's own schema makes."""
MODIFIER_HALVES = ("-request", "-response")


class PluginSchema(NamedTuple):
    """`file` is its name, `place` in words where it was found (`the plugin folder`).

    `schema` is the JSON value; None when the file cannot be used, as `checker` then says.
    """

    file: str
    place: str
    schema: Any
    checker: Checker

    @property
    def source(self) -> str:
        """`auth.schema.json in the plugin folder`, safe to show."""
        return f"{visible(self.file)} in {visible(self.place)}"

    def validate(self, block: JsonNode, pointer: str) -> list[Diagnostic]:
        """What is wrong with the settings `block` at `pointer`. Rule id `plugin-schema`, or
        `schema-unusable` once when the schema is none."""
        found = self.checker.validate(block, pointer, top="this block")
        return [self._own(finding) if finding.rule == RULE else finding for finding in found]

    def _own(self, finding: Diagnostic) -> Diagnostic:
        message = f"{finding.message.rstrip('.')} ({self.source})."
        return finding._replace(rule=RULE_OWN, message=message)


def read_plugin_schema(data: bytes, file: str, place: str) -> PluginSchema:
    """The schema in `data`, the bytes of `file`. Never raises: what is broken, it says itself."""
    source = f"{file} in {place}"
    try:
        text = decode(data).removeprefix("\ufeff")
    except NotUtf8 as error:
        return unusable(f"is {error.message}", file, place)
    tree = JsonTree.parse(text)
    for fault in syntax_diagnostics(text, tree):
        if fault.severity is Severity.ERROR:
            row, column = LineIndex(text).position(fault.span.start)
            problem = f"is no JSON (line {row + 1}, column {column + 1}: {fault.message})"
            return unusable(problem.replace(".)", ")"), file, place)
    try:
        schema = json.loads(text)
    except RecursionError:
        return unusable("is nested too deeply", file, place)
    return PluginSchema(file, place, schema, Checker(schema, source))


def unusable(problem: str, file: str, place: str) -> PluginSchema:
    """A schema file that cannot be used; `problem` says why, as in `is no JSON`."""
    return PluginSchema(file, place, None, Checker.broken(problem, f"{file} in {place}"))


def schema_of(schemas: Mapping[str, PluginSchema], plugin: str) -> PluginSchema | None:
    """That for a block of settings under the name `plugin`.

    A modifier's settings stand under its stem or under the name of a half, and so may its
    schema be called.
    """
    stem = plugin.rpartition("-")[0] if plugin.endswith(MODIFIER_HALVES) else plugin
    names = (plugin, stem, *(stem + half for half in MODIFIER_HALVES))
    return next((schemas[name] for name in names if name in schemas), None)
