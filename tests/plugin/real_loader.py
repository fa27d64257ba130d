"""Predictions side by side with what a Go program does when it opens the files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from golang.workshop import Opened, opened

from tui.krakend.prediction import Outcome, Prediction, Process
from tui.krakend.target import Target, target_of_program
from tui.plugin.facts import PluginFacts
from tui.plugin.inspect import inspect_plugin
from tui.plugin.program import inspect_program


def target_at(program: Path) -> Target:
    """The target that a compiled program is."""
    return target_of_program(inspect_program(program.read_bytes()), str(program))


@cache
def facts_at(file: Path) -> PluginFacts:
    """What is read of a compiled file."""
    return inspect_plugin(file.read_bytes())


def holds(prediction: Prediction, real: Opened) -> bool:
    """Whether what happened is what was predicted, to the words of the log line."""
    if prediction.outcome is Outcome.LOADS:
        return real == Opened("")
    said = prediction.log_line != "" and prediction.log_line in real.error
    if prediction.outcome is Outcome.REFUSED:
        return said and not real.died
    return prediction.outcome is Outcome.CRASHES and said and real.died


def check(program: Path, *files: Path) -> list[Prediction]:
    """The predictions for the files in one process, after comparing them with a real one."""
    process = Process(target_at(program))
    predictions = [process.open(facts_at(file), file.name) for file in files]
    for file, prediction, real in zip(files, predictions, opened(program, files), strict=False):
        assert holds(prediction, real), (file.name, prediction, real)
    return predictions
