"""The root `plugin` block as KrakenD reads it.

lura config.ServiceConfig has `Plugin *Plugin` with the strings Folder and Pattern; a missing
block leaves the loader out (krakend-ce executor.go: `if cfg.Plugin != nil`).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree, Member
from tui.krakend.golang import same_key, weak_string

FORMAT_OF_3 = 4
"""The configuration format of KrakenD 3.0 (krakend-schema v3.0 _root.json, 2026)."""


class BlockField(NamedTuple):
    """`folder` or `pattern`: the member, its pointer, and the string that KrakenD gets.

    `text` is None when KrakenD refuses the value's type and does not start.
    """

    member: Member
    pointer: str
    text: str | None

    @property
    def node(self) -> JsonNode:
        """The value in the text."""
        return self.member.value


class PluginBlock(NamedTuple):
    """The block that KrakenD uses. `folder` and `pattern` are None when absent.

    `is_loaded` is False when KrakenD does not run its plugin loader: the block is absent,
    null, or of a type that KrakenD refuses.
    """

    member: Member | None
    pointer: str
    folder: BlockField | None
    pattern: BlockField | None

    @property
    def is_loaded(self) -> bool:
        """Whether KrakenD runs its plugin loader at all."""
        return self.member is not None and self.member.value.kind == "object"

    @property
    def is_in_extra_config(self) -> bool:
        """Whether it stands where the configuration format of KrakenD 3.0 has it."""
        return self.pointer.count("/") > 1

    @property
    def folder_text(self) -> str | None:
        """The folder as KrakenD has it: "" when absent, None without loader or when refused."""
        return _text(self.folder) if self.is_loaded else None

    @property
    def pattern_text(self) -> str | None:
        """The pattern as KrakenD has it: "" when absent, None without loader or when refused."""
        return _text(self.pattern) if self.is_loaded else None


def read_plugin_block(tree: JsonTree) -> PluginBlock:
    """The `plugin` block of the config, whatever is in it."""
    member = core_member(tree.root, "plugin")
    where = ""
    if member is None:
        where, member = _in_extra_config(tree.root)
    if member is None:
        return PluginBlock(None, "", None, None)
    pointer = child(where, member.key)
    return PluginBlock(
        member,
        pointer,
        _field(member.value, pointer, "folder"),
        _field(member.value, pointer, "pattern"),
    )


def _in_extra_config(root: JsonNode | None) -> tuple[str, Member | None]:
    """Where the configuration format 4, that of KrakenD 3.0, has the block (enterprise
    documentation, extending/injecting-plugins), with the pointer of its holder."""
    version = core_member(root, "version")
    extra = core_member(root, "extra_config")
    if version is None or extra is None or version.value.value() != FORMAT_OF_3:
        return "", None
    return child("", extra.key), extra.value.member("plugin")


def looked_up_from(folder: str, path: str) -> str:
    """The directory that a relative `folder` starts from, when it was looked for at `path`; ""
    for an absolute one."""
    if folder.startswith("/"):
        return ""
    parts = len(PurePosixPath(folder).parts)
    above = PurePosixPath(path).parents
    return str(above[parts - 1]) if 0 < parts <= len(above) else path


def core_member(node: JsonNode | None, name: str) -> Member | None:
    """The member that KrakenD takes for its own key `name`: keys of the core ignore case.

    The exact spelling wins (mapstructure, KrakenD 2.12 and newer); of several others it is
    left to chance, and the last is taken here.
    """
    found: Member | None = None
    exact: Member | None = None
    if node is not None:
        for member in node.members():
            if member.key == name:
                exact = member
            elif same_key(member.key, name):
                found = member
    return exact or found


def _field(block: JsonNode, pointer: str, name: str) -> BlockField | None:
    member = core_member(block, name)
    if member is None:
        return None
    return BlockField(member, child(pointer, member.key), weak_string(member.value.value()))


def _text(field: BlockField | None) -> str | None:
    return "" if field is None else field.text
