"""The demo's shared objects: valid ELF, and to the reader the same as compiled plugins."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile
from golang.building import PluginBuilder
from hypothesis import given
from hypothesis import strategies as st

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType
from tui.plugin.inspect import inspect_plugin

PATH = "example.com/plugins/"
SERVER, CLIENT, MODIFIER = PluginType.SERVER, PluginType.CLIENT, PluginType.MODIFIER

TWINS = {
    "server_const": DemoPlugin(PATH + "server_const", {SERVER: "server-const"}),
    "server_var": DemoPlugin(PATH + "server_var", {SERVER: None}, {"pluginName": "server-var"}),
    "client_template": DemoPlugin(PATH + "client_template", {CLIENT: "client-template"}),
    "modifier_template": DemoPlugin(PATH + "modifier_template", {MODIFIER: "modifier-template"}),
    "modifier_plain": DemoPlugin(
        PATH + "modifier_plain", {MODIFIER: "modifier-plain"}, suffixes=()
    ),
    "several": DemoPlugin(
        PATH + "several",
        {SERVER: "several-server", CLIENT: "several-client", MODIFIER: "several-modifier"},
    ),
    "computed": DemoPlugin(PATH + "computed", {SERVER: None}),
    "no_registerer": DemoPlugin(PATH + "no_registerer", {}),
}
FULL = DemoPlugin(
    "example.com/demo/full",
    {SERVER: None, CLIENT: "full-client", MODIFIER: "full"},
    {"pluginName": "full-server"},
    literals=("first", "second"),
)


@pytest.mark.parametrize("source", TWINS)
def test_it_reads_as_the_compiled_plugin(go_plugins: PluginBuilder, source: str) -> None:
    demo = inspect_plugin(write_plugin(TWINS[source]))
    real = inspect_plugin(go_plugins.build(source).read_bytes())
    assert (demo.kind, demo.registerers) == (real.kind, real.registerers)
    assert demo.plugin_path == real.plugin_path
    assert demo.go_version == real.go_version
    assert demo.build.platform == real.build.platform
    assert (demo.libc.family, demo.libc.files) == (real.libc.family, real.libc.files)
    assert demo.head == real.head


@pytest.mark.parametrize("goarch", ["amd64", "arm64"])
def test_pyelftools_reads_it(goarch: str) -> None:
    elf = ELFFile(io.BytesIO(write_plugin(DemoPlugin(FULL.path, FULL.values, goarch=goarch))))
    assert elf.get_machine_arch() == {"amd64": "x64", "arm64": "AArch64"}[goarch]
    names = {symbol.name for symbol in elf.get_section_by_name(".dynsym").iter_symbols()}
    assert {f"{FULL.path}.{kind.symbol}" for kind in FULL.values} <= names
    assert b"demo file" in elf.get_section_by_name(".comment").data()
    for symbol in elf.get_section_by_name(".dynsym").iter_symbols():
        if symbol.name:
            section = elf.get_section(symbol["st_shndx"])
            start = symbol["st_value"] - section["sh_addr"]
            assert 0 <= start <= section["sh_size"] - symbol["st_size"]


def test_readelf_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    readelf = shutil.which("readelf")
    if readelf is None:
        pytest.skip("readelf (binutils) is not installed")
    path = tmp_path / "full.so"
    path.write_bytes(write_plugin(FULL))
    done = subprocess.run(
        [readelf, "--all", "--wide", "--lint", str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C"},
    )
    assert done.stderr == ""
    assert "Warning" not in done.stdout
    assert "R_X86_64_RELATIVE" in done.stdout


NAMES = st.text(st.characters(min_codepoint=33, exclude_characters="\x7f"), min_size=1).filter(
    lambda name: len(name.encode("utf-8", "replace")) < 200
)


@given(st.dictionaries(st.sampled_from([SERVER, CLIENT]), NAMES.filter(str.isprintable)))
def test_the_reader_gives_back_what_was_written(values: dict[PluginType, str]) -> None:
    facts = inspect_plugin(write_plugin(DemoPlugin("example.com/demo/x", values)))
    assert {found.type: found.name for found in facts.registerers} == values


def test_the_same_plugin_gives_the_same_bytes() -> None:
    assert write_plugin(FULL) == write_plugin(FULL)
