"""Names and types that we read from a plugin's bytes against those that lura is given."""

from __future__ import annotations

import base64
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine.compiled import MISBEHAVING, TEMPLATES, MisbehavingPlugins
from engine.judge import Crash, Judge, decode_all
from golang.building import PluginBuilder

from tui.krakend.registry import LoadedFile, Registry, Standing
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Status
from tui.krakend.scan import Scan
from tui.krakend.target import default_target
from tui.plugin.facts import Certainty, PluginFacts, PluginType
from tui.plugin.inspect import inspect_plugin
from tui.storage.folder import list_folder

WELL_BEHAVED = sorted(folder.name for folder in TEMPLATES.iterdir())
ODD = sorted(folder.name for folder in MISBEHAVING.iterdir())
# Where we state a registerer that lura does not get: it panics when it is called, which no
# reading of bytes can know.
STATED_IN_VAIN = {"panics.so"}

Names = dict[str, set[tuple[PluginType, str]]]


def start(judge: Judge, folder: Path, **config: Any) -> dict[str, Any]:
    path = folder.parent / "krakend.json"
    block = {"folder": f"./{folder.name}/", "pattern": ".so"}
    path.write_text(json.dumps({"version": 3, "plugin": block} | config))
    report = judge.run(path, folder.parent)
    assert not isinstance(report, Crash), report.stderr
    assert report["parse_error"] == ""
    return report


def registered(report: dict[str, Any]) -> Names:
    found: Names = defaultdict(set)
    for item in report["registered"]:
        name = base64.b64decode(item["file"]).decode()
        found[name].add((PluginType(item["type"]), item["name"]))
    return found


@pytest.fixture(scope="module", params=["symbols", "stripped"])
def folder(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    go_plugins: PluginBuilder,
    engine_plugins: MisbehavingPlugins,
) -> Path:
    """Every plugin of the tests, one file each. Two files of one module would not both load."""
    target = tmp_path_factory.mktemp(request.param) / "plugins"
    target.mkdir()
    strip = request.param == "stripped"
    flags = ("-ldflags=-s -w",) if strip else ()
    for name in WELL_BEHAVED:
        shutil.copyfile(go_plugins.build(name, *flags, strip=strip), target / f"{name}.so")
    for name in ODD:
        shutil.copyfile(engine_plugins.build(name, *flags), target / f"{name}.so")
    return target


@pytest.fixture(scope="module")
def truth(judge: Judge, folder: Path) -> Names:
    """What each file registers, by lura."""
    return registered(start(judge, folder))


def facts_of(folder: Path, wanted: frozenset[str] = frozenset()) -> dict[str, PluginFacts]:
    return {path.name: inspect_plugin(path.read_bytes(), wanted) for path in folder.iterdir()}


def test_the_engine_sees_the_plugins(truth: Names) -> None:
    assert truth["server_const.so"] == {(PluginType.SERVER, "server-const")}
    assert truth["computed.so"] == {(PluginType.SERVER, "test-")}
    assert len(truth["several.so"]) == 4
    for silent in ("no_registerer.so", "wrong_method.so", "panics.so"):
        assert truth[silent] == set()


def test_every_name_that_we_state_is_registered(folder: Path, truth: Names) -> None:
    sure = (Certainty.EXACT, Certainty.INITIAL_VALUE)
    stated = {
        (file, found.type, found.name)
        for file, facts in facts_of(folder).items()
        for found in facts.registerers
        if found.certainty in sure
    }
    in_vain = {file for file, type_, name in stated if (type_, name) not in truth[file]}
    assert in_vain == STATED_IN_VAIN
    assert len(stated) >= 10


UNUSABLE = {
    "wrong_method": "lacks the method RegisterHandlers: it has RegisterHandler",
    "old_signature": "RegisterHandlers has other parameters",
    "pointer_registerer": "HandlerRegisterer is a pointer",
    "interface_registerer": "HandlerRegisterer is a variable of an interface type",
    "function_registerer": "HandlerRegisterer is a function",
}


def test_a_registerer_of_another_type_is_told_in_the_words_of_lura(
    judge: Judge, folder: Path
) -> None:
    files = facts_of(folder)
    logs = [line["message"] for line in start(judge, folder)["logs"]]
    for name, words in UNUSABLE.items():
        facts = files[f"{name}.so"]
        assert (facts.registerers, facts.unusable) == ((), (PluginType.SERVER,)), name
        interface, *_ = requirements_of(facts, default_target())
        assert interface.status is Status.FAIL
        assert words in interface.message
        assert any(f"{name}.so" in line and interface.log_line in line for line in logs), name


def test_every_type_that_is_registered_is_stated(folder: Path, truth: Names) -> None:
    for file, facts in facts_of(folder).items():
        stated = {found.type for found in facts.registerers}
        given = {type_ for type_, _ in truth[file]}
        assert stated == given or (file in STATED_IN_VAIN and not given), file


def test_no_registered_name_is_called_unregistered(folder: Path, truth: Names) -> None:
    everything = frozenset(name for names in truth.values() for _, name in names)
    files = facts_of(folder, everything)
    for file, names in truth.items():
        # One file at a time: another one whose names are unknown would hide a mistake.
        alone = Registry([LoadedFile(file, files[file])])
        for type_, name in names:
            assert alone.verdict(type_, name).standing is not Standing.UNREGISTERED, (file, name)


def test_a_name_that_is_not_registered_is_never_called_registered(
    folder: Path, truth: Names
) -> None:
    wrong = ["nobody", "modifier-template", "server-const-request", "Server-Const", "server_const"]
    files = facts_of(folder, frozenset(wrong))
    registry = Registry([LoadedFile(file, facts) for file, facts in sorted(files.items())])
    for type_ in (PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER):
        for name in wrong:
            assert registry.verdict(type_, name).standing is not Standing.REGISTERED
            alone = Registry([LoadedFile("server_const.so", files["server_const.so"])])
            if type_ is PluginType.SERVER:
                assert alone.verdict(type_, name).standing is Standing.UNREGISTERED


def test_files_are_opened_in_our_order(judge: Judge, folder: Path) -> None:
    report = start(judge, folder)
    entries = Scan(list_folder(str(folder)), ".so").loaded_entries()
    assert decode_all(report["files"]) == [entry.name for entry in entries]


@pytest.fixture
def lay_out(
    tmp_path: Path, go_plugins: PluginBuilder, engine_plugins: MisbehavingPlugins
) -> Callable[[dict[str, str]], Path]:
    """Makes a folder: file name -> source folder of the plugin."""

    def make(wanted: dict[str, str]) -> Path:
        target = tmp_path / "plugins"
        target.mkdir()
        for file, source in wanted.items():
            built = (engine_plugins if source in ODD else go_plugins).build(source)
            shutil.copyfile(built, target / file)
        return target

    return make


def test_a_copy_of_a_file_registers_nothing(
    judge: Judge, lay_out: Callable[[dict[str, str]], Path]
) -> None:
    folder = lay_out({"a.so": "server_const", "z.so.bak": "server_const"})
    report = start(judge, folder)
    assert registered(report) == {"a.so": {(PluginType.SERVER, "server-const")}}
    assert any("plugin already loaded" in line["message"] for line in report["logs"])
    first, second = (facts for _, facts in sorted(facts_of(folder).items()))
    assert first.plugin_path == second.plugin_path == "example.com/plugins/server_const"


def test_of_two_files_with_one_name_the_later_wins(
    judge: Judge, lay_out: Callable[[dict[str, str]], Path]
) -> None:
    endpoint = {"endpoint": "/t", "backend": [{"host": ["http://h"], "url_pattern": "/b"}]}
    extra = {"plugin/http-server": {"name": ["server-b"]}}
    folder = lay_out({"a.so": "server_b", "b.so": "takes_name"})
    report = start(judge, folder, endpoints=[endpoint], extra_config=extra)
    assert [request["status"] for request in report["requests"]] == [418]


def test_what_cannot_be_opened_stops_nothing(
    judge: Judge, lay_out: Callable[[dict[str, str]], Path]
) -> None:
    folder = lay_out({"m.so": "server_const", "p.so": "panics"})
    (folder / "a.so").write_text("not a plugin\n")
    (folder / "b.so").symlink_to("nowhere")
    (folder / "c.so").touch()
    (folder / "d.so").mkdir()
    report = start(judge, folder)
    assert decode_all(report["files"]) == [b"a.so", b"b.so", b"c.so", b"m.so", b"p.so"]
    assert registered(report) == {"m.so": {(PluginType.SERVER, "server-const")}}
    logged = [line["message"] for line in report["logs"]]
    assert "[SERVICE: Handler Plugin] Total plugins loaded: 1" in logged
    assert any("p.so): boom in panics" in message for message in logged)
