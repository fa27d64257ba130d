"""What the first bytes of an ELF file say, also of one that is cut off or of another machine."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tui.plugin.elf import Buffer

_MACHINES: Final = {
    3: "x86 (32-bit)",
    8: "MIPS",
    20: "PowerPC",
    21: "PowerPC64",
    22: "S/390",
    40: "ARM (32-bit)",
    62: "x86-64",
    183: "AArch64",
    243: "RISC-V",
    258: "LoongArch",
}
_GOARCH: Final = {"x86-64": "amd64", "AArch64": "arm64"}
_TYPES: Final = {1: "object file", 2: "program", 3: "shared object", 4: "core dump"}
_PT_LOAD: Final = 1
_PT_INTERP: Final = 3
_SEGMENT = Struct("<IIQQQQQQ")


class ElfHead(NamedTuple):
    """`bits` is 32 or 64; `machine` and `type` are words, with the number where it has none.

    A program that is linked like a shared object (PIE) is a program here: it names a dynamic
    linker. `missing` is how many bytes that are mapped the file does not have (reading them
    kills the process), None when it is cut off before it says what is mapped; of a 32-bit or
    big-endian file it is 0.
    """

    bits: int
    machine: str
    type: str
    missing: int | None = 0
    is_big_endian: bool = False

    @property
    def goarch(self) -> str | None:
        """Go's word for the machine, of those that KrakenD is released for."""
        return _GOARCH.get(self.machine)

    @property
    def label(self) -> str:
        """For people: `64-bit x86-64 shared object`."""
        return f"{self.bits}-bit {self.machine} {self.type}"


def read_head(data: Buffer) -> ElfHead | None:
    """The head of a file that begins as ELF files do; None when it is cut off before its end."""
    start = data[:64]
    if len(start) < 20 or start[4] not in (1, 2) or start[5] not in (1, 2):
        return None
    order = "<" if start[5] == 1 else ">"
    type_, machine = Struct(f"{order}HH").unpack_from(start, 16)
    name = _MACHINES.get(machine, f"machine {machine}")
    bits = 32 * start[4]
    word = _TYPES.get(type_, f"of type {type_}")
    if bits == 32 or order == ">":
        return ElfHead(bits, name, word, is_big_endian=order == ">")
    segments = _segments(data, start)
    if segments is None:
        return ElfHead(bits, name, word, None)
    is_program = any(kind == _PT_INTERP for kind, _end in segments)
    end = max((end for kind, end in segments if kind == _PT_LOAD), default=0)
    return ElfHead(bits, name, "program" if is_program else word, max(0, end - len(data)))


def _segments(data: Buffer, start: bytes) -> list[tuple[int, int]] | None:
    """Kind and end in the file of each program header; None when they are not all there."""
    if len(start) < 64:
        return None
    (offset,) = Struct("<Q").unpack_from(start, 32)
    size, count = Struct("<HH").unpack_from(start, 54)
    table = data[offset : offset + size * count]
    if len(table) != size * count:
        return None
    if size != _SEGMENT.size:
        return []
    return [(row[0], row[2] + row[5]) for row in _SEGMENT.iter_unpack(table)]
