"""JsonNode: a JSON value in a text, however it was found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tui.diagnostic import Span
from tui.document.pointer import index
from tui.document.values import decode_string, marked_value, node_value

if TYPE_CHECKING:
    from tui.document.parts import Parts


class Member:
    """`"key": value` of an object, whose key stands at [start, end) of the text, quotes included.

    `span` runs from the key's quote to the value's end.
    """

    __slots__ = ("_end", "_start", "key", "value")

    def __init__(self, key: str, start: int, end: int, value: JsonNode) -> None:
        self.key = key
        self.value = value
        self._start = start
        self._end = end

    @property
    def key_span(self) -> Span:
        return Span(self._start, self._end)

    @property
    def span(self) -> Span:
        return Span(self._start, self.value.span.end)


class JsonNode(ABC):
    """A JSON value in the text. Cheap to make: what is in it is read when asked for.

    In broken text a value may be missing after its colon: then its text is empty.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"JsonNode({self.kind}, {self.span})"

    @property
    @abstractmethod
    def kind(self) -> str:
        """object, array, string, number, true, false or null (also for a missing value)"""

    @property
    @abstractmethod
    def span(self) -> Span:
        """Where it stands in the text, in code points."""

    @property
    @abstractmethod
    def text(self) -> str:
        """The value as it is written."""

    @property
    @abstractmethod
    def indent(self) -> str:
        """The indentation of the line that the value begins on."""

    @abstractmethod
    def members(self) -> Iterator[Member]:
        """Of an object, in file order, duplicates included; nothing for other kinds."""

    @abstractmethod
    def items(self) -> Iterator[JsonNode]:
        """Of an array; nothing for other kinds."""

    @abstractmethod
    def member(self, key: str) -> Member | None:
        """The LAST member with exactly this key, as readers take it."""

    @abstractmethod
    def item(self, position: int) -> JsonNode | None:
        """The array item with this index, found without reading the others where that is safe."""

    @abstractmethod
    def child_at(self, offset: int) -> tuple[str, JsonNode | None] | None:
        """The child that holds an offset of the text, or ends right before it: its token, and
        its node when the place is in that and not in its key."""

    def parts(self) -> Parts | None:
        """Of a list whose items are parts (tui.document.parts) these, without making a node of
        each. None for anything else."""
        return None

    def below(self, tokens: Iterable[str]) -> JsonNode | None:
        """The value that the unescaped tokens of a pointer lead to; of duplicate keys the last."""
        node: JsonNode | None = self
        for token in tokens:
            node = None if node is None else node.step(token)
        return node

    def step(self, token: str) -> JsonNode | None:
        """The value right below that an unescaped token of a pointer names."""
        if self.kind == "object":
            member = self.member(token)
            return None if member is None else member.value
        position = index(token)
        return None if position is None else self.item(position)

    def unread(self) -> JsonNode:
        """The same value, where nothing that is in it has been read yet."""
        return self

    def string(self) -> str | None:
        """The decoded text of a string; None for other kinds."""
        return decode_string(self.text) if self.kind == "string" else None

    def value(self) -> Any:
        """The Python value; of duplicate keys the last; a lone surrogate escape stays one.

        In broken text what can be read of it: a missing value is None.
        """
        return node_value(self)

    def marked_value(self) -> Any:
        """As `value`, with a Repeated (tui.document.values) for an object that has a key twice."""
        return marked_value(self)
