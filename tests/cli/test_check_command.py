import json
import os
from pathlib import Path

import pytest

from tui.demo.sandbox import make_sandbox

CLEAN = '{"version": 3, "$schema": "https://www.krakend.io/schema/v2.13/krakend.json"}\n'
VERSION_2 = '{"version": 2}\n'
BAD = {
    "empty.json": b"",
    "spaces.json": b" \n\n",
    "no-json.json": b"version: 3\nplugin:\n  pattern: .so\n",
    "cut-off.json": b'{"version": 3, "plugin": {"pattern": ".so"',
    "comma.json": b'{"version": 3,}\n',
    "array.json": b"[1, 2]\n",
    "string.json": b'"version"\n',
    "null.json": b"null\n",
    "template.json": b'{"version": 3, {{ include "plugins.tmpl" }} }\n',
    "deep.json": b"[" * 10_000 + b"]" * 10_000,
    "deep-open.json": b"[" * 10_000,
    "deep-objects.json": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "nul.json": b'{"version": 3, "a": "\0"}',
    "two-roots.json": b"{} {}",
    "huge-number.json": b'{"version": 3, "port": 1' + b"0" * 5000 + b"}",
    "surrogate.json": b'{"version": 3, "plugin": {"pattern": "\\ud800", "folder": "\\udc80/"}}',
    "escape.json": b'{"version": 3, "plugin\x1b]52;c;aGk=\x07": 1}',
}


def _write(folder: Path, name: str, text: str | bytes) -> str:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


def test_json_has_the_promised_shape(krakend_tui, sandbox: Path) -> None:
    outcome = krakend_tui("check", "--format", "json", sandbox)
    report = outcome.json
    assert outcome.code == 1
    assert report.keys() == {"schema_version", "files", "summary"}
    assert report["schema_version"] == 1
    (file,) = report["files"]
    assert file.keys() == {"path", "target", "target_source", "folder", "error", "diagnostics"}
    assert file["target_source"] == "the newest 2.x Community release"
    assert file["path"] == str(sandbox)
    assert file["folder"] == {"path": str(sandbox.parent / "plugins"), "status": "ok"}
    assert file["error"] is None
    assert file["diagnostics"]
    for diagnostic in file["diagnostics"]:
        assert diagnostic.keys() == {
            "rule",
            "severity",
            "message",
            "pointer",
            "line",
            "column",
            "end_line",
            "end_column",
            "fixes",
        }
        for fix in diagnostic["fixes"]:
            assert fix.keys() == {"title", "edits"}
            for edit in fix["edits"]:
                assert edit.keys() == {"offset", "length", "text"}
    severities = [diagnostic["severity"] for diagnostic in file["diagnostics"]]
    assert report["summary"] == {
        word: severities.count(word) for word in ("error", "warning", "info")
    }
    places = [(d["line"], d["column"]) for d in file["diagnostics"]]
    assert places == sorted(places)


def _finding(outcome, rule: str):
    (file,) = outcome.json["files"]
    return next(d for d in file["diagnostics"] if d["rule"] == rule)


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_are_in_code_points_and_edits_in_bytes_of_the_file(
    krakend_tui, here: Path, bom: bytes, newline: str
) -> None:
    text = newline.join(['{ "@n\u00f6te": "\U0001f98a\u20ac",', '"\u00fc": "\u20ac",}', ""])
    (here / "k.json").write_bytes(bom + text.encode())

    outcome = krakend_tui("check", "--format", "json", "k.json")

    found = _finding(outcome, "json-syntax")
    assert (found["line"], found["column"]) == (2, 9)
    assert (found["end_line"], found["end_column"]) == (2, 10)
    data = (here / "k.json").read_bytes()
    (fix, *_) = found["fixes"]
    for edit in reversed(fix["edits"]):
        end = edit["offset"] + edit["length"]
        data = data[: edit["offset"]] + edit["text"].encode() + data[end:]
    assert data == bom + text.replace(",}", "}").encode()


def _exit(krakend_tui, fail_on: str, *paths: str) -> int:
    text = krakend_tui("check", "--fail-on", fail_on, *paths).code
    assert krakend_tui("check", "--format", "json", "--fail-on", fail_on, *paths).code == text
    return text


def test_exit_status_follows_the_worst_finding(krakend_tui, here: Path) -> None:
    clean = _write(here, "clean.json", CLEAN)
    error = _write(here, "error.json", VERSION_2)
    slash = _write(
        here,
        "warning.json",
        '{"version": 3, "plugin": {"pattern": ".so", "folder": "/nowhere/at/all/"}}',
    )
    for limit in ("error", "warning", "info"):
        assert _exit(krakend_tui, limit, clean) == 0
        assert _exit(krakend_tui, limit, clean, error) == 1
        assert _exit(krakend_tui, limit, error, "missing.json") == 3
    assert krakend_tui("check", "--format", "json", clean).json["summary"]["error"] == 0
    summary = krakend_tui("check", "--format", "json", slash).json["summary"]
    if summary["error"] == 0:
        assert summary["warning"] > 0
        assert _exit(krakend_tui, "error", slash) == 0
        assert _exit(krakend_tui, "warning", slash) == 1


def test_a_file_that_cannot_be_read_is_reported_beside_the_others(krakend_tui, here: Path) -> None:
    error = _write(here, "error.json", VERSION_2)
    latin = _write(here, "latin1.json", '{"version": 3,\n "a": "\u00e9"}'.encode("latin-1"))
    outcome = krakend_tui("check", "--format", "json", "missing.json", error, str(here), latin)
    assert outcome.code == 3
    missing, checked, folder, not_utf8 = outcome.json["files"]
    assert missing["error"].keys() == {"kind", "message", "line", "column"}
    assert missing["error"]["kind"] == "missing"
    assert missing["error"]["line"] is None
    assert missing["diagnostics"] == []
    assert missing["folder"] == {"path": None, "status": "unchecked"}
    assert checked["error"] is None
    assert checked["diagnostics"]
    assert folder["error"]["kind"] == "is-a-folder"
    assert not_utf8["error"]["kind"] == "not-utf8"
    assert (not_utf8["error"]["line"], not_utf8["error"]["column"]) == (2, 8)
    assert outcome.err == ""

    text = krakend_tui("check", "missing.json", error, latin)
    assert text.code == 3
    assert "missing.json does not exist" in text.err
    assert "iconv" in text.err
    assert "error.json:1:" in text.out


@pytest.mark.parametrize("name", BAD)
def test_bad_text_is_a_finding_and_never_a_traceback(krakend_tui, here: Path, name: str) -> None:
    _write(here, name, BAD[name])
    outcome = krakend_tui("check", "--format", "json", name)
    assert outcome.code in (0, 1), outcome.err
    (file,) = outcome.json["files"]
    assert file["error"] is None
    text = krakend_tui("check", name)
    assert text.code == outcome.code
    assert all(c == "\n" or c.isprintable() for c in text.out + text.err)


@pytest.mark.parametrize(
    "name", ["empty.json", "no-json.json", "cut-off.json", "comma.json", "template.json"]
)
def test_text_that_does_not_parse_is_an_error_at_the_root(
    krakend_tui, here: Path, name: str
) -> None:
    _write(here, name, BAD[name])
    outcome = krakend_tui("check", "--format", "json", name)
    assert outcome.code == 1
    first = outcome.json["files"][0]["diagnostics"][0]
    assert (first["severity"], first["pointer"]) == ("error", "")


def test_20_mb_are_checked(krakend_tui, here: Path) -> None:
    endpoint = {"endpoint": "/v1/x", "@text": "\u20ac" * 1300, "backend": [{"host": ["http://a"]}]}
    text = json.dumps({"version": 2, "endpoints": [endpoint] * 5200}, ensure_ascii=False)
    assert len(text.encode()) > 20_000_000
    _write(here, "large.json", text)
    assert _finding(krakend_tui("check", "--format", "json", "large.json"), "config-version")


def test_a_file_of_64_mb_and_more_is_refused(krakend_tui, here: Path) -> None:
    with open("large.json", "wb") as file:
        file.truncate((64 << 20) + 1)
    outcome = krakend_tui("check", "--format", "json", "large.json")
    assert outcome.code == 3
    assert outcome.json["files"][0]["error"]["kind"] == "too-large"


@pytest.mark.parametrize("name", ["check", "scan", "demo", "-", "a\nb", "\x1b[31m", "[red]x"])
def test_a_config_of_any_name_is_checked(krakend_tui, here: Path, name: str) -> None:
    _write(here, name, VERSION_2)
    outcome = krakend_tui("check", f"./{name}")
    assert outcome.code == 1
    assert "config-version" in outcome.out
    assert "\x1b" not in outcome.out
    assert outcome.out.splitlines()[0].startswith("./")


def test_a_name_that_is_not_utf8(krakend_tui, here: Path) -> None:
    name = os.fsdecode(b"k\xff.json")
    _write(here, name, VERSION_2)
    outcome = krakend_tui("check", "--format", "json", name)
    assert outcome.json["files"][0]["path"] == "k\ufffd.json"
    assert "k\ufffd.json:1:" in krakend_tui("check", name).out


def test_options_apply_to_all_configs_and_stand_before_or_after(krakend_tui, here: Path) -> None:
    for name in ("a", "b"):
        (here / name).mkdir()
        make_sandbox(here / name)
    configs = ("a/krakend.json", "b/krakend.json")
    for arguments in (
        ("--workdir", "a", "--krakend", "2.12.0", "check", "--format", "json", *configs),
        ("check", "--format", "json", *configs, "--workdir", "a", "--krakend", "2.12.0"),
        ("--workdir", "b", "check", "--workdir=a", "--krakend=2.12.0", "--format=json", *configs),
    ):
        files = krakend_tui(*arguments).json["files"]
        assert [file["folder"]["path"] for file in files] == [str(here / "a" / "plugins")] * 2
        assert [file["target"] for file in files] == ["ce-2.12.0"] * 2


def test_plugins_is_looked_at_instead_and_starts_from_here(krakend_tui, here: Path) -> None:
    (here / "a").mkdir()
    make_sandbox(here / "a")
    (here / "mine").mkdir()
    outcome = krakend_tui(
        "check", "--format", "json", "--workdir", "a", "--plugins", "mine", "a/krakend.json"
    )
    assert outcome.json["files"][0]["folder"] == {"path": str(here / "mine"), "status": "ok"}


def test_a_folder_of_plugins_that_is_not_there_is_told_apart(krakend_tui, here: Path) -> None:
    # Even where it ends like the config's.
    _write(here, "k.json", '{"version": 3, "plugin": {"pattern": ".so", "folder": "/opt/mine"}}')
    outcome = krakend_tui("check", "--plugins", "mine", "k.json")
    assert outcome.code == 1
    assert 'where --plugins looks instead of "/opt/mine"' in outcome.out


@pytest.mark.parametrize(
    ("folder", "path", "status"),
    [
        ('"./none/"', "none", "absent"),
        ('"./k.json"', "k.json", "not-a-folder"),
        ('""', None, "absent"),
        ('"~/x"', "~/x", "absent"),
        ('"$HOME"', "$HOME", "absent"),
    ],
)
def test_the_folders_status(
    krakend_tui, here: Path, folder: str, path: str | None, status: str
) -> None:
    _write(here, "k.json", f'{{"version": 3, "plugin": {{"pattern": ".so", "folder": {folder}}}}}')
    outcome = krakend_tui("check", "--format", "json", "k.json")
    expected = None if path is None else str(here / path)
    assert outcome.json["files"][0]["folder"] == {"path": expected, "status": status}


def test_without_a_plugin_block_the_folder_is_unchecked(krakend_tui, here: Path) -> None:
    _write(here, "k.json", CLEAN)
    outcome = krakend_tui("check", "--format", "json", "k.json")
    assert outcome.json["files"][0]["folder"] == {"path": None, "status": "unchecked"}


def test_without_a_config_the_one_here_is_checked(krakend_tui, here: Path) -> None:
    _write(here, "krakend.json", VERSION_2)
    assert "krakend.json:1:" in krakend_tui("check").out


def test_text_names_place_severity_rule_and_fix(krakend_tui, here: Path) -> None:
    _write(here, "k.json", VERSION_2)
    outcome = krakend_tui("check", "k.json")
    first, second, *_, summary = outcome.out.splitlines()
    assert first.startswith("k.json:1:13: error: ")
    assert first.endswith(" [config-version]")
    assert second.startswith("    fix: ")
    assert summary.startswith("1 error in 1 file, for KrakenD CE ")
