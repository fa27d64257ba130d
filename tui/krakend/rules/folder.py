"""Rules about `plugin.folder`: is it there, a folder, readable, and what lies in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from tui.diagnostic import Edit, Fix, Severity, Span
from tui.document import edits
from tui.document.pointer import child
from tui.folder import FolderStatus
from tui.krakend.distance import nearest
from tui.krakend.plugin_block import looked_up_from
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.block import block_span, misspelt_field, renamed_field, usual_folder
from tui.krakend.rules.file import template_marker
from tui.krakend.rules.fixing import by_edit, replace_text, safe
from tui.visible import visible


def _unset(context: Context) -> Iterator[Finding]:
    block = context.block
    if not block.is_loaded or block.folder_text != "" or block.member is None:
        return
    if block.folder is None and context.is_filled_in(block.member.value):
        return
    consequence = 'KrakenD logs DEBUG "open : no such file or directory" and loads no plugin.'
    misspelt = misspelt_field(context, "folder") if block.folder is None else None
    if misspelt is not None:
        pointer = child(block.pointer, misspelt.key)
        message = f'{quoted(misspelt.key)} is not "folder": {consequence}'
        fixes = renamed_field(context, misspelt, "folder")
        yield Finding(message, pointer, misspelt.key_span, safe(*fixes))
    elif block.folder is None:
        message = f'The "plugin" block has no "folder": {consequence}'
        yield Finding(message, block.pointer, block_span(context), _set_folder(context))
    else:
        message = f"The folder is empty text: {consequence}"
        yield Finding(message, block.folder.pointer, block.folder.node.span, _set_folder(context))


def _set_folder(context: Context) -> tuple[Fix, ...]:
    folder = usual_folder(context)
    field = context.block.folder
    pointer = field.pointer if field is not None else f"{context.block.pointer}/folder"
    title = f"set the folder to {folder}"
    return by_edit(title, edits.set_value, context.tree, pointer, folder)


def _is_away(context: Context) -> bool:
    """Whether the folder may well exist where KrakenD runs: absolute, and KrakenD is not here."""
    folder, known = context.block.folder_text or "", context.snapshot
    return folder.startswith("/") and not known.krakend_here and not known.is_overridden


def _status(context: Context, status: FolderStatus, message: str) -> Iterator[Finding]:
    field = context.block.folder
    # A template is another rule's: nobody knows what it will be.
    if template_marker(context.block.folder_text or "") is not None:
        return
    if context.listing.status is status and field is not None and context.block.folder_text:
        yield Finding(message, field.pointer, field.node.span)


def _looked(context: Context) -> str:
    """Where a relative folder was looked for; an absolute one says so itself."""
    folder = context.block.folder_text or ""
    return "" if folder.startswith("/") else f" (looked in {shown(_parent(context), 60)})"


def _parent(context: Context) -> str:
    """The working directory that a relative folder was looked up from."""
    return looked_up_from(context.block.folder_text or "", context.listing.path)


def _not_found(context: Context) -> Iterator[Finding]:
    if _is_away(context):
        return
    folder = context.block.folder_text or ""
    if context.snapshot.is_overridden:
        message = (
            f"{quoted(context.listing.path, 60)}, where --plugins looks instead of "
            f"{quoted(folder)}, does not exist: plugin files and names are not checked."
        )
        yield from _status(context, FolderStatus.ABSENT, message)
        return
    message = (
        f"{quoted(folder)} does not exist{_looked(context)}: KrakenD logs DEBUG "
        f'"open {shown(folder)}: no such file or directory" and loads no plugin.{_why(folder)}'
    )
    if _swapped(context):
        message += " The pattern looks like the folder."
    fixes = _swapped(context) or _its_folder(context, folder)
    near = _near(context, folder)
    if near is not None and not fixes:
        message += f" Did you mean {quoted(near)}?"
        fixes = set_folder(context, near)
    for found in _status(context, FolderStatus.ABSENT, message):
        yield found._replace(fixes=fixes)


def _swapped(context: Context) -> tuple[Fix, ...]:
    """Each of folder and pattern in the place of the other."""
    folder, pattern = context.block.folder, context.block.pattern
    texts = context.block.folder_text or "", context.block.pattern_text or ""
    if folder is None or pattern is None or "/" in texts[0] or "/" not in texts[1]:
        return ()
    places = sorted([(folder.node.span, texts[1]), (pattern.node.span, texts[0])], key=_start)
    edits_ = (Edit(at.start, at.end, json.dumps(text, ensure_ascii=False)) for at, text in places)
    return (Fix("swap the folder and the pattern", tuple(edits_)),)


def _start(place: tuple[Span, str]) -> int:
    return place[0].start


def _near(context: Context, folder: str) -> str | None:
    """The folder beside the one that is not there that is likely meant."""
    head, slash, name = folder.rstrip("/").rpartition("/")
    folders = context.snapshot.near_folders
    near = nearest(name, folders) if name else None
    if near is None and name and name + "s" in folders:
        near = name + "s"
    return None if near is None else f"{head}{slash}{near}/"


def set_folder(context: Context, folder: str) -> tuple[Fix, ...]:
    """Put another text in the place of the folder."""
    field = context.block.folder
    if field is None:
        return ()
    return (replace_text(f"set the folder to {quoted(folder)}", field.node.span, folder),)


def _why(folder: str) -> str:
    """What is unlike a folder in the text, in a sentence."""
    if folder.startswith("~") or "$" in folder:
        return " It takes ~ and variables literally."
    if _is_of_files(folder):
        return " The folder alone belongs here."
    if "://" in folder:
        return " It takes a path, not a URL."
    if "," in folder or ";" in folder:
        return " It takes one folder only."
    if folder[:1] in ('"', "'"):
        return " The quotes are part of the name."
    if folder != folder.strip():
        return " The white space is part of the name."
    if visible(folder) != folder:
        return " An invisible character is part of the name."
    if "\\" in folder:
        return " Folders are parted by /, not by a backslash."
    return ""


def _is_of_files(folder: str) -> bool:
    return folder.endswith(".so") or any(sign in folder for sign in "*?")


def _its_folder(context: Context, folder: str) -> tuple[Fix, ...]:
    parent = folder.rpartition("/")[0]
    return set_folder(context, f"{parent}/") if parent and _is_of_files(folder) else ()


def _elsewhere(context: Context) -> Iterator[Finding]:
    if not _is_away(context):
        return
    message = (
        f"{quoted(context.block.folder_text or '')} is not on this machine, and neither is "
        "KrakenD: plugin names are not checked (--plugins DIR looks elsewhere)."
    )
    yield from _status(context, FolderStatus.ABSENT, message)


def _not_a_folder(context: Context) -> Iterator[Finding]:
    folder = context.block.folder_text or ""
    message = (
        f"{quoted(folder)} is a file: KrakenD logs DEBUG "
        f'"open {shown(folder)}: not a directory" and loads no plugin.'
    )
    parent = folder.rstrip("/").rpartition("/")[0]
    fixes = set_folder(context, f"{parent}/") if parent else ()
    for found in _status(context, FolderStatus.NOT_A_FOLDER, message):
        yield found._replace(fixes=fixes)


def _unreadable(context: Context) -> Iterator[Finding]:
    folder = context.block.folder_text or ""
    message = (
        f"{quoted(folder)} cannot be read by this user: if KrakenD's user cannot either, it "
        "loads no plugin and says so at DEBUG only."
    )
    yield from _status(context, FolderStatus.UNREADABLE, message)


def _empty(context: Context) -> Iterator[Finding]:
    field = context.block.folder
    if context.listing.status is FolderStatus.OK and not len(context.scan):
        if field is None or context.block.pattern_text is None:
            return
        message = (
            f"The folder {quoted(context.block.folder_text or '')} is empty: KrakenD loads no "
            "plugin and logs nothing about it."
        )
        yield Finding(message, field.pointer, field.node.span)


def _slash(context: Context) -> Iterator[Finding]:
    field = context.block.folder
    folder = context.block.folder_text
    if field is None or not folder or folder.endswith("/") or field.node.kind != "string":
        return
    if context.listing.status is FolderStatus.ABSENT and _why(folder):
        return
    if template_marker(folder) is not None:
        return
    if context.listing.status is FolderStatus.NOT_A_FOLDER:
        return
    message = (
        f"The folder {quoted(folder)} does not end in a slash: the documentation asks for "
        "one; KrakenD 2.x does without."
    )
    fixes = safe(replace_text("add the slash", field.node.span, f"{folder}/"))
    yield Finding(message, field.pointer, field.node.span, fixes)


def _relative(context: Context) -> Iterator[Finding]:
    field, folder = context.block.folder, context.block.folder_text
    home = context.snapshot.config_folder
    if field is None or not folder or folder.startswith("/") or home is None:
        return
    if context.listing.status is not FolderStatus.OK:
        return
    start = _parent(context)
    if PurePosixPath(start) == PurePosixPath(home):
        return
    message = (
        f"{quoted(folder)} starts at KrakenD's working directory: looked in {shown(start)}, while "
        f"the config is in {shown(home)} (--workdir says which)."
    )
    yield Finding(message, field.pointer, field.node.span)


_BLOCK = '{"plugin": {"pattern": ".so", "folder": %s}}'

RULES = (
    Rule(
        id="plugin-folder-unset",
        severity=Severity.ERROR,
        summary="The plugin block has no folder.",
        explanation=(
            "Without `folder`, or with the empty text, KrakenD tries to read the folder with "
            "the empty name, logs `open : no such file or directory` three times at DEBUG and "
            "starts without any plugin. Only the lint refuses a missing folder."
        ),
        bad='{"plugin": {"pattern": ".so"}}',
        good=_BLOCK % '"./plugins/"',
        fix="Renames the misspelt key, or sets the folder of the edition's documentation.",
        source="lura plugin.Scan (os.ReadDir); measured on KrakenD 2.13.8",
        check=_unset,
    ),
    Rule(
        id="plugin-folder-not-found",
        severity=Severity.ERROR,
        summary="The plugin folder does not exist.",
        explanation=(
            "KrakenD logs `open FOLDER: no such file or directory` at DEBUG, once for each of "
            "its three loaders, and starts without any plugin. A relative folder starts at the "
            "working directory of the KrakenD process (/etc/krakend in the official images), "
            "not at the config file; --workdir says which directory that is."
        ),
        bad=_BLOCK % '"./plugin/"',
        good=_BLOCK % '"./plugins/"',
        fix="Takes what is no folder off the end, or sets the folder beside it that is very like.",
        source="lura plugin.Scan (os.ReadDir); measured on KrakenD 2.13.8",
        check=_not_found,
    ),
    Rule(
        id="plugin-folder-elsewhere",
        severity=Severity.WARNING,
        summary="The plugin folder is absolute, and KrakenD is not on this machine.",
        explanation=(
            "The config is likely edited away from the server: neither the folder nor anything "
            "of KrakenD (/etc/krakend, a krakend on PATH) is here. Nothing can be said about "
            "files and names. With --plugins DIR the names are checked against a local copy."
        ),
        bad=_BLOCK % '"/opt/krakend/plugins/"',
        good=_BLOCK % '"/opt/krakend/plugins/"',
        around=(
            "neither /opt/krakend/plugins/ nor a KrakenD is on this machine",
            "the folder is here, or --plugins names a copy of it",
        ),
        source="krakend-tui",
        check=_elsewhere,
    ),
    Rule(
        id="plugin-folder-not-a-folder",
        severity=Severity.ERROR,
        summary="The plugin folder is a file.",
        explanation=(
            "`folder` takes the folder that holds the plugins, not a plugin. KrakenD logs "
            "`open FILE: not a directory` at DEBUG and starts without any plugin."
        ),
        bad=_BLOCK % '"./plugins/auth.so"',
        good=_BLOCK % '"./plugins/"',
        fix="Sets the folder that the file is in.",
        source="lura plugin.Scan (os.ReadDir); measured on KrakenD 2.13.8",
        check=_not_a_folder,
    ),
    Rule(
        id="plugin-folder-unreadable",
        severity=Severity.ERROR,
        summary="The plugin folder cannot be read.",
        explanation=(
            "KrakenD lists the folder with the rights of its own user. When that fails it logs "
            "`open FOLDER: permission denied` at DEBUG and starts without any plugin. Names are "
            "not checked, since the files could not be listed here either."
        ),
        bad=_BLOCK % '"/root/plugins/"',
        good=_BLOCK % '"/opt/krakend/plugins/"',
        source="lura plugin.Scan (os.ReadDir)",
        check=_unreadable,
    ),
    Rule(
        id="plugin-folder-empty",
        severity=Severity.ERROR,
        summary="The plugin folder is empty.",
        explanation=(
            "There is nothing to load, and KrakenD says nothing about it: only `Total plugins "
            "loaded` is missing from the log. Docker makes such a folder when the host side of "
            "a bind mount does not exist."
        ),
        bad=_BLOCK % '"./empty/"',
        good=_BLOCK % '"./plugins/"',
        source="krakend-ce plugin.go (logPluginLoaderErrors prints when n > 0)",
        check=_empty,
    ),
    Rule(
        id="plugin-folder-slash",
        severity=Severity.WARNING,
        summary="The folder does not end in a slash.",
        explanation=(
            "The documentation and the schema's text say that it MUST END IN SLASH. KrakenD 2.x "
            "joins the parts of the path itself and works without. Other readers of the config "
            "may trust the documentation."
        ),
        bad=_BLOCK % '"./plugins"',
        good=_BLOCK % '"./plugins/"',
        fix="Adds the slash.",
        source="krakend-schema v2.13 _root.json; measured on KrakenD 2.13.8",
        check=_slash,
    ),
    Rule(
        id="plugin-folder-relative",
        severity=Severity.INFO,
        summary="A relative folder starts at KrakenD's working directory.",
        explanation=(
            "A relative folder is looked up from the working directory of the KrakenD process, "
            "which it logs at start (`Working directory is ...`, since 2.5), not from the "
            "config's folder. Here the two differ, so what is shown may not be what KrakenD "
            "will find."
        ),
        bad=_BLOCK % '"./plugins/"',
        good=_BLOCK % '"/etc/krakend/plugins/"',
        source="os.ReadDir with a relative path; measured on KrakenD 2.13.8",
        check=_relative,
    ),
)
