"""Which KrakenD the advice is for. CONTRACT STUB: to be implemented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """`edition` is "ce" or "ee"; `release` is X.Y.Z; `source` says in words where it comes from.

    `go` and `alpine` are the release's Go and Alpine versions, None where not known (EE
    releases have no public list).
    """

    edition: str
    release: str
    source: str
    go: str | None = None
    alpine: str | None = None


def parse_target(which: str) -> Target:
    """`2.12.0`, `2.13` (its newest patch), `ce-2.13`, `ee-2.13`. TargetError names close ones."""
    raise NotImplementedError


def default_target() -> Target:
    """The newest 2.x Community release."""
    raise NotImplementedError
