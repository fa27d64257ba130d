"""Registered and injected: where the file stands in a config."""

from __future__ import annotations

from tui.krakend.placing import Placing
from tui.krakend.prediction import ALREADY_LOADED, Prediction
from tui.krakend.requirements.case import sentence
from tui.krakend.requirements.requirement import Requirement, Status, Topic, unknown
from tui.plugin.facts import PluginFacts


def registered(placing: Placing | None, prediction: Prediction) -> Requirement:
    if prediction.twin is not None and (placing is None or placing.order is not None):
        return Requirement(
            Topic.REGISTERED,
            Status.FAIL,
            "not loaded",
            "a plugin path of its own",
            f"{sentence(prediction.because)}: Go opens only the first of them.",
            ALREADY_LOADED,
            "go mod edit -module NEW/PATH",
        )
    if placing is None:
        return Requirement(
            Topic.REGISTERED, Status.NOT_ASKED, message="--config CONFIG says whether it is loaded."
        )
    want = f'a name that contains "{placing.pattern}"'
    if placing.order is not None:
        message = "KrakenD opens the files of the folder in the order of their names."
        have = f"number {placing.order} in load order"
        return Requirement(Topic.REGISTERED, Status.PASS, have, want, message)
    message = f"KrakenD does not open it: it {placing.reason}."
    return Requirement(Topic.REGISTERED, Status.FAIL, "not opened", want, message)


def injected(facts: PluginFacts, placing: Placing | None) -> Requirement:
    if placing is None:
        return Requirement(
            Topic.INJECTED, Status.NOT_ASKED, message="--config CONFIG says where it is used."
        )
    names = [found for found in facts.registerers if found.name is not None]
    want = ", ".join(f"{found.name} in {found.type.namespace}" for found in names)
    if placing.injected:
        message = "The config names it there."
        return Requirement(Topic.INJECTED, Status.PASS, ", ".join(placing.injected), want, message)
    if len(names) < len(facts.registerers):
        message = "Its name cannot be read, so it cannot be looked for in the config."
        return unknown(Topic.INJECTED, "", want, message)
    if not names:
        return unknown(Topic.INJECTED, "", "", "It registers no name that a config could have.")
    message = "No extra_config names it: it is loaded and never runs."
    return Requirement(Topic.INJECTED, Status.FAIL, "nowhere", want, message)
