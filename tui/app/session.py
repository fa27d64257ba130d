"""Session: the app's model. One document, where it came from, and what is known of it.

The widgets show what is here and call its methods; they hold no truth of their own.
Nothing here knows Textual.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app.file_rows import Known
from tui.app.on_disk import OnDisk
from tui.diagnostic import Diagnostic, Fix, Severity
from tui.document.buffer import Document
from tui.document.change import ChangeSet
from tui.document.diff import edits_between
from tui.document.strict import SYNTAX, syntax_diagnostics
from tui.document.tree import JsonTree
from tui.errors import KrakendTuiError
from tui.folder import FolderListing
from tui.krakend.plugin_block import PluginBlock, read_plugin_block
from tui.krakend.scan import Scan
from tui.options import Options, folder_of, listing_of
from tui.storage.folder import folders_beginning

if TYPE_CHECKING:
    from tui.app.judging import Judging, Outcome
    from tui.app.places import Places
    from tui.app.tree_rows import GroupBlock
    from tui.krakend.points import InjectionPoint
    from tui.krakend.registry import Registry
    from tui.schema.plugin_schema import PluginSchema
    from tui.workspace.analyser import Analysis

_LARGE = 500_000
"""Code points of a text from which on it is read after the first paint."""


class Refused(KrakendTuiError):
    """An action that cannot be done now; the message says why and the hint what to do."""

    kind = "refused"


class Session:
    """The open config.

    `points` are those of the last text that was valid JSON, so that the tree of injection
    points stands still while an entry is half typed. With `look_only` no pane changes the text:
    another session edits the file. Until it `is_read` nothing that follows from a large text is
    known.
    """

    def __init__(
        self, path: Path, options: Options, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.on_disk = OnDisk(path)
        self.document = self.on_disk.document
        self.options = options
        self._config_folder = str(path.absolute().parent)
        self._clock = clock
        self._block: tuple[JsonTree, PluginBlock] | None = None
        self.look_only = False
        self.points: Sequence[InjectionPoint] = ()
        self.groups: list[GroupBlock] = []
        self.analysis: Analysis | None = None
        self.reading = True
        self.known = Known()
        self.schemas: Mapping[str, PluginSchema] = {}
        self._listed: str | None = None
        self.listing: FolderListing = listing_of(None)
        self.scan = Scan(self.listing, "")
        self.is_read = False
        if not self.is_large:
            self.read()

    def read(self) -> None:
        """Read the text and list its folder for the first time. Of a large text that is slow: it
        may run in another thread while nothing else is asked."""
        self.refresh_scan()
        self.is_read = True

    # -- what takes part once the first screen stands: nothing of it is imported before ---

    @cached_property
    def judging(self) -> Judging:
        """Works out what follows from the text and the folder."""
        from tui.app.judging import Judging

        return Judging(self.options, self._config_folder, self._clock)

    @cached_property
    def places(self) -> Places:
        """Which row of the tree shows what."""
        from tui.app.places import Places

        return Places(self)

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
        """The `plugin` block as the text has it now. Asked for by every field at every key."""
        tree = self.document.tree
        if self._block is None or self._block[0] is not tree:
            self._block = tree, read_plugin_block(tree)
        return self._block[1]

    def field_text(self, key: str) -> str:
        """What the field `pattern` or `folder` shows: the string that KrakenD gets, or ""."""
        block = self.block
        return (block.pattern_text if key == "pattern" else block.folder_text) or ""

    @property
    def folder(self) -> str | None:
        """The absolute path of the plugin folder, or None when the config names none."""
        return folder_of(self.document.tree, self.options, self._config_folder)

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
        from tui.document.edits import EditError, set_value

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
            tree = JsonTree.parse(changed)
            return self.judging.analyse(tree, self.listing).analysis.diagnostics

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
            self.listing = listing_of(folder)
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
        self.take_listing(listing_of(self.folder))

    def take_listing(self, listing: FolderListing) -> None:
        """The folder's content as the watcher saw it."""
        self.listing = listing
        self.scan = Scan(listing, self.block.pattern_text or "")

    def refresh_points(self) -> None:
        """Read the injection points of the text of now, if it is valid JSON."""
        if self.syntax_problem is None:
            self.points, self.groups = self.judging.points(self.document.tree)

    @property
    def is_large(self) -> bool:
        """Whether to read the text takes longer than the first paint may wait."""
        return len(self.document.text) > _LARGE

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
