"""check --fix and --diff: the safe fixes, saved as the app saves."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

BAD = (
    '{"@n\u00f6te": "\U0001f98a", "version": "3",\r\n'
    ' "plugin": {"pattern": "*.so",   "folder": "./plugins"},\r\n'
    ' "timeout": 1.50e1,\r\n'
    ' "extra_config": {"plugin/http_server": {"name": "auth", "auth": {"b": 1, "a": 2}}},}'
)
GOOD = (
    '{"@n\u00f6te": "\U0001f98a", "version": 3,\r\n'
    ' "plugin": {"pattern": ".so",   "folder": "./plugins/"},\r\n'
    ' "timeout": 1.50e1,\r\n'
    ' "extra_config": {"plugin/http-server": {"name": ["auth"], "auth": {"b": 1, "a": 2}}}}'
)


@pytest.fixture
def config(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(here / "state"))
    (here / "plugins").mkdir()
    (here / "plugins" / "auth.so").write_bytes(b"no plugin")
    path = here / "k.json"
    path.write_bytes(BAD.encode())
    return path


def written(path: Path) -> tuple[bytes, int, int, int]:
    status = path.stat()
    return path.read_bytes(), status.st_ino, status.st_mtime_ns, status.st_ctime_ns


def test_only_what_is_mended_changes(krakend_tui, config: Path) -> None:
    config.chmod(0o640)
    (config.parent / "link.json").symlink_to("k.json")

    outcome = krakend_tui("check", "--fix", "link.json")

    assert config.read_bytes() == GOOD.encode()
    assert config.stat().st_mode & 0o777 == 0o640
    assert (config.parent / "link.json").is_symlink()
    for rule in ("json-syntax", "config-version-type", "plugin-name-string", "plugin-pattern-glob"):
        assert f"[{rule}]" in outcome.out
    assert "6 fixes applied" in outcome.out
    assert not list(config.parent.glob(".*k.json*"))


def test_the_version_before_can_be_restored(krakend_tui, config: Path) -> None:
    krakend_tui("check", "--fix", "k.json")
    assert krakend_tui("restore", "--to", "1", "--yes", "k.json").code == 0
    assert config.read_bytes() == BAD.encode()


def test_what_is_left_is_reported_and_decides_the_status(krakend_tui, config: Path) -> None:
    outcome = krakend_tui("check", "--fix", "--format", "json", "k.json")
    (file,) = outcome.json["files"]
    assert len(file["fixed"]) == 6
    assert {"rule": "json-syntax", "title": "remove the comma"} in file["fixed"]
    left = [d["rule"] for d in file["diagnostics"] if d["severity"] == "error"]
    assert left
    assert outcome.code == 1
    again = krakend_tui("check", "--format", "json", "k.json").json["files"][0]
    assert file["diagnostics"] == again["diagnostics"]


def test_a_second_time_nothing_is_written(krakend_tui, config: Path) -> None:
    krakend_tui("check", "--fix", "k.json")
    before = written(config)
    krakend_tui("check", "--fix", "k.json")
    assert written(config) == before


def test_diff_shows_and_writes_nothing(krakend_tui, config: Path) -> None:
    before = written(config)
    outcome = krakend_tui("check", "--diff", "--fix", "k.json")
    assert written(config) == before
    assert not (config.parent / "state").exists()
    assert '+ "plugin": {"pattern": ".so",   "folder": "./plugins/"},' in outcome.out
    assert '- "plugin": {"pattern": "*.so",   "folder": "./plugins"},' in outcome.out
    assert outcome.code == 1


def test_diff_without_anything_to_fix(krakend_tui, config: Path) -> None:
    config.write_bytes(GOOD.encode())
    outcome = krakend_tui("check", "--diff", "k.json")
    assert outcome.out == ""
    assert "nothing" in outcome.err


def test_diff_is_text(krakend_tui, config: Path) -> None:
    assert krakend_tui("check", "--diff", "--format", "json", "k.json").code == 2


def test_only_the_rules_that_count_are_fixed(krakend_tui, config: Path) -> None:
    krakend_tui("check", "--fix", "--select", "plugin-folder-slash", "k.json")
    # A broken text is mended first: nothing else can be said of it.
    expected = BAD.replace('"./plugins"', '"./plugins/"').replace("},}", "}}")
    assert config.read_bytes() == expected.encode()


def test_a_file_that_cannot_be_saved_is_told_and_the_others_are_fixed(
    krakend_tui, config: Path
) -> None:
    # A new file would split hard links, and what is written in place is kept first.
    os.link(config, config.parent / "hard-link.json")
    (config.parent / "state").write_text("no folder")
    (config.parent / "other.json").write_bytes(BAD.encode())
    outcome = krakend_tui("check", "--fix", "k.json", "other.json")
    assert outcome.code == 3
    assert "k.json was not saved" in outcome.err
    assert config.read_bytes() == BAD.encode()
    assert (config.parent / "other.json").read_bytes() == GOOD.encode()


class _Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


def test_standard_input_is_a_config(krakend_tui, config: Path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(BAD.encode()))
    file = krakend_tui("check", "--format", "json", "-").json["files"][0]
    assert file["path"] == "-"
    assert [d["rule"] for d in file["diagnostics"]] == ["json-syntax"]


def test_standard_input_looks_for_plugins_in_the_working_directory(
    krakend_tui, config: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(GOOD.encode()))
    file = krakend_tui("check", "--format", "json", "-").json["files"][0]
    assert file["folder"] == {"path": str(config.parent / "plugins"), "status": "ok"}


def test_standard_input_can_be_shown_fixed_but_not_written(
    krakend_tui, config: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Input(BAD.encode()))
    assert '+ "plugin": {"pattern": ".so"' in krakend_tui("check", "--diff", "-").out
    assert krakend_tui("check", "--fix", "-").code == 2
    assert krakend_tui("check", "-", "-").code == 2


def test_a_file_called_minus_is_reachable(krakend_tui, config: Path) -> None:
    (config.parent / "-").write_text(json.dumps({"version": 2}))
    assert krakend_tui("check", "--format", "json", "./-").json["files"][0]["path"] == "./-"
