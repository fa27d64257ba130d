"""Small files as in the JSON parsing test suites: what must be taken, what must be refused, and
what each parser decides for itself. Nothing may raise, hang, or be changed by opening it."""

# The tables are read by column, not by line.
# ruff: noqa: E501

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tui.app.on_disk import OnDisk
from tui.cli.check import Task, check_files
from tui.document.strict import SYNTAX
from tui.document.values import node_value
from tui.krakend.target import default_target
from tui.options import Options


def _in_string(*bodies: str) -> list[bytes]:
    return [f'["{body}"]'.encode("utf-8", "surrogatepass") for body in bodies]


def _values(*texts: str) -> list[bytes]:
    return [f"[{text}]".encode() for text in texts]


SAMPLE = b'{"version": 3, "endpoints": [{"endpoint": "/a", "x": -1.5e+3, "t": true, "n": null}]}'
SIMPLE_ESCAPES = '"\\/bfnrt'

ACCEPTED: list[bytes] = [
    *(f'["\\{letter}"]'.encode() for letter in SIMPLE_ESCAPES),
    *_in_string("\\u0000", "\\u001f", "\\u007f", "\\u00e9", "\\uFFFF", "\\uD83D\\uDE00", "\\u2028"),
    *_in_string(
        "\x7f", "é", "\u2028", "\u2029", "\ufffe", "\U0001f600", "\U0010ffff", "\x80", "/*"
    ),
    *_in_string("", " ", "a" * 100_000, "\\\\" * 5_000, "{[", "null", "// no comment", "a,b", "'"),
    *_values("0", "-0", "1", "-1", "10", "1.0", "0.1", "1e1", "1E1", "1e+1", "1e-1", "0e0", "0E-0"),
    *_values("123456789", "-123.456e-7", "0.000000000000000000001", "1e00001", "9007199254740993"),
    *_values(
        "true", "false", "null", "[]", "{}", '{"a":[]}', "[[[[]]]]", '{"":0}', '{"a":{"a":1}}'
    ),
    *_values(" 1", "1 ", "\t1\n", "\r\n1\r", "1 , 2", ' "a" ', "1,\n2", '{ "a" : 1 , "b" : 2 }'),
    *(
        f'{{"{key}":0}}'.encode()
        for key in ("a", "é", "\\u0000", " ", "~", "/", "a/b", "0", "__proto__")
    ),
    *(space + b"{}" + space for space in (b"", b" ", b"\n", b"\r", b"\t", b" \t\r\n" * 50)),
    *(text.encode() for text in ('"text"', "1", "true", "null", "[]", "-0.0")),
    *(b"[" * depth + b"]" * depth for depth in (2, 10, 100, 1_000, 10_000)),
    *(b'{"a":' * depth + b"0" + b"}" * depth for depth in (1, 100, 5_000)),
    b"[" + b",".join([b"0"] * 20_000) + b"]",
]

REJECTED: list[bytes] = [
    *(SAMPLE[:size] for size in range(len(SAMPLE))),
    *(SAMPLE + rest for rest in (b"x", b"}", b"]", b",", b"{}", b" 1", b'"', b"\0", b"//", b"/**/")),
    *(f'["a{chr(code)}b"]'.encode() for code in range(0x20)),
    *_in_string("\\x41", "\\a", "\\u", "\\u1", "\\u12", "\\u123", "\\u123g", "\\U0041", "\\'", "\\0"),
    *_in_string("\\", "\\\n", "\\u{41}", "\\ "),
    *_values("01", "-01", "+1", ".5", "5.", "-", "-.5", "1.e1", "1e", "1e+", "1e1.5", "0x10", "0b1"),
    *_values("1_000", "1 000", "Infinity", "-Infinity", "NaN", "nan", "inf", "1a", "--1", "1-", "٣"),
    *_values("True", "TRUE", "nul", "nulll", "undefined", "None", "tru", "'a'", "`a`", "“a”", "a"),
    *_values(",", "1,", ",1", "1,,2", "1 2", "1;2", "1:2", "(1)", "<1>", "/*c*/1", "1//c", "#c\n1"),
    *_values("\xa0", "\u200b1", "\x0b1", "\x0c1", "\u30001", "\ufeff1", "\\n1", "..."),
    *(text.encode() for text in ("{a:1}", "{'a':1}", '{"a"}', '{"a":}', '{"a" 1}', '{"a",1}', '{"a"::1}')),
    *(text.encode() for text in ('{"a":1,}', '{,"a":1}', '{"a":1 "b":2}', "{1:1}", "{null:1}", "{[]:1}")),
    *(text.encode() for text in ('{"a":1]', "[1}", "[", "]", "{", "}", "[[]", "[]]", "{{}}", "{[]}", '"', '["')),
    *(text.encode() for text in ("", " ", "\n\n", "key: value\n", "- a\n- b\n", "a = 1", "<xml/>", "hello")),
    *(text.encode() for text in ("{{ .x }}", '{"a": {{ .b }}}', '{{ include "x" }}', "[1, 2", "({})", "#!json")),
    *('{"a": "é"}'.encode(code) for code in ("utf-16-le", "utf-16-be", "utf-32-le", "latin-1")),
    *(b'["' + bad + b'"]' for bad in (b"\xff", b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80")),
    *(b'["' + bad + b'"]' for bad in (b"\x80", b"\xbf", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xfe", b"\xc3(")),
    *(b"[" * depth + b"]" * depth for depth in (10_001, 100_000)),
    *(b"[" * depth for depth in (1, 2, 1_000, 100_000)),
    *(b'{"a":' * depth for depth in (1, 2, 1_000, 50_000)),
    b"\0", b"\0" * 1_000, b"{\0}", b'{"a":\0}', b"\x1b[31m{}", b"{}\x1b]52;c;eA==\x07", b"\x7f",
]  # fmt: skip

DECIDED_BY_EACH: list[bytes] = [
    *_in_string("\\uD800", "\\uDC00", "\\uDC00\\uD800", "\\uD800\\uD800", "a\\uD83Db", "\\ud83d\\u0041"),
    *_values("1e400", "-1e400", "1e-400", "1e999999999", "9" * 400, "9" * 10_000, "0." + "1" * 10_000),
    *_values("1e" + "9" * 100, "-" + "9" * 5_000, "0" + ".0" * 1, "123123e100000"),
    b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"a":{},"a":[]}', b'{"a":1,"A":2}', b'{"":1,"":2}',
    b"\xef\xbb\xbf{}", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf{}", b"{}\xef\xbb\xbf",
    b'{"version": 3e0}', b'{"plugin": {"pattern": "\\ud800", "folder": "\\u0000"}}',
    b'{"plugin": 1e400}', b'{"extra_config": {"plugin/http-server": {"name": ["\\udfff"]}}}',
]  # fmt: skip

CORPUS = {"accept": ACCEPTED, "reject": REJECTED, "decided by each": DECIDED_BY_EACH}


@pytest.mark.parametrize("kind", CORPUS)
def test_each_file_is_judged_and_left_alone(kind: str, tmp_path: Path, record_property) -> None:
    options = Options(str(tmp_path), None, default_target())
    paths = []
    for number, data in enumerate(CORPUS[kind]):
        path = tmp_path / f"{number}.json"
        path.write_bytes(data)
        paths.append(str(path))
    reports = check_files(paths, Task(options), bytes)
    assert len(reports) == len(paths)
    for data, path, report in zip(CORPUS[kind], paths, reports, strict=True):
        shown = data[:60]
        refused = report.error is not None or any(
            located.diagnostic.rule == SYNTAX for located in report.findings
        )
        if kind == "accept":
            assert not refused, shown
        elif kind == "reject":
            assert refused, shown
        if report.error is not None:
            assert report.error.kind == "not-utf8", shown
            continue
        opened = OnDisk(Path(path))
        assert opened.document.to_bytes() == data
        root = opened.document.tree.root
        if root is not None:
            node_value(root)
    record_property("files", len(paths))
    print(f"{kind}: {len(paths)} files")


def test_the_report_of_all_is_json(tmp_path: Path) -> None:
    """Also with lone surrogates, NUL and huge numbers in the messages."""
    everything = [data for files in CORPUS.values() for data in files]
    for number, data in enumerate(everything):
        (tmp_path / f"{number}.json").write_bytes(data)
    names = [f"{number}.json" for number in range(len(everything))]
    command = [sys.executable, "-m", "tui", "check", "--format", "json", *names]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert done.returncode == 3, done.stderr
    assert len(json.loads(done.stdout.decode("utf-8"))["files"]) == len(everything)
