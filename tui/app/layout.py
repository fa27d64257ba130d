"""How the screen is divided, in columns and rows. Plain sums; no widget."""

from __future__ import annotations

from typing import NamedTuple

MINIMUM = (60, 15)
"""Columns and rows below which nothing can be shown."""

TABS_BELOW = 72
"""Columns below which one pane is shown at a time."""

_LEAST_LEFT, _LEAST_RIGHT = 24, 30
_LEAST_FOLDER, _LEAST_TREE = 4, 3
_LIST_FROM = 30
"""Rows from which there is a list of problems."""
_WIDE_FROM = 120
"""Columns from which the list of files has columns of its own."""
_AROUND_PANES = 4
"""Rows of the title, the problem and the keys."""


class Sizes(NamedTuple):
    """The columns of the left side and the rows of the folder pane that the user wants; None
    where nobody said."""

    left: int | None = None
    folder: int | None = None


def left_width(columns: int, wish: int | None = None) -> int:
    """The columns of the left side on a screen of `columns`."""
    share = 0.5 if columns >= _WIDE_FROM else 0.45
    width = max(30, min(80, round(columns * share))) if wish is None else wish
    return max(_LEAST_LEFT, min(width, columns - _LEAST_RIGHT))


def problem_rows(rows: int) -> int:
    """The rows that the list of problems may take, its title included; 0 where it has no room."""
    return max(6, rows // 5) if rows >= _LIST_FROM else 0


def folder_height(rows: int, wish: int | None = None) -> int:
    """The rows of the folder pane on a screen of `rows`."""
    room = rows - _AROUND_PANES
    height = round(room * 0.5) if wish is None else wish
    return max(_LEAST_FOLDER, min(height, room - problem_rows(rows) - _LEAST_TREE))


def resized(sizes: Sizes, screen: tuple[int, int], what: str) -> Sizes:
    """`sizes` after one step of `wider`, `narrower`, `taller`, `shorter` or `reset` on a screen
    of (columns, rows)."""
    columns, rows = screen
    left, folder = left_width(columns, sizes.left), folder_height(rows, sizes.folder)
    if what in ("wider", "narrower"):
        return sizes._replace(left=left_width(columns, left + (2 if what == "wider" else -2)))
    if what in ("taller", "shorter"):
        return sizes._replace(folder=folder_height(rows, folder + (1 if what == "taller" else -1)))
    return Sizes()
