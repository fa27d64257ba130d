"""From the session to the page of one of the folder's files. Reads the file if need be."""

from __future__ import annotations

from pathlib import Path

from tui.app import places
from tui.app.file_rows import no_file
from tui.app.page_rows import Page, Place
from tui.app.session import Session
from tui.folder import FolderEntry
from tui.krakend.build_command import build_commands
from tui.krakend.placing import placing_of
from tui.krakend.plugin_words import details, what_happens, what_it_is
from tui.krakend.prediction import Outcome, predict
from tui.krakend.requirements.judge import requirements_of
from tui.krakend.target import Target
from tui.plugin.facts import FileKind, PluginFacts
from tui.storage.errors import PluginUnreadable
from tui.storage.plugin_files import FileStatus, file_status


def page_of(session: Session, entry: FolderEntry) -> Page:
    """The page of `entry`, also when it is no plugin or KrakenD does not open it."""
    name = entry.text
    listing, analysis, options = session.listing, session.analysis, session.options
    if not entry.is_regular:
        return Page(name, f"{no_file(entry)}: KrakenD can load no plugin from it")
    facts = session.judging.gatherer.facts(listing.path, entry)
    if not isinstance(facts, PluginFacts):
        return Page(name, f"not examined: {facts}")
    target, libc = options.target, options.libc
    prediction = predict(facts, target, libc)
    placing = None
    if analysis is not None:
        among_others = analysis.predictions.get(entry.name, prediction)
        if among_others.outcome is not Outcome.UNKNOWN:
            prediction = among_others
        placing = placing_of(entry.name, facts, session.scan, analysis.uses, session.points)
    crossref = session.known.crossref
    uses = crossref.uses_of(name) if crossref is not None else ()
    labels = places.labels(session.points) if uses else {}
    return Page(
        title=name,
        what=what_it_is(facts),
        happens=what_happens(prediction),
        target=f"{target.label} ({target.source})",
        requirements=requirements_of(
            facts, target, libc=libc, prediction=prediction, placing=placing
        ),
        provided=crossref.provided_by(name) if crossref is not None else (),
        places=[Place(use, labels.get(use.entry.pointer, "")) for use in uses],
        builds=build_commands(target, libc, _architecture(facts, target), name),
        details=list(details(facts, _status(listing.path, entry))),
    )


def _architecture(facts: PluginFacts, target: Target) -> str:
    own = facts.goarch if facts.kind is FileKind.GO_PLUGIN else None
    return target.goarch or own or "amd64"


def _status(folder: str, entry: FolderEntry) -> FileStatus | None:
    try:
        return file_status(str(Path(folder, entry.text)))
    except PluginUnreadable:
        return None
