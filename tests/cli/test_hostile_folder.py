"""Plugin folders and schemas that nobody wishes for: listed, named, never opened, never waited
for; and nothing outside the config, the folder and the schema paths is read, run or asked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from storage.system_calls import need_strace

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType

PATIENCE = 60.0
"""Seconds after which a command counts as blocked; no test takes its time from it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A config with one plugin `auth`, whose settings are in its block; its plugin folder."""
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    plugin = DemoPlugin(path="example.com/auth", values={PluginType.SERVER: "auth"})
    (plugins / "auth.so").write_bytes(write_plugin(plugin))
    entry = {"name": ["auth"], "auth": {"a": "a" * 40 + "!", "deep": [[[[1]]]]}}
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./plugins/"},
        "extra_config": {"plugin/http-server": entry},
    }
    (tmp_path / "krakend.json").write_text(json.dumps(config))
    return plugins


def run(folder: Path, *arguments: str) -> Any:
    """A command's JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", *arguments, "--format", "json", "krakend.json"],
        cwd=folder.parent,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert b"internal error" not in done.stderr, done.stderr
    return json.loads(done.stdout)


def test_entries_that_block_are_listed_and_not_opened(folder: Path) -> None:
    os.mkfifo(folder / "fifo.so")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(folder / "socket.so"))
    (folder / "zero.so").touch()
    (folder / "device.so").symlink_to("/dev/zero")
    (folder / "terminal.so").symlink_to("/dev/tty")
    (folder / "dangling.so").symlink_to("nowhere")
    (folder / "loop.so").symlink_to("loop.so")
    (folder / "fifolink.so").symlink_to("fifo.so")
    (folder / "self.so").symlink_to(".")
    (folder / "memory.so").symlink_to("/proc/self/mem")
    with (folder / "sparse.so").open("wb") as sparse:
        sparse.truncate(4 << 30)
    (folder / "closed.so").write_bytes(b"x")
    (folder / "closed.so").chmod(0)
    (folder / "inner.so").mkdir()
    listed = run(folder, "scan")["entries"]
    assert {entry["name"] for entry in listed} == set(os.listdir(folder))
    kinds = {entry["name"]: entry["kind"] for entry in listed}
    assert kinds["fifo.so"] == "fifo"
    assert kinds["socket.so"] == "socket"
    assert kinds["loop.so"] == "symlink"
    names = {e["name"]: [r["name"] for r in e["registerers"]] for e in listed if e["registerers"]}
    assert names == {"auth.so": ["auth"]}
    assert run(folder, "check")["files"][0]["error"] is None


SLOW = {"anyOf": [{"properties": {"deep": {"$ref": "#/$defs/x"}}}], "$defs": {"x": {"$ref": "#"}}}
BOMB = {
    "$defs": {"d0": {"type": "string"}}
    | {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n - 1}"}] * 10} for n in range(1, 12)},
    "properties": {"a": {"$ref": "#/$defs/d11"}},
}
SCHEMAS: dict[str, Any] = {
    "remote reference": {"$ref": "http://127.0.0.1:PORT/schema.json"},
    "remote dialect": {"$schema": "http://127.0.0.1:PORT/dialect", "type": "object"},
    "remote base": {"$id": "http://127.0.0.1:PORT/", "$ref": "other.json"},
    "file reference": {"$ref": "file:///etc/passwd"},
    "relative reference": {"$ref": "../krakend.json"},
    "endless reference": {"$ref": "#"},
    "endless in a circle": SLOW,
    "exponential": BOMB,
    "catastrophic pattern": {"properties": {"a": {"pattern": "^(a+)+$"}}},
    "catastrophic backreference": {"properties": {"a": {"pattern": "^(?:(a+)\\1?)+c$"}}},
    "catastrophic key pattern": {"patternProperties": {"^(a|a)*$": False}},
    "no pattern": {"properties": {"a": {"pattern": "("}}},
    "a list": [],
    "a string": "text",
    "null": None,
    "wrong type": {"type": "strnig"},
    "wrong keyword": {"properties": []},
}
BROKEN: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "NUL": b"\0" * 100,
    "deep": b'{"not":' * 50_000,
    "large": b'{"title": "' + b"x" * (2 << 20) + b'"}',
}
USABLE = {
    "remote dialect",
    "endless in a circle",
    "catastrophic pattern",
    "catastrophic key pattern",
}
"""What judges this block all the same: the engine of the patterns needs no backtracking there."""


@pytest.mark.parametrize("name", [*SCHEMAS, *BROKEN])
def test_a_hostile_schema_is_a_finding(name: str, folder: Path, unfetched: int) -> None:
    schema = b""
    if name in SCHEMAS:
        schema = json.dumps(SCHEMAS[name]).replace("PORT", str(unfetched)).encode()
    (folder / "auth.schema.json").write_bytes(schema or BROKEN[name])
    report = run(folder, "check")["files"][0]
    assert report["error"] is None
    rules = {finding["rule"] for finding in report["diagnostics"]}
    assert "schema-unusable" in rules or name in USABLE, report["diagnostics"]


def test_a_schema_that_is_a_fifo_or_a_loop_does_not_block(folder: Path) -> None:
    os.mkfifo(folder / "auth.schema.json")
    assert run(folder, "check")["files"][0]["error"] is None
    (folder / "auth.schema.json").unlink()
    (folder / "auth.schema.json").symlink_to("auth.schema.json")
    assert run(folder, "check")["files"][0]["error"] is None


def test_a_config_makes_nothing_be_run_or_read(folder: Path, tmp_path: Path) -> None:
    """Whatever its values name: only the config, the folder and the schemas are opened."""
    need_strace()
    secret = tmp_path / "secret.txt"
    secret.write_text("{}")
    script = tmp_path / "script.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    script.chmod(0o755)
    values = [
        str(secret),
        f"file://{secret}",
        f"../{secret.name}",
        f"@{secret}",
        f"$(cat {secret})",
    ]
    values += [str(script), f"`{script}`", f'{{{{ include "{secret}" }}}}', "http://127.0.0.1:9/x"]
    config = json.loads((tmp_path / "krakend.json").read_text())
    config |= {"$schema": str(secret), "$ref": str(secret), "include": values, "@comment": values}
    config["extra_config"] |= {"plugin/http-client": {"name": str(secret), str(secret): values}}
    config["endpoints"] = [{"endpoint": v, "backend": [{"host": [v]}]} for v in values]
    (tmp_path / "krakend.json").write_text(json.dumps(config))
    log = tmp_path / "log"
    command = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=execve,connect,open,openat"]
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [*command, sys.executable, "-m", "tui", "check", "krakend.json"],
        cwd=tmp_path,
        capture_output=True,
        env=environ,
        timeout=PATIENCE,
    )
    calls = log.read_text("utf-8", "replace").splitlines()
    assert [line for line in calls if "plugins" in line]
    assert not [line for line in calls if "secret.txt" in line or "script.sh" in line]
    assert len([line for line in calls if " execve(" in line or line.startswith("execve(")]) <= 1
    assert not [line for line in calls if "connect(" in line]
    assert not (tmp_path / "ran").exists()
