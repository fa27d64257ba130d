"""requirements_of: what the page of the app, `inspect` and the rules call."""

from __future__ import annotations

from tui.krakend.placing import Placing
from tui.krakend.prediction import Outcome, Prediction, predict
from tui.krakend.requirements.build import c_library, go_version, platform
from tui.krakend.requirements.case import Case, sentence, what_follows
from tui.krakend.requirements.imports import imports
from tui.krakend.requirements.interface import interface
from tui.krakend.requirements.placed import injected, registered
from tui.krakend.requirements.requirement import Requirement, Status, failing
from tui.krakend.target import Target
from tui.plugin.facts import PluginFacts


def requirements_of(
    facts: PluginFacts,
    target: Target,
    *,
    libc: str | None = None,
    prediction: Prediction | None = None,
    placing: Placing | None = None,
) -> tuple[Requirement, ...]:
    """One row for each Topic, in its order, for one file and the KrakenD that is to open it.

    `libc` ("glibc", "musl") is the C library of the target where a release alone does not tell.
    `prediction` is what `predict` says of the file, given when it was judged among the others
    of its folder. Without `placing` the last two rows are NOT_ASKED.
    """
    prediction = prediction or predict(facts, target, libc)
    case = Case(facts, target, libc, prediction)
    rows = [
        interface(case),
        go_version(case),
        platform(case),
        c_library(case),
        imports(case),
        registered(placing, prediction),
        injected(facts, placing),
    ]
    will_fail = prediction.outcome in (Outcome.REFUSED, Outcome.CRASHES)
    if will_fail and not failing(rows):
        rows[0] = rows[0]._replace(
            status=Status.FAIL,
            message=_because(prediction),
            log_line=prediction.log_line,
        )
    return tuple(rows)


def _because(prediction: Prediction) -> str:
    cause = sentence(prediction.because)
    return f"{cause}: {what_follows(prediction)}" if prediction.log_line else f"{cause}."
