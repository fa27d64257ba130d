"""Session: the app's model. One document, where it came from, and what is known of it.

The widgets show what is here and call its methods; they hold no truth of their own.
Nothing here knows Textual.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui.app import places
from tui.app.file_rows import Known
from tui.app.key_help import KeyHelp, key_help
from tui.app.on_disk import OnDisk
from tui.app.tree_rows import Group
from tui.diagnostic import Diagnostic, Fix, Severity, Span
from tui.document.buffer import Document
from tui.document.change import ChangeSet
from tui.document.diff import edits_between
from tui.document.edits import EditError, set_value
from tui.document.strict import SYNTAX, syntax_diagnostics
from tui.document.tree import JsonTree
from tui.errors import KrakendTuiError
from tui.folder import FolderListing
from tui.gather import Gatherer, Options, Unread
from tui.krakend.blocks import Blocks
from tui.krakend.plugin_block import PluginBlock, read_plugin_block
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.scan import Scan
from tui.krakend.uses import Use, UsesByName, by_name
from tui.storage.folder import folders_beginning
from tui.uncollected import uncollected
from tui.workspace.reader import Groups, Read, Reader

if TYPE_CHECKING:
    from tui.krakend.registry import Registry
    from tui.krakend.snapshot import Snapshot
    from tui.schema.plugin_schema import PluginSchema
    from tui.workspace.analyser import Analyser, Analysis

_LARGE = 500_000
"""Code points of a text from which on its points are read after the first paint."""
_UNNOTICED = 0.2
"""Seconds of reading plugin files until the findings are worked out with what they tell."""
_AT_ONCE = 0.03
"""Seconds of reading that findings wait for."""


class Refused(KrakendTuiError):
    """An action that cannot be done now; the message says why and the hint what to do."""

    kind = "refused"


class Outcome(NamedTuple):
    """An analysis with all that the screen makes of it, made where the screen need not wait.

    `groups` are the analysis's points, each of depth 0 with its backends.
    """

    snapshot: Snapshot
    analysis: Analysis
    known: Known
    groups: list[Group]


class Session:
    """The open config.

    `points` are those of the last text that was valid JSON, so that the tree of injection
    points stands still while an entry is half typed. With `look_only` no pane changes the text:
    another session edits the file.
    """

    def __init__(
        self, path: Path, options: Options, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.on_disk = OnDisk(path)
        self.document = self.on_disk.document
        self.options = options
        self.gatherer = Gatherer(options)
        self._reader = Reader()
        self._group_blocks: Blocks[Read, list[Group]] = Blocks(
            lambda reads: [Group(read.points) for read in reads]
        )
        # Until files were read nobody knows.
        self._seconds_a_file = math.inf
        self._use_blocks: Blocks[Use, UsesByName] = Blocks(by_name, size=1024)
        self._config_folder = str(path.absolute().parent)
        self._clock = clock
        self.look_only = False
        self.points: tuple[InjectionPoint, ...] = ()
        self.groups: list[Group] = []
        self.analysis: Analysis | None = None
        self.reading = True
        self.known = Known()
        self.schemas: Mapping[str, PluginSchema] = {}
        self._listed = self.folder
        self.listing: FolderListing = self.gatherer.listing(self._listed)
        self.scan = Scan(self.listing, self.block.pattern_text or "")

    # -- what the config says ---------------------------------------------------------

    @property
    def path(self) -> Path:
        return self.on_disk.path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def modified(self) -> bool:
        return self.document.modified

    @property
    def block(self) -> PluginBlock:
        """The `plugin` block as the text has it now."""
        return read_plugin_block(self.document.tree)

    def field_text(self, key: str) -> str:
        """What the field `pattern` or `folder` shows: the string that KrakenD gets, or ""."""
        block = self.block
        return (block.pattern_text if key == "pattern" else block.folder_text) or ""

    @property
    def folder(self) -> str | None:
        """The absolute path of the plugin folder, or None when the config names none."""
        return self.gatherer.folder_of(self.document.tree, self._config_folder)

    @property
    def syntax_problem(self) -> Diagnostic | None:
        """Why the text is no valid JSON, or None."""
        document = self.document
        found = syntax_diagnostics(document.text, document.tree)
        return next((d for d in found if d.rule == SYNTAX), None)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.analysis.diagnostics if self.analysis is not None else ()

    def position(self, offset: int) -> tuple[int, int]:
        """The 0-based (row, column) of an offset in the text."""
        return self.document.lines.position(offset)

    @property
    def registry(self) -> Registry | None:
        """The names that the loaded files register; None while they cannot be judged."""
        return self.analysis.registry if self.analysis is not None else None

    def count(self, severity: Severity) -> int:
        return sum(d.severity is severity for d in self.diagnostics)

    # -- changes ----------------------------------------------------------------------

    def apply(self, change: ChangeSet, burst: str | None = None) -> None:
        """The way in which every pane changes the text."""
        if not change.is_empty and not self.look_only:
            self.document.apply(change, burst=burst, now=self._clock())

    def set_field(self, key: str, value: str) -> None:
        """Set `plugin.<key>` (`pattern` or `folder`); all typing until `end_burst` is one step."""
        if self.look_only:
            raise Refused("Another session edits this file", "ctrl+s asks to take it over")
        block = self.block
        field = block.pattern if key == "pattern" else block.folder
        pointer = field.pointer if field else f"{block.pointer or '/plugin'}/{key}"
        try:
            change = set_value(self.document.tree, pointer, value)
        except EditError as error:
            raise Refused(
                f"{key} cannot be set: {error.message}", "F8 goes to the fault"
            ) from error
        self.document.apply(change, burst=key, now=0.0)

    def step(self, change: ChangeSet) -> None:
        """Make `change` an undo step of its own."""
        self.document.end_burst()
        self.apply(change)
        self.document.end_burst()
        self.refresh_points()

    def take_bytes(self, data: bytes) -> ChangeSet:
        """Make `data`, which another program wrote, the text; the change, one undo step.

        Raises NotUtf8.
        """
        change = edits_between(self.document.text, Document.from_bytes(data).text)
        self.step(change)
        return change

    def fix_of_rule(self, rule: str) -> ChangeSet:
        """The first fix of every finding of `rule`, until none is left. Slow; may run in another
        thread while the text stands still."""
        from tui.document.mend import mend

        text = self.document.text

        def findings(changed: str) -> Sequence[Diagnostic]:
            return self.analyse(JsonTree.parse(changed), self.listing).analysis.diagnostics

        def fix_of(found: Diagnostic) -> Fix | None:
            return found.fixes[0] if found.rule == rule and found.fixes else None

        return edits_between(text, mend(text, findings, fix_of).text)

    def restore_field(self, key: str) -> bool:
        """Take back the typing in the field since it was last left; False if there was none."""
        if self.document.open_burst != key or self.look_only:
            return False
        self.document.undo()
        return True

    # -- what follows from the text ---------------------------------------------------

    def refresh_scan(self) -> bool:
        """Judge the listing with the pattern of now; True when another folder was listed."""
        folder = self.folder
        another = folder != self._listed
        if another:
            self._listed = folder
            self.listing = self.gatherer.listing(folder)
        self.scan = Scan(self.listing, self.block.pattern_text or "")
        return another

    def folders_beginning(self, typed: str) -> list[str]:
        """What the typed beginning of a folder can be completed to. Looks at the disk."""
        found = folders_beginning(typed, self.options.workdir)
        if not found and not self.options.workdir_is_given:
            found = folders_beginning(typed, self._config_folder)
        return found

    def rescan(self) -> None:
        """List the folder again, whatever is known of it."""
        self.take_listing(self.gatherer.listing(self.folder))

    def take_listing(self, listing: FolderListing) -> None:
        """The folder's content as the watcher saw it."""
        self.listing = listing
        self.scan = Scan(listing, self.block.pattern_text or "")

    def refresh_points(self) -> None:
        """Read the injection points of the text of now, if it is valid JSON."""
        if self.syntax_problem is None:
            groups = self._reader.groups(self.document.tree)
            self.points = groups.points
            self.groups = self._groups_of(groups)

    @property
    def is_large(self) -> bool:
        """Whether what follows from the text takes longer than the first paint may wait."""
        return len(self.document.text) > _LARGE

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
        with uncollected() if self.analysis is None else nullcontext():
            return self._analyse(tree, listing)

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

    def _groups_of(self, groups: Groups) -> list[Group]:
        return [*chain.from_iterable(self._group_blocks.of(groups.reads))]

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
        uses = self._use_blocks.of(analysis.uses)
        return Known(*of_files, loaded, CrossReference(registry, analysis.uses, uses))

    def take(self, outcome: Outcome) -> None:
        """Keep the findings of the newest text; the points only when it is valid JSON."""
        analysis = outcome.analysis
        self.analysis = analysis
        self.reading = outcome.snapshot.reading
        self.known = outcome.known
        self.schemas = outcome.snapshot.schemas
        if not any(found.rule == SYNTAX for found in analysis.diagnostics):
            self.points = analysis.points
            self.groups = outcome.groups

    def read_missing(self, snapshot: Snapshot) -> bool:
        """Read plugin files that the findings lack, for as long as nobody notices; True when
        there was one. Slow."""
        names = self._reader.groups(snapshot.tree).names
        missing = self.gatherer.missing(snapshot, names=names)
        self._read_files(missing, _UNNOTICED)
        return bool(missing)

    # -- places -------------------------------------------------------------------------

    def find(self, key: str) -> tuple[InjectionPoint | None, Entry | None]:
        """The point and the entry of a tree row."""
        return places.find(self.points, key)

    def entry_of(self, key: str | None) -> Entry | None:
        """The plugin entry that a tree row stands for, if it is one."""
        return places.find(self.points, key)[1] if key else None

    def span_of(self, key: str) -> Span | None:
        return places.span_of(self.document.tree, self.points, key)

    def block_at(self, key: str, pointer: str) -> str | None:
        """The pointer of the plugin settings that hold `pointer`, in the entry of the row `key`."""
        return places.block_at(self.entry_of(key), pointer)

    def key_help(self, offset: int) -> KeyHelp | None:
        """What belongs at a place of the text, by its schema."""
        return key_help(self.document.tree.pointer_at(offset), self.schemas)

    def row_of(self, pointer: str) -> str:
        return places.row_of(self.points, pointer)

    def group_of(self, key: str) -> str | None:
        return places.group_of(self.points, key)
