"""Go's reading of JSON values, against values measured with mapstructure and strconv."""

from __future__ import annotations

from typing import Any

import pytest

from tui.krakend.golang import go_string, raw_bytes, same_key, weak_int, weak_string


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (".so", ".so"),
        (None, ""),
        (True, "1"),
        (False, "0"),
        (1, "1"),
        (3.0, "3"),
        (0.5, "0.5"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
        (12345678901234567890, "12345678901234567000"),
        ([], None),
        ({}, None),
        (float("inf"), None),
        (10**400, None),
        ("a\ud800", "a\ufffd"),
    ],
)
def test_weak_string(value: Any, text: str | None) -> None:
    assert weak_string(value) == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3),
        (3.7, 3),
        ("3", 3),
        ("0x3", 3),
        ("03", 3),
        ("", 0),
        ("3.0", None),
        (" 3", None),
        ("+3", 3),
        ("3_0", 30),
        ("three", None),
        (True, 1),
        (None, 0),
        ([3], None),
        (10**400, None),
    ],
)
def test_weak_int(value: Any, number: int | None) -> None:
    assert weak_int(value) == number


def test_same_key_is_equal_fold() -> None:
    assert same_key("Extra_Config", "extra_config")
    assert same_key("bac\u212aend", "backend")
    assert not same_key("plugins", "plugin")
    assert not same_key("stra\u00dfe", "strasse")


def test_strings_and_bytes() -> None:
    assert go_string("\udcff") == "\ufffd"
    assert raw_bytes("\udcff") == b"\xff"
    assert raw_bytes("\ud800") == "\ufffd".encode()
