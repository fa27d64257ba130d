"""A 64-bit little-endian ELF file's sections, dynamic symbols and relocated pointers.

Sizes and offsets in the headers are claims: everything is clipped to the bytes that are there,
so no header can make this read out of bounds, loop for long or allocate more than the file.
"""

from __future__ import annotations

import mmap
from bisect import bisect_right
from functools import cached_property
from itertools import islice
from struct import Struct, error
from typing import Final, NamedTuple

Buffer = bytes | mmap.mmap

MAGIC: Final = b"\x7fELF"
ET_REL: Final = 1
ET_EXEC: Final = 2
ET_DYN: Final = 3
ET_CORE: Final = 4
EM_X86_64: Final = 62
EM_AARCH64: Final = 183
STT_OBJECT: Final = 1
STT_FUNC: Final = 2

_SHT_NOBITS: Final = 8
_SHT_PROGBITS: Final = 1
_SHF_ALLOC: Final = 2
_SHF_EXECINSTR: Final = 4
_PT_INTERP: Final = 3

# R_X86_64_64, R_X86_64_GLOB_DAT, R_AARCH64_ABS64, R_AARCH64_GLOB_DAT: symbol + addend.
_SYMBOLIC = {EM_X86_64: (1, 6), EM_AARCH64: (257, 1025)}
# R_X86_64_RELATIVE and R_AARCH64_RELATIVE: addend.
_RELATIVE = {EM_X86_64: 8, EM_AARCH64: 1027}

_HEADER = Struct("<16sHHIQQQIHHHHHH")
_SECTION = Struct("<IIQQQQIIQQ")
_SEGMENT = Struct("<IIQQQQQQ")
_SYMBOL = Struct("<IBBHQQ")
_RELA = Struct("<QQq")
_POINTER = Struct("<Q")
_DYNAMIC = Struct("<QQ")
_VERNEED = Struct("<HHIII")
_VERNAUX = Struct("<IHHII")
_DT_NEEDED: Final = 1
_MOST_LIBRARIES: Final = 256
# Of the rows of a table and of those that are of interest: a large KrakenD has 250,000 symbols
# and 1,400 packages, and no file shall cost more than two seconds.
_MOST_ROWS: Final = 1_000_000
_MOST_FOUND: Final = 32_000
_LONGEST_NAME: Final = 2048
_LONGEST_SECTION_NAME: Final = 64
_ADDRESSES: Final = 0xFFFFFFFFFFFFFFFF
_MOST_RELOCATIONS: Final = 200_000  # 50 MB of memory; a large plugin has 30,000


class NotReadable(Exception):
    """The ELF file cannot be read as far as needed; the text says why, as a noun phrase."""


class Section(NamedTuple):
    """A row of the section table; `offset` and `size` are the file's claims."""

    name: bytes
    type: int
    flags: int
    address: int
    offset: int
    size: int

    @property
    def is_loaded(self) -> bool:
        """Its bytes are loaded into memory from the file."""
        return bool(self.flags & _SHF_ALLOC) and self.type != _SHT_NOBITS

    @property
    def may_hold_strings(self) -> bool:
        """Loaded, and neither code nor what Go keeps of its own: types and function names."""
        return (
            self.type == _SHT_PROGBITS
            and self.flags & (_SHF_ALLOC | _SHF_EXECINSTR) == _SHF_ALLOC
            and self.name not in (b".data.rel.ro", b".gopclntab")
        )


class Symbol(NamedTuple):
    """A defined dynamic symbol. `type` is its STT_ number, `size` in bytes."""

    name: bytes
    type: int
    address: int
    size: int


class Elf:
    """What the headers of a 64-bit little-endian ELF file say.

    Raises NotReadable when there is no usable header or section table.
    """

    def __init__(self, data: Buffer) -> None:
        self._data = data
        if len(data) < _HEADER.size:
            raise NotReadable("an ELF file that is cut off in its header")
        header = _HEADER.unpack(data[: _HEADER.size])
        if header[0][4:6] != b"\x02\x01":
            raise NotReadable(
                "an ELF file that is not 64-bit little-endian (KrakenD is released for amd64 and"
                " arm64)"
            )
        self.type: int = header[1]
        self.machine: int = header[2]
        # The dynamic linker that starts a program; None for what is none.
        self.interpreter = _interpreter(data, header[5], header[9], header[10])
        self.sections = _sections(data, header[6], header[11], header[12], header[13])
        self._by_name = {section.name: section for section in reversed(self.sections)}
        self._loaded = sorted(
            (section for section in self.sections if section.is_loaded), key=_address_of
        )
        self._symbols = self._table(b".dynsym", _SYMBOL)
        self._names = self.contents(b".dynstr")

    def contents(self, name: bytes) -> bytes:
        """The bytes of the first section of that name; empty when it is not in the file."""
        section = self._by_name.get(name)
        if section is None or section.type == _SHT_NOBITS:
            return b""
        return self._data[section.offset : section.offset + section.size]

    def _table(self, name: bytes, row: Struct) -> bytes:
        """The whole rows of a section, as many as are ever looked at."""
        table = self.contents(name)
        return table[: min(len(table) // row.size, _MOST_ROWS) * row.size]

    def read(self, address: int, size: int) -> bytes | None:
        """`size` bytes at a virtual address, or None when the file does not hold them all."""
        section = self._section_at(address)
        if section is None or address + size > section.address + section.size:
            return None
        begin = section.offset + address - section.address
        found = self._data[begin : begin + size]
        return found if len(found) == size else None

    def holds(self, text: bytes) -> bool:
        """Whether the bytes occur anywhere in the file."""
        return self._data.find(text) >= 0

    def is_code(self, address: int) -> bool:
        """True when the virtual address lies in a section that can be executed."""
        section = self._section_at(address)
        return section is not None and bool(section.flags & _SHF_EXECINSTR)

    def _section_at(self, address: int) -> Section | None:
        """The section loaded from the file that holds the virtual address."""
        index = bisect_right(self._loaded, address, key=_address_of)
        if index == 0:
            return None
        section = self._loaded[index - 1]
        return section if address < section.address + section.size else None

    def pointer(self, address: int) -> int | None:
        """The pointer that the dynamic linker leaves at a virtual address (load base 0).

        From .rela.dyn; a pointer without an entry there is taken as it stands in the file,
        which is how packed relative relocations (.relr.dyn) keep it. None: no pointer.
        """
        if address in self._relocations:
            info, addend = self._relocations[address]
            kind, symbol = info & 0xFFFFFFFF, info >> 32
            if kind == _RELATIVE.get(self.machine):
                return addend & _ADDRESSES
            if kind in _SYMBOLIC.get(self.machine, ()):
                return self._symbol_address(symbol) + addend & _ADDRESSES
            return None
        raw = self.read(address, _POINTER.size)
        value: int = _POINTER.unpack(raw)[0] if raw else 0
        return value or None

    def string(self, address: int, longest: int) -> bytes | None:
        """The bytes of the Go string whose 16-byte header (pointer, length) is at `address`.

        None when that is no string header that the file itself fills, and for more than
        `longest` bytes: an interface's second word is a pointer, too large for a length.
        """
        raw = self.read(address + _POINTER.size, _POINTER.size)
        size: int = _POINTER.unpack(raw)[0] if raw else 0
        start = self.pointer(address)
        return self.read(start, size) if 0 < size <= longest and start is not None else None

    def address_of(self, name: bytes) -> int:
        """The virtual address of the first section of that name; 0 when there is none."""
        section = self._by_name.get(name)
        return section.address if section else 0

    @cached_property
    def _relocations(self) -> dict[int, tuple[int, int]]:
        """Virtual address -> (r_info, addend), from .rela.dyn.

        Only from the first of .got and .data on: most entries belong to the type data that
        lies before, which no variable's value needs.
        """
        starts = [self.address_of(name) for name in (b".got", b".data") if name in self._by_name]
        first = min(starts, default=0)
        table = self._table(b".rela.dyn", _RELA)
        rows = (row for row in _RELA.iter_unpack(table) if row[0] >= first)
        return {row[0]: (row[1], row[2]) for row in islice(rows, _MOST_RELOCATIONS)}

    def symbols(self, prefix: bytes) -> list[Symbol]:
        """The defined dynamic symbols whose names begin with `prefix`, in the file's order."""
        names = self._names
        rows = _SYMBOL.iter_unpack(self._symbols)
        found = (row for row in rows if names.startswith(prefix, row[0]) and row[3])
        return [
            Symbol(_name_at(names, row[0]), row[1] & 15, row[4], row[5])
            for row in islice(found, _MOST_FOUND)
        ]

    def symbols_ending(self, *suffixes: bytes) -> set[bytes]:
        """The names of the defined dynamic symbols that end with one of `suffixes`."""
        names = self._names
        found = {}
        for suffix in suffixes:
            end = names.find(suffix + b"\0")
            while end >= 0:
                start = names.rfind(b"\0", 0, end) + 1
                found[start] = names[start : end + len(suffix)]
                end = names.find(suffix + b"\0", end + 1)
        rows = _SYMBOL.iter_unpack(self._symbols)
        return {found[row[0]] for row in rows if row[0] in found and row[3]}

    def symbols_by_reference(self, prefix: bytes) -> list[Symbol]:
        """As `symbols`, in the order of the pointers to them (.rela.dyn), then the others."""
        names = self._names
        rows = enumerate(_SYMBOL.iter_unpack(self._symbols))
        found = ((i, row) for i, row in rows if names.startswith(prefix, row[0]) and row[3])
        wanted = {
            index: Symbol(_name_at(names, row[0]), row[1] & 15, row[4], row[5])
            for index, row in islice(found, _MOST_FOUND)
        }
        kinds = _SYMBOLIC.get(self.machine, ())
        table = self._table(b".rela.dyn", _RELA) if wanted else b""
        pointers = (
            (place, info >> 32)
            for place, info, _addend in _RELA.iter_unpack(table)
            if info >> 32 in wanted and info & 0xFFFFFFFF in kinds
        )
        places = sorted(islice(pointers, _MOST_FOUND))
        order = dict.fromkeys([*(index for _, index in places), *wanted])
        return [wanted[index] for index in order]

    def needed(self) -> list[bytes]:
        """The shared libraries that the file names (DT_NEEDED)."""
        table = self._table(b".dynamic", _DYNAMIC)
        rows = (row for row in _DYNAMIC.iter_unpack(table) if row[0] == _DT_NEEDED)
        return [_name_at(self._names, row[1]) for row in islice(rows, _MOST_LIBRARIES)]

    def needed_versions(self) -> list[bytes]:
        """The symbol versions that it asks of its shared libraries (.gnu.version_r)."""
        table = self.contents(b".gnu.version_r")
        found: list[bytes] = []
        library = 0
        for _ in range(_MOST_LIBRARIES):
            if library + _VERNEED.size > len(table):
                break
            _version, count, _file, first, following = _VERNEED.unpack_from(table, library)
            version = library + first
            for _ in range(min(count, _MOST_LIBRARIES)):
                if version + _VERNAUX.size > len(table):
                    break
                _hash, _flags, _other, name, step = _VERNAUX.unpack_from(table, version)
                found.append(_name_at(self._names, name))
                version += step
            if not following:
                break
            library += following
        return found

    def has_name_starting(self, *prefixes: bytes) -> bool:
        """True when .dynstr holds a string that begins with one of `prefixes`."""
        return any(b"\0" + prefix in self._names for prefix in prefixes)

    def _symbol_address(self, index: int) -> int:
        try:
            address: int = _SYMBOL.unpack_from(self._symbols, index * _SYMBOL.size)[4]
        except error:
            return 0
        return address


def _sections(
    data: Buffer, offset: int, entry_size: int, count: int, names_index: int
) -> list[Section]:
    if offset == 0 or count == 0:
        raise NotReadable("an ELF file without a section table")
    end = offset + entry_size * count
    if end > len(data):
        raise NotReadable(
            f"a truncated ELF file: its section table ends at byte {end}, the file at {len(data)}"
        )
    if entry_size != _SECTION.size:
        raise NotReadable("an ELF file with a damaged section table")
    rows = list(_SECTION.iter_unpack(data[offset:end]))
    names = b""
    if names_index < count:
        row = rows[names_index]
        names = data[row[4] : row[4] + row[5]]
    return [Section(_name_at(names, row[0], _LONGEST_SECTION_NAME), *row[1:6]) for row in rows]


def _interpreter(data: Buffer, offset: int, entry_size: int, count: int) -> bytes | None:
    table = data[offset : offset + entry_size * count]
    if entry_size != _SEGMENT.size or len(table) % _SEGMENT.size:
        return None
    rows = (row for row in _SEGMENT.iter_unpack(table) if row[0] == _PT_INTERP)
    return next((_name_at(data[row[2] : row[2] + row[5]], 0) for row in rows), None)


def _address_of(section: Section) -> int:
    return section.address


def _name_at(names: bytes, offset: int, longest: int = _LONGEST_NAME) -> bytes:
    end = names.find(b"\0", offset, offset + longest)
    return names[offset : offset + longest] if end < 0 else names[offset:end]
