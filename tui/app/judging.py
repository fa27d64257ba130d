"""Judging: works out what the app shows of a text and a folder. Knows no widget.

Slow, but for `points` of what it has seen before; may run in another thread, one call at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from tui.app.file_rows import Known
from tui.app.tree_rows import Group, GroupBlock
from tui.document.tree import JsonTree
from tui.folder import FolderListing
from tui.gather import Gatherer, Unread
from tui.krakend.blocks import Blocks
from tui.krakend.points import InjectionPoint
from tui.options import Options
from tui.uncollected import uncollected
from tui.workspace.reader import Groups, ReadBlock, Reader

if TYPE_CHECKING:
    from tui.krakend.snapshot import Snapshot
    from tui.workspace.analyser import Analyser, Analysis

_UNNOTICED = 0.2
"""Seconds of reading plugin files until the findings are worked out with what they tell."""
_AT_ONCE = 0.03
"""Seconds of reading that findings wait for."""


class Outcome(NamedTuple):
    """An analysis with all that the screen makes of it, made where the screen need not wait.

    `groups` are the analysis's points, each of depth 0 with its backends, in blocks.
    """

    snapshot: Snapshot
    analysis: Analysis
    known: Known
    groups: list[GroupBlock]


class Judging:
    """Remembers what it has read of texts and plugin files."""

    def __init__(self, options: Options, config_folder: str, clock: Callable[[], float]) -> None:
        """`config_folder` is the absolute path of the config's folder; `clock` gives seconds."""
        self.gatherer = Gatherer(options)
        self._reader = Reader()
        self._group_blocks: Blocks[ReadBlock, GroupBlock] = Blocks(
            lambda block: GroupBlock([Group(read.points) for read in block.reads])
        )
        # Until files were read nobody knows.
        self._seconds_a_file = math.inf
        self._config_folder = config_folder
        self._clock = clock
        self._is_begun = False

    def points(self, tree: JsonTree) -> tuple[Sequence[InjectionPoint], list[GroupBlock]]:
        """The injection points of `tree`, and the same in groups."""
        groups = self._reader.groups(tree)
        return groups.points, self._groups_of(groups)

    def read_points(self, tree: JsonTree) -> None:
        """Read the points of `tree` for the first time. Slow; may run in another thread."""
        with uncollected():
            self._reader.groups(tree)

    @cached_property
    def _analyser(self) -> Analyser:
        """With it come the rules: nothing of them is imported before the first screen stands."""
        from tui.workspace.analyser import Analyser

        return Analyser(self._reader)

    def analyse(self, tree: JsonTree, listing: FolderListing) -> Outcome:
        """The findings about `tree`, as far as they are known from the plugin files that were read
        before, or by experience are read in no time. Slow; may run in another thread."""
        with nullcontext() if self._is_begun else uncollected():
            outcome = self._analyse(tree, listing)
        self._is_begun = True
        return outcome

    def _analyse(self, tree: JsonTree, listing: FolderListing) -> Outcome:
        groups = self._reader.groups(tree)
        snapshot = self._snapshot(tree, listing, groups.names)
        if self._reads_at_once(snapshot, groups.names):
            snapshot = self._snapshot(tree, listing, groups.names)
        analysis = self._analyser.analyse(snapshot)
        known = self._known_of(analysis, snapshot)
        return Outcome(snapshot, analysis, known, self._groups_of(groups))

    def _snapshot(self, tree: JsonTree, listing: FolderListing, names: frozenset[str]) -> Snapshot:
        return self.gatherer.snapshot(
            tree,
            listing=listing,
            names=names,
            read_files=False,
            config_folder=self._config_folder,
        )

    def _reads_at_once(self, snapshot: Snapshot, names: frozenset[str]) -> bool:
        """Read what is missing where that takes no time: a new name is judged at once, and not
        first unknown. False when there is nothing, or too much."""
        if not (snapshot.reading or snapshot.unsearched):
            return False
        missing = self.gatherer.missing(snapshot, names=names)
        if not missing or len(missing) * self._seconds_a_file > _AT_ONCE:
            return False
        self._read_files(missing, _AT_ONCE)
        return True

    def _read_files(self, missing: Sequence[Unread], patience: float) -> None:
        """Read the files until the patience, in seconds, is at its end."""
        began = self._clock()
        for count, unread in enumerate(missing, 1):
            self.gatherer.read(unread)
            taken = self._clock() - began
            self._seconds_a_file = taken / count
            if taken > patience:
                break

    def _groups_of(self, groups: Groups) -> list[GroupBlock]:
        return self._group_blocks.of(groups.blocks)

    def _known_of(self, analysis: Analysis, snapshot: Snapshot) -> Known:
        registry = analysis.registry
        of_files = (
            snapshot.plugins,
            snapshot.unreadable,
            analysis.predictions,
            analysis.requirements,
        )
        if registry is None:
            return Known(*of_files)
        from tui.krakend.crossref import CrossReference

        loaded = {file.name: file for file in registry.files}
        return Known(*of_files, loaded, CrossReference(registry, analysis.use_blocks))

    def read_missing(self, snapshot: Snapshot) -> bool:
        """Read plugin files that the findings lack, for as long as nobody notices; True when
        there was one. Slow."""
        names = self._reader.groups(snapshot.tree).names
        missing = self.gatherer.missing(snapshot, names=names)
        self._read_files(missing, _UNNOTICED)
        return bool(missing)
