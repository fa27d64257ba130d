"""Exact text: bytes in and out, and the style that a text is in.

A byte order mark is the first character of its text.

Line breaks are LF, CRLF and a lone CR, and nothing else: U+2028, U+0085 and VT are ordinary
characters of a line.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from tui.document.lines import LineIndex
from tui.errors import KrakendTuiError

BOM = "\ufeff"
_BREAK = re.compile(r"\r\n|\n|\r")
_INDENTED = re.compile(r"[\r\n]([ \t]+)(?=[^ \t\r\n])")
# Of a long file its first part shows the style; reading all of it would cost a tenth of a second.
_SAMPLE = 50_000


class NotUtf8(KrakendTuiError):
    """Bytes that are not UTF-8, or a text that UTF-8 cannot hold."""

    kind = "not-utf8"


def decode(data: bytes) -> str:
    """The text. Raises NotUtf8 with the place of the first byte that is not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8").removeprefix(BOM)
        value = data[error.start]
    row, column = LineIndex(before).position(len(before))
    raise NotUtf8(
        f"not UTF-8: byte 0x{value:02x} at line {row + 1}, column {column + 1}",
        _encoding_hint(data),
        line=row + 1,
        column=column + 1,
    )


def encode(text: str) -> bytes:
    """The bytes of the file. NotUtf8 when the text holds a lone surrogate, which has none."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        row, column = LineIndex(text).position(error.start)
        raise NotUtf8(
            f"U+{ord(text[error.start]):04X} at line {row + 1}, column {column + 1} is half of a"
            " surrogate pair, which no UTF-8 file can hold",
            "Delete it, or write it as an escape such as \\ud800.",
            line=row + 1,
            column=column + 1,
        ) from None


_PACKED = {b"\x1f\x8b": "a gzip archive", b"PK\x03\x04": "a zip archive", b"\x7fELF": "a program"}


def _encoding_hint(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "It looks like UTF-16. Convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW"
    packed = next((what for magic, what in _PACKED.items() if data.startswith(magic)), None)
    if packed is not None:
        return f"It looks like {packed}, not like a config."
    return "Convert it, for instance: iconv -f ISO-8859-1 -t UTF-8 FILE > NEW"


def split_lines(text: str) -> list[str]:
    """The lines with their line breaks; the last one has none, and may be empty."""
    ends = [match.end() for match in _BREAK.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def dominant_newline(text: str) -> str:
    """The line break that most lines end with; LF when there is none, the first one in a tie."""
    if "\r" not in text:
        return "\n"
    crlf = text.count("\r\n")
    counts = {"\n": text.count("\n") - crlf, "\r\n": crlf, "\r": text.count("\r") - crlf}
    most = max(counts.values())
    leaders = [kind for kind, count in counts.items() if count == most]
    if len(leaders) == 1:
        return leaders[0]
    first = _BREAK.search(text)
    while first is not None and first.group() not in leaders:
        first = _BREAK.search(text, first.end())
    return first.group() if first else "\n"


def indent_unit(text: str) -> str:
    """One level of indentation: a tab or N spaces; two spaces when the text has none.

    The unit is the step that lines most often go in by, as editors guess it.
    """
    return _unit_of(text[:_SAMPLE])


@lru_cache(maxsize=2)
def _unit_of(sample: str) -> str:
    steps: Counter[str] = Counter()
    previous = ""
    for match in _INDENTED.finditer(sample):
        current = match.group(1)
        if len(current) > len(previous) and current.startswith(previous):
            step = current[len(previous) :]
            steps["\t" if "\t" in step else step] += 1
        previous = current
    return steps.most_common(1)[0][0] if steps else "  "


def line_indent(text: str, offset: int) -> str:
    """The spaces and tabs that begin the line of `offset`, as far as they stand before it."""
    start = text.rfind("\n", 0, offset) + 1
    # Only within this line: a file without CR would be searched to its beginning.
    start = max(start, text.rfind("\r", start, offset) + 1)
    end = start
    while end < offset and text[end] in " \t":
        end += 1
    return text[start:end]
