"""Which C library an ELF file wants: glibc or musl, and how new a glibc."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tui.plugin.elf import Elf

GLIBC: Final = "glibc"
MUSL: Final = "musl"

_VERSION = re.compile(rb"GLIBC_(\d{1,4}(?:\.\d{1,4}){1,2})")


class Libc(NamedTuple):
    """`family` is "glibc" or "musl", None when the file needs neither (or cannot tell).

    `needs` is the newest symbol version that it asks of glibc ("2.34"); musl has none. `files`
    are the shared libraries that it names (DT_NEEDED).
    """

    family: str | None = None
    needs: str | None = None
    files: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """For people: `glibc, GLIBC_2.34 or newer`."""
        if self.family is None:
            return "no C library"
        return f"{self.family}, GLIBC_{self.needs} or newer" if self.needs else self.family


NO_LIBC: Final = Libc()


# What comes with a C library itself: glibc's own parts, musl, the dynamic linkers, and gcc's.
_OF_THE_SYSTEM = re.compile(
    r"lib(?:c|m|dl|rt|pthread|resolv|util|gcc_s)\.so(?:\.\d+)?|libc\.musl-.*|ld-(?:linux|musl).*"
)


def other_libraries(files: Iterable[str]) -> tuple[str, ...]:
    """Those of the shared libraries that do not come with the C library: they must be installed."""
    return tuple(name for name in files if not _OF_THE_SYSTEM.fullmatch(name))


def read_libc(elf: Elf) -> Libc:
    """From DT_NEEDED, the symbol versions, and a program's dynamic linker."""
    files = [name.decode("utf-8", "replace") for name in elf.needed()]
    versions = [
        match[1].decode()
        for name in elf.needed_versions()
        if (match := _VERSION.fullmatch(name)) is not None
    ]
    newest = max(versions, key=numbers, default=None)
    is_musl = any(name == "libc.so" or name.startswith("libc.musl-") for name in files)
    if newest is not None or "libc.so.6" in files or b"/ld-linux" in (elf.interpreter or b""):
        return Libc(GLIBC, newest, tuple(files))
    if is_musl or b"/ld-musl" in (elf.interpreter or b""):
        return Libc(MUSL, None, tuple(files))
    return Libc(None, None, tuple(files))


def numbers(version: str) -> tuple[int, ...]:
    """`2.34` as numbers, which sort as versions do."""
    return tuple(int(part) for part in version.split("."))
