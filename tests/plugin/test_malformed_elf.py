"""No bytes may make the reader raise, read far or take much memory."""

import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.krakend.prediction import Outcome, predict
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Topic, failing
from tui.krakend.target import Target, TargetError, parse_target, target_of_program
from tui.plugin.elf import Elf
from tui.plugin.facts import Certainty, FileKind, PluginFacts, PluginType
from tui.plugin.fingerprints import read_packages
from tui.plugin.inspect import inspect_plugin, literals_in
from tui.plugin.program import NotAGoProgram, ProgramFacts, inspect_program

PLUGINS = [
    write_plugin(
        DemoPlugin(
            "example.com/demo/all",
            {PluginType.SERVER: None, PluginType.CLIENT: "c", PluginType.MODIFIER: "mod"},
            {"pluginName": "server"},
            goarch=goarch,
        )
    )
    for goarch in ("amd64", "arm64")
]
WHOLE = PLUGINS[0]
HUGE = (2**63 - 1, 2**63, 2**64 - 1, 2**32, len(WHOLE), len(WHOLE) - 1)
SECTION_TABLE = struct.unpack_from("<Q", WHOLE, 0x28)[0]
SECTIONS = struct.unpack_from("<H", WHOLE, 0x3C)[0]


TARGETS = [parse_target("2.13"), parse_target("ee-2.13")]


def inspected(data: bytes) -> PluginFacts:
    """The facts, after everything that is made of them was made."""
    facts = inspect_plugin(data, ["server", "\ud800"])
    assert isinstance(facts, PluginFacts)
    assert literals_in(data, ["server", "\ud800"]) == facts.literals
    assert bool(facts.problem) is (facts.kind is not FileKind.GO_PLUGIN)
    for target in [*TARGETS, *_as_target(data)]:
        rows = requirements_of(facts, target)
        assert [row.topic for row in rows] == list(Topic)
        prediction = predict(facts, target)
        will_fail = prediction.outcome in (Outcome.REFUSED, Outcome.CRASHES)
        assert not will_fail or failing(rows)
        assert bool(prediction.because) or prediction.outcome is Outcome.LOADS
    return facts


def _as_target(data: bytes) -> list[Target]:
    """The same bytes as what is to be compared with."""
    try:
        program = inspect_program(data)
        assert isinstance(program, ProgramFacts)
        return [target_of_program(program, "/krakend")]
    except (NotAGoProgram, TargetError):
        return []


@pytest.mark.parametrize("size", range(0, len(WHOLE), 64))
def test_truncated(size: int) -> None:
    facts = inspected(WHOLE[:size])
    assert facts.kind is (FileKind.ELF if size else FileKind.EMPTY)
    assert facts.registerers == ()
    assert size == 0 or "truncated" in facts.problem or "cut off" in facts.problem


@pytest.mark.parametrize("value", HUGE)
@pytest.mark.parametrize(
    "place",
    [
        *range(0x20, 0x30, 8),  # the tables' offsets
        *(
            SECTION_TABLE + 64 * section + field
            for section in range(SECTIONS)
            for field in (0x10, 0x18, 0x20)  # address, offset, size
        ),
    ],
)
def test_a_header_that_claims_too_much(place: int, value: int) -> None:
    data = bytearray(WHOLE)
    struct.pack_into("<Q", data, place, value)
    inspected(bytes(data))


@pytest.mark.parametrize("value", [0, 1, 0x7FFF, 0xFFFF])
@pytest.mark.parametrize("place", range(0x34, 0x40, 2))
def test_a_table_of_any_shape(place: int, value: int) -> None:
    data = bytearray(WHOLE)
    struct.pack_into("<H", data, place, value)
    inspected(bytes(data))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A plugin with some bytes or eight-byte fields replaced, and perhaps cut."""
    data = bytearray(draw(st.sampled_from(PLUGINS)))
    for _ in range(draw(st.integers(1, 12))):
        place = draw(st.integers(0, len(data) - 8))
        if draw(st.booleans()):
            data[place] = draw(st.integers(0, 255))
        else:
            struct.pack_into("<Q", data, place // 8 * 8, draw(st.integers(0, 2**64 - 1)))
    return bytes(data[: draw(st.sampled_from([len(data), draw(st.integers(0, len(data)))]))])


@given(damaged())
@settings(max_examples=300, deadline=None)
def test_damaged(data: bytes) -> None:
    inspected(data)


@given(st.binary(max_size=2000), st.sampled_from([b"", b"\x7fELF\x02\x01\x01", WHOLE[:64]]))
@settings(max_examples=200, deadline=None)
def test_any_bytes(tail: bytes, start: bytes) -> None:
    inspected(start + tail)


def sections_moved(name: bytes, offset: int, size: int) -> bytes:
    """WHOLE, with the named section said to be elsewhere."""
    data = bytearray(WHOLE)
    index = [section.name for section in Elf(WHOLE).sections].index(name)
    struct.pack_into("<QQ", data, SECTION_TABLE + 64 * index + 0x18, offset, size)
    return bytes(data)


@pytest.mark.parametrize("name", [b".dynsym", b".rela.dyn", b".dynstr", b".text", b".data"])
def test_memory_stays_in_proportion_to_the_file(name: bytes) -> None:
    padding = 4_000_000
    data = sections_moved(name, len(WHOLE), padding) + bytes(padding)
    tracemalloc.start()
    try:
        inspected(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * padding


def with_section(name: bytes, content: bytes, data: bytes = WHOLE) -> bytes:
    """The file with the named section at its end, and with this content."""
    moved = bytearray(data)
    index = [section.name for section in Elf(data).sections].index(name)
    struct.pack_into("<QQ", moved, SECTION_TABLE + 64 * index + 0x18, len(data), len(content))
    return bytes(moved) + content


def test_symbols_without_end_are_cut_short() -> None:
    """A name of megabytes, and more symbols of it than any file has."""
    names = b"\0go:link.pkghashbytes." + b"x" * 4_000_000
    row = struct.pack("<IBBHQQ", 1, 0x11, 0, 1, 0, 8)
    data = with_section(b".dynsym", row * 100_000, with_section(b".dynstr", names))
    tracemalloc.start()
    try:
        elf = Elf(data)
        found = read_packages(elf)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000_000
    assert len(found) == 1
    assert len(found[0].path) < 4096
    inspected(data)


@pytest.mark.parametrize("step", [0, 1, 16, 2**32 - 1])
def test_versions_that_lead_in_a_circle(step: int) -> None:
    row = struct.pack("<HHIII", 1, 0xFFFF, 1, 16, step)
    aux = struct.pack("<IHHII", 0, 0, 0, 1, step)
    elf = Elf(with_section(b".comment", row + aux))
    elf._by_name[b".gnu.version_r"] = elf._by_name[b".comment"]
    assert len(elf.needed_versions()) <= 256 * 256


def test_a_text_of_a_kilobyte_is_no_name() -> None:
    values = {PluginType.SERVER: "x" * 1024, PluginType.CLIENT: "y" * 1025}
    facts = inspected(write_plugin(DemoPlugin("example.com/demo/long", values)))
    assert [found.name for found in facts.registerers] == ["x" * 1024, None]


@pytest.mark.parametrize("size", [0, 2**40, 2**64 - 1])
def test_a_string_of_an_unlikely_length_is_no_name(size: int) -> None:
    data = WHOLE + bytes(2**16)
    elf = Elf(data)
    symbol = next(s for s in elf.symbols(b"example.com/demo/all.ClientRegisterer"))
    section = next(section for section in elf.sections if section.name == b".data")
    rodata = [section.name for section in elf.sections].index(b".rodata")
    broken = bytearray(data)
    struct.pack_into("<Q", broken, SECTION_TABLE + 64 * rodata + 0x20, 2**16)
    struct.pack_into("<Q", broken, section.offset + symbol.address - section.address + 8, size)
    clients = [f for f in inspected(bytes(broken)).registerers if f.type is PluginType.CLIENT]
    assert [(found.name, found.certainty) for found in clients] == [
        ("server", Certainty.INITIAL_VALUE)
    ]
