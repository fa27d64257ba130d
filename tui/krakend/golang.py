"""How Go's decoders read a JSON value: encoding/json, then mapstructure with weak typing.

KrakenD 2.12 and newer parse with koanf, which decodes by mapstructure with weakly typed input
(krakend-koanf parser.go; koanf v2 UnmarshalWithConf).
"""

from __future__ import annotations

import math
import re
from typing import Any

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


def go_string(text: str) -> str:
    """The string that encoding/json makes of a JSON string: a lone surrogate becomes U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def weak_string(value: Any) -> str | None:
    """What a string field of KrakenD's config gets from a JSON value; None when it is refused.

    mapstructure decodeString: a bool is "1" or "0", a number is written without exponent,
    null leaves the field empty, a list or an object is an error.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return go_string(value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return _number(value)
    return None


def _number(value: int | float) -> str | None:
    """strconv.FormatFloat(value, 'f', -1, 64): shortest digits, never an exponent.

    None for what no float64 can hold: encoding/json refuses 1e400.
    """
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number):
        return None
    # A heavy import for what few configs have: a number where a text belongs.
    from decimal import Decimal

    return format(Decimal(repr(number)), "f").removesuffix(".0")


def raw_bytes(text: str) -> bytes:
    """UTF-8, where surrogate escapes are the raw bytes of a name that is not UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return go_string(text).encode()


def same_key(key: str, wanted: str) -> bool:
    """Whether Go takes `key` for the field `wanted` (strings.EqualFold)."""
    return key == wanted or (len(key) == len(wanted) and key.casefold() == wanted.casefold())


def weak_int(value: Any) -> int | None:
    """What an int field of KrakenD's config gets from a JSON value; None when it is refused.

    mapstructure decodeInt: a fraction is cut off, a string is parsed with Go's prefixes, a
    bool is 1 or 0, null leaves the field 0.
    """
    if value is None:
        return 0
    if isinstance(value, int | float):
        return None if _number(value) is None else int(value)
    if isinstance(value, str):
        if not value:
            return 0
        octal = re.fullmatch(r"([+-]?)0([0-7]+)", value)
        if value != value.strip():
            return None
        try:
            return int(f"{octal[1]}0o{octal[2]}" if octal else value, 0)
        except ValueError:
            return None
    return None
