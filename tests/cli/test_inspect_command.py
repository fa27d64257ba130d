"""`krakend-tui inspect`: its contract, and its verdicts about compiled plugins."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from golang.workshop import EXTRA, NEW, OLD, SHARED, Workshop, opened

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType

Run = Callable[..., Any]
TOPICS = ["interface", "go-version", "platform", "libc", "imports", "registered", "injected"]


def plugin(run: Run, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
    outcome = run("inspect", "--format", "json", *arguments)
    assert outcome.code == code, outcome
    (found,) = outcome.json["plugins"]
    return found


def status(found: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["status"] for row in found["requirements"]}


def row(found: dict[str, Any], topic: str) -> dict[str, Any]:
    return next(row for row in found["requirements"] if row["id"] == topic)


def test_the_contract(krakend_tui: Run, workshop: Workshop) -> None:
    file = workshop.plugin("greets", modules={SHARED: OLD})
    outcome = krakend_tui("inspect", file, "--krakend", workshop.program(), "--format", "json")
    report = outcome.json
    assert outcome.code == 0
    assert report["schema_version"] == 1
    assert report["target_source"] == f"the binary {workshop.program()}"
    (found,) = report["plugins"]
    assert found["path"] == str(file)
    assert found["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert found["kind"] == "go-plugin"
    go = found["go"]
    assert (go["version"], go["goos"], go["goarch"]) == (f"go{workshop.go}", "linux", "amd64")
    assert go["cgo"] is True
    assert "-buildmode=plugin" in go["flags"]
    assert go["module"] == "example.com/loading/greets"
    assert go["modules"] == {SHARED: OLD}
    assert found["libc"]["family"] == "glibc"
    assert found["libc"]["needs"].startswith("GLIBC_2.")
    assert found["registerers"] == [{"type": "http-server", "name": "greets", "certainty": "exact"}]
    assert [row["id"] for row in found["requirements"]] == TOPICS
    for requirement in found["requirements"]:
        assert requirement.keys() == {
            *("id", "status", "have", "want", "message", "log_line", "fix")
        }
    assert status(found) == dict.fromkeys(TOPICS[:5], "pass") | {
        "registered": "not-asked",
        "injected": "not-asked",
    }
    prediction = found["prediction"]
    assert (prediction["outcome"], prediction["package"]) == ("loads", None)
    assert prediction["basis"] == "fingerprints"


def test_modules_are_those_of_go_version_m(krakend_tui: Run, workshop: Workshop) -> None:
    file = workshop.plugin("greets", "-trimpath", modules={SHARED: NEW})
    done = workshop.builder.toolchain.run("version", "-m", str(file), cwd=file.parent)
    lines = done.stdout.splitlines()
    go = plugin(krakend_tui, file, "--krakend", workshop.program(), code=1)["go"]
    told = [line.split("\t")[1:] for line in lines[1:]]
    assert lines[0].endswith(f": {go['version']}")
    assert go["modules"] == {cells[1]: cells[2] for cells in told if cells[0] == "dep"}
    assert ["mod", go["module"], go["module_version"]] in [cells[:3] for cells in told]
    settings = {cells[1] for cells in told if cells[0] == "build"}
    assert "-trimpath=true" in settings
    assert "-trimpath" in go["flags"]


@pytest.mark.parametrize("strip", [False, True], ids=["symbols", "stripped"])
def test_another_dependency_version(krakend_tui: Run, workshop: Workshop, strip: bool) -> None:
    flags = ("-ldflags=-s -w",) if strip else ()
    file = workshop.plugin("greets", *flags, modules={SHARED: NEW}, strip=strip)
    found = plugin(krakend_tui, file, "--krakend", workshop.program(), code=1)
    imports = row(found, "imports")
    assert [name for name, state in status(found).items() if state == "fail"] == ["imports"]
    assert (imports["have"], imports["want"]) == (f"{SHARED} {NEW}", f"{SHARED} {OLD}")
    assert imports["fix"].splitlines() == [f"go get {SHARED}@{OLD}", "go mod tidy"]
    (real,) = opened(workshop.program(), [file])
    assert imports["log_line"] in real.error
    assert found["prediction"]["package"] == SHARED
    assert found["elf"]["stripped"] is strip


def test_a_version_that_makes_no_difference_passes(krakend_tui: Run, workshop: Workshop) -> None:
    file = workshop.plugin("speaks", modules={SHARED: NEW})
    found = plugin(krakend_tui, file, "--krakend", workshop.program())
    assert row(found, "imports")["status"] == "pass"
    assert SHARED in row(found, "imports")["message"]


def test_other_build_flags(krakend_tui: Run, workshop: Workshop) -> None:
    file = workshop.plugin("greets", "-trimpath", modules={SHARED: OLD})
    imports = row(plugin(krakend_tui, file, "--krakend", workshop.program(), code=1), "imports")
    assert (imports["status"], imports["have"]) == ("fail", "-trimpath")
    assert imports["log_line"].endswith("package internal/goarch")
    plain = workshop.plugin("greets", modules={SHARED: OLD})
    program = workshop.program("-trimpath")
    imports = row(plugin(krakend_tui, plain, "--krakend", program, code=1), "imports")
    assert imports["want"] == "-trimpath"
    assert " -trimpath " in imports["fix"]


def test_another_go(krakend_tui: Run, workshop: Workshop, other_workshop: Workshop) -> None:
    file = other_workshop.plugin("greets", modules={SHARED: OLD})
    found = plugin(krakend_tui, file, "--krakend", workshop.program(), code=1)
    version = row(found, "go-version")
    assert (version["have"], version["want"]) == (other_workshop.go, workshop.go)
    assert version["status"] == "fail"
    assert f"GOTOOLCHAIN=go{workshop.go}" in version["fix"]
    (real,) = opened(workshop.program(), [file])
    assert real.died
    assert version["log_line"] in real.error
    assert found["prediction"]["outcome"] == "crashes"


def test_an_arm64_plugin(
    krakend_tui: Run, workshop: Workshop, arm64_compiler: dict[str, str]
) -> None:
    file = workshop.plugin("adds", modules={EXTRA: OLD}, environment=arm64_compiler)
    found = plugin(krakend_tui, file, "--krakend", workshop.program(), code=1)
    platform = row(found, "platform")
    assert (platform["status"], platform["have"]) == ("fail", "linux/arm64")
    assert platform["want"] == "linux/amd64"
    assert found["libc"]["family"] == "glibc"
    assert row(plugin(krakend_tui, file, "--krakend", "2.13", code=1), "platform")["status"] == (
        "pass"
    )


def test_musl_and_glibc(
    krakend_tui: Run, workshop: Workshop, musl_compiler: dict[str, str]
) -> None:
    glibc = workshop.plugin("adds", modules={EXTRA: OLD})
    musl = workshop.plugin("adds", modules={EXTRA: OLD}, environment=musl_compiler)
    for file, libc, state in (
        (glibc, "glibc", "pass"),
        (glibc, "musl", "fail"),
        (musl, "musl", "pass"),
        (musl, "glibc", "fail"),
        (musl, None, "unknown"),
    ):
        given = ("--libc", libc) if libc else ()
        arguments = (file, "--krakend", "ee-2.13", *given)
        found = plugin(krakend_tui, *arguments, code=int(state == "fail"))
        assert row(found, "libc")["status"] == state
    assert (
        "-linux-generic"
        in row(plugin(krakend_tui, musl, "--krakend", "2.13", "--libc", "glibc", code=1), "libc")[
            "fix"
        ]
    )
    refused = plugin(krakend_tui, musl, "--krakend", workshop.program(), code=1)
    assert row(refused, "libc")["status"] == "fail"


def test_a_release_compares_versions_and_says_that_it_is_weaker(
    krakend_tui: Run, tmp_path: Path
) -> None:
    file = tmp_path / "auth.so"
    demo = DemoPlugin("example.com/auth", {PluginType.SERVER: "auth"}, go_version="go1.25.12")
    file.write_bytes(write_plugin(demo))
    found = plugin(krakend_tui, file, "--krakend", "2.13.8")
    assert found["prediction"]["outcome"] == "unknown"
    assert found["prediction"]["basis"] == "versions"
    found = plugin(krakend_tui, file, "--krakend", "2.12.0", code=1)
    assert row(found, "go-version")["want"] == "1.25.3"
    assert found["prediction"]["basis"] == "versions"


def test_enterprise_has_no_public_versions(krakend_tui: Run, sandbox: Path) -> None:
    file = sandbox.parent / "plugins" / "auth.so"
    found = plugin(krakend_tui, file, "--krakend", "ee-2.13")
    assert row(found, "imports")["status"] == "unknown"
    assert row(found, "go-version")["status"] == "unknown"
    assert krakend_tui("inspect", file, "--krakend", "ee-2.13", "--strict").code == 1


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"no plugin\n", "text"),
        (b"<!doctype html><html>404</html>", "html"),
        (b"\x1f\x8b\x08", "gzip"),
        (bytes.fromhex("cffaedfe0c000001"), "macho"),
        (b"MZ\x90\x00\x03", "pe"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "elf"),
        (b"\x00\x01\x02", "data"),
    ],
)
def test_what_is_no_plugin(krakend_tui: Run, tmp_path: Path, data: bytes, kind: str) -> None:
    file = tmp_path / "x.so"
    file.write_bytes(data)
    found = plugin(krakend_tui, file, "--krakend", "2.13", code=1)
    assert (found["kind"], found["go"], found["registerers"]) == (kind, None, [])
    assert found["problem"]
    interface = row(found, "interface")
    assert interface["status"] == "fail"
    assert interface["log_line"]
    assert found["problem"] in interface["message"]


def test_a_config_tells_where_a_file_is_loaded_and_used(krakend_tui: Run, sandbox: Path) -> None:
    plugins = sandbox.parent / "plugins"
    arguments = ("--krakend", "ee-2.13", "--config", sandbox)
    found = plugin(krakend_tui, plugins / "auth.so", *arguments)
    assert row(found, "registered")["status"] == "pass"
    assert row(found, "injected")["have"] == "service"
    found = plugin(krakend_tui, plugins / "README.md", *arguments, code=1)
    assert row(found, "registered")["status"] == "fail"
    elsewhere = sandbox.parent / "auth.so"
    shutil.copy(plugins / "auth.so", elsewhere)
    found = plugin(krakend_tui, elsewhere, *arguments, code=1)
    assert "not in the plugin folder" in row(found, "registered")["message"]


def test_files_of_one_folder(krakend_tui: Run, workshop: Workshop, tmp_path: Path) -> None:
    sources = {
        "a.so": workshop.plugin("adds", modules={EXTRA: OLD}),
        "b.so": workshop.plugin("adds", modules={EXTRA: NEW}),
        "c.so": workshop.plugin("adds", modules={EXTRA: NEW}, path="example.com/c"),
    }
    files = []
    for name, source in sources.items():
        files.append(tmp_path / name)
        shutil.copy(source, files[-1])
    outcome = krakend_tui("inspect", *files, "--krakend", workshop.program(), "--format", "json")
    first, second, third = outcome.json["plugins"]
    assert outcome.code == 0
    assert any("plugin already loaded" in note for note in second["notes"])
    assert any(f"differ in package {EXTRA}" in note for note in third["notes"])
    assert any("both register req-resp-modifier adds" in note for note in third["notes"])
    assert first["notes"]


def test_what_a_folder_makes_of_it_counts_with_a_config(
    krakend_tui: Run, workshop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "plugins").mkdir()
    first, second = tmp_path / "plugins" / "a.so", tmp_path / "plugins" / "b.so"
    shutil.copy(workshop.plugin("adds", modules={EXTRA: OLD}), first)
    shutil.copy(workshop.plugin("adds", modules={EXTRA: NEW}, path="example.com/b"), second)
    config = tmp_path / "krakend.json"
    config.write_text('{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"}}')
    arguments = ("--krakend", workshop.program(), "--config", config)
    found = plugin(krakend_tui, second, *arguments, code=1)
    assert (found["prediction"]["outcome"], found["prediction"]["package"]) == ("refused", EXTRA)
    assert "a.so" in row(found, "imports")["message"]
    _, real = opened(workshop.program(), [first, second])
    assert row(found, "imports")["log_line"] in real.error


def test_a_file_that_cannot_be_read(krakend_tui: Run, sandbox: Path) -> None:
    good = sandbox.parent / "plugins" / "auth.so"
    outcome = krakend_tui("inspect", good, "nowhere.so", sandbox.parent)
    assert outcome.code == 3
    assert "nowhere.so: it does not exist" in outcome.err
    assert "not a regular file" in outcome.err
    assert "auth.so: a Go plugin" in outcome.out
    report = krakend_tui("inspect", "nowhere.so", "--format", "json").json
    assert report["plugins"][0].keys() == {"path", "error"}


@pytest.mark.parametrize("which", ["/bin/true", "/nowhere/krakend", "{sandbox}", "{plugin}"])
def test_what_is_no_program_to_compare_with(krakend_tui: Run, sandbox: Path, which: str) -> None:
    file = sandbox.parent / "plugins" / "auth.so"
    which = which.format(sandbox=sandbox, plugin=file)
    outcome = krakend_tui("inspect", file, "--krakend", which)
    assert outcome.code == 2
    assert which in outcome.err
    assert "Give a krakend binary" in outcome.err


def test_the_krakend_on_path_is_what_is_meant(
    krakend_tui: Run, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workshop.plugin("greets", modules={SHARED: OLD})
    shutil.copy(workshop.program(), tmp_path / "krakend")
    monkeypatch.setenv("PATH", str(tmp_path))
    report = krakend_tui("inspect", file, "--format", "json").json
    assert str(tmp_path / "krakend") in report["target_source"]
    assert report["plugins"][0]["prediction"]["basis"] == "fingerprints"
    # For a file that is none, the newest release stands in.
    (tmp_path / "krakend").write_text("#!/bin/sh\nexit 1\n")
    report = krakend_tui("inspect", file, "--format", "json").json
    assert report["target_source"] == "the newest 2.x Community release"


def test_text_names_what_to_do(krakend_tui: Run, workshop: Workshop) -> None:
    file = workshop.plugin("greets", modules={SHARED: NEW})
    outcome = krakend_tui("inspect", file, "--krakend", workshop.program())
    assert f"FAIL imports     have {SHARED} {NEW}\n" in outcome.out
    assert f"$ go get {SHARED}@{OLD}\n" in outcome.out
    assert f"log: plugin was built with a different version of package {SHARED}" in outcome.out
    assert "It is not KrakenD" in outcome.out


def test_nothing_raw_reaches_the_terminal(krakend_tui: Run, tmp_path: Path) -> None:
    evil = "evil\x1b]52;c;aGk=\x07\u202e"
    file = tmp_path / "\x1b[31mx.so"
    file.write_bytes(
        write_plugin(DemoPlugin("example.com/x", {PluginType.SERVER: evil}, go_version="go\x1b[2J"))
    )
    outcome = krakend_tui("inspect", file, "--krakend", "2.13")
    assert "\x1b" not in outcome.out + outcome.err
    assert "\u202e" not in outcome.out
    outcome = krakend_tui("inspect", file, "--krakend", "2.13", "--format", "json")
    assert outcome.json["plugins"][0]["registerers"][0]["name"] == evil
    assert "\x1b" not in outcome.out
