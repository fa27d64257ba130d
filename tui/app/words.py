"""What the screen says of a session. Knows no widget."""

from __future__ import annotations

from tui.app.session import Session
from tui.folder import FolderStatus
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
