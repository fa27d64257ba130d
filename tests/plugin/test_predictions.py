"""What becomes of a file, predicted from bytes, against Go programs that really open it.

One process for each: what one file leaves behind decides about the next.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from golang.building import PluginBuilder
from golang.toolchain import CACHE
from golang.workshop import EXTRA, NEW, OLD, SHARED, Opened, Workshop, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_loader import check, facts_at, target_at

from tui.krakend.prediction import (
    ALREADY_LOADED,
    Basis,
    Outcome,
    Process,
    predict,
)
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Topic, failing
from tui.plugin.inspect import inspect_plugin

STRIPPED = "-ldflags=-s -w"
TRIMMED = "-trimpath"


# One file.


@pytest.mark.parametrize("strip", [False, True], ids=["symbols", "stripped"])
@pytest.mark.parametrize(
    ("name", "modules", "package"),
    [
        ("greets", {SHARED: OLD}, None),
        ("greets", {SHARED: NEW}, "example.com/shared"),
        ("speaks", {SHARED: NEW}, None),
        ("adds", {EXTRA: OLD}, None),
    ],
    ids=["the-same", "other-version", "other-version-of-another-package", "lacking-in-program"],
)
def test_module_versions(
    workshop: Workshop, name: str, modules: dict[str, str], package: str | None, strip: bool
) -> None:
    flags = (STRIPPED,) if strip else ()
    plugin = workshop.plugin(name, *flags, modules=modules, strip=strip)
    (prediction,) = check(workshop.program(), plugin)
    assert prediction.package == package
    assert prediction.basis is Basis.FINGERPRINTS
    assert prediction.outcome is (Outcome.REFUSED if package else Outcome.LOADS)


def test_a_stripped_program_tells_the_same(workshop: Workshop, tmp_path: Path) -> None:
    program = tmp_path / "stripped"
    shutil.copy(workshop.program(), program)
    subprocess.run(["strip", str(program)], check=True)
    for version, outcome in ((OLD, Outcome.LOADS), (NEW, Outcome.REFUSED)):
        (prediction,) = check(program, workshop.plugin("greets", modules={SHARED: version}))
        assert prediction.outcome is outcome


def test_the_program_may_be_the_newer_one(workshop: Workshop) -> None:
    program = workshop.program(shared=NEW)
    assert check(program, workshop.plugin("greets", modules={SHARED: OLD}))[0].package == SHARED
    assert check(program, workshop.plugin("greets", modules={SHARED: NEW}))[0].package is None


def test_trimpath_differs_in_a_package_of_go_itself(workshop: Workshop) -> None:
    plain, trimmed = (
        workshop.plugin("greets", *flags, modules={SHARED: OLD}) for flags in ((), (TRIMMED,))
    )
    (prediction,) = check(workshop.program(), trimmed)
    assert prediction.package == "internal/goarch"
    (prediction,) = check(workshop.program(TRIMMED), plain)
    assert prediction.package == "internal/goarch"
    assert check(workshop.program(TRIMMED), trimmed)[0].outcome is Outcome.LOADS


def test_another_go_kills_the_program(workshop: Workshop, other_workshop: Workshop) -> None:
    plugin = other_workshop.plugin("greets", modules={SHARED: OLD})
    (prediction,) = check(workshop.program(), plugin)
    assert prediction.outcome is Outcome.CRASHES
    assert prediction.log_line == "fatal error: runtime: no plugin module data"


def test_a_plugin_built_from_a_file(workshop: Workshop) -> None:
    plugin = workshop.plugin("greets", modules={SHARED: OLD}, package="main.go")
    assert check(workshop.program(), plugin)[0].outcome is Outcome.LOADS


def test_the_templates_load_in_the_loader_of_their_go(go_plugins: PluginBuilder) -> None:
    program = go_plugins.loader()
    target = target_at(program)
    for name in ("server_const", "modifier_template", "several", "no_registerer", "dotted.path"):
        plugin = go_plugins.build(name)
        assert predict(facts_at(plugin), target).outcome is Outcome.LOADS
        go_plugins.registered(plugin)  # asserts that it loads


def test_a_plugin_path_given_to_the_linker(go_plugins: PluginBuilder) -> None:
    plugin = go_plugins.build("server_var", "-ldflags=-pluginpath=shop/auth")
    prediction = predict(facts_at(plugin), target_at(go_plugins.loader()))
    assert prediction.outcome is Outcome.REFUSED
    assert prediction.log_line in go_plugins.refusal(plugin)


def compiled_c(folder: Path, compiler: str, *flags: str) -> Path:
    source = folder / "answer.c"
    source.write_text("int answer(void) { return 42; }\n")
    target = folder / f"{compiler}.so"
    subprocess.run([compiler, "-shared", "-fPIC", *flags, "-o", target, source], check=True)
    return target


def test_what_is_no_plugin(workshop: Workshop, tmp_path: Path) -> None:
    greets = workshop.plugin("greets", modules={SHARED: OLD})
    whole = greets.read_bytes()
    contents = {
        "empty": b"",
        "text": b"no plugin\n",
        "long text": b"no plugin at all, and long enough for a header\n" * 3,
        "html": b"<!doctype html><html><body>404 Not Found</body></html>" * 3,
        "gzip": b"\x1f\x8b" + bytes(100),
        "mach-o": bytes.fromhex("cffaedfe") + bytes(100),
        "pe": b"MZ" + bytes(100),
        "32 bit": whole[:4] + b"\x01" + whole[5:],
        "magic": whole[:4],
        "half a header": whole[:40],
        "header": whole[:64],
        "program headers": whole[:100],
        "cut early": whole[:5000],
        "half": whole[: len(whole) // 2],
        "other machine": whole[:18] + struct.pack("<H", 183) + whole[20:],
    }
    for name, data in contents.items():
        file = tmp_path / f"{name}.so"
        file.write_bytes(data)
        check(workshop.program(), file)
    check(workshop.program(), workshop.program())
    check(workshop.program(), Path("/bin/true").resolve())
    assert check(workshop.program(), compiled_c(tmp_path, "gcc"))[0].outcome is Outcome.CRASHES


def test_only_what_is_mapped_must_be_there(workshop: Workshop, tmp_path: Path) -> None:
    data = workshop.plugin("greets", modules={SHARED: OLD}).read_bytes()
    file = tmp_path / "cut.so"
    file.write_bytes(data[:-64])
    # It does load, but without its section table its symbols cannot be read here.
    assert opened(workshop.program(), [file]) == [Opened("")]
    prediction = predict(inspect_plugin(data[:-64]), target_at(workshop.program()))
    assert prediction.outcome is Outcome.UNKNOWN


def test_an_arm64_plugin(
    workshop: Workshop, arm64_compiler: dict[str, str], tmp_path: Path
) -> None:
    plugin = workshop.plugin("adds", modules={EXTRA: OLD}, environment=arm64_compiler)
    (prediction,) = check(workshop.program(), plugin)
    assert prediction.outcome is Outcome.REFUSED
    assert "AArch64" in prediction.because


def test_a_plugin_for_musl(workshop: Workshop, musl_compiler: dict[str, str]) -> None:
    plugin = workshop.plugin("adds", modules={EXTRA: OLD}, environment=musl_compiler)
    facts = facts_at(plugin)
    assert (facts.libc.family, facts.libc.needs) == ("musl", None)
    target = target_at(workshop.program())
    assert target.program is not None
    assert target.program.libc.family == "glibc"
    prediction = predict(facts, target)
    assert prediction.outcome is Outcome.REFUSED
    (real,) = opened(workshop.program(), [plugin])
    assert "libc.so" in real.error


def test_a_plugin_that_needs_a_library_of_its_own(workshop: Workshop) -> None:
    # Always at the same place: the linker's flags tell one build from another.
    folder = CACHE / "libanswer"
    folder.mkdir(exist_ok=True)
    compiled_c(folder, "gcc").replace(folder / "libanswer.so")
    plugin = workshop.plugin("answers", f"-ldflags=-extldflags=-L{folder}", modules={})
    prediction = predict(facts_at(plugin), target_at(workshop.program()))
    assert prediction.outcome is Outcome.UNKNOWN
    assert "libanswer.so" in prediction.because
    (real,) = opened(workshop.program(), [plugin])
    assert prediction.log_line in real.error
    found = opened(workshop.program(), [plugin], {"LD_LIBRARY_PATH": str(folder)})
    assert found == [Opened("")]


@pytest.mark.parametrize("mode", ["exe", "pie"])
def test_a_go_library_that_is_no_plugin(
    workshop: Workshop, go_plugins: PluginBuilder, mode: str
) -> None:
    program = workshop.program(f"-buildmode={mode}")
    library = go_plugins.build("server_const", mode="c-shared")
    greets = workshop.plugin("greets", modules={SHARED: OLD})
    assert check(program, library)[0].outcome is Outcome.CRASHES
    assert check(program, greets, library)[1].log_line == ALREADY_LOADED


# Several files.


def test_two_plugins_that_disagree_on_what_the_program_lacks(workshop: Workshop) -> None:
    old, new = (
        workshop.plugin("adds", modules={EXTRA: version}, path=f"example.com/{version}")
        for version in (OLD, NEW)
    )
    for first, second in ((old, new), (new, old)):
        one, two = check(workshop.program(), first, second)
        assert one.outcome is Outcome.LOADS
        assert (two.outcome, two.package) == (Outcome.REFUSED, EXTRA)
        assert first.name in two.because


def test_after_another_go_nothing_is_loaded_any_more(
    workshop: Workshop, other_workshop: Workshop
) -> None:
    first = workshop.plugin("adds", modules={EXTRA: OLD})
    foreign = other_workshop.plugin("speaks", modules={SHARED: OLD})
    last = workshop.plugin("greets", modules={SHARED: OLD})
    found = check(workshop.program(), first, foreign, last)
    assert [prediction.log_line for prediction in found] == ["", ALREADY_LOADED, ALREADY_LOADED]
    target = target_at(workshop.program())
    for file, prediction in zip((foreign, last), found[1:], strict=True):
        rows = failing(requirements_of(facts_at(file), target, prediction=prediction))
        assert rows
        assert rows[0].log_line == ALREADY_LOADED
        assert rows[0].topic is (Topic.GO_VERSION if file is foreign else Topic.INTERFACE)


@pytest.fixture(scope="session")
def pool(
    workshop: Workshop, other_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory
) -> list[Path]:
    """Files of every kind that leaves something behind in the process."""
    folder = tmp_path_factory.mktemp("pool")
    text = folder / "text.so"
    text.write_text("no plugin\n")
    return [
        workshop.plugin("greets", modules={SHARED: OLD}),
        workshop.plugin("greets", modules={SHARED: NEW}, path="example.com/greets-new"),
        workshop.plugin("greets", modules={SHARED: OLD}, package="main.go"),
        workshop.plugin("speaks", modules={SHARED: OLD}),
        workshop.plugin("speaks", modules={SHARED: NEW}, path="example.com/speaks-new"),
        workshop.plugin("adds", modules={EXTRA: OLD}),
        workshop.plugin("adds", modules={EXTRA: NEW}, path="example.com/adds-new"),
        workshop.plugin("adds", STRIPPED, modules={EXTRA: NEW}, strip=True),
        other_workshop.plugin("speaks", modules={SHARED: OLD}, path="example.com/other-go"),
        compiled_c(folder, "gcc"),
        text,
    ]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_files_in_any_order(workshop: Workshop, pool: list[Path], data: st.DataObject) -> None:
    files = data.draw(st.lists(st.sampled_from(pool), min_size=2, max_size=6, unique=True))
    check(workshop.program(), *files)


def test_the_second_with_one_path_is_told_the_first(workshop: Workshop) -> None:
    old, new = (workshop.plugin("adds", modules={EXTRA: version}) for version in (OLD, NEW))
    process = Process(target_at(workshop.program()), None)
    first, second = process.open(facts_at(old), "a.so"), process.open(facts_at(new), "z.so")
    assert first.outcome is Outcome.LOADS
    assert (second.log_line, second.twin) == (ALREADY_LOADED, "a.so")
    assert "its plugin path example.com/loading/adds is that of a.so" in second.because
