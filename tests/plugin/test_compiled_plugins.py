"""The reader against really compiled plugins; what they register is asked of a Go host."""

import mmap
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from golang.building import PluginBuilder
from golang.toolchain import GoToolchain

from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType
from tui.plugin.inspect import inspect_plugin

SERVER, CLIENT, MODIFIER = PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER
EXACT, INITIAL = Certainty.EXACT, Certainty.INITIAL_VALUE
PASSED, UNKNOWN = Certainty.STRING_PRESENT, Certainty.UNKNOWN

Names = set[tuple[PluginType, str | None, Certainty]]

EXPECTED: dict[str, Names] = {
    "client_template": {(CLIENT, "client-template", EXACT)},
    "computed": {(SERVER, None, UNKNOWN)},
    "dotted.path": {(SERVER, "dotted-path", INITIAL)},
    "literal": {(CLIENT, "literal-in-function", PASSED)},
    "modifier_const": {
        (MODIFIER, "modifier-const-request", INITIAL),
        (MODIFIER, "modifier-const-response", INITIAL),
    },
    "modifier_own_suffix": {(MODIFIER, None, UNKNOWN)},
    "modifier_plain": {(MODIFIER, "modifier-plain", INITIAL)},
    "modifier_template": {
        (MODIFIER, "modifier-template-request", INITIAL),
        (MODIFIER, "modifier-template-response", INITIAL),
    },
    "no_registerer": set(),
    "other_var": {(CLIENT, "other-var", INITIAL)},
    "passed_var": {(CLIENT, "passed-var", INITIAL)},
    "pointer_method": {(CLIENT, "pointer-method", EXACT)},
    "server_const": {(SERVER, "server-const", EXACT)},
    "server_var": {(SERVER, "server-var", INITIAL)},
    "several": {
        (SERVER, "several-server", EXACT),
        (CLIENT, "several-client", EXACT),
        (MODIFIER, "several-modifier-request", INITIAL),
        (MODIFIER, "several-modifier-response", INITIAL),
    },
    "several_names": {
        (SERVER, "several-names", EXACT),
        (SERVER, "several-names-blue", PASSED),
        (SERVER, "several-names-green", PASSED),
    },
    "two_vars": {
        (SERVER, "two-vars-server", INITIAL),
        (CLIENT, "two-vars-client", INITIAL),
    },
}
READABLE = [
    source for source, names in EXPECTED.items() if names and all(name for _, name, _ in names)
]
LDFLAGS_STRIPPED = "-ldflags=-s -w"
UNOPTIMISED = "-gcflags=-N -l"


def facts_of(path: Path, wanted: Iterable[str] = ()) -> PluginFacts:
    return inspect_plugin(path.read_bytes(), tuple(wanted))


def without(facts: PluginFacts, *settings: str) -> PluginFacts:
    """The facts without what tells one build of the same sources from another."""
    kept = {key: value for key, value in facts.build.settings.items() if key not in settings}
    build = facts.build._replace(settings=kept)
    return facts._replace(build=build, is_stripped=False, size=0, sha256="")


def names_of(facts: PluginFacts) -> Names:
    return {(found.type, found.name, found.certainty) for found in facts.registerers}


@pytest.mark.parametrize("source", EXPECTED)
def test_names(go_plugins: PluginBuilder, source: str) -> None:
    facts = facts_of(go_plugins.build(source))
    assert names_of(facts) == EXPECTED[source]
    assert len(facts.registerers) == len(EXPECTED[source])
    assert facts.kind is FileKind.GO_PLUGIN
    assert facts.problem == ""
    assert facts.plugin_path == f"example.com/plugins/{source}"


@pytest.mark.parametrize("source", READABLE)
def test_they_are_the_names_that_the_plugin_registers(
    go_plugins: PluginBuilder, source: str
) -> None:
    plugin = go_plugins.build(source)
    found = {(type_.value, name) for type_, name, _ in names_of(facts_of(plugin))}
    assert found == go_plugins.registered(plugin)


@pytest.mark.parametrize("source", EXPECTED)
def test_a_stripped_file_tells_the_same(go_plugins: PluginBuilder, source: str) -> None:
    whole = facts_of(go_plugins.build(source))
    stripped = facts_of(go_plugins.build(source, LDFLAGS_STRIPPED, strip=True))
    assert without(stripped, "-ldflags") == without(whole)
    assert (stripped.is_stripped, whole.is_stripped) == (True, False)


@pytest.mark.parametrize(
    ("source", "flag"),
    [
        ("server_var", "-trimpath"),
        ("modifier_template", "-trimpath"),
        ("literal", "-trimpath"),
        ("server_var", UNOPTIMISED),
        ("two_vars", UNOPTIMISED),
        ("modifier_template", UNOPTIMISED),
    ],
)
def test_build_flags_make_no_difference_to_names(
    go_plugins: PluginBuilder, source: str, flag: str
) -> None:
    plain, other = facts_of(go_plugins.build(source)), facts_of(go_plugins.build(source, flag))
    assert names_of(other) == names_of(plain)
    assert (other.kind, other.plugin_path, other.libc) == (
        plain.kind,
        plain.plugin_path,
        plain.libc,
    )


def test_a_plugin_built_from_a_file(go_plugins: PluginBuilder) -> None:
    facts = facts_of(go_plugins.build("server_var", package="main.go"))
    assert names_of(facts) == EXPECTED["server_var"]
    assert re.fullmatch(r"plugin/unnamed-[0-9a-f]{40}", facts.plugin_path or "")


def test_a_plugin_path_given_to_the_linker_hides_the_symbols_from_go(
    go_plugins: PluginBuilder,
) -> None:
    plugin = go_plugins.build("server_var", "-ldflags=-pluginpath=shop/auth")
    assert "could not find symbol HandlerRegisterer" in go_plugins.refusal(plugin)
    facts = facts_of(plugin)
    assert (facts.kind, facts.registerers) == (FileKind.ELF, ())
    assert "-pluginpath" in facts.problem


def test_go_version_and_platform_are_those_of_go_version_m(
    go: GoToolchain, go_plugins: PluginBuilder
) -> None:
    plugin = go_plugins.build("several", LDFLAGS_STRIPPED, strip=True)
    lines = go.run("version", "-m", str(plugin), cwd=plugin.parent).stdout.splitlines()
    facts = facts_of(plugin)
    assert lines[0].endswith(f": {facts.go_version}")
    assert f"\tbuild\tGOOS={facts.goos}" in lines
    assert f"\tbuild\tGOARCH={facts.goarch}" in lines
    assert f"\tpath\t{facts.plugin_path}" in lines


@pytest.mark.parametrize(
    "source",
    ["server_const", "server_var", "other_var", "literal", "several", "modifier_const", "computed"],
)
def test_an_arm64_plugin(
    go_plugins: PluginBuilder, arm64_compiler: dict[str, str], source: str
) -> None:
    facts = facts_of(go_plugins.build(source, environment=arm64_compiler))
    assert names_of(facts) == EXPECTED[source]
    assert facts.goarch == "arm64"


def test_wanted_names_are_found_in_the_data_only(go_plugins: PluginBuilder) -> None:
    wanted = ["literal-in-function", "literal-in-functions", "RegisterClients.func1", "läuft"]
    facts = facts_of(go_plugins.build("literal", LDFLAGS_STRIPPED, strip=True), wanted)
    assert facts.literals == {"literal-in-function"}


def test_any_kind_of_buffer(go_plugins: PluginBuilder) -> None:
    path = go_plugins.build("several")
    facts = facts_of(path, ["several-client"])
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
    ):
        assert inspect_plugin(mapped, ["several-client"]) == facts
    assert inspect_plugin(memoryview(path.read_bytes()), ["several-client"]) == facts


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("c-shared", "a Go library built with -buildmode=c-shared, not with -buildmode=plugin"),
        ("pie", "a Go program"),
        ("exe", "a Go program"),
    ],
)
def test_other_go_files_are_no_plugins(go_plugins: PluginBuilder, mode: str, problem: str) -> None:
    facts = facts_of(go_plugins.build("server_const", mode=mode))
    assert facts.kind is FileKind.ELF
    assert facts.problem.startswith(problem)
    assert facts.registerers == ()
    assert facts.go_version == f"go{go_plugins.toolchain.version}"


@pytest.mark.parametrize("mode", ["exe", "pie"])
def test_a_program_that_opens_plugins_is_none(go_plugins: PluginBuilder, mode: str) -> None:
    facts = facts_of(go_plugins.loader(f"-buildmode={mode}"))
    assert (facts.kind, facts.registerers) == (FileKind.ELF, ())
    assert facts.problem.startswith("a Go program")
