"""The rows of the names pane: each plugin name of an entry and the file that provides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.krakend.points import Entry
from tui.krakend.registry import Registry, Standing
from tui.plugin.facts import PluginType

ORDER_WORDS = {
    PluginType.SERVER: "a request meets the last of the list first",
    PluginType.MODIFIER: "in list order, the endpoint's before the backend's",
    PluginType.CLIENT: "one name, a string: it replaces the HTTP client",
    PluginType.MIDDLEWARE: "in list order",
}
"""How a request meets the plugins of an entry (lura transport/http/server/plugin wraps the
handlers in list order, proxy/plugin runs modifiers in list order; KrakenD 2.13.8 measured)."""


@dataclass(frozen=True, slots=True)
class NameRow:
    """`pointer` is that of the name's string; `mark` and `style` say how it stands, `words` why."""

    name: str
    pointer: str
    mark: str
    style: str
    words: str


def name_rows(entry: Entry, registry: Registry | None) -> list[NameRow]:
    """One row a name, in list order. Without a registry the names cannot be judged (yet)."""
    return [
        NameRow(name, pointer, *_standing(entry, name, registry)) for name, pointer in _names(entry)
    ]


def _names(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.name is None:
        return
    pointer = f"{entry.pointer}/{entry.name.key}"
    node = entry.name.value
    if node.kind == "string":
        yield str(node.value()), pointer
    for index, item in enumerate(node.items()):
        if item.kind == "string":
            yield str(item.value()), f"{pointer}/{index}"


def _standing(entry: Entry, name: str, registry: Registry | None) -> tuple[str, str, str]:
    if not entry.works_here:
        return "–", "dim", "KrakenD ignores this entry"
    if registry is None or entry.meant is None:
        return "?", "dim", "not checked"
    verdict = registry.verdict(entry.meant, name)
    if verdict.standing is Standing.REGISTERED:
        return "✓", "good", verdict.files[-1]
    if verdict.standing is Standing.UNSEEN:
        return "▲", "warning", f"bytes in {verdict.files[0]}"
    if verdict.standing is Standing.UNCHECKED:
        return "?", "dim", f"perhaps {verdict.files[0]}"
    return "✗", "error", "no loaded file"
