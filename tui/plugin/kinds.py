"""What a file is by its first bytes."""

from __future__ import annotations

import re
from typing import Final

from tui.plugin.elf import MAGIC, Buffer
from tui.plugin.facts import FileKind

_HEAD: Final = 4096
_BOM: Final = b"\xef\xbb\xbf"
_MACHO: Final = tuple(
    bytes.fromhex(magic) for magic in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe")
)
_ARCHIVES: Final = {
    b"PK\x03\x04": "a zip archive, not unpacked",
    b"BZh": "a bzip2 archive, not unpacked",
    b"\xfd7zXZ\x00": "an xz archive, not unpacked",
    b"\x28\xb5\x2f\xfd": "a zstd archive, not unpacked",
    b"!<arch>\n": "a static library (.a): go build needs -buildmode=plugin",
    b"\x00asm": "a WebAssembly module",
    b"\x00\x05\x16\x07": "a ._ file, as macOS makes one beside a file that it copies",
}
_TAR: Final = slice(257, 262)
_LFS: Final = b"version https://git-lfs.github.com/spec/"
_GO_SOURCE = re.compile(rb"^package [a-z_]\w*\s*$", re.MULTILINE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# C0 controls that text files do not hold: all but backspace to carriage return, and escape.
_BINARY = re.compile(rb"[\x00-\x07\x0e-\x1a\x1c-\x1f]")


def kind_of(data: Buffer) -> tuple[FileKind, str]:
    """The kind and, for what can be no plugin, what it is: a noun phrase.

    An ELF file's phrase is empty: it takes more than its first bytes to say.
    """
    head = data[:_HEAD]
    if not head:
        return FileKind.EMPTY, "an empty file"
    if head.startswith(MAGIC):
        return FileKind.ELF, ""
    if head.startswith(b"\x1f\x8b"):
        return FileKind.GZIP, "a gzip archive, not unpacked"
    if head.startswith(_MACHO):
        return FileKind.MACHO, "a Mach-O file, built for macOS"
    if head.startswith(b"MZ"):
        return FileKind.PE, "a PE file, built for Windows"
    if head.removeprefix(_BOM).lstrip().startswith(b"<") and _HTML.search(head):
        return FileKind.HTML, "an HTML page, as a failed download leaves it"
    if MAGIC.startswith(head):
        return FileKind.DATA, "an ELF file cut off after its first bytes"
    if _is_text(head):
        return FileKind.TEXT, _which_text(head)
    return FileKind.DATA, _which_data(head)


def _which_text(head: bytes) -> str:
    if head.startswith(_LFS):
        return "a Git LFS pointer in the place of the file (git lfs pull gets it)"
    if head.startswith(b"#!"):
        return "a script"
    return "Go source code, not compiled" if _GO_SOURCE.search(head) else "a text file"


def _which_data(head: bytes) -> str:
    if head[_TAR] == b"ustar":
        return "a tar archive, not unpacked"
    archives = (words for magic, words in _ARCHIVES.items() if head.startswith(magic))
    return next(archives, "data of no known kind")


def _is_text(head: bytes) -> bool:
    if _BINARY.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as cut:
        # A code point of up to four bytes may be cut in two by the end of `head`.
        return len(head) == _HEAD and cut.start > _HEAD - 4
    return True
