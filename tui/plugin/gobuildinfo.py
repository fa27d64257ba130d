"""Go's build info: what `go version -m` prints, read from the bytes (debug/buildinfo)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.plugin.elf import Elf

_MAGIC: Final = b"\xff Go buildinf:"
_HEADER_SIZE: Final = 32
_FLAGS_OFFSET: Final = 15
_INLINE: Final = 2
_LONGEST: Final = 1 << 20
_SENTINEL: Final = 16  # bytes before and after the module text (runtime/debug, modinfo)


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """`go_version` as Go spells it ("go1.25.5"); `path` the main package's path, None when
    built without modules; `settings` what the lines `build KEY=VALUE` say (GOOS, -trimpath)."""

    go_version: str | None = None
    path: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


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
    path, settings = _module_text(modules)
    return BuildInfo(version.decode("utf-8", "replace") or None, path, settings)


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


def _module_text(blob: bytes) -> tuple[str | None, dict[str, str]]:
    if len(blob) < 2 * _SENTINEL + 1 or blob[-_SENTINEL - 1] != ord("\n"):
        return None, {}
    path = None
    settings = {}
    for line in blob[_SENTINEL:-_SENTINEL].decode("utf-8", "replace").split("\n"):
        key, _, value = line.partition("\t")
        if key == "path":
            path = value
        elif key == "build":
            name, _, setting = value.partition("=")
            settings[name] = setting
    return path, settings
