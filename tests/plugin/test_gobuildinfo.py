import struct

import pytest

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.elf import Elf
from tui.plugin.facts import PluginType
from tui.plugin.gobuildinfo import BuildInfo, read_build_info

MODULES = "path\texample.com/demo/old\nbuild\tGOOS=linux\nbuild\t-ldflags=-X a=b\n"


def plugin(**variables: str) -> bytearray:
    return bytearray(
        write_plugin(DemoPlugin("example.com/demo/old", {PluginType.SERVER: "old"}, variables))
    )


def build_info_place(data: bytearray) -> int:
    return next(s.offset for s in Elf(bytes(data)).sections if s.name == b".go.buildinfo")


def test_strings_behind_the_header() -> None:
    info = read_build_info(Elf(bytes(plugin())))
    assert (info.go_version, info.path) == ("go1.25.5", "example.com/demo/old")
    assert info.settings == {
        "-buildmode": "plugin",
        "-compiler": "gc",
        "CGO_ENABLED": "1",
        "GOARCH": "amd64",
        "GOOS": "linux",
    }


def test_pointers_in_the_header_as_before_go_1_18() -> None:
    data = plugin(buildVersion="go1.17.13", modinfo="0123456789abcdef" + MODULES + "x" * 16)
    place = build_info_place(data)
    variables = {s.name: s.address for s in Elf(bytes(data)).symbols(b"example.com/demo/old.")}
    data[place + 15] = 0
    struct.pack_into(
        "<QQ",
        data,
        place + 16,
        variables[b"example.com/demo/old.buildVersion"],
        variables[b"example.com/demo/old.modinfo"],
    )
    assert read_build_info(Elf(bytes(data))) == BuildInfo(
        "go1.17.13", "example.com/demo/old", {"GOOS": "linux", "-ldflags": "-X a=b"}
    )


@pytest.mark.parametrize("count", [b"\xff" * 12, b"\x80\x80\x80\x80\x80\x01", b"\x7f"])
def test_a_count_that_leads_out_of_the_section(count: bytes) -> None:
    data = plugin()
    place = build_info_place(data) + 32
    data[place : place + len(count)] = count
    read_build_info(Elf(bytes(data)))


def test_no_magic_no_build_info() -> None:
    data = plugin()
    data[build_info_place(data)] ^= 1
    assert read_build_info(Elf(bytes(data))) == BuildInfo()
