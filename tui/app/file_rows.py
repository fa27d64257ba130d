"""The rows of the folder pane, as plain values: what KrakenD does with each file of the folder."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tui.diagnostic import Span
from tui.folder import EntryKind, FolderEntry
from tui.krakend.requirements.requirement import Requirement, Status, Topic
from tui.krakend.scan import Scan, ScannedEntry

if TYPE_CHECKING:
    from tui.krakend.crossref import CrossReference
    from tui.krakend.prediction import Prediction
    from tui.krakend.registry import LoadedFile
    from tui.plugin.facts import PluginFacts

VERDICTS = {
    Topic.INTERFACE: "if",
    Topic.GO_VERSION: "go",
    Topic.PLATFORM: "pf",
    Topic.LIBC: "lc",
    Topic.IMPORTS: "im",
}
"""The requirements that are a file's own, with a head of two letters for their columns."""


class Known(NamedTuple):
    """What is known of the folder's files: facts, or why they cannot be read, what becomes of
    them and how each requirement stands, all by the raw name; the files as loaded and the
    places that use them once the names can be judged."""

    facts: Mapping[bytes, PluginFacts] = MappingProxyType({})
    unreadable: Mapping[bytes, str] = MappingProxyType({})
    predictions: Mapping[bytes, Prediction] = MappingProxyType({})
    requirements: Mapping[bytes, tuple[Requirement, ...]] = MappingProxyType({})
    loaded: Mapping[str, LoadedFile] = MappingProxyType({})
    crossref: CrossReference | None = None


class FileRow(NamedTuple):
    """`order` is None when KrakenD does not open it. `spans` are where the pattern is in `name`,
    or would be if the case did not matter (`is_near`). `note` is what it is in one word, `words`
    in more, `used` in how many places, None while that is not known; `mark` and `style` say how
    that is for KrakenD. `verdicts` are those of VERDICTS, in that order."""

    order: int | None
    name: str
    is_folder: bool
    spans: tuple[Span, ...]
    is_near: bool = False
    note: str = ""
    words: str = ""
    used: int | None = None
    mark: str = " "
    style: str = "dim"
    verdicts: tuple[Status, ...] = ()


def file_row(scan: Scan, index: int, known: Known) -> FileRow:
    """The row of the entry with this index in the scan's listing."""
    entry = scan.entry(index)
    is_folder = entry.entry.kind is EntryKind.DIRECTORY
    if entry.order is None:
        spans = entry.spans if entry.matches else ()
        if entry.matches and scan.pattern:
            return FileRow(
                None, entry.name, is_folder, spans, False, "folder", "a folder: skipped", None, "▲",
                "warning",
            )  # fmt: skip
        if not scan.loaded and scan.is_near(index):
            near = _spans_ignoring_case(entry.name, scan.pattern)
            return FileRow(None, entry.name, False, near, True, "case", "another case", None, "≈")
        return FileRow(None, entry.name, is_folder, spans)
    note, words, mark, style = _standing(entry, scan.pattern, known)
    used: int | None = None
    if known.crossref is not None and style != "error":
        used = known.crossref.use_count(entry.name)
    requirements = known.requirements.get(entry.entry.name, ())
    verdicts = tuple(row.status for row in requirements if row.topic in VERDICTS)
    return FileRow(
        entry.order, entry.name, is_folder, entry.spans, False, note, words, used, mark, style,
        verdicts,
    )  # fmt: skip


def _standing(entry: ScannedEntry, pattern: str, known: Known) -> tuple[str, str, str, str]:
    """What a file is that KrakenD opens: a word, more words, a mark, and the mark's style."""
    raw = entry.entry.name
    if raw in known.unreadable:
        return "unread", known.unreadable[raw], "✗", "error"
    facts = known.facts.get(raw)
    if facts is None:
        what = no_file(entry.entry)
        return (what.partition(" ")[0], what, "✗", "error") if what else ("", "", "…", "dim")
    from tui.app.file_standing import standing

    return standing(entry, facts, pattern, known)


def no_file(entry: FolderEntry) -> str:
    """What stands in the way of reading the entry; "" when it is a regular file."""
    if entry.is_regular:
        return ""
    if entry.link_target is not None and entry.target_kind is None:
        return "dangling link"
    kind = (entry.target_kind or entry.kind).value
    return f"link to a {kind}" if entry.link_target is not None else kind


def _spans_ignoring_case(name: str, pattern: str) -> tuple[Span, ...]:
    """Where the pattern would be in the name; nothing where folding changes lengths."""
    folded, needle = name.casefold(), pattern.casefold()
    at = folded.find(needle)
    if at < 0 or len(folded) != len(name) or len(needle) != len(pattern):
        return ()
    return (Span(at, at + len(needle)),)
