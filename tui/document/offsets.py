"""Code points of a text against bytes of its UTF-8, without an entry for every character."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

_CONTINUATION = bytes(range(0x80, 0xC0))
_BLOCK = 512


class ByteMap:
    """Both ways between code point offsets and byte offsets of one text.

    ASCII text needs no table. Other text gets one entry for every 512 bytes, made at the
    first question (10 MB: some 20 ms).
    """

    __slots__ = ("__dict__", "_ascii", "_data", "_text")

    def __init__(self, text: str, data: bytes) -> None:
        self._text = text
        self._data = data
        self._ascii = text.isascii()

    @cached_property
    def _table(self) -> list[int]:
        """How many characters begin before each block of bytes."""
        data = self._data
        counts = (
            len(data[start : start + _BLOCK].translate(None, _CONTINUATION))
            for start in range(0, len(data), _BLOCK)
        )
        return list(accumulate(counts, initial=0))

    def to_offset(self, byte: int) -> int:
        """The code point offset of a byte offset; inside a character: the next one's."""
        if self._ascii:
            return byte
        block = byte // _BLOCK
        rest = self._data[block * _BLOCK : byte].translate(None, _CONTINUATION)
        return self._table[block] + len(rest)

    def to_byte(self, offset: int) -> int:
        """The byte offset of a code point offset."""
        if self._ascii:
            return offset
        block = max(bisect_right(self._table, offset) - 1, 0)
        start = min(block * _BLOCK, len(self._data))
        while start < len(self._data) and self._data[start] & 0xC0 == 0x80:
            start += 1
        between = self._text[self._table[block] : offset]
        return start + len(between.encode("utf-8", "surrogatepass"))

    def point(self, byte: int) -> tuple[int, int]:
        """tree-sitter's place of a byte offset: rows by LF, columns in bytes."""
        line = self._data.rfind(b"\n", 0, byte) + 1
        return self._data.count(b"\n", 0, byte), byte - line
