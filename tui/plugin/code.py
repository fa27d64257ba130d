"""The string literals that a compiled Go function loads.

Go packs literals together in .rodata without boundaries, so their bytes alone say little. The
code says where each begins and how long it is: an argument of type string takes two consecutive
registers of Go's calling convention (cmd/compile abi-internal.md), a pointer relative to the
program counter and a constant length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tui.plugin.elf import EM_X86_64, Elf, Symbol

_LARGEST_FUNCTION: Final = 1 << 16
_LONGEST_LITERAL: Final = 1024
_WINDOW: Final = 24  # bytes of code between the two loads of one string, at most

# lea reg, [rip+disp32]: REX.W (with R for r8 to r15), 8D, ModRM with mod=00 and rm=101.
_LEA = re.compile(rb"[\x48\x4c]\x8d[\x05\x0d\x15\x1d\x25\x2d\x35\x3d](....)", re.DOTALL)
# The integer registers of amd64 in the order of Go's arguments: AX BX CX DI SI R8 R9 R10 R11.
_ARGUMENTS: Final = (0, 3, 1, 7, 6, 8, 9, 10, 11)
_NEXT = dict(pairwise(_ARGUMENTS))


def string_operands(elf: Elf, function: Symbol) -> set[bytes]:
    """The literals that the function loads as string arguments; empty for other machines.

    A load may pair with the constant of its neighbour too: then a wrong one is among them.
    """
    code = elf.read(function.address, min(function.size, _LARGEST_FUNCTION))
    if code is None or elf.machine != EM_X86_64:
        return set()
    found = set()
    for match in _LEA.finditer(code):
        register = code[match.start() + 2] >> 3 & 7 | (code[match.start()] & 4) << 1
        displacement = int.from_bytes(match.group(1), "little", signed=True)
        target = function.address + match.end() + displacement
        for size in _constants(code, match, _NEXT.get(register)):
            literal = elf.read(target, size) if 0 < size <= _LONGEST_LITERAL else None
            if literal is not None:
                found.add(literal)
    return found


def _constants(code: bytes, lea: re.Match[bytes], register: int | None) -> Iterator[int]:
    """The constants that code close before and after the lea moves to the register."""
    if register is None:
        return
    opcode = (b"\x41" if register > 7 else b"") + bytes((0xB8 + (register & 7),))
    after = code.find(opcode, lea.end(), lea.end() + _WINDOW)
    before = code.rfind(opcode, max(0, lea.start() - _WINDOW), lea.start())
    for position in (after, before):
        if position >= 0:
            start = position + len(opcode)
            yield int.from_bytes(code[start : start + 4], "little")
