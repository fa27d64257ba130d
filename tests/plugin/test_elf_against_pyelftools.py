"""Sections and dynamic symbols of compiled plugins, as pyelftools reads them."""

from __future__ import annotations

import io

import pytest
from elftools.elf.elffile import ELFFile
from golang.building import PluginBuilder

from tui.plugin.elf import Elf, Symbol

FLAGS = {"symbols": (), "stripped": ("-ldflags=-s -w",)}


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
def test_sections_and_symbols_are_the_same(
    go_plugins: PluginBuilder, flags: tuple[str, ...]
) -> None:
    data = go_plugins.build("several", *flags, strip=bool(flags)).read_bytes()
    elf, judge = Elf(data), ELFFile(io.BytesIO(data))

    for section, wanted in zip(elf.sections, judge.iter_sections(), strict=True):
        header = wanted.header
        assert section.name.decode() == wanted.name
        assert (section.flags, section.address) == (header.sh_flags, header.sh_addr)
        assert (section.offset, section.size) == (header.sh_offset, header.sh_size)
        if header.sh_type == "SHT_PROGBITS" and not wanted.compressed:
            assert elf.contents(section.name) == wanted.data()
    types = {"STT_OBJECT": 1, "STT_FUNC": 2, "STT_NOTYPE": 0, "STT_SECTION": 3, "STT_TLS": 6}
    assert elf.symbols(b"") == [
        Symbol(
            symbol.name.encode(),
            types.get(symbol["st_info"]["type"], 10),
            symbol["st_value"],
            symbol["st_size"],
        )
        for symbol in judge.get_section_by_name(".dynsym").iter_symbols()
        if symbol["st_shndx"] != "SHN_UNDEF"
    ]
