"""How a file is written, and values written likewise."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tui.document.node import JsonNode
from tui.document.text import dominant_newline, indent_unit, split_lines
from tui.errors import KrakendTuiError

_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACED_COMMA = re.compile(r'[\]}"\w],[ \t]')


class EditError(KrakendTuiError):
    """An edit at a place that is not there, in a text that is no valid JSON, or of a value that
    JSON does not have."""

    kind = "edit"


@dataclass
class Style:
    """The style of a text, as far as the neighbours of a place do not show it."""

    text: str

    @cached_property
    def is_multiline(self) -> bool:
        # Not by strip(), which copies the text.
        text = self.text
        start, end = 0, len(text)
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        return text.find("\n", start, end) >= 0 or text.find("\r", start, end) >= 0

    @cached_property
    def newline(self) -> str:
        return dominant_newline(self.text)

    @cached_property
    def unit(self) -> str:
        return indent_unit(self.text)

    @cached_property
    def colon(self) -> str:
        return ": " if self.is_multiline or '": ' in self.text else ":"

    @cached_property
    def space(self) -> str:
        """What follows a comma within a line."""
        if self.is_multiline or _SPACED_COMMA.search(self.text):
            return " "
        return " " if "," not in self.text and self.colon == ": " else ""

    @property
    def traits(self) -> tuple[object, ...]:
        """What an edit takes from the text as a whole."""
        return self.is_multiline, self.newline, self.unit, self.colon, self.space

    @staticmethod
    def key(key: str) -> str:
        """A key as JSON, in quotes."""
        return _scalar(key)

    def value(self, value: Any, indent: str) -> str:
        """`value` as JSON whose first line is indented by `indent` already.

        Objects stand on lines of their own where the file has lines, lists of scalars in one.
        Raises EditError for numbers that JSON does not have, and for endless nesting.
        """
        try:
            return self._written(value, indent)
        except ValueError as error:
            raise EditError("this number cannot be written as JSON") from error
        except RecursionError as error:
            raise EditError("this value is nested too deeply to be written") from error

    def _written(self, value: Any, indent: str) -> str:
        if isinstance(value, JsonNode):
            return _carried(value, indent)
        if not is_container(value):
            # Asks nothing of the text: it is written at every key in a field.
            return _scalar(value)
        inner = indent + self.unit
        if isinstance(value, dict):
            parts = [
                self.key(str(key)) + self.colon + self._written(item, inner)
                for key, item in value.items()
            ]
            return self._held("{", parts, "}", indent, inline=not self.is_multiline)
        parts = [self._written(item, inner) for item in value]
        nested = any(is_container(item) for item in value)
        return self._held("[", parts, "]", indent, inline=not (nested and self.is_multiline))

    def _held(
        self, opening: str, parts: list[str], closing: str, indent: str, *, inline: bool
    ) -> str:
        if inline:
            return opening + ("," + self.space).join(parts) + closing
        lines = ("," + self.newline).join(indent + self.unit + part for part in parts)
        return f"{opening}{self.newline}{lines}{self.newline}{indent}{closing}"


def has_break(text: str) -> bool:
    return "\n" in text or "\r" in text


def is_container(value: Any) -> bool:
    """Whether a value takes lines of its own: an object or list with something in it."""
    if isinstance(value, JsonNode):
        return value.kind in ("object", "array")
    return isinstance(value, (dict, list, tuple)) and bool(value)


def same_value(one: str, other: str) -> bool:
    """Whether two JSON texts have the same value, order of keys included (1 and 1.0 differ)."""
    if one == other:
        return True
    try:
        return json.dumps(json.loads(one)) == json.dumps(json.loads(other))
    except (ValueError, RecursionError):
        return False


def _carried(node: JsonNode, indent: str) -> str:
    """The text of a node with the indentation of its line exchanged for `indent`."""
    old = node.indent
    first, *further = split_lines(node.text)
    if old == indent or not further:
        return node.text
    return first + "".join(
        indent + line[len(old) :] if line.startswith(old) and line.strip() else line
        for line in further
    )


def _scalar(value: Any) -> str:
    """JSON with every character as itself, but for lone surrogates, which no UTF-8 can hold."""
    written = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)
