"""What the screen says of a session. Knows no widget."""

from __future__ import annotations

from tui.app import places
from tui.app.session import Session
from tui.app.tree_rows import WHOLE_FILE
from tui.folder import FolderStatus
from tui.krakend.ignored import OFF, why_ignored
from tui.krakend.target import Target

MEND_FIRST = "Mend the JSON first: F8 goes to the fault"
LOOKS_ONLY = "Another session edits this file: ctrl+s asks to take it over"

_NO_FOLDER = {
    FolderStatus.ABSENT: "no such folder",
    FolderStatus.NOT_A_FOLDER: "not a folder",
    FolderStatus.UNREADABLE: "unreadable",
    FolderStatus.UNCHECKED: "no folder set",
}


def target_line(target: Target) -> str:
    """The target and, in few words, where it comes from."""
    return f"{_name_of(target)}  {target.source.removeprefix('the ')}"


def target_source(target: Target) -> str:
    """Which KrakenD the advice is for, and where what is known of it comes from."""
    known = "What is known of it comes from the table of releases in krakend-tui"
    if target.program is not None:
        known = f"{target.note} What is known of it was read from the file".lstrip()
    name = _name_of(target).replace("  ", ", ")
    return f"{name}: {target.source}. {known}; --krakend names another."


def _name_of(target: Target) -> str:
    edition = "" if target.edition == "ce" else "Enterprise "
    name = f"KrakenD {edition}{target.release}" if target.is_krakend else target.label
    return f"{name}  go{target.go}" if target.go else name


def opening_note(session: Session) -> str:
    """What is to be known before anything is typed; "" when the findings may speak."""
    file = session.on_disk.file
    if file.writable:
        return ""
    return (
        f"Read-only: {file.write_problem}. ctrl+s saves elsewhere, or gives the sudo command that "
        "writes it here."
    )


def scan_words(session: Session) -> str:
    """What loads, or what is wrong with the folder."""
    words = _NO_FOLDER.get(session.listing.status)
    return words or f"{len(session.scan.loaded)} of {len(session.scan)} load"


def all_clear_words(session: Session) -> str:
    """What it is worth that there is no finding."""
    if session.reading:
        return "Reading the plugin files: their names are not checked yet"
    if session.registry is None:
        return "✓ No findings. Names are unchecked: no plugin file that loads is here"
    return "✓ No findings: every name in the config is registered by a file that loads"


def note_of(session: Session, key: str) -> str:
    """What is to be known of a tree row whose text says little; "" of the others."""
    point, entry = session.find(key)
    if point is not None and entry is None and session.span_of(key) is None:
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
    return places.path_of(session.points, crossref.uses_of(file)[0].entry.pointer)


def title_of(session: Session, key: str | None, view: str | None = None) -> str:
    """The right pane's title for a tree row, of which `view` is shown."""
    entry = session.entry_of(key)
    if entry is not None and view not in (None, key, WHOLE_FILE):
        return places.block_title(entry, view or "")
    return places.title_of(session.points, WHOLE_FILE if view == WHOLE_FILE else key)
