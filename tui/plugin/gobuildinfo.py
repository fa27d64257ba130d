"""Go's build info: what `go version -m` prints, read from the bytes (debug/buildinfo)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from tui.plugin.elf import Elf

_MAGIC: Final = b"\xff Go buildinf:"
_HEADER_SIZE: Final = 32
_FLAGS_OFFSET: Final = 15
_INLINE: Final = 2
_LONGEST: Final = 1 << 20
_SENTINEL: Final = 16  # bytes before and after the module text (runtime/debug, modinfo)


class Module(NamedTuple):
    """A module that was linked: `version` is "(devel)" or empty where Go knew none.

    `replaced_by` is what a `replace` line of go.mod put in its place.
    """

    path: str
    version: str
    replaced_by: Module | None = None

    @property
    def effective(self) -> str:
        """The version whose code was compiled; another module or a folder with its path."""
        other = self.replaced_by
        if other is None:
            return self.version
        return other.version if other.path == self.path else f"{other.path} {other.version}".strip()


class BuildInfo(NamedTuple):
    """`go_version` as Go spells it ("go1.25.5"); `path` the main package's path, None when
    built without modules; `main` its module; `modules` those that it depends on; `settings`
    what the lines `build KEY=VALUE` say (GOOS, -trimpath)."""

    go_version: str | None = None
    path: str | None = None
    settings: Mapping[str, str] = MappingProxyType({})
    main: Module | None = None
    modules: tuple[Module, ...] = ()

    @property
    def platform(self) -> str | None:
        """GOOS/GOARCH: "linux/amd64"; None when either is not stated."""
        goos, goarch = self.settings.get("GOOS"), self.settings.get("GOARCH")
        return f"{goos}/{goarch}" if goos and goarch else None

    @property
    def versions(self) -> dict[str, str]:
        """Module path -> the version that was compiled."""
        return {module.path: module.effective for module in self.modules}


NO_BUILD_INFO: Final = BuildInfo()


def read_build_info(elf: Elf) -> BuildInfo:
    """From the section .go.buildinfo; an empty BuildInfo when it is absent or damaged.

    Since Go 1.18 the strings follow the header; before, the header points at string headers.
    """
    blob = elf.contents(b".go.buildinfo")
    if not blob.startswith(_MAGIC) or len(blob) < _HEADER_SIZE:
        return BuildInfo()
    if blob[_FLAGS_OFFSET] & _INLINE:
        version, position = _counted(blob, _HEADER_SIZE)
        modules, _ = _counted(blob, position)
    else:
        version = modules = b""
        address = elf.address_of(b".go.buildinfo")
        version = _pointed(elf, address + 16)
        modules = _pointed(elf, address + 24)
    return _module_text(version.decode("utf-8", "replace") or None, modules)


def _counted(blob: bytes, position: int) -> tuple[bytes, int]:
    """The bytes after a base-128 count (encoding/binary Uvarint), and where they end."""
    size = shift = 0
    while position < len(blob) and shift < 64:
        byte = blob[position]
        position += 1
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            return blob[position : position + size], position + size
        shift += 7
    return b"", len(blob)


def _pointed(elf: Elf, address: int) -> bytes:
    """The Go string whose header the pointer at `address` leads to."""
    header = elf.pointer(address)
    return (elf.string(header, _LONGEST) if header is not None else None) or b""


def _module_text(go_version: str | None, blob: bytes) -> BuildInfo:
    """The lines between the sentinels: path, mod, dep, => (a replacement) and build."""
    if len(blob) < 2 * _SENTINEL + 1 or blob[-_SENTINEL - 1] != ord("\n"):
        return BuildInfo(go_version)
    path = main = None
    modules: list[Module] = []
    settings: dict[str, str] = {}
    for line in blob[_SENTINEL:-_SENTINEL].decode("utf-8", "replace").split("\n"):
        key, _, value = line.partition("\t")
        if key == "path":
            path = value
        elif key == "mod":
            main = _module(value)
        elif key == "dep":
            modules.append(_module(value))
        elif key == "=>" and modules:
            modules[-1] = modules[-1]._replace(replaced_by=_module(value))
        elif key == "build":
            name, _, setting = value.partition("=")
            settings[name] = _unquoted(setting)
    return BuildInfo(go_version, path, settings, main, tuple(modules))


def _module(columns: str) -> Module:
    path, version, *_checksum = [*columns.split("\t"), ""]
    return Module(path, version)


def _unquoted(setting: str) -> str:
    """A value with spaces stands as a Go string literal (runtime/debug, BuildInfo.String)."""
    if setting[:1] == '"' == setting[-1:] and len(setting) > 1:
        try:
            return str(json.loads(setting))
        except ValueError:
            return setting
    return setting[1:-1] if setting[:1] == "`" == setting[-1:] and len(setting) > 1 else setting
