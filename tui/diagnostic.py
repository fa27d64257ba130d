"""The one finding type of parser, schema, rules and plugin inspection."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How bad a finding is, worst first.

    ERROR: KrakenD refuses to start, or the plugin will not run. WARNING: it works at run
    time, but lint, another version or another reader disagrees, or it works by luck.
    INFO: good to know.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst; sorts and compares severities."""
        return _RANK[self]


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Span(NamedTuple):
    """A half-open range of code points of a document's text."""

    start: int
    end: int

    def moved(self, by: int) -> Span:
        """The range that many code points further on."""
        return Span(self.start + by, self.end + by)


class Edit(NamedTuple):
    """Replace text[start:end] (code points) by `text`."""

    start: int
    end: int
    text: str

    def moved(self, by: int) -> Edit:
        """The same that many code points further on."""
        return Edit(self.start + by, self.end + by, self.text)


class Fix(NamedTuple):
    """A named set of edits of one text, sorted and not overlapping.

    `is_safe` says that what is meant has one reading and nothing is lost, so that it may be
    applied unseen (`check --fix`).
    """

    title: str
    edits: tuple[Edit, ...]
    is_safe: bool = False

    def moved(self, by: int) -> Fix:
        """The same that many code points further on."""
        return Fix(self.title, tuple(edit.moved(by) for edit in self.edits), self.is_safe)


class Diagnostic(NamedTuple):
    """One finding about the config.

    `rule` is a stable id, `message` names the cause and the consequence, `pointer` is an
    RFC 6901 JSON Pointer (for an absent member: its nearest existing container) and `span`
    the range of the text that is meant.
    """

    rule: str
    severity: Severity
    message: str
    pointer: str
    span: Span
    fixes: tuple[Fix, ...] = ()

    def moved(self, by: int) -> Diagnostic:
        """The same that many code points further on in the text."""
        return Diagnostic(
            self.rule,
            self.severity,
            self.message,
            self.pointer,
            self.span.moved(by),
            tuple(fix.moved(by) for fix in self.fixes),
        )


def safe_fix(diagnostic: Diagnostic) -> Fix | None:
    """The fix of a finding that may be applied unseen, if it has one."""
    return next((fix for fix in diagnostic.fixes if fix.is_safe), None)
