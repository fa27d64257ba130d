"""What a requirement is judged by, and the words that several of them use."""

from __future__ import annotations

from typing import NamedTuple

from tui.krakend.build_command import best_build_command
from tui.krakend.prediction import (
    ALREADY_LOADED,
    NO_MODULE_DATA,
    NOT_PREDICTED,
    Outcome,
    Prediction,
)
from tui.krakend.target import Target
from tui.plugin.facts import FileKind, PluginFacts

DIFFERENT_VERSION = "plugin was built with a different version of package"
"""How Go begins what it says of a file whose packages differ."""


class Case(NamedTuple):
    """A file and the KrakenD that is to open it. `libc` is the C library of the target where
    its release alone does not tell."""

    facts: PluginFacts
    target: Target
    libc: str | None
    prediction: Prediction

    @property
    def wanted_libc(self) -> str | None:
        """The C library that KrakenD has."""
        program = self.target.program
        return (program.libc.family if program is not None else None) or self.libc

    @property
    def is_plugin(self) -> bool:
        """Whether the file is a Go plugin at all."""
        return self.facts.kind is FileKind.GO_PLUGIN

    @property
    def by_go(self) -> Prediction:
        """The prediction, where it is Go that refuses the file and not the system before it."""
        words = (DIFFERENT_VERSION, NO_MODULE_DATA, ALREADY_LOADED)
        is_go = self.prediction.log_line.startswith(words) and self.prediction.twin is None
        return self.prediction if is_go else NOT_PREDICTED

    def build(self) -> str:
        """The command that builds the plugin for this KrakenD."""
        arch = self.target.goarch or self.facts.goarch or "amd64"
        return best_build_command(self.target, self.wanted_libc or self.facts.libc.family, arch)


def what_follows(prediction: Prediction) -> str:
    """What KrakenD does with a file that does not load, as a sentence."""
    if prediction.outcome is Outcome.CRASHES:
        return "KrakenD dies when it opens it."
    if prediction.outcome is Outcome.REFUSED:
        return "KrakenD does not load it and says so at DEBUG only."
    return "KrakenD likely does not load it."


def sentence(clause: str) -> str:
    """A clause with a capital: what follows it is the caller's."""
    return clause[:1].upper() + clause[1:]
