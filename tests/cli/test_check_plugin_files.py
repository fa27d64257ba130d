"""`check` about the files themselves: compiled plugins against a program that opens plugins."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golang.workshop import EXTRA, NEW, OLD, SHARED, Workshop, opened

Run = Callable[..., Any]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config that asks for the plugin `greets`, with a plugin folder that is empty."""
    (tmp_path / "plugins").mkdir()
    path = tmp_path / "krakend.json"
    block = {"pattern": ".so", "folder": "./plugins/"}
    extra = {"plugin/http-server": {"name": ["greets"]}}
    path.write_text(json.dumps({"version": 3, "plugin": block, "extra_config": extra}, indent=1))
    return path


def put(config: Path, name: str, plugin: Path) -> Path:
    target = config.parent / "plugins" / name
    shutil.copy(plugin, target)
    return target


def findings(run: Run, config: Path, *arguments: str | Path) -> dict[str, dict[str, Any]]:
    report = run("check", config, "--format", "json", *arguments).json
    (file,) = report["files"]
    return {found["rule"]: found for found in file["diagnostics"]}


def test_a_file_that_loads_leaves_nothing_to_say(
    krakend_tui: Run, config: Path, workshop: Workshop
) -> None:
    put(config, "a.so", workshop.plugin("greets", modules={SHARED: OLD}))
    outcome = krakend_tui("check", config, "--krakend", workshop.program())
    assert outcome.out.startswith("no findings in 1 file, for the Go program ")


def test_a_refused_file_and_the_name_that_is_its_alone(
    krakend_tui: Run, config: Path, workshop: Workshop
) -> None:
    plugin = put(config, "a.so", workshop.plugin("greets", modules={SHARED: NEW}))
    found = findings(krakend_tui, config, "--krakend", workshop.program())
    assert set(found) == {"plugin-file-imports", "plugin-name-unregistered"}
    imports, name = found["plugin-file-imports"], found["plugin-name-unregistered"]
    assert (imports["pointer"], imports["severity"]) == ("/plugin/folder", "error")
    assert imports["message"].startswith("a.so: ")
    (real,) = opened(workshop.program(), [plugin])
    line = f"plugin was built with a different version of package {SHARED}"
    assert line in real.error
    assert line in imports["message"]
    assert '"greets" is registered only by a.so, which KrakenD does not load.' in name["message"]


def test_nobody_named_a_krakend(krakend_tui: Run, config: Path, workshop: Workshop) -> None:
    put(config, "a.so", workshop.plugin("greets", modules={SHARED: NEW}))
    assert findings(krakend_tui, config) == {}


def test_the_c_library_is_told_by_an_option(
    krakend_tui: Run, config: Path, workshop: Workshop
) -> None:
    put(config, "a.so", workshop.plugin("greets", modules={SHARED: OLD}))
    assert findings(krakend_tui, config, "--krakend", "ee-2.13") == {}
    assert findings(krakend_tui, config, "--krakend", "ee-2.13", "--libc", "glibc") == {}
    found = findings(krakend_tui, config, "--krakend", "ee-2.13", "--libc", "musl")
    assert set(found) == {"plugin-file-libc", "plugin-name-unregistered"}


def test_the_order_of_the_folder_counts(krakend_tui: Run, config: Path, workshop: Workshop) -> None:
    files = [
        put(config, "a.so", workshop.plugin("greets", modules={SHARED: OLD})),
        put(config, "b.so", workshop.plugin("adds", modules={EXTRA: OLD})),
        put(config, "c.so", workshop.plugin("adds", modules={EXTRA: NEW})),
        put(config, "d.so", workshop.plugin("adds", modules={EXTRA: NEW}, path="example.com/d")),
    ]
    (config.parent / "plugins" / "e.so").symlink_to("a.so")
    report = krakend_tui("check", config, "--format", "json", "--krakend", workshop.program()).json
    told = {
        found["rule"]: found["message"].partition(":")[0]
        for found in report["files"][0]["diagnostics"]
        if found["rule"].startswith("plugin-file")
    }
    assert told == {"plugin-file-already-loaded": "c.so", "plugin-file-imports": "d.so"}
    real = opened(workshop.program(), [*files, config.parent / "plugins" / "e.so"])
    assert [result.error == "" for result in real] == [True, True, False, False, True]
