"""Shared objects that read as Go plugins and are none: what a sandbox shows without a compiler.

They hold what a static reader looks at, where the Go linker puts it: dynamic symbols, string
headers with their relocations, build info, and the code of the Register methods. None of it can
work as a plugin: there is no Go runtime in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from struct import Struct, pack
from types import MappingProxyType
from typing import Final, NamedTuple

from tui.plugin.facts import PluginType

_HEADER = Struct("<16sHHIQQQIHHHHHH")
_SECTION = Struct("<IIQQQQIIQQ")
_SEGMENT = Struct("<IIQQQQQQ")
_SYMBOL = Struct("<IBBHQQ")
_RELA = Struct("<QQq")

_PAGE: Final = 0x1000
_LIBC: Final = b"libc.so.6\0"
_STRING_SIZE: Final = 16
_MACHINES = {"amd64": 62, "arm64": 183}
_RELATIVE = {"amd64": 8, "arm64": 1027}  # R_X86_64_RELATIVE, R_AARCH64_RELATIVE
_ABSOLUTE = {"amd64": 1, "arm64": 257}  # R_X86_64_64, R_AARCH64_ABS64
_OBJECT: Final = 0x11  # STB_GLOBAL << 4 | STT_OBJECT
_FUNCTION: Final = 0x12  # STB_GLOBAL << 4 | STT_FUNC
_BUILD_INFO_START = bytes.fromhex("3077af0c9274080241e1c107e6d618e6")
_BUILD_INFO_END = bytes.fromhex("f932433186182072008242104116d8f2")
_METHODS = {
    PluginType.SERVER: "RegisterHandlers",
    PluginType.CLIENT: "RegisterClients",
    PluginType.MODIFIER: "RegisterModifiers",
    PluginType.MIDDLEWARE: "RegisterMiddlewares",
}


class DemoPlugin(NamedTuple):
    """What a demo plugin shall read as.

    `path` is the module path, without a dot in its last element; `values` the string of each
    registerer, None for one that is only filled as the plugin is initialised; `variables` the
    package's string variables; `suffixes` what RegisterModifiers appends; `literals` further
    strings of its code. `goarch` is amd64 or arm64. `modules` are those that it says to depend
    on, path -> version.
    """

    path: str
    values: Mapping[PluginType, str | None]
    variables: Mapping[str, str] = MappingProxyType({})
    suffixes: tuple[str, ...] = ("-request", "-response")
    literals: tuple[str, ...] = ()
    go_version: str = "go1.25.5"
    goarch: str = "amd64"
    modules: Mapping[str, str] = MappingProxyType({})


class _Kind(NamedTuple):
    """The fixed columns of a section's row; `link` names the section that it refers to."""

    type: int
    flags: int
    alignment: int
    link: str = ""
    info: int = 0
    entry_size: int = 0


_READ, _WRITE, _CODE = 2, 3, 6  # SHF_ALLOC, with SHF_WRITE, with SHF_EXECINSTR
_KINDS = {
    ".hash": _Kind(5, _READ, 8, ".dynsym", 0, 4),
    ".dynsym": _Kind(11, _READ, 8, ".dynstr", 1, _SYMBOL.size),
    ".dynstr": _Kind(3, _READ, 1),
    ".rela.dyn": _Kind(4, _READ, 8, ".dynsym", 0, _RELA.size),
    ".rodata": _Kind(1, _READ, 32),
    ".text": _Kind(1, _CODE, _PAGE),
    ".dynamic": _Kind(6, _WRITE, _PAGE, ".dynstr", 0, 16),
    ".data": _Kind(1, _WRITE, 32),
    ".go.buildinfo": _Kind(1, _WRITE, 16),
    ".bss": _Kind(8, _WRITE, 32),
    ".comment": _Kind(1, 0, 1),
    ".shstrtab": _Kind(3, 0, 1),
}
_INDEX = {name: index for index, name in enumerate(_KINDS, 1)}


def write_plugin(plugin: DemoPlugin) -> bytes:
    """The bytes of the shared object: the same plugin gives the same bytes.

    Sizes do not depend on addresses, so the contents are made twice: to lay the sections out,
    and with their addresses. An address is an offset in the file, too.
    """
    sizes = {name: len(content) for name, content in _contents(plugin, {}).items()}
    addresses: dict[str, int] = {}
    end = _HEADER.size + 4 * _SEGMENT.size
    for name, kind in _KINDS.items():
        addresses[name] = _aligned(end, kind.alignment)
        end = addresses[name] + (0 if name == ".bss" else sizes[name])
    return _assemble(plugin, _contents(plugin, addresses), addresses, end)


class _Symbol(NamedTuple):
    """A row of .dynsym; `offset` is counted from the start of its section."""

    name: str
    info: int
    section: str
    offset: int
    size: int


def _contents(plugin: DemoPlugin, addresses: Mapping[str, int]) -> dict[str, bytes]:
    """Every section's bytes (for .bss as many zeros as it is long)."""
    rodata = _rodata(plugin)
    variables = _string_variables(plugin)
    text, functions = _code(plugin, addresses.get(".text", 0), addresses.get(".rodata", 0), rodata)
    symbols = [*functions, *_objects(plugin, variables, len(rodata))]
    names = b"\0" + b"".join(symbol.name.encode() + b"\0" for symbol in symbols)
    libc, names = len(names), names + _LIBC
    fingerprints = b"".join(sha256(name.encode()).digest()[:8] for name in _packages(plugin))
    section_names = b"\0" + b"".join(name.encode() + b"\0" for name in _KINDS)
    unset = sum(value is None for value in plugin.values.values())
    contents = {
        ".hash": _hash_table(len(symbols) + 1),
        ".dynsym": _symbol_table(symbols, names, addresses),
        ".dynstr": names,
        ".rela.dyn": _relocations(plugin, rodata, variables, symbols, addresses),
        ".rodata": rodata + fingerprints,
        ".text": text,
        ".data": b"".join(pack("<QQ", 0, len(value.encode())) for value in variables.values())
        + pack("<QQ", 0, 8) * len(_packages(plugin)),
        ".go.buildinfo": _build_info(plugin),
        ".bss": bytes(_STRING_SIZE * unset),
        ".comment": b"krakend-tui demo file: reads as a Go plugin, works as none\0",
        ".shstrtab": section_names,
    }
    contents[".dynamic"] = _dynamic(contents, addresses, libc)
    return contents


def _packages(plugin: DemoPlugin) -> tuple[str, ...]:
    """The packages that have a fingerprint in the file."""
    return (plugin.path, "net/http", "runtime")


def _string_variables(plugin: DemoPlugin) -> dict[str, str]:
    """Variable name -> string, of those that .data holds."""
    registerers = {kind.symbol: value for kind, value in plugin.values.items() if value is not None}
    return registerers | dict(plugin.variables)


def _rodata(plugin: DemoPlugin) -> bytes:
    """The strings, packed without boundaries as Go's linker packs them."""
    texts = [*plugin.literals, *_string_variables(plugin).values(), *plugin.suffixes]
    packed = "".join(texts).encode()
    return packed + bytes(-len(packed) % 8)


def _objects(plugin: DemoPlugin, variables: Mapping[str, str], hashes: int) -> list[_Symbol]:
    """The string variables, and the packages' fingerprints at offset `hashes` of .rodata."""
    unset = [kind.symbol for kind, value in plugin.values.items() if value is None]
    packages = _packages(plugin)
    headers = [f"{plugin.path}.{name}" for name in variables]
    headers += [f"go:link.pkghash.{name}" for name in packages]
    return [
        *(
            _Symbol(name, _OBJECT, ".data", row * _STRING_SIZE, _STRING_SIZE)
            for row, name in enumerate(headers)
        ),
        *(
            _Symbol(f"{plugin.path}.{name}", _OBJECT, ".bss", row * _STRING_SIZE, _STRING_SIZE)
            for row, name in enumerate(unset)
        ),
        *(
            _Symbol(f"go:link.pkghashbytes.{name}", _OBJECT, ".rodata", hashes + 8 * row, 8)
            for row, name in enumerate(packages)
        ),
    ]


def _code(
    plugin: DemoPlugin, text_at: int, rodata_at: int, rodata: bytes
) -> tuple[bytes, list[_Symbol]]:
    """One function a registerer, which loads what it appends to the name, and `main`."""
    functions = {"main": ()} | {
        f"registerer.{_METHODS[kind]}": plugin.suffixes if kind is PluginType.MODIFIER else ()
        for kind in plugin.values
    }
    text = b""
    symbols = []
    for name, literals in functions.items():
        start = len(text)
        for literal in literals:
            place = rodata_at + rodata.index(literal.encode())
            text += _load(plugin.goarch, text_at + len(text), place, len(literal))
        text += (_CALL_VALUE[plugin.goarch] if name != "main" else b"") + _RETURN[plugin.goarch]
        symbols.append(
            _Symbol(f"{plugin.path}.{name}", _FUNCTION, ".text", start, len(text) - start)
        )
        text += bytes(-len(text) % 16)
    return text, symbols


def _load(goarch: str, at: int, place: int, size: int) -> bytes:
    """Instructions that load a string as the second argument of a concatenation."""
    if goarch == "amd64":  # lea rdi, [rip + displacement]; mov esi, size
        return b"\x48\x8d\x3d" + pack("<i", place - at - 7) + b"\xbe" + pack("<I", size)
    pages = (place >> 12) - (at >> 12)  # adrp x3, page; add x3, x3, #low; movz x4, #size
    adrp = 0x90000003 | (pages & 3) << 29 | (pages >> 2 & 0x7FFFF) << 5
    return pack("<III", adrp, 0x91000063 | (place & 0xFFF) << 10, 0xD2800004 | size << 5)


_CALL_VALUE = {"amd64": b"\xff\xd6", "arm64": pack("<I", 0xD63F00A0)}  # call rsi, blr x5
_RETURN = {"amd64": b"\xc3", "arm64": pack("<I", 0xD65F03C0)}


def _relocations(
    plugin: DemoPlugin,
    rodata: bytes,
    variables: Mapping[str, str],
    symbols: list[_Symbol],
    addresses: Mapping[str, int],
) -> bytes:
    """The pointers of the string headers in .data."""
    data_at, rodata_at = addresses.get(".data", 0), addresses.get(".rodata", 0)
    rows = [
        _RELA.pack(
            data_at + row * _STRING_SIZE,
            _RELATIVE[plugin.goarch],
            rodata_at + rodata.index(value.encode()),
        )
        for row, value in enumerate(variables.values())
    ]
    indices = {symbol.name: index for index, symbol in enumerate(symbols, 1)}
    for row, name in enumerate(_packages(plugin), len(variables)):
        symbol = indices[f"go:link.pkghashbytes.{name}"]
        kind = symbol << 32 | _ABSOLUTE[plugin.goarch]
        rows.append(_RELA.pack(data_at + row * _STRING_SIZE, kind, 0))
    return b"".join(rows)


def _symbol_table(symbols: list[_Symbol], names: bytes, addresses: Mapping[str, int]) -> bytes:
    rows = [_SYMBOL.pack(0, 0, 0, 0, 0, 0)]
    position = 1
    for symbol in symbols:
        address = addresses.get(symbol.section, 0) + symbol.offset
        section = _INDEX[symbol.section]
        rows.append(_SYMBOL.pack(position, symbol.info, 0, section, address, symbol.size))
        position = names.index(b"\0", position) + 1
    return b"".join(rows)


def _hash_table(symbols: int) -> bytes:
    """A DT_HASH table of one bucket: all symbols in one chain."""
    chain = [*range(2, symbols), 0] if symbols > 1 else []
    return pack(f"<{len(chain) + 4}I", 1, symbols, 1, 0, *chain)


def _dynamic(contents: Mapping[str, bytes], addresses: Mapping[str, int], libc: int) -> bytes:
    """`libc` is where in .dynstr the name of the C library stands."""
    entries = (
        (1, libc),
        (4, addresses.get(".hash", 0)),
        (5, addresses.get(".dynstr", 0)),
        (6, addresses.get(".dynsym", 0)),
        (7, addresses.get(".rela.dyn", 0)),
        (8, len(contents[".rela.dyn"])),
        (9, _RELA.size),
        (10, len(contents[".dynstr"])),
        (11, _SYMBOL.size),
        (0, 0),
    )
    return b"".join(pack("<QQ", tag, value) for tag, value in entries)


def _build_info(plugin: DemoPlugin) -> bytes:
    """As cmd/link writes it since Go 1.18: the strings follow the header, counted."""
    lines = (
        f"path\t{plugin.path}",
        f"mod\t{plugin.path}\t(devel)\t",
        *(f"dep\t{path}\t{version}\t" for path, version in plugin.modules.items()),
        "build\t-buildmode=plugin",
        "build\t-compiler=gc",
        "build\tCGO_ENABLED=1",
        f"build\tGOARCH={plugin.goarch}",
        "build\tGOOS=linux",
    )
    modules = "".join(line + "\n" for line in lines).encode()
    header = b"\xff Go buildinf:\x08\x02" + bytes(16)
    blob = _BUILD_INFO_START + modules + _BUILD_INFO_END
    return header + _counted(plugin.go_version.encode()) + _counted(blob)


def _counted(blob: bytes) -> bytes:
    size, out = len(blob), bytearray()
    while size >= 0x80:
        out.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes((*out, size)) + blob


def _assemble(
    plugin: DemoPlugin, contents: Mapping[str, bytes], addresses: Mapping[str, int], end: int
) -> bytes:
    table_at = _aligned(end, 8)
    file = bytearray(table_at)
    file[: _HEADER.size] = _HEADER.pack(
        b"\x7fELF\x02\x01\x01" + bytes(9),
        3,
        _MACHINES[plugin.goarch],
        1,
        0,
        _HEADER.size,
        table_at,
        0,
        _HEADER.size,
        _SEGMENT.size,
        4,
        _SECTION.size,
        len(_KINDS) + 1,
        _INDEX[".shstrtab"],
    )
    segments = _segments(contents, addresses)
    file[_HEADER.size : _HEADER.size + len(segments)] = segments
    for name, content in contents.items():
        if name != ".bss":
            file[addresses[name] : addresses[name] + len(content)] = content
    return bytes(file) + _section_table(contents, addresses)


def _segments(contents: Mapping[str, bytes], addresses: Mapping[str, int]) -> bytes:
    """Headers and read-only data, code, writable data; and the place of .dynamic."""
    text, dynamic, bss = addresses[".text"], addresses[".dynamic"], addresses[".bss"]
    text_size, bss_size = len(contents[".text"]), len(contents[".bss"])
    dynamic_size = len(contents[".dynamic"])
    rodata_end = addresses[".rodata"] + len(contents[".rodata"])
    return b"".join(
        _SEGMENT.pack(kind, flags, start, start, start, in_file, in_memory, alignment)
        for kind, flags, start, in_file, in_memory, alignment in (
            (1, 4, 0, rodata_end, rodata_end, _PAGE),
            (1, 5, text, text_size, text_size, _PAGE),
            (1, 6, dynamic, bss - dynamic, bss - dynamic + bss_size, _PAGE),
            (2, 6, dynamic, dynamic_size, dynamic_size, 8),
        )
    )


def _section_table(contents: Mapping[str, bytes], addresses: Mapping[str, int]) -> bytes:
    rows = [bytes(_SECTION.size)]
    for name, kind in _KINDS.items():
        rows.append(
            _SECTION.pack(
                contents[".shstrtab"].index(b"\0" + name.encode() + b"\0") + 1,
                kind.type,
                kind.flags,
                addresses[name] if kind.flags else 0,
                addresses[name],
                len(contents[name]),
                _INDEX.get(kind.link, 0),
                kind.info,
                kind.alignment,
                kind.entry_size,
            )
        )
    return b"".join(rows)


def _aligned(position: int, alignment: int) -> int:
    return position + -position % alignment
