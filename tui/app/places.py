"""From a JSON Pointer to the place on the screen that shows it, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tui.app.key_help import KeyHelp, key_help
from tui.app.tree_rows import WHOLE_FILE, groups_around, short_label
from tui.diagnostic import Span
from tui.document.pointer import split
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.points import Entry, InjectionPoint, PointGroup
from tui.krakend.settings import settings
from tui.visible import visible

if TYPE_CHECKING:
    from tui.app.session import Session


class Places:
    """The places of a session's config as its text and its points are now."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def around(self, key: str) -> Iterator[InjectionPoint]:
        """The points of the groups that a tree row may be in: there may be thousands of others."""
        return chain.from_iterable(groups_around(self._session.groups, key))

    def find(self, key: str) -> tuple[InjectionPoint | None, Entry | None]:
        """The point and the entry of a tree row."""
        return find(self.around(key), key)

    def entry_of(self, key: str | None) -> Entry | None:
        """The plugin entry that a tree row stands for, if it is one."""
        return self.find(key)[1] if key else None

    def span_of(self, key: str) -> Span | None:
        """What the editor shows for a row."""
        return span_of(self._session.document.tree, self.around(key), key)

    def block_at(self, key: str, pointer: str) -> str | None:
        """The pointer of the plugin settings that hold `pointer`, in the entry of the row `key`."""
        return block_at(self.entry_of(key), pointer)

    def key_help(self, offset: int) -> KeyHelp | None:
        """What belongs at a place of the text, by its schema."""
        session = self._session
        return key_help(session.document.tree.pointer_at(offset), session.schemas)

    def row_of(self, pointer: str) -> str:
        """The key of the row that shows `pointer`."""
        return row_of(self.around(pointer), pointer)

    def group_of(self, key: str) -> str | None:
        """The key of the foldable row above the row `key`."""
        return group_of(self.around(key), key)


def row_of(points: Iterable[InjectionPoint], pointer: str) -> str:
    """The key of the innermost tree row that shows `pointer`: an entry's, else a point's that
    has an extra_config there, else the whole file's."""
    best = WHOLE_FILE
    for point in points:
        for entry in point.entries:
            if pointer == entry.pointer or pointer.startswith(entry.pointer + "/"):
                return entry.pointer
        inside = point.extra_config_pointer
        if point.pointer and (pointer == inside or pointer.startswith(inside + "/")):
            best = point.pointer
    return best


def group_of(points: Iterable[InjectionPoint], key: str) -> str | None:
    """The key of the foldable row above the row `key` (which may be that row itself)."""
    head: str | None = None
    for point in points:
        if point.depth == 0:
            head = point.pointer
        if key == point.pointer or any(key == entry.pointer for entry in point.entries):
            return head
    return None


def find(points: Iterable[InjectionPoint], key: str) -> tuple[InjectionPoint | None, Entry | None]:
    """The point and, if `key` is an entry's, the entry."""
    for point in points:
        if key == point.pointer:
            return point, None
        for entry in point.entries:
            if key == entry.pointer:
                return point, entry
    return None, None


def span_of(tree: JsonTree, points: Iterable[InjectionPoint], key: str) -> Span | None:
    """What the editor shows for a row: an entry's value, a point's extra_config, or all; for
    the pointer of a block of settings that block.

    None where a point has no extra_config.
    """
    if key == WHOLE_FILE:
        return Span(0, len(tree.text))
    point, entry = find(points, key)
    if point is None:
        node = tree.node(key)
        return node.span if node is not None else None
    node = tree.node(entry.pointer if entry is not None else point.extra_config_pointer)
    return node.span if node is not None else None


def block_at(entry: Entry | None, pointer: str) -> str | None:
    """The pointer of the plugin settings in `entry` that hold `pointer`."""
    for block in settings(entry) if entry is not None else ():
        if pointer == block.pointer or pointer.startswith(block.pointer + "/"):
            return block.pointer
    return None


def block_title(entry: Entry, pointer: str) -> str:
    """The right pane's title for a block of settings: `http-server › auth`."""
    below = split(pointer.removeprefix(entry.pointer))
    return visible(f"{short_label(entry)} › {' › '.join(below)}")


def title_of(points: Iterable[InjectionPoint], key: str | None) -> str:
    """The right pane's title for a row, e.g. `service › plugin/http-server`."""
    if key is None or key == WHOLE_FILE:
        return "whole file"
    point, entry = find(points, key)
    if point is None:
        return ""
    return f"{point.label} › {entry.key if entry is not None else 'extra_config'}"


def path_of(points: Iterable[InjectionPoint], key: str) -> str:
    """The point of a row with what it belongs to: `GET /v1/orders › backend 0  orders:8081`."""
    head = ""
    for point in points:
        if point.depth == 0:
            head = point.label
        if key == point.pointer or any(key == entry.pointer for entry in point.entries):
            return point.label if point.depth == 0 else f"{head} › {point.label}"
    return ""


class Goal(NamedTuple):
    """Somewhere to go to: the tree row `key`; `label` and `words` are shown, `text` is JSON that
    is searched too."""

    key: str
    label: str
    words: str
    text: str = ""


def goals(points: Iterable[InjectionPoint]) -> Iterator[Goal]:
    """Each point and each entry, so that one line finds by endpoint, method, host, url_pattern,
    namespace, plugin name or value."""
    group: PointGroup | None = None
    for point, label in _labelled(points):
        if group is None or point.group.pointer != group.pointer:
            # What is read of all endpoints for this is not remembered.
            group = point.group.unread()
        yield Goal(point.pointer, label, _field_words(point, group))
        for entry in point.entries:
            text = group.node_at(entry.pointer).text
            yield Goal(entry.pointer, f"{label} › {entry.key}", " ".join(entry.called), text)


def labels(points: Iterable[InjectionPoint]) -> dict[str, str]:
    """What goals are called, by their row."""
    found: dict[str, str] = {}
    for point, label in _labelled(points):
        found[point.pointer] = label
        found.update((entry.pointer, f"{label} › {entry.key}") for entry in point.entries)
    return found


def _labelled(points: Iterable[InjectionPoint]) -> Iterator[tuple[InjectionPoint, str]]:
    head = ""
    for point in points:
        if point.depth == 0:
            head = point.label
        yield point, point.label if point.depth == 0 else f"{head} › {point.label}"


def _field_words(point: InjectionPoint, group: PointGroup) -> str:
    """What a backend says of itself: method, url_pattern, and every host."""
    if point.depth == 0:
        return ""
    owner, keys = group.node_at(point.pointer), point.keys.fields
    fields = (
        owner.member(keys[name]) for name in ("method", "url_pattern", "host") if name in keys
    )
    return " ".join(word for field in fields if field is not None for word in _texts(field.value))


def _texts(node: JsonNode) -> Iterator[str]:
    for item in (node,) if node.kind == "string" else node.items():
        if item.kind == "string":
            yield str(item.value())
