"""What is in the plugin folder, as plain values: made by storage, judged by krakend."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class EntryKind(Enum):
    """What a directory entry is, by lstat(2)."""

    FILE = "file"
    DIRECTORY = "directory"
    SYMLINK = "symlink"
    FIFO = "fifo"
    SOCKET = "socket"
    DEVICE = "device"
    OTHER = "other"


class FolderStatus(Enum):
    """What is known about the plugin folder."""

    OK = "ok"
    ABSENT = "absent"
    NOT_A_FOLDER = "not-a-folder"
    UNREADABLE = "unreadable"
    UNCHECKED = "unchecked"


def text_of(name: bytes) -> str:
    """A name, or a part of one, decoded so that no byte is lost."""
    return name.decode("utf-8", "surrogateescape")


class FolderEntry(NamedTuple):
    """One directory entry. `name` is bytes as the kernel gives them.

    `link_target` is the text of a symlink, `target_kind` what it leads to (None: dangling,
    looping or not a symlink). `size`, `mtime_ns`, `device` and `inode` are those of the
    file that opening the entry would read (of the link itself when it leads nowhere).
    """

    name: bytes
    kind: EntryKind
    link_target: bytes | None = None
    target_kind: EntryKind | None = None
    size: int = 0
    mtime_ns: int = 0
    device: int = 0
    inode: int = 0

    @property
    def text(self) -> str:
        """The name as text, from which its bytes can be had again."""
        return text_of(self.name)

    @property
    def is_regular(self) -> bool:
        """True when opening it reads a regular file: the only kind that is ever opened."""
        return (self.target_kind or self.kind) is EntryKind.FILE


@dataclass(frozen=True)
class FolderListing:
    """A folder's direct entries in bytewise order of name, as os.ReadDir gives them to lura.

    `path` is the absolute path looked at; `status` other than OK comes with no entries.
    """

    path: str
    status: FolderStatus
    entries: tuple[FolderEntry, ...] = ()

    @cached_property
    def joined_names(self) -> bytes:
        """All names, each with a NUL behind it, which no name holds: to be searched at once."""
        return b"".join(entry.name + b"\0" for entry in self.entries)

    @cached_property
    def folded_names(self) -> str:
        """`joined_names` as text without case."""
        return text_of(self.joined_names).casefold()

    @cached_property
    def name_ends(self) -> list[int]:
        """Where each name's NUL stands in `joined_names`."""
        return list(accumulate((len(entry.name) + 1 for entry in self.entries), initial=-1))[1:]

    def holding(self, needle: bytes) -> list[int]:
        """The indices of the entries whose name holds the bytes."""
        if not needle or b"\0" in needle:
            return [] if needle else list(range(len(self.entries)))
        names, ends = self.joined_names, self.name_ends
        found: list[int] = []
        place = names.find(needle)
        while place >= 0:
            index = bisect_left(ends, place)
            found.append(index)
            place = names.find(needle, ends[index] + 1)
        return found
