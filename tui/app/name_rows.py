"""The rows of the names pane: each plugin name of an entry and the file that provides it."""

from __future__ import annotations

from typing import NamedTuple

from tui.krakend.points import Entry
from tui.krakend.registry import Registry, Standing
from tui.krakend.switched import all_names
from tui.plugin.facts import Certainty, PluginType
from tui.visible import visible

_ORDER = {
    PluginType.SERVER: "a request meets the last of the list first",
    PluginType.MODIFIER: "in list order; requests meet the endpoint's first, "
    "responses the backend's",
    PluginType.CLIENT: "one string, no list: it takes the place of the HTTP client",
    PluginType.MIDDLEWARE: "in list order",
}
"""How a request meets the plugins of an entry (lura transport/http/server/plugin wraps the
handlers in list order, proxy/plugin runs modifiers in list order, and a backend's proxy is
inside its endpoint's; transport/http/client/plugin makes one client a backend)."""

CERTAINTY_WORDS = {
    Certainty.EXACT: "exact",
    Certainty.INITIAL_VALUE: "initial value",
    Certainty.STRING_PRESENT: "only its bytes",
    Certainty.UNKNOWN: "unreadable",
}


class NameRow(NamedTuple):
    """`pointer` is that of the name's string, `place` its index among all names of the entry,
    those that are off included. `mark` and `style` say how it stands, `words` why."""

    name: str
    pointer: str
    mark: str
    style: str
    words: str
    place: int
    is_off: bool = False

    def is_of(self, entry: Entry) -> bool:
        """Whether the name still has its place in the entry."""
        names = all_names(entry)
        return self.place < len(names) and (
            (names[self.place].name, names[self.place].is_on) == (self.name, not self.is_off)
        )


def order_words(entry: Entry) -> str:
    """How a request meets the names of `entry`, in words; "" when that is not known."""
    if entry.meant is None:
        return ""
    words = _ORDER[entry.meant]
    names = [name.name for name in all_names(entry) if name.is_on]
    if entry.meant is PluginType.SERVER and len(names) > 1:
        words += ": " + " → ".join(map(visible, reversed(names)))
    return words


def name_rows(entry: Entry, registry: Registry | None) -> list[NameRow]:
    """One row a name, in list order. Without a registry the names cannot be judged (yet)."""
    rows = []
    for place, found in enumerate(all_names(entry)):
        standing = _standing(entry, found.name, registry)
        if not found.is_on:
            standing = ("–", "dim", "switched off")
        rows.append(NameRow(found.name, found.pointer, *standing, place, not found.is_on))
    return rows


def _standing(entry: Entry, name: str, registry: Registry | None) -> tuple[str, str, str]:
    if not entry.works_here:
        return "–", "dim", "KrakenD ignores this entry"
    if registry is None or entry.meant is None:
        return "?", "dim", "not checked"
    verdict = registry.verdict(entry.meant, name)
    if verdict.standing is Standing.REGISTERED:
        return "✓", "good", f"{verdict.files[-1]}  {CERTAINTY_WORDS[verdict.certainty]}"
    if verdict.standing is Standing.PENDING:
        return "?", "dim", "being looked for"
    if verdict.standing is Standing.UNSEEN:
        return "▲", "warning", f"{verdict.files[0]}  {CERTAINTY_WORDS[Certainty.STRING_PRESENT]}"
    if verdict.standing is Standing.UNCHECKED:
        return "?", "dim", f"{verdict.files[0]}  {CERTAINTY_WORDS[Certainty.UNKNOWN]}"
    return "✗", "error", "no loaded file"
