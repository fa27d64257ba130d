"""inspect_plugin: the bytes of one file in the plugin folder -> what they are."""

from __future__ import annotations

import mmap
from collections.abc import Collection
from hashlib import sha256
from typing import Final
from urllib.parse import unquote_to_bytes

from tui.plugin.elf import ET_CORE, ET_DYN, ET_EXEC, ET_REL, Buffer, Elf, NotReadable
from tui.plugin.elf_head import read_head
from tui.plugin.facts import FileKind, PluginFacts, PluginType
from tui.plugin.fingerprints import PREFIXES, read_layout, read_packages
from tui.plugin.gobuildinfo import BuildInfo, read_build_info
from tui.plugin.kinds import kind_of
from tui.plugin.libc import read_libc
from tui.plugin.registerers import read_registerers

# UPX leaves no section table, and its name near the start (upx.github.io, linux stub loaders).
_UPX: Final = b"UPX!"
_HEAD: Final = 4096
_PACKED: Final = "an ELF file packed by UPX (upx -d unpacks it)"
_UNNAMED: Final = b"plugin/unnamed-"
_MAIN: Final = b".main"
_LANDMARKS: Final = (_MAIN, *(b"." + kind.symbol.encode() for kind in PluginType))
_NOT_A_PLUGIN = {
    ET_REL: "an ELF object file, not linked yet",
    ET_EXEC: "an ELF program, not a shared object",
    ET_CORE: "a core dump",
}


def inspect_plugin(
    data: bytes | mmap.mmap | memoryview, wanted_names: Collection[str] = ()
) -> PluginFacts:
    """What a file is, what it registers and how sure that is. Never raises, runs nothing.

    `wanted_names` are the configured plugin names; `literals` of the result are those whose
    bytes occur among the strings of its code and variables (not in its symbol or type names).
    """
    buffer = bytes(data) if isinstance(data, memoryview) else data
    size, digest = len(buffer), sha256(buffer).hexdigest()
    kind, problem = kind_of(buffer)
    if kind is not FileKind.ELF:
        return PluginFacts(kind, problem=problem, size=size, sha256=digest)
    head = read_head(buffer)
    try:
        elf = Elf(buffer)
    except NotReadable as reason:
        return PluginFacts(
            FileKind.ELF,
            problem=_PACKED if buffer.find(_UPX, 0, _HEAD) > 0 else str(reason),
            head=head,
            is_readable=False,
            size=size,
            sha256=digest,
        )
    info = read_build_info(elf)
    path = _plugin_path(elf, info)
    registerers, unusable, hint = read_registerers(elf, path) if path else ((), (), "")
    return PluginFacts(
        FileKind.GO_PLUGIN if path else FileKind.ELF,
        registerers,
        "" if path else _why_no_plugin(elf, info),
        _readable(path) if path else None,
        info,
        _literals(buffer, elf, wanted_names),
        head,
        read_libc(elf),
        read_packages(elf) if elf.type == ET_DYN else (),
        read_layout(elf),
        unusable=unusable,
        hint=hint,
        is_stripped=not elf.contents(b".symtab"),
        size=size,
        sha256=digest,
    )


def literals_in(data: bytes, wanted_names: Collection[str]) -> frozenset[str]:
    """The `literals` that inspect_plugin would find, without the rest, which takes ten times as
    long."""
    if kind_of(data)[0] is not FileKind.ELF:
        return frozenset()
    try:
        return _literals(data, Elf(data), wanted_names)
    except NotReadable:
        return frozenset()


def _plugin_path(elf: Elf, info: BuildInfo) -> bytes | None:
    """Go's path of the plugin as its symbols spell it, None when this is no Go plugin.

    The build info's path, unless the linker was given another one (-ldflags=-pluginpath=...)
    or the plugin was built from files; then what stands before `.main`, best also before a
    registerer.
    """
    if elf.type != ET_DYN or elf.interpreter is not None:
        return None
    if not elf.has_name_starting(*PREFIXES):
        return None
    names = elf.symbols_ending(*_LANDMARKS)
    mains = {name.removesuffix(_MAIN) for name in names if name.endswith(_MAIN)} - {b"runtime"}
    own = {path for path in mains if _readable(path) == info.path}
    registering = {name.rpartition(b".")[0] for name in names if not name.endswith(_MAIN)}
    unnamed = {path for path in mains if path.startswith(_UNNAMED)}
    return min(own or unnamed or mains & registering or mains, default=None)


def _readable(path: bytes) -> str:
    """A package path without the escapes of symbol names (cmd/internal/objabi PathToPrefix)."""
    return unquote_to_bytes(path).decode("utf-8", "replace")


def _why_no_plugin(elf: Elf, info: BuildInfo) -> str:
    if info.go_version and (elf.interpreter is not None or elf.type == ET_EXEC):
        return "a Go program: go build needs -buildmode=plugin"
    if elf.interpreter is not None:
        return _NOT_A_PLUGIN[ET_EXEC]
    if elf.type in _NOT_A_PLUGIN:
        return _NOT_A_PLUGIN[elf.type]
    if info.settings.get("-buildmode") == "plugin":
        return "a Go plugin without its own symbols (built with -ldflags=-pluginpath=...?)"
    if info.go_version:
        mode = info.settings.get("-buildmode", "exe")
        return f"a Go library built with -buildmode={mode}, not with -buildmode=plugin"
    return "a shared library without Go plugin symbols (a C library?)"


def _literals(data: Buffer, elf: Elf, wanted: Collection[str]) -> frozenset[str]:
    if not wanted:
        return frozenset()
    blobs = [
        data[section.offset : section.offset + section.size]
        for section in elf.sections
        if section.may_hold_strings
    ]
    return frozenset(
        name
        for name in wanted
        if any(name.encode("utf-8", "surrogatepass") in blob for blob in blobs)
    )
