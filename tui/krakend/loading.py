"""What follows from the plugin folder: what KrakenD opens of it, and what becomes of that."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from tui.document.tree import JsonTree
from tui.folder import EntryKind, FolderEntry, FolderListing, FolderStatus
from tui.krakend.prediction import Prediction, Process
from tui.krakend.registry import Registry, is_same_file, read_registry
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Requirement
from tui.krakend.scan import Scan
from tui.krakend.snapshot import Snapshot
from tui.krakend.target import Target

NO_TREE = JsonTree.parse("{}")


class Loading:
    """What follows from a snapshot's folder, files and target and from the pattern, whatever else
    the config says. `snapshot` is without its text."""

    def __init__(self, snapshot: Snapshot, pattern: str | None) -> None:
        self.snapshot = snapshot._replace(tree=NO_TREE)
        self.pattern = pattern

    def after(self, before: Loading | None) -> Loading:
        """The same, with what is known already: that is all where nothing is other than `before`,
        and most where more or less is known of single names."""
        if before is None or before.pattern != self.pattern:
            return self
        if before.snapshot == self.snapshot:
            return before
        if before.without_names == self.without_names:
            of_files = ("scan", "loaded", "predictions", "requirements")
            self.__dict__.update({name: getattr(before, name) for name in of_files})
        return self

    @cached_property
    def without_names(self) -> Snapshot:
        """The snapshot without what is known of single names."""
        files = self.snapshot.plugins.items()
        plugins = {name: facts._replace(literals=frozenset()) for name, facts in files}
        return self.snapshot._replace(plugins=plugins, unsearched=frozenset())

    @property
    def compared(self) -> Target:
        """What files are compared with: of a target that nobody asked for not even the Go
        version counts."""
        target = self.snapshot.target
        return target._replace(go=None) if target.is_default else target

    @cached_property
    def scan(self) -> Scan:
        """The folder judged with the pattern; without a pattern to judge with, an empty one."""
        listing = self.snapshot.listing
        if self.pattern is None:
            return Scan(FolderListing(listing.path, FolderStatus.UNCHECKED), "")
        return Scan(listing, self.pattern)

    @cached_property
    def loaded(self) -> tuple[FolderEntry, ...]:
        """What KrakenD opens, in its order."""
        return tuple(self.scan.loaded_entries())

    @cached_property
    def predictions(self) -> Mapping[bytes, Prediction]:
        """What becomes of each loaded file that was read, by its name, in KrakenD's order."""
        process = Process(self.compared, self.snapshot.libc)
        files: list[tuple[FolderEntry, Prediction]] = []
        for entry in self.loaded:
            facts = self.snapshot.plugins.get(entry.name)
            if facts is None:
                continue
            links = entry.kind is EntryKind.SYMLINK
            same = (seen for other, seen in files if links and is_same_file(entry, other))
            again = next(same, None)
            files.append((entry, again or process.open(facts, entry.text)))
        return {entry.name: prediction for entry, prediction in files}

    @cached_property
    def requirements(self) -> Mapping[bytes, tuple[Requirement, ...]]:
        """The requirements of each loaded file that was read, by its name."""
        plugins, libc, target = self.snapshot.plugins, self.snapshot.libc, self.snapshot.target
        return {
            name: requirements_of(plugins[name], target, libc=libc, prediction=prediction)
            for name, prediction in self.predictions.items()
        }

    @cached_property
    def registry(self) -> Registry | None:
        """The names of the loaded files; None while they cannot be judged.

        That is while files are being read, when the folder is not here, when KrakenD does not
        load any file at all, and in a release without Go plugins.
        """
        known = self.snapshot
        is_here = known.listing.status is FolderStatus.OK
        if known.reading or not is_here or not self.loaded or not known.target.has_plugins:
            return None
        return read_registry(
            self.loaded, known.plugins, known.unreadable, self.predictions, known.unsearched
        )
