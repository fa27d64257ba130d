"""A row of the table of requirements."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple


class Status(Enum):
    """NOT_ASKED: it takes a config, and none was given."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_ASKED = "not-asked"


class Topic(Enum):
    """What a requirement is about; the value is its id in output."""

    INTERFACE = "interface"
    GO_VERSION = "go-version"
    PLATFORM = "platform"
    LIBC = "libc"
    IMPORTS = "imports"
    REGISTERED = "registered"
    INJECTED = "injected"


class Requirement(NamedTuple):
    """A row. `have` and `want` are short; `message` is a sentence that says why it matters;
    `log_line` are KrakenD's own words for a failure, by which people find it; `fix` is one or
    more lines for a shell, "" when there is no command that mends it. Texts may come from the
    file: make them visible before they reach a terminal.
    """

    topic: Topic
    status: Status
    have: str = ""
    want: str = ""
    message: str = ""
    log_line: str = ""
    fix: str = ""

    @property
    def paragraphs(self) -> list[str]:
        """What is said of it where there is room."""
        if self.status is Status.FAIL:
            return [f"have {self.have}", f"want {self.want}", self.message]
        if self.status is Status.UNKNOWN and self.have:
            return [self.have, self.message]
        return [self.have or self.message]


def failing(requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
    """The rows that fail."""
    return tuple(row for row in requirements if row.status is Status.FAIL)


def unknown(topic: Topic, have: str, want: str, message: str) -> Requirement:
    """A row about which the file, or the target, does not say enough."""
    return Requirement(topic, Status.UNKNOWN, have, want, message)
