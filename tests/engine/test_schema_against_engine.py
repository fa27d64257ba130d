"""What our schemas say of a fault against what the engine does with it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from engine.judge import Crash, Judge, ParseJudge
from golang.building import PluginBuilder

from tui.diagnostic import Severity
from tui.document.tree import JsonTree
from tui.schema.validate import validate

# An empty folder is a string like any other for the schema: a rule speaks about it.
ANY = [None, True, False, 1, 1.5, "", "x", [], ["x"], {}, {"x": 1}]
GOOD = {"folder": "./p/", "pattern": ".so"}


def worst(schema: str, value: Any) -> tuple[Severity | None, str]:
    """The worst severity of our schema's findings, and all messages."""
    root = JsonTree.parse(json.dumps(value)).root
    assert root is not None
    found = validate(schema, root, "")
    severities = sorted((d.severity for d in found), key=lambda severity: severity.rank)
    return (severities[0] if severities else None), " ".join(d.message for d in found)


BLOCKS = [
    *ANY,
    *({**GOOD, "folder": value} for value in ANY if value != ""),
    *({**GOOD, "pattern": value} for value in ANY),
    {"folder": "./p/"},
    {"pattern": ".so"},
    {**GOOD, "@comment": [], "unknown": 1},
]


@pytest.mark.parametrize("block", BLOCKS, ids=json.dumps)
def test_the_plugin_block(krakend_parse: ParseJudge, block: Any) -> None:
    answer = krakend_parse(json.dumps({"version": 3, "plugin": block}).encode())
    severity, messages = worst("plugin", block)
    assert ("does not start" in messages) == bool(answer["koanf"])
    if answer["koanf"]:
        assert severity is Severity.ERROR
        return
    loader = answer["plugin"]
    assert (severity is Severity.ERROR) == (loader is None or loader["Folder"] == "")
    if "reads it as the text" in messages:
        assert {loader["Folder"], loader["Pattern"]} & {"1", "1.5"}
    if "reads true as" in messages:
        assert {loader["Folder"], loader["Pattern"]} & {"0", "1"}


def entries(name: str) -> list[Any]:
    named = [{"name": value} for value in (*ANY, name, [name], [name, 1], [1, name], [[name]])]
    return [*named, {}, {"Name": [name]}, [], "x", None, 1]


def endpoint(number: int, backend: dict[str, Any], **keys: Any) -> dict[str, Any]:
    host = {"host": ["http://h"], "url_pattern": "/b"}
    return {"endpoint": f"/t{number}", "backend": [host | backend]} | keys


@pytest.fixture(scope="module")
def workdir(tmp_path_factory: pytest.TempPathFactory, go_plugins: PluginBuilder) -> Path:
    folder = tmp_path_factory.mktemp("schema")
    (folder / "p").mkdir()
    for source in ("server_const", "several", "modifier_plain"):
        shutil.copyfile(go_plugins.build(source), folder / "p" / f"{source}.so")
    return folder


def injected_at(judge: Judge, workdir: Path, config: dict[str, Any]) -> list[str]:
    path = workdir / "krakend.json"
    path.write_text(json.dumps({"version": 3, "plugin": GOOD} | config))
    report = judge.run(path, workdir)
    assert not isinstance(report, Crash), report.stderr
    assert report["parse_error"] == ""
    return [event["pointer"] for event in report["injected"]]


def left_by_the_schema(schema: str, entry: Any, name: str) -> int:
    """How often `name` is injected when all that the schema calls an error is left out."""
    root = JsonTree.parse(json.dumps(entry)).root
    assert root is not None
    errors = {d.pointer for d in validate(schema, root, "") if d.severity is Severity.ERROR}
    if errors & {"", "/name"}:
        return 0
    names = entry["name"] if isinstance(entry["name"], list) else [entry["name"]]
    return sum(item == name and f"/name/{n}" not in errors for n, item in enumerate(names))


def test_server_entries(judge: Judge, workdir: Path) -> None:
    for entry in entries("server-const"):
        config = {"extra_config": {"plugin/http-server": entry}, "endpoints": [endpoint(0, {})]}
        left = left_by_the_schema("http-server", entry, "server-const")
        assert injected_at(judge, workdir, config) == [""] * left, entry


@pytest.mark.parametrize(
    ("schema", "name"),
    [("http-client", "several-client"), ("req-resp-modifier", "modifier-plain")],
)
def test_backend_entries(judge: Judge, workdir: Path, schema: str, name: str) -> None:
    cases = entries(name)
    endpoints = [
        endpoint(number, {"extra_config": {f"plugin/{schema}": entry}})
        for number, entry in enumerate(cases)
    ]
    pointers = injected_at(judge, workdir, {"endpoints": endpoints})
    for number, entry in enumerate(cases):
        left = left_by_the_schema(schema, entry, name)
        assert pointers.count(f"/endpoints/{number}/backend/0") == left, entry
