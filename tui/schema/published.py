"""KrakenD's published schema, for those who do not apply it: the id of its findings, its error."""

from __future__ import annotations

from tui.errors import KrakendTuiError

RULE = "official-schema"
"""Id of the findings."""


class SchemaUnusable(KrakendTuiError):
    """The file that was given as a schema cannot be used as one."""

    kind = "schema"
