"""What the screen says of places of the config. Knows no widget."""

from __future__ import annotations

from tui.app import places
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.krakend.ignored import OFF, why_ignored


def note_of(session: Session, key: str) -> str:
    """What is to be known of a tree row whose text says little; "" of the others."""
    point, entry = session.places.find(key)
    if point is not None and entry is None and session.places.span_of(key) is None:
        return "No extra_config here: a in the tree adds a plugin entry."
    if point is not None and entry is not None and not entry.works_here:
        why = why_ignored(point, entry, session.options.target)
        if why == OFF:
            return "Switched off: x in the tree switches it on."
        return f"KrakenD ignores this entry{why.removeprefix('ignored')}."
    return ""


def use_words(session: Session, file: str) -> str:
    """The one place of the config that uses `file`; "" when there is none, or several."""
    crossref = session.known.crossref
    if crossref is None or crossref.use_count(file) != 1:
        return ""
    pointer = crossref.uses_of(file)[0].entry.pointer
    return places.path_of(session.places.around(pointer), pointer)


def title_of(session: Session, key: str | None, view: str | None = None) -> str:
    """The right pane's title for a tree row, of which `view` is shown."""
    entry = session.places.entry_of(key)
    if entry is not None and view not in (None, key, WHOLE_FILE):
        return places.block_title(entry, view or "")
    points = session.places.around(key or "")
    return places.title_of(points, WHOLE_FILE if view == WHOLE_FILE else key)
