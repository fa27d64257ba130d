"""A plugin's own schema: where it is looked for, what it finds, and how it can be broken."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tui.diagnostic import Diagnostic, Severity
from tui.document.tree import JsonTree
from tui.gather import Gatherer
from tui.krakend.target import default_target
from tui.options import Options
from tui.schema.plugin_schema import RULE_OWN
from tui.schema.validate import RULE_UNUSABLE
from tui.workspace.analyser import analyse

SCHEMA = {"type": "object", "required": ["realm"], "properties": {"realm": {"type": "string"}}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / "plugins").mkdir()
    (tmp_path / ".config/krakend-tui/schemas").mkdir(parents=True)
    return tmp_path


def found(home: Path, entry: object, namespace: str = "http-server") -> Sequence[Diagnostic]:
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./plugins/"},
        "extra_config": {f"plugin/{namespace}": entry},
    }
    if namespace != "http-server":
        config["endpoints"] = [
            {"endpoint": "/x", "backend": [], "extra_config": config.pop("extra_config")}
        ]
    gatherer = Gatherer(Options(str(home), None, default_target()))
    tree = JsonTree.parse(json.dumps(config, indent=2))
    judged = analyse(gatherer.snapshot(tree)).diagnostics
    return [found for found in judged if found.rule in (RULE_OWN, RULE_UNUSABLE)]


def beside(home: Path, name: str, schema: object) -> None:
    (home / "plugins" / f"{name}.schema.json").write_text(json.dumps(schema))


def in_home(home: Path, name: str, schema: object) -> None:
    path = home / f".config/krakend-tui/schemas/{name}.schema.json"
    path.write_text(json.dumps(schema))


WRONG = {"name": ["auth"], "auth": {"realm": 7}}


def test_the_schema_beside_the_plugin_judges_its_own_block(home: Path) -> None:
    beside(home, "auth", SCHEMA)
    (finding,) = found(home, {**WRONG, "other": {"realm": 7}})
    assert finding.pointer == "/extra_config/plugin~1http-server/auth/realm"
    assert finding.severity is Severity.WARNING
    assert "must be a string, but is a number" in finding.message
    assert "auth.schema.json in the plugin folder" in finding.message
    assert found(home, {"name": ["auth"], "auth": {"realm": "x"}}) == []
    assert [f.pointer for f in found(home, {"name": ["auth"], "auth": {}})] == [
        "/extra_config/plugin~1http-server/auth"
    ]


def test_the_users_own_folder_is_second(home: Path) -> None:
    in_home(home, "auth", SCHEMA)
    (finding,) = found(home, WRONG)
    assert "auth.schema.json in ~/.config/krakend-tui/schemas" in finding.message
    beside(home, "auth", True)
    assert found(home, WRONG) == []


def test_the_config_folder_may_be_elsewhere(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "etc"))
    folder = tmp_path / "etc/krakend-tui/schemas"
    folder.mkdir(parents=True)
    (folder / "auth.schema.json").write_text(json.dumps(SCHEMA))
    (finding,) = found(home, WRONG)
    assert "auth.schema.json in ~/etc/krakend-tui/schemas" in finding.message


@pytest.mark.parametrize("file", ["trim", "trim-request", "trim-response"])
@pytest.mark.parametrize("block", ["trim", "trim-request"])
def test_a_modifier_has_one_schema_by_its_stem_or_a_half(home: Path, file: str, block: str) -> None:
    beside(home, file, SCHEMA)
    entry = {"name": ["trim-request", "trim-response"], block: {"realm": 7}}
    assert [f.rule for f in found(home, entry, "req-resp-modifier")] == [RULE_OWN]


BROKEN = {
    "no JSON": (b'{"type": "object",}', "is no JSON (line 1, column 18: "),
    "not UTF-8": (b'{"type": "\xff"}', "is not UTF-8"),
    "no schema": (b'{"type": "objekt"}', "is no JSON Schema"),
    "a list": (b"[]", "is no JSON Schema"),
    "too deep": (b"[" * 5000 + b"]" * 5000, "auth.schema.json"),
    "another document": (b'{"$ref": "https://example.com/x.json"}', "nothing is fetched"),
    "a file": (b'{"$ref": "file:///etc/passwd"}', "nothing is fetched"),
    "too large": (b'{"x": "' + b"x" * 1_100_000 + b'"}', "too large to be a schema"),
    "no end": (b'{"$ref": "#"}', "refers to itself without end"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_schema_is_a_finding_in_words(home: Path, kind: str) -> None:
    data, words = BROKEN[kind]
    (home / "plugins/auth.schema.json").write_bytes(data)
    (finding,) = found(home, WRONG)
    assert finding.rule == RULE_UNUSABLE
    assert finding.message.startswith("Not checked: auth.schema.json in the plugin folder ")
    assert words in finding.message
    assert finding.pointer == "/extra_config/plugin~1http-server/auth"


def test_a_changed_schema_is_read_again(home: Path) -> None:
    gatherer = Gatherer(Options(str(home), None, default_target()))
    tree = JsonTree.parse(
        '{"version": 3, "plugin": {"pattern": ".so", "folder": "plugins"}, "extra_config":'
        ' {"plugin/http-server": {"name": ["auth"], "auth": {"realm": 7}}}}'
    )
    rules = [f.rule for f in analyse(gatherer.snapshot(tree)).diagnostics]
    assert RULE_OWN not in rules
    beside(home, "auth", SCHEMA)
    assert RULE_OWN in [f.rule for f in analyse(gatherer.snapshot(tree)).diagnostics]
    beside(home, "auth", {"description": "anything goes"})
    assert RULE_OWN not in [f.rule for f in analyse(gatherer.snapshot(tree)).diagnostics]


def test_what_is_no_file_is_not_opened(home: Path) -> None:
    import os

    os.mkfifo(home / "plugins/auth.schema.json")
    assert found(home, WRONG) == []
