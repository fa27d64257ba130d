"""JSON Pointers (RFC 6901) as strings: "" is the root, each token follows a "/", escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

# 18 digits hold every index of a text that fits in memory, and int() takes them at once.
_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,17})\Z")


def escape(token: str) -> str:
    """A key as a pointer token."""
    return token.replace("~", "~0").replace("/", "~1")


def child(pointer: str, token: str | int) -> str:
    """The pointer of the member (by its key) or item (by its index) of what `pointer` names."""
    return f"{pointer}/{escape(str(token))}"


def join(tokens: Iterable[str]) -> str:
    """The pointer of unescaped tokens."""
    return "".join(f"/{escape(token)}" for token in tokens)


def split(pointer: str) -> list[str]:
    """The unescaped tokens; ValueError when `pointer` is neither empty nor begins with "/"."""
    if not pointer:
        return []
    if not pointer.startswith("/"):
        raise ValueError(f"not a JSON Pointer: {pointer!r}")
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer[1:].split("/")]


def parent(pointer: str) -> tuple[str, str]:
    """The pointer of the container and the last token; ValueError for the root."""
    tokens = split(pointer)
    if not tokens:
        raise ValueError("the root has no parent")
    return pointer.rpartition("/")[0], tokens[-1]


def index(token: str) -> int | None:
    """The array index that a token names (no sign, no leading zero, RFC 6901 section 4)."""
    return int(token) if _INDEX.match(token) else None
