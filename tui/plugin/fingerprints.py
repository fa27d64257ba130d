"""The fingerprints by which Go decides "plugin was built with a different version of package X".

Every package of a plugin, and of a program that opens plugins, has eight bytes in a dynamic
symbol `go:link.pkghashbytes.PACKAGE` (cmd/link symtab.go; "go." before Go 1.20), also when the
file is stripped. runtime.plugin_lastmoduleinit compares a plugin's own with those that the
dynamic linker found first in the process, in the order of the plugin's list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from tui.plugin.elf import Elf

PREFIXES: Final = (b"go:link.pkghashbytes.", b"go.link.pkghashbytes.")

Layout = tuple[int, int]
"""The sizes of the runtime's module data and of its type, in bytes (0: not stated)."""

_SIZE: Final = 8
_MODULE_DATA: Final = b"runtime.firstmoduledata"
_MODULE_TYPE: Final = b"type:runtime.moduledata"


class Package(NamedTuple):
    """A package and the fingerprint that it was linked with (empty where it cannot be read)."""

    path: str
    fingerprint: bytes


def read_packages(elf: Elf) -> tuple[Package, ...]:
    """The packages in the order in which the runtime compares them.

    The list points to a string for each package, and each string to its bytes; the linker lays
    the strings out in the list's order, so the places of the pointers to the bytes tell it.
    Packages without such a pointer come last.
    """
    found: dict[bytes, Package] = {}
    for prefix in PREFIXES:
        for symbol in elf.symbols_by_reference(prefix):
            path = unquote(symbol.name[len(prefix) :].decode("utf-8", "replace"))
            found[symbol.name] = Package(path, elf.read(symbol.address, _SIZE) or b"")
    return tuple(found.values())


def read_layout(elf: Elf) -> Layout | None:
    """How the runtime's module data is laid out, None when its symbol is not there.

    A plugin hands its own over to the program's runtime, which reads it by the program's layout
    (runtime/symtab.go moduledata). The two sizes told Go 1.21 to 1.27 apart wherever a plugin
    of one killed a program of the other, and were the same for 1.24 and 1.25, where it did not.
    """
    sizes = {
        symbol.name: symbol.size
        for name in (_MODULE_DATA, _MODULE_TYPE)
        for symbol in elf.symbols(name)
    }
    size = sizes.get(_MODULE_DATA)
    return None if size is None else (size, sizes.get(_MODULE_TYPE, 0))
