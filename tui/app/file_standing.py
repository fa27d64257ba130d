"""How a plugin file stands that was read, for its row in the folder pane."""

from __future__ import annotations

from collections.abc import Iterable

from tui.app.file_rows import Known
from tui.krakend.backups import is_backup
from tui.krakend.crossref import Provided
from tui.krakend.prediction import NOT_PREDICTED, Outcome
from tui.krakend.scan import ScannedEntry
from tui.plugin.facts import FileKind, PluginFacts, PluginType, Registerer

SHORT = {
    PluginType.SERVER: "server",
    PluginType.CLIENT: "client",
    PluginType.MODIFIER: "modifier",
    PluginType.MIDDLEWARE: "middlew.",
}
"""A word of at most eight letters for each plugin type."""


def standing(
    entry: ScannedEntry, facts: PluginFacts, pattern: str, known: Known
) -> tuple[str, str, str, str]:
    """What a file that KrakenD opens is by its facts: a word, more words, a mark, and the mark's
    style."""
    if facts.kind is not FileKind.GO_PLUGIN:
        return facts.kind.value, f"no plugin: {facts.problem}", "✗", "error"
    loaded = known.loaded.get(entry.name)
    twin = loaded.already_loaded if loaded is not None else None
    is_copy = is_backup(entry.name) and not is_backup(pattern)
    if twin is not None:
        # Go refuses it: "plugin already loaded".
        return "backup" if is_copy else "twin", f"same plugin as {twin}", "▲", "warning"
    prediction = known.predictions.get(entry.entry.name, NOT_PREDICTED)
    if prediction.outcome in (Outcome.REFUSED, Outcome.CRASHES):
        note = "refused" if prediction.outcome is Outcome.REFUSED else "crashes"
        mark, style = ("✗", "error") if prediction.is_sure else ("▲", "warning")
        return note, prediction.because, mark, style
    if not facts.registerers:
        return "nothing", "registers nothing", "✗", "error"
    words = registered_words(facts.registerers)
    if is_copy:
        return "backup", f"backup or copy: {words}", "▲", "warning"
    beaten = _beaten(known, entry.name)
    if beaten is not None:
        return "beaten", f"{beaten.instead} registers {beaten.name} after it", "▲", "warning"
    types = list(dict.fromkeys(registerer.type for registerer in facts.registerers))
    return SHORT[types[0]] if len(types) == 1 else f"{len(types)} types", words, "✓", "good"


def _beaten(known: Known, file: str) -> Provided | None:
    """The first name of the file that a later file registers as well."""
    provided = known.crossref.provided_by(file) if known.crossref is not None else ()
    return next((one for one in provided if one.instead), None)


def registered_words(registerers: Iterable[Registerer]) -> str:
    """The names, those of one modifier as `x-request, -response`; `?` for an unreadable one."""
    words: list[str] = []
    stem: str | None = None
    for registerer in registerers:
        if registerer.name is None:
            words.append("?")
        elif registerer.stem is not None and registerer.stem == stem:
            words.append(registerer.name[len(stem) :])
        else:
            words.append(registerer.name)
        stem = registerer.stem
    return ", ".join(words)
