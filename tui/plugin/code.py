"""What a compiled Go function loads and calls: just enough of amd64 and arm64 to read names.

Go packs string literals together without boundaries, so their bytes alone say little. The code
says where each begins and how long it is: an argument of type string takes two consecutive
registers of Go's calling convention (cmd/compile abi-internal.md), a pointer and a length.
Package variables are reached through the global offset table in a plugin (-dynlink).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from struct import iter_unpack
from typing import Final, NamedTuple

from tui.plugin.elf import EM_AARCH64, EM_X86_64, Elf, Symbol

_LARGEST_FUNCTION: Final = 1 << 14
_LONGEST_LITERAL: Final = 1024
_WINDOW: Final = 48  # bytes of code in which the arguments of one call are made ready


class Does(Enum):
    """What one step of a function does."""

    ADDRESS = "register = address"
    VARIABLE = "register = address of a package variable"
    CONSTANT = "register = value"
    CALL = "call of a function"
    CALL_VALUE = "call of a function value"


class Step(NamedTuple):
    """`position` is in bytes from the function's start; `value` an address or a constant."""

    position: int
    does: Does
    register: int = 0
    value: int = 0


def steps(elf: Elf, function: Symbol) -> list[Step]:
    """The steps in the order of the code; empty for machines other than amd64 and arm64."""
    code = elf.read(function.address, min(function.size, _LARGEST_FUNCTION))
    decode = _DECODERS.get(elf.machine)
    if not code or decode is None:
        return []
    return list(decode(elf, code, function.address))


def loaded_strings(elf: Elf, code: list[Step]) -> set[bytes]:
    """The literals that are loaded as string arguments.

    A pointer may pair with the length of its neighbour too: a wrong literal is then among them.
    """
    following = dict(pairwise(_ARGUMENTS.get(elf.machine, ())))
    found: set[bytes | None] = set()
    for index, step in enumerate(code):
        if step.does is Does.ADDRESS:
            lengths = _lengths(code, index, following.get(step.register))
            found.update(elf.read(step.value, length) for length in lengths)
    return {literal for literal in found if literal is not None}


def passed_strings(elf: Elf, code: list[Step]) -> list[bytes]:
    """The literals that are the first argument of a call of a function value.

    So a Register method names its plugin to the function that it is given.
    """
    arguments = _ARGUMENTS.get(elf.machine, (0, 0))
    found: list[bytes] = []
    for index, step in enumerate(code):
        if step.does is Does.ADDRESS and step.register == arguments[0]:
            calls = (s.does for s in _near(code, index) if s.position > step.position)
            call = next((does for does in calls if does in (Does.CALL, Does.CALL_VALUE)), None)
            if call is not Does.CALL_VALUE:
                continue
            lengths = _lengths(code, index, arguments[1])
            nearest = elf.read(step.value, lengths[0]) if lengths else None
            if nearest is not None and nearest not in found:
                found.append(nearest)
    return found


def _lengths(code: list[Step], index: int, register: int | None) -> list[int]:
    """The constants that the register gets close to where a pointer is loaded, nearest first."""
    here = code[index].position
    found = [
        (abs(step.position - here), step.value)
        for step in _near(code, index)
        if step.does is Does.CONSTANT
        and step.register == register
        and 0 < step.value <= _LONGEST_LITERAL
    ]
    return [value for _, value in sorted(found)]


def _near(code: list[Step], index: int) -> list[Step]:
    """The steps around one of them, no more than a window's bytes away."""
    here = code[index].position
    around = code[max(0, index - _WINDOW) : index + _WINDOW + 1]
    return [step for step in around if abs(step.position - here) <= _WINDOW]


# The first integer registers of Go's arguments; on amd64 AX BX CX DI SI. A concatenation takes
# its second string in the last two of them.
_ARGUMENTS = {EM_X86_64: (0, 3, 1, 7, 6), EM_AARCH64: (0, 1, 2, 3, 4)}

# Instructions vary in length, so every byte may be the start of one (hence the lookahead):
# lea or mov reg, [rip+disp32]; mov reg32, imm32; call rel32; call reg.
_AMD64 = re.compile(
    rb"(?=(?P<rip>(?:\x48\x8d|[\x48\x4c]\x8b)[\x05\x0d\x15\x1d\x25\x2d\x35\x3d].{4})"
    rb"|(?P<mov>[\xb8-\xbf].{4})"
    rb"|(?P<call>\xe8.{4})"
    rb"|(?P<value>\xff[\xd0-\xd7]))",
    re.DOTALL,
)


def _amd64(elf: Elf, code: bytes, start: int) -> Iterator[Step]:
    for match in _AMD64.finditer(code):
        position = match.start()
        text = match.group(match.lastgroup or 0)
        number = int.from_bytes(text[-4:], "little", signed=True)
        target = start + position + len(text) + number
        if match.lastgroup == "rip":
            register = text[2] >> 3 & 7
            if text[1] == 0x8D:
                yield Step(position, Does.ADDRESS, register, target)
            else:
                yield Step(position, Does.VARIABLE, register, elf.pointer(target) or 0)
        elif match.lastgroup == "mov":
            yield Step(position, Does.CONSTANT, text[0] & 7, number)
        elif match.lastgroup == "value":
            yield Step(position, Does.CALL_VALUE)
        elif elf.is_code(target):
            yield Step(position, Does.CALL)


def _arm64(elf: Elf, code: bytes, start: int) -> Iterator[Step]:
    pages: dict[int, int] = {}  # register -> the page that adrp left in it
    usable = len(code) - len(code) % 4
    for index, (word,) in enumerate(iter_unpack("<I", code[:usable])):
        position = index * 4
        target, source = word & 31, word >> 5 & 31
        if word & 0x9F000000 == 0x90000000:  # adrp
            offset = (word >> 5 & 0x7FFFF) << 2 | word >> 29 & 3
            signed = offset - (1 << 21 if offset >> 20 else 0)
            pages[target] = (start + position & ~0xFFF) + (signed << 12)
        elif word & 0xFFC00000 == 0x91000000 and source in pages:  # add target, source, #imm12
            value = pages[source] + (word >> 10 & 0xFFF)
            yield Step(position, Does.ADDRESS, target, value)
        elif word & 0xFFC00000 == 0xF9400000 and source in pages:  # ldr target, [source, #imm]
            slot = pages[source] + (word >> 10 & 0xFFF) * 8
            yield Step(position, Does.VARIABLE, target, elf.pointer(slot) or 0)
        elif word & 0xFFE00000 == 0xD2800000:  # movz target, #imm16
            yield Step(position, Does.CONSTANT, target, word >> 5 & 0xFFFF)
        elif word & 0xFFC003E0 == 0xB24003E0:  # orr target, xzr, #ones rotated
            yield Step(position, Does.CONSTANT, target, _rotated_ones(word))
        elif word & 0xFC000000 == 0x94000000:  # bl
            yield Step(position, Does.CALL)
        elif word & 0xFFFFFC1F == 0xD63F0000:  # blr
            yield Step(position, Does.CALL_VALUE)


def _rotated_ones(word: int) -> int:
    """The 64-bit immediate of a logical instruction: some ones, rotated to the right."""
    ones = (1 << (word >> 10 & 63) + 1) - 1
    right = word >> 16 & 63
    return (ones >> right | ones << 64 - right) & 0xFFFFFFFFFFFFFFFF


_DECODERS = {EM_X86_64: _amd64, EM_AARCH64: _arm64}
