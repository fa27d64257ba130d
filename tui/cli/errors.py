"""The errors of the command line itself."""

from __future__ import annotations

from tui.cli.exit_codes import ExitCode
from tui.document.text import NotUtf8
from tui.errors import KrakendTuiError
from tui.krakend.target import TargetError
from tui.schema.published import SchemaUnusable
from tui.storage.errors import ReadRefused


class UsageError(KrakendTuiError):
    """The command line asks for what cannot be done."""

    kind = "usage"


class NotJson(KrakendTuiError):
    """A config whose text must be valid JSON for this command, and is not."""

    kind = "not-json"


def exit_code_of(error: KrakendTuiError) -> ExitCode:
    """The exit status for an error that ends the whole command."""
    if isinstance(error, UsageError | TargetError | SchemaUnusable):
        return ExitCode.USAGE
    if isinstance(error, ReadRefused | NotUtf8 | NotJson):
        return ExitCode.UNREADABLE
    return ExitCode.FINDINGS
