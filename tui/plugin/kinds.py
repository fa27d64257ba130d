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
        return FileKind.TEXT, "a text file"
    return FileKind.DATA, "data of no known kind"


def _is_text(head: bytes) -> bool:
    if _BINARY.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as cut:
        # A code point of up to four bytes may be cut in two by the end of `head`.
        return len(head) == _HEAD and cut.start > _HEAD - 4
    return True
