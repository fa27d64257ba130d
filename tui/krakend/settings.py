"""The settings of plugins inside an entry: by convention a block under the plugin's own name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tui.document.pointer import child
from tui.document.tree import JsonNode
from tui.krakend.namespaces import is_comment
from tui.krakend.points import Entry


class Settings(NamedTuple):
    """The block `node` at `pointer`, which is meant for `plugin`."""

    plugin: str
    pointer: str
    node: JsonNode


def settings(entry: Entry) -> Iterator[Settings]:
    """Each block of settings in `entry`, in file order; of equal keys the last.

    That is every member but `name` and comments, and the `config` of each item of a list
    `plugins` (Enterprise 3.0).
    """
    for key, member in {member.key: member for member in entry.value.members()}.items():
        if key == "plugins" and member.value.kind == "array":
            yield from _listed(member.value, child(entry.pointer, key))
        elif key != "name" and not is_comment(key):
            yield Settings(key, child(entry.pointer, key), member.value)


def _listed(plugins: JsonNode, pointer: str) -> Iterator[Settings]:
    for index, item in enumerate(plugins.items()):
        name, config = item.member("name"), item.member("config")
        if name is not None and config is not None and name.value.kind == "string":
            yield Settings(str(name.value.value()), f"{pointer}/{index}/{config.key}", config.value)
