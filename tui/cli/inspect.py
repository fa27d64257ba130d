"""inspect: what plugin files are, and whether a KrakenD will load them, as values."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tui.cli.scan import read_valid
from tui.errors import KrakendTuiError
from tui.folder import FolderStatus
from tui.gather import Gatherer
from tui.krakend.neighbours import notes_on_neighbours
from tui.krakend.placing import placing_of
from tui.krakend.prediction import NOT_PREDICTED, Prediction, predict
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.requirements.requirement import Requirement, Status
from tui.krakend.target import Target
from tui.options import Options
from tui.plugin.facts import PluginFacts
from tui.plugin.inspect import inspect_plugin
from tui.storage.errors import PluginUnreadable, shown
from tui.storage.plugin_files import FileStatus, file_status, read_binary
from tui.workspace.analyser import Analysis, analyse


class Inspected(NamedTuple):
    """A file with what is known of it; with an `error` nothing else is. `notes` say what it
    comes to when the files are in one folder."""

    path: str
    error: KrakendTuiError | None = None
    facts: PluginFacts | None = None
    status: FileStatus | None = None
    prediction: Prediction = NOT_PREDICTED
    requirements: tuple[Requirement, ...] = ()
    notes: tuple[str, ...] = ()


class InspectReport(NamedTuple):
    """What `inspect` found, and for which KrakenD."""

    target: Target
    files: tuple[Inspected, ...]

    def has(self, status: Status) -> bool:
        """Whether a requirement of some file stands so."""
        return any(row.status is status for file in self.files for row in file.requirements)


def inspect_files(
    paths: Sequence[str], options: Options, config: Path | None = None
) -> InspectReport:
    """Each file by itself; with a config, the files of its plugin folder in their load order.

    Raises what reading the config raises; a file that cannot be read has its own error.
    """
    # Whoever asks wants the comparison, be it with the KrakenD that is only assumed.
    options = options._replace(target=options.target._replace(is_default=False))
    files = [_read(path) for path in paths]
    analysis = _analysis(config, options) if config is not None else None
    found: list[Inspected] = []
    for file in files:
        if file.facts is None:
            found.append(file)
            continue
        name = _entry_name(analysis, file.path)
        prediction = predict(file.facts, options.target, options.libc)
        placing = None
        if analysis is not None:
            prediction = analysis.predictions.get(name, prediction)
            placing = placing_of(name, file.facts, analysis.scan, analysis.uses, analysis.points)
        rows = requirements_of(
            file.facts,
            options.target,
            libc=options.libc,
            prediction=prediction,
            placing=placing,
        )
        found.append(file._replace(prediction=prediction, requirements=rows))
    notes = notes_on_neighbours((file.path, file.facts) for file in found if file.facts is not None)
    return InspectReport(
        options.target,
        tuple(file._replace(notes=notes.get(file.path, ())) for file in found),
    )


def _read(path: str) -> Inspected:
    try:
        data = read_binary(path)
        return Inspected(path, None, inspect_plugin(data), file_status(path))
    except PluginUnreadable as error:
        return Inspected(path, PluginUnreadable(f"{shown(path)}: {error.message}"))


def _analysis(config: Path, options: Options) -> Analysis:
    tree = read_valid(config)
    gatherer = Gatherer(options)
    return analyse(gatherer.snapshot(tree, config_folder=str(config.absolute().parent)))


def _entry_name(analysis: Analysis | None, path: str) -> bytes:
    """The file's name in the config's plugin folder; empty when it lies in another."""
    if analysis is None or analysis.scan.listing.status is not FolderStatus.OK:
        return b""
    file = Path(path).absolute()
    is_there = file.parent.samefile(analysis.scan.listing.path)
    return os.fsencode(file.name) if is_there else b""
