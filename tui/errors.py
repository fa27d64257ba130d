"""The errors that the user may see: each says what is wrong and what to do next."""

from __future__ import annotations


class KrakendTuiError(Exception):
    """Base of every error that a front end shows instead of a traceback.

    `kind` is a stable word for machines (JSON output), `message` says what is wrong and
    `hint` the next step. `line` and `column` are 1-based and in code points where a place
    in a file is meant, else None.
    """

    kind = "error"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line = line
        self.column = column
