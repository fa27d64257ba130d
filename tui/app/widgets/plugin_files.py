"""The folder pane's list: every entry of the plugin folder as KrakenD sees it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from tui.app.widgets.line_list import LineList
from tui.folder import EntryKind, FolderListing, FolderStatus
from tui.krakend.scan import Scan, ScannedEntry
from tui.plugin.facts import FileKind, PluginFacts, PluginType
from tui.visible import visible

_SHORT = {
    PluginType.SERVER: "server",
    PluginType.CLIENT: "client",
    PluginType.MODIFIER: "modifier",
    PluginType.MIDDLEWARE: "middlew.",
}


class PluginFiles(LineList):
    """One line an entry: order, name with the matched substring reversed, what it registers."""

    def __init__(self) -> None:
        super().__init__(id="files")
        self._scan = Scan(FolderListing("", FolderStatus.UNCHECKED), "")
        self._plugins: Mapping[bytes, PluginFacts] = {}

    def show(self, scan: Scan, plugins: Mapping[bytes, PluginFacts]) -> None:
        """Show another scan, or the same with more known of its files."""
        self._scan = scan
        self._plugins = plugins
        self.rows_changed()

    def row_count(self) -> int:
        return len(self._scan)

    def row(self, index: int, width: int) -> Text:
        entry = self._scan.entry(index)
        note, mark, style = self._note(entry)
        name = self._shown_name(entry)
        room = width - 5 - len(note) - 4
        if name.cell_len > room:
            name.truncate(max(room, 1), overflow="ellipsis")
        order = f"{entry.order:>2}" if entry.order is not None else "  "
        line = Text.assemble(" ", (order, self.style_of("dim")), "  ", name)
        line.pad_right(max(1, width - 3 - line.cell_len - len(note)))
        line.append(note, self.style_of("dim"))
        line.append(f" {mark} ", self.style_of(style))
        return line

    def _shown_name(self, entry: ScannedEntry) -> Text:
        suffix = "/" if entry.entry.kind is EntryKind.DIRECTORY else ""
        loads = entry.order is not None
        text = Text(visible(entry.name), "" if loads else self.style_of("dim"))
        if loads:
            for span in entry.spans:
                text.stylize(self.style_of("match"), span.start, span.end)
        text.append(suffix, self.style_of("dim"))
        return text

    def _note(self, entry: ScannedEntry) -> tuple[str, str, str]:
        """What the file is in a word, a mark, and the mark's style."""
        if entry.order is None:
            skipped = entry.matches and entry.entry.kind is EntryKind.DIRECTORY
            return ("folder" if skipped else "", " ", "dim")
        facts = self._plugins.get(entry.entry.name)
        if facts is None:
            return ("", "…", "dim")
        if facts.kind is not FileKind.GO_PLUGIN:
            return (facts.kind.value, "✗", "error")
        types = dict.fromkeys(registerer.type for registerer in facts.registerers)
        if not types:
            return ("nothing", "✗", "error")
        first = _SHORT[next(iter(types))]
        return (first if len(types) == 1 else f"{len(types)} types", "✓", "good")
