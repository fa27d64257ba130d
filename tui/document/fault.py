"""A stop of the scanner in plain words, at the place that a person would point to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tui.diagnostic import Edit, Span
from tui.document.scanned import MOST_NESTED
from tui.document.scanner import Expected, Stop
from tui.visible import visible


class Fault(NamedTuple):
    """What is wrong and where; `edits` mend it where one answer is likely.

    `is_safe` is False where they take words out, or end a file that was cut off.
    """

    message: str
    span: Span
    fix_title: str = ""
    edits: tuple[Edit, ...] = ()
    is_safe: bool = True


def explain(text: str, stop: Stop) -> Fault:
    """The fault at which KrakenD's parser stops."""
    for look in _LOOKS:
        fault = look(text, stop)
        if fault is not None:
            return fault
    return _unexpected(text, stop)


def _at(offset: int, length: int = 1) -> Span:
    return Span(offset, offset + length)


def _fix(title: str, start: int, end: int, written: str) -> tuple[str, tuple[Edit, ...]]:
    return title, (Edit(start, end, written),)


def _empty(text: str, _stop: Stop) -> Fault | None:
    if text.strip(" \t\r\n"):
        return None
    return Fault(
        "The file is empty: KrakenD refuses to start. It needs an object with at least "
        '"version": 3.',
        Span(0, len(text)),
    )


def _template(text: str, stop: Stop) -> Fault | None:
    """The stop is at `{{`, or on its line between it and its `}}`, and in no later string."""
    line = max(text.rfind("\n", 0, stop.offset), text.rfind("\r", 0, stop.offset)) + 1
    at = text.rfind("{{", line, stop.offset + 2)
    if at < 0 or "}}" in text[at : stop.offset] or '"' in text[at : stop.before - 1]:
        return None
    return Fault(
        "{{ is a template of flexible configuration: KrakenD renders it (FC_ENABLE=1) before it "
        "reads it. Check the rendered file instead (FC_OUT names it).",
        _at(at, 2),
    )


_YAML = re.compile(
    r"(?:#[^\r\n]*[\r\n]+\s*)*(?:---|%YAML|-[ \r\n]|[A-Za-z_$@][\w.$@/-]*:(?:[ \r\n]|$))"
)


def _yaml(text: str, stop: Stop) -> Fault | None:
    if stop.before or not _YAML.match(text, stop.offset):
        return None
    return Fault(
        "This looks like YAML: krakend-tui reads JSON only (yq -o json FILE makes it), and KrakenD "
        "reads a file as YAML only when its name ends in .yaml or .yml.",
        _at(stop.offset),
    )


_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|\?xml)\b", re.IGNORECASE)


def _html(text: str, stop: Stop) -> Fault | None:
    if stop.before or not _HTML.match(text, stop.offset):
        return None
    return Fault(
        "This looks like a web page, as a failed download leaves it: KrakenD refuses to start.",
        _at(stop.offset),
    )


_CONFLICT = re.compile(r"<{7}|={7}|>{7}")


def _conflict(text: str, stop: Stop) -> Fault | None:
    match = _CONFLICT.match(text, stop.offset)
    if match is None:
        return None
    return Fault(
        "A merge conflict is left in the file: KrakenD refuses to start. Keep one of the two "
        "sides, and remove the lines with the signs.",
        Span(*match.span()),
    )


_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*\}?")


def _variable(text: str, stop: Stop) -> Fault | None:
    match = _VARIABLE.match(text, stop.offset)
    if match is None:
        return None
    return Fault(
        f"{visible(match.group()[:40])} is no JSON: KrakenD puts in no variables of the "
        "environment, and refuses to start.",
        Span(*match.span()),
    )


_CURLY = re.compile(r"[\u201c\u201d\u201e]([^\u201c\u201d\u201e\"\\\r\n]*)[\u201c\u201d]")


def _curly_quotes(text: str, stop: Stop) -> Fault | None:
    match = _CURLY.match(text, stop.offset)
    if match is None:
        return None
    return Fault(
        'JSON has straight double quotes ("): KrakenD refuses to start.',
        Span(*match.span()),
        *_fix("write straight quotes", *match.span(), f'"{match[1]}"'),
    )


_TOML = re.compile(
    r"\s*(?:#[^\r\n]*[\r\n]+\s*)*"
    r"(?:[A-Za-z_][\w.-]*[ \t]*=|\[\[?[A-Za-z_][\w.-]*\]?\][ \t]*[\r\n])"
)


def _toml(text: str, stop: Stop) -> Fault | None:
    if stop.before > 1 or not _TOML.match(text):
        return None
    return Fault(
        "This looks like TOML: krakend-tui reads JSON only (yq -o json FILE makes it), and KrakenD "
        "reads a file as TOML only when its name ends in .toml.",
        _at(stop.offset),
    )


def _too_deep(_text: str, stop: Stop) -> Fault | None:
    if not stop.too_deep:
        return None
    return Fault(
        f"More than {MOST_NESTED:,} levels of nesting: KrakenD refuses to start with "
        '"exceeded max depth".',
        _at(stop.offset),
    )


_COMMENT = re.compile(r"//[^\r\n]*|/\*(?:.*?\*/|.*)|#[^\r\n]*", re.DOTALL)


def _comment(text: str, stop: Stop) -> Fault | None:
    match = _COMMENT.match(text, stop.offset)
    if match is None:
        return None
    return Fault(
        'Comments are no JSON: KrakenD refuses to start. A key such as "@comment" is free for '
        "words.",
        Span(*match.span()),
        *_fix("remove the comment", *match.span(), ""),
        is_safe=False,
    )


def _end_of_text(text: str, stop: Stop) -> Fault | None:
    if stop.offset < len(text):
        return None
    where = Span(max(stop.before - 1, 0), stop.before)
    closing = stop.open_brackets[::-1].translate(str.maketrans("{[", "}]"))
    message = f"The file ends before {_in_words(closing)} closed: KrakenD refuses to start."
    if stop.expected is Expected.COMMA_OR_END and len(closing) < 50:
        return Fault(
            message,
            where,
            *_fix(f"close with {closing}", stop.before, stop.before, closing),
            is_safe=False,
        )
    return Fault(message, where)


def _in_words(closing: str) -> str:
    if len(closing) == 1:
        return "the object is" if closing == "}" else "the list is"
    return f"{len(closing)} brackets are" if closing else "it is"


def _trailing_comma(text: str, stop: Stop) -> Fault | None:
    comma = stop.before - 1
    if text[stop.offset] not in "}]" or comma < 0 or text[comma] != ",":
        return None
    what = "object" if text[stop.offset] == "}" else "list"
    return Fault(
        f"A comma after the last of the {what} is no JSON: KrakenD refuses to start.",
        _at(comma),
        *_fix("remove the comma", comma, comma + 1, ""),
    )


def _extra_comma(text: str, stop: Stop) -> Fault | None:
    if text[stop.offset] != "," or stop.expected is Expected.COLON:
        return None
    return Fault(
        f"There is a comma too many: {stop.expected.value} should stand here. KrakenD refuses to "
        "start.",
        _at(stop.offset),
        *_fix("remove the comma", stop.offset, stop.offset + 1, ""),
    )


_BRACKETS = re.compile(r"([\]},;](?:[ \t\r\n]*[\]},;])*)[ \t\r\n]*")


def _second_value(text: str, stop: Stop) -> Fault | None:
    if stop.expected is not Expected.NOTHING:
        return None
    brackets = _BRACKETS.fullmatch(text, stop.offset)
    title, edits = _fix("remove what is too much", *brackets.span(1), "") if brackets else ("", ())
    return Fault(
        f"The JSON value ended before this: {_quoted(text, stop.offset)} is too much. KrakenD "
        "refuses to start.",
        _at(stop.offset),
        title,
        edits,
        is_safe=False,
    )


_STARTS_VALUE = re.compile(r'["{\[0-9tfn-]')


def _missing_comma(text: str, stop: Stop) -> Fault | None:
    if stop.expected is not Expected.COMMA_OR_END or not _STARTS_VALUE.match(text, stop.offset):
        return None
    if text[stop.before - 1] == "0" and text[stop.offset].isdigit():
        return None
    return Fault(
        f"A comma is missing before {_quoted(text, stop.offset)}: KrakenD refuses to start.",
        Span(stop.before - 1, stop.before),
        *_fix("insert the comma", stop.before, stop.before, ","),
    )


def _missing_colon(text: str, stop: Stop) -> Fault | None:
    if stop.expected is not Expected.COLON:
        return None
    at = stop.offset
    if text[at] == "=":
        return Fault(
            "A key is followed by a colon, not by =.", _at(at), *_fix("write :", at, at + 1, ":")
        )
    fix = _fix("insert the colon", stop.before, stop.before, ":")
    message = f"A colon is missing before {_quoted(text, at)}: KrakenD refuses to start."
    return Fault(message, _at(at), *(fix if _STARTS_VALUE.match(text, at) else ("", ())))


_STRING = re.compile(r'"(?:[^"\\\x00-\x1f\ud800-\udfff]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_CONTROLS = {"\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _bad_string(text: str, stop: Stop) -> Fault | None:
    match = _STRING.match(text, stop.offset)
    if match is None:
        return None
    at = match.end()
    if at == len(text) or text[at] in "\r\n":
        return Fault(
            "A string is not closed on its line: KrakenD refuses to start.", Span(stop.offset, at)
        )
    if text[at] == "\\":
        return Fault(
            f"{visible(text[at : at + 2])} is no escape that JSON has; a backslash is written "
            "\\\\. KrakenD refuses to start.",
            _at(at, min(2, len(text) - at)),
            *_fix("double the backslash", at, at, "\\"),
        )
    written = _CONTROLS.get(text[at], f"\\u{ord(text[at]):04x}")
    what = "A raw control character in a string is no JSON"
    if text[at] >= "\ud800":
        what = "Half of a surrogate pair cannot be saved as UTF-8"
    return Fault(
        f"{what} (write {written}): KrakenD refuses to start.",
        _at(at),
        *_fix(f"write {written}", at, at + 1, written),
    )


_SINGLE = re.compile(r"'([^'\"\\\x00-\x1f]*)'")


def _single_quotes(text: str, stop: Stop) -> Fault | None:
    if text[stop.offset] != "'":
        return None
    message = "JSON has double quotes only: KrakenD refuses to start."
    match = _SINGLE.match(text, stop.offset)
    if match is None:
        return Fault(message, _at(stop.offset))
    written = f'"{match.group(1)}"'
    return Fault(message, Span(*match.span()), *_fix("write double quotes", *match.span(), written))


_KEY = re.compile(r"[\w$@.+/-]+")


def _bare_key(text: str, stop: Stop) -> Fault | None:
    match = _KEY.match(text, stop.offset)
    if match is None or stop.expected not in (Expected.KEY, Expected.KEY_OR_END):
        return None
    return Fault(
        f"The key {visible(match.group()[:40])} needs double quotes: KrakenD refuses to start.",
        Span(*match.span()),
        *_fix("write it in double quotes", *match.span(), f'"{match.group()}"'),
    )


_WORD = re.compile(r"[^\W\d][\w.$-]*")
_MEANT = {
    "True": "true",
    "False": "false",
    "None": "null",
    "TRUE": "true",
    "FALSE": "false",
    "NULL": "null",
}
_MEANT |= {"Null": "null", "nil": "null", "undefined": "null", "yes": "true", "no": "false"}


def _bare_word(text: str, stop: Stop) -> Fault | None:
    match = _WORD.match(text, stop.offset)
    if match is None:
        return None
    word = match.group()
    meant = _MEANT.get(word)
    fix = _fix(f"write {meant}", *match.span(), meant) if meant else ("", ())
    message = f"{visible(word[:40])} is no JSON value: KrakenD refuses to start."
    return Fault(message, Span(*match.span()), *fix)


_NUMBERISH = re.compile(r"[+-]?[0-9.][0-9A-Za-z.+-]*|[+-](?:Infinity|NaN)")


def _bad_number(text: str, stop: Stop) -> Fault | None:
    match = _NUMBERISH.match(text, stop.offset)
    if match is None:
        return None
    number = visible(match.group()[:40])
    return Fault(
        f"{number} is no number that JSON has (no leading zero or +, digits on both sides of the "
        "point): KrakenD refuses to start.",
        Span(*match.span()),
    )


def _wrong_end(text: str, stop: Stop) -> Fault | None:
    bracket = text[stop.offset]
    if bracket not in "}]" or stop.expected is not Expected.COMMA_OR_END:
        return None
    wanted = "}" if stop.open_brackets[-1] == "{" else "]"
    return Fault(
        f"{bracket} closes what {stop.open_brackets[-1]} opened; {wanted} should stand here. "
        "KrakenD refuses to start.",
        _at(stop.offset),
        *_fix(f"write {wanted}", stop.offset, stop.offset + 1, wanted),
    )


def _unexpected(text: str, stop: Stop) -> Fault:
    return Fault(
        f"{_quoted(text, stop.offset)} is out of place: {stop.expected.value} should stand here. "
        "KrakenD refuses to start.",
        _at(stop.offset),
    )


def _quoted(text: str, offset: int) -> str:
    """The token at `offset`, short."""
    match = re.compile(r'"[^"\r\n]{0,30}"?|\w{1,30}|.', re.DOTALL).match(text, offset)
    return visible(match.group()) if match else "the end"


_LOOKS: tuple[Callable[[str, Stop], Fault | None], ...] = (
    _empty,
    _too_deep,
    _template,
    _yaml,
    _toml,
    _html,
    _end_of_text,
    _conflict,
    _variable,
    _curly_quotes,
    _comment,
    _trailing_comma,
    _extra_comma,
    _second_value,
    _missing_comma,
    _missing_colon,
    _wrong_end,
    _single_quotes,
    _bad_string,
    _bare_key,
    _bad_number,
    _bare_word,
)
"""Asked in this order; the first that knows the fault explains it."""
