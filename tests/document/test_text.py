import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.document.text import (
    NotUtf8,
    decode,
    dominant_newline,
    encode,
    indent_unit,
    line_indent,
)

LINES = st.text(alphabet="ab\r\n\t \u2028\x85\x0b\x0cé😀", max_size=30)


@given(st.text(), st.booleans())
def test_bytes_survive_decoding(text: str, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    assert encode(decode(data)) == data


def test_the_first_bad_byte_is_named_with_its_place_in_code_points() -> None:
    with pytest.raises(NotUtf8) as caught:
        decode('{\r\n\r"é😀'.encode() + b"\xff")
    error = caught.value
    assert (error.kind, error.line, error.column) == ("not-utf8", 3, 4)
    assert "0xff" in error.message
    assert "iconv" in error.hint


def test_utf_16_is_recognised() -> None:
    with pytest.raises(NotUtf8, match="0xff at line 1, column 1") as caught:
        decode("{}".encode("utf-16"))
    assert "UTF-16" in caught.value.hint


def test_a_lone_surrogate_cannot_be_written() -> None:
    with pytest.raises(NotUtf8) as caught:
        encode("a\nb\ud800")
    assert (caught.value.line, caught.value.column) == (2, 2)


@pytest.mark.parametrize(
    ("text", "newline"),
    [
        ("{}", "\n"),
        ("{\r\n}\r\n", "\r\n"),
        ("{\n\n}\r\n", "\n"),
        ("a\rb\rc\n", "\r"),
        ("a\r\nb\n", "\r\n"),
        ("a\nb\r\n", "\n"),
        ("\n\r", "\n"),
    ],
)
def test_the_newline_of_most_lines(text: str, newline: str) -> None:
    assert dominant_newline(text) == newline


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("{}", "  "),
        ('{\n    "a": {\n        "b": 1\n    }\n}', "    "),
        ('{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t}\r\n}', "\t"),
        ('{\n\n   "a": [\n\n      1\n   ]\n}', "   "),
        ("{\n   \n}", "  "),
    ],
)
def test_the_indentation_of_one_level(text: str, unit: str) -> None:
    assert indent_unit(text) == unit


def test_the_indentation_before_a_place() -> None:
    assert line_indent('{\r\t "a": {', 8) == "\t "
    assert line_indent("{\n    x", 4) == "  "
    assert line_indent("  {", 0) == ""
