"""analyse(snapshot) -> Analysis: what both front ends call. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.diagnostic import Diagnostic
from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.krakend.points import InjectionPoint
from tui.krakend.scan import Scan
from tui.krakend.target import Target
from tui.plugin.facts import PluginFacts


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the findings depend on, as values.

    `plugins` maps the name of a folder entry to the facts of its bytes; an entry that is not
    in it has not been read (yet, or because it is no regular file, or could not be read:
    then `unreadable` has the reason). While `reading` is True the names are unchecked.
    `krakend_here` is False when nothing of KrakenD is on this machine.
    """

    tree: JsonTree
    target: Target
    listing: FolderListing
    plugins: Mapping[bytes, PluginFacts] = field(default_factory=dict)
    unreadable: Mapping[bytes, str] = field(default_factory=dict)
    reading: bool = False
    krakend_here: bool = True


@dataclass(frozen=True, slots=True)
class Analysis:
    """Findings in file order, and what they were made from. `folder`, `pattern`: as written
    in the config, None when absent or of a wrong type."""

    diagnostics: tuple[Diagnostic, ...]
    points: tuple[InjectionPoint, ...]
    scan: Scan
    folder: str | None
    pattern: str | None


def analyse(snapshot: Snapshot) -> Analysis:
    """Pure: same snapshot, same analysis. Never raises on any text."""
    raise NotImplementedError
