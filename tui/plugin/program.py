"""inspect_program: the bytes of a program that opens plugins -> what a plugin must match.

KrakenD is one; any Go program that imports the package `plugin` is read alike. Nothing of it is
run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from tui.plugin.elf import ET_DYN, Buffer, Elf, NotReadable
from tui.plugin.elf_head import ElfHead, read_head
from tui.plugin.facts import FileKind
from tui.plugin.fingerprints import Layout, read_layout, read_packages
from tui.plugin.gobuildinfo import BuildInfo, read_build_info
from tui.plugin.kinds import kind_of
from tui.plugin.libc import NO_LIBC, Libc, read_libc

_KRAKEND = re.compile(r"github\.com/(krakend|krakendio|devopsfaith)/krakend-(ce|ee)(/v\d+)?")
# What lura prints as `krakend version`: set with -ldflags=-X (krakend-ce Makefile).
_VARIABLES: Final = {
    "KrakendVersion": b"github.com/luraproject/lura/v2/core.KrakendVersion",
    "GlibcVersion": b"github.com/luraproject/lura/v2/core.GlibcVersion",
}
_LONGEST: Final = 128
_RELEASE = re.compile(r"v?(\d+\.\d+\.\d+)(?:[-+].*)?")


class ProgramFacts(NamedTuple):
    """What a program's bytes tell of the plugins that it can open.

    `edition` is "ce" or "ee", None when the program is not KrakenD; `release` is X.Y.Z, None
    when it cannot be told. `libc_release` is what KrakenD calls its C library ("GLIBC-2.36",
    "MUSL-1.2.5_(alpine-3.23.3)"). `packages` are the fingerprints by package path, empty when
    the program cannot open plugins. `layout` is as in PluginFacts.
    """

    build: BuildInfo
    edition: str | None = None
    release: str | None = None
    libc: Libc = NO_LIBC
    libc_release: str | None = None
    head: ElfHead | None = None
    packages: Mapping[str, bytes] = MappingProxyType({})
    layout: Layout | None = None

    @property
    def opens_plugins(self) -> bool:
        """Whether it was linked so that it can open plugins (it imports `plugin`)."""
        return bool(self.packages)


class NotAGoProgram(Exception):
    """The file is no Go program; the text says what it is, as a noun phrase."""


def inspect_program(data: Buffer) -> ProgramFacts:
    """What the program's bytes tell. Raises NotAGoProgram."""
    kind, problem = kind_of(data)
    if kind is not FileKind.ELF:
        raise NotAGoProgram(problem)
    try:
        elf = Elf(data)
    except NotReadable as reason:
        raise NotAGoProgram(str(reason)) from None
    if elf.type == ET_DYN and elf.interpreter is None:
        raise NotAGoProgram("a shared object, not a program")
    build = read_build_info(elf)
    if build.go_version is None:
        raise NotAGoProgram("an ELF file without Go's build info")
    stated = {key: _variable(elf, build, name) for key, name in _VARIABLES.items()}
    edition = _edition(build)
    return ProgramFacts(
        build=build,
        edition=edition,
        release=_release(build, stated["KrakendVersion"]) if edition else None,
        libc=read_libc(elf),
        libc_release=stated["GlibcVersion"] or None,
        head=read_head(data),
        packages={package.path: package.fingerprint for package in read_packages(elf)},
        layout=read_layout(elf),
    )


def _edition(build: BuildInfo) -> str | None:
    """By the main module, as go.mod of krakend-ce and of the Enterprise Edition name it."""
    for path in (build.main.path if build.main else "", build.path or ""):
        match = _KRAKEND.match(path)
        if match is not None:
            return match[2]
    return None


def _release(build: BuildInfo, stated: str) -> str | None:
    """As its own `version` command says, else as Go stamped the main module."""
    for text in (stated, build.main.version if build.main else ""):
        match = _RELEASE.fullmatch(text)
        if match is not None and match[1] != "0.0.0":
            return match[1]
    return None


def _variable(elf: Elf, build: BuildInfo, name: bytes) -> str:
    """A string variable's value: in its symbol, else in the linker flags of the build info."""
    for symbol in elf.symbols(name):
        if symbol.name == name:
            value = elf.string(symbol.address, _LONGEST)
            if value is not None:
                return value.decode("utf-8", "replace")
    flags = build.settings.get("-ldflags", "")
    match = re.search(rf"-X[ =]'?{re.escape(name.decode())}=([^\s']+)", flags)
    return match[1] if match is not None else ""
