"""Where the user was in a config, from one session to the next."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tui.app.layout import Sizes
from tui.storage.memory import Value, place_name, recall, remember


class Place(NamedTuple):
    """The tree row that was open, the cursor as an offset in the text, the division of the
    screen."""

    row: str | None = None
    offset: int = 0
    sizes: Sizes = Sizes()


def recall_place(path: Path) -> Place:
    """The last place in the config at `path`; all defaults where nothing is known."""
    values = recall(place_name(path))
    row = values.get("row")
    return Place(
        row if isinstance(row, str) else None,
        max(0, _number(values.get("offset")) or 0),
        Sizes(_number(values.get("left")), _number(values.get("folder"))),
    )


def remember_place(path: Path, place: Place) -> None:
    """Keep it; never fails."""
    remember(
        place_name(path),
        {
            "row": place.row,
            "offset": place.offset,
            "left": place.sizes.left,
            "folder": place.sizes.folder,
        },
    )


def _number(value: Value) -> int | None:
    return value if isinstance(value, int) else None
