"""Rules about `plugin.pattern`: KrakenD takes it as a substring of the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.folder import EntryKind, FolderStatus
from tui.krakend.backups import is_backup
from tui.krakend.golang import raw_bytes
from tui.krakend.plugin_block import BlockField
from tui.krakend.rules.base import Context, Finding, Rule, listed, quoted
from tui.krakend.rules.block import block_span, misspelt_field, renamed_field
from tui.krakend.rules.file import template_marker
from tui.krakend.rules.fixing import by_edit, replace_text, safe
from tui.krakend.rules.folder import set_folder
from tui.krakend.scan import Scan

_GLOB = re.compile(r"[*?]|\[[^\]]*\]|\{[^}]*,[^}]*\}")
_REGEX = re.compile(r"\\.|\.[*+]|^\^|\$$|\||\([^)]*\)|\[[^\]]*\][*+]")
_REGEX_PIECE = re.compile(
    r"\\(.)|\.[*+?]*(?=\\|$|[\^$(])|\.[*+]\??|[\^$()|]|\[[^\]]*\][*+?]?|[*+?]"
)


def _absent(context: Context) -> Iterator[Finding]:
    block = context.block
    if not block.is_loaded or block.pattern is not None or block.member is None:
        return
    if context.is_filled_in(block.member.value):
        return
    consequence = "KrakenD opens every file of the folder, and its lint fails."
    misspelt = misspelt_field(context, "pattern")
    if misspelt is not None:
        pointer = child(block.pointer, misspelt.key)
        message = f'{quoted(misspelt.key)} is not "pattern": {consequence}'
        fixes = renamed_field(context, misspelt, "pattern")
        yield Finding(message, pointer, misspelt.key_span, safe(*fixes))
        return
    message = f'The "plugin" block has no "pattern": {consequence}'
    target = f"{block.pointer}/pattern"
    fixes = by_edit('add the pattern ".so"', edits.set_value, context.tree, target, ".so")
    yield Finding(message, block.pointer, block_span(context), fixes)


def _empty(context: Context) -> Iterator[Finding]:
    field = context.block.pattern
    if field is None or context.block.pattern_text != "":
        return
    others = [n for n in _loaded_names(context) if ".so" not in n]
    what = f", {listed(others)} too" if others else ""
    message = f"The pattern is empty: KrakenD opens every file of the folder as a plugin{what}."
    fixes = (replace_text('set the pattern to ".so"', field.node.span, ".so"),)
    yield Finding(message, field.pointer, field.node.span, fixes)


def _glob(context: Context) -> Iterator[Finding]:
    field, pattern = _fruitless(context)
    if field is None or _REGEX.search(pattern) or not _GLOB.search(pattern):
        return
    yield _literal(field, pattern, "a glob", _glob_substring(context, pattern))


def _regex(context: Context) -> Iterator[Finding]:
    field, pattern = _fruitless(context)
    if field is None or not _REGEX.search(pattern):
        return
    yield _literal(field, pattern, "a regular expression", _regex_substring(pattern))


def _fruitless(context: Context) -> tuple[BlockField | None, str]:
    """The pattern when it matches no entry, or when the folder cannot tell."""
    field, pattern = context.block.pattern, context.block.pattern_text
    if field is None or not pattern or context.scan.loaded or template_marker(pattern) is not None:
        return None, ""
    return field, pattern


def _literal(field: BlockField, pattern: str, what: str, substring: str) -> Finding:
    message = (
        f"{quoted(pattern)} looks like {what}, but the pattern is a plain substring of the "
        f"file name: nothing loads. Write {quoted(substring)}."
    )
    fix = replace_text(f"set the pattern to {quoted(substring)}", field.node.span, substring)
    # Alternatives have no common substring: the one for all may load more.
    fixes = (fix,) if "|" in pattern else safe(fix)
    return Finding(message, field.pointer, field.node.span, fixes)


def _glob_substring(context: Context, pattern: str) -> str:
    """The piece of a glob that loads the same files as it would, else its longest piece."""
    pieces = sorted((p for p in _GLOB.split(pattern) if p), key=len, reverse=True)
    names = _file_names(context)
    wanted = [name for name in names if fnmatchcase(name, pattern)]
    for piece in pieces:
        if wanted and [name for name in names if piece in name] == wanted:
            return piece
    return pieces[0].rpartition("/")[2] if pieces and pieces[0].rpartition("/")[2] else ".so"


def _regex_substring(pattern: str) -> str:
    """The longest literal piece of a regular expression."""
    if "|" in pattern:
        return ".so"
    pieces = re.sub(_REGEX_PIECE, lambda m: m[1] or "\0", pattern).split("\0")
    longest = max(pieces, key=len)
    return longest if longest.strip(".") else ".so"


def _no_match(context: Context) -> Iterator[Finding]:
    field, pattern = _fruitless(context)
    if field is None or context.listing.status is not FolderStatus.OK or not len(context.scan):
        return
    if _GLOB.search(pattern) or _REGEX.search(pattern) or _directories(context):
        return
    if context.snapshot.near_folders and not any(".so" in name for name in _file_names(context)):
        yield _one_level_deeper(context, field, pattern)
        return
    hint, better = _instead(context, pattern)
    message = (
        f"{quoted(pattern)} is in none of the {len(context.scan)} names of the folder: "
        f"KrakenD loads no plugin and logs nothing. {hint}"
    )
    fixes: tuple[Fix, ...] = ()
    if better is not None:
        title = f"set the pattern to {quoted(better)}"
        fixes = (replace_text(title, field.node.span, better),)
    yield Finding(message.rstrip(), field.pointer, field.node.span, fixes)


def _one_level_deeper(context: Context, field: BlockField, pattern: str) -> Finding:
    near = context.snapshot.near_folders
    message = (
        f"{quoted(pattern)} is in no name of the folder, but of its sub-folder {listed(near)}: "
        "KrakenD does not look into sub-folders, loads no plugin and logs nothing."
    )
    folder = context.block.folder_text or ""
    only = near[0] if len(near) == 1 else None
    fixes = set_folder(context, f"{folder.rstrip('/')}/{only}/") if only else ()
    return Finding(message, field.pointer, field.node.span, fixes)


_NO_PLUGINS = {
    ".go": "KrakenD loads no source; go build -buildmode=plugin makes a .so file of it.",
    ".dylib": "a library for macOS; KrakenD runs on Linux and loads .so files.",
    ".dll": "a library for Windows; KrakenD runs on Linux and loads .so files.",
}


def _instead(context: Context, pattern: str) -> tuple[str, str | None]:
    """What would match: a sentence, and the pattern to use if there is one."""
    files = _file_names(context)
    folded = pattern.casefold()
    other_case = [context.scan.entry(index).name for index in context.scan.near_misses]
    if other_case:
        at = other_case[0].casefold().find(folded)
        return (
            f"{_count(other_case)} when case is ignored: {listed(other_case, 2)}.",
            other_case[0][at : at + len(pattern)],
        )
    tail = pattern.rpartition("/")[2]
    if "/" in pattern and tail and any(tail in name for name in files):
        return "Names are compared without their path.", tail
    plugins = [name for name in files if ".so" in name]
    one_text = "It is one text, commas and all. " if "," in pattern else ""
    if plugins:
        return f'{one_text}".so" is in {listed(plugins, 2)}.', ".so"
    for suffix, what in _NO_PLUGINS.items():
        others = [name for name in files if name.endswith(suffix)]
        if others:
            return f"{listed(others, 2)}: {what}", None
    folders = [e.text for e in context.listing.entries if e.kind is EntryKind.DIRECTORY]
    if folders:
        return f"Sub-folders are not looked into: {listed(folders)}.", None
    return f"In the folder: {listed(files)}.", None


def _count(names: list[str]) -> str:
    return "1 matches" if len(names) == 1 else f"{len(names)} match"


def _backup(context: Context) -> Iterator[Finding]:
    field, pattern = context.block.pattern, context.block.pattern_text
    if field is None or not pattern or is_backup(pattern):
        return
    names = [name for name in _loaded_names(context) if is_backup(name)]
    if not names:
        return
    whose = "its name" if len(names) == 1 else "their names"
    message = (
        f"{quoted(pattern)} also takes {listed(names)}, by {whose} not meant to be loaded: KrakenD "
        "opens each file that matches, and of two that register a name the last wins."
    )
    yield Finding(message, field.pointer, field.node.span)


def _directory(context: Context) -> Iterator[Finding]:
    field, names = context.block.pattern, _directories(context)
    if field is None or not names:
        return
    what = "is a directory" if len(names) == 1 else "are directories"
    message = (
        f"{listed(names)} {what}: KrakenD skips it silently. Docker makes one where the file of a "
        "bind mount is missing."
    )
    severity = Severity.WARNING if context.loaded else Severity.ERROR
    yield Finding(message, field.pointer, field.node.span, severity=severity)


def _directories(context: Context) -> list[str]:
    """The directories whose names the pattern takes."""
    if not context.block.pattern_text or context.listing.status is not FolderStatus.OK:
        return []
    needle = raw_bytes(context.block.pattern_text)
    return [
        entry.text
        for entry in context.listing.entries
        if entry.kind is EntryKind.DIRECTORY and needle in entry.name
    ]


def _loaded_names(context: Context) -> list[str]:
    return [entry.text for entry in context.loaded]


def _file_names(context: Context) -> list[str]:
    """The names of everything that is not a directory: what a pattern can choose from."""
    scan = Scan(context.listing, "")
    return [e.text for e in scan.loaded_entries()]


_BLOCK = '{"plugin": {"pattern": %s, "folder": "./plugins/"}}'
_SCAN = "lura plugin.Scan (strings.Contains)"

RULES = (
    Rule(
        id="plugin-pattern-missing",
        severity=Severity.WARNING,
        summary="The plugin block has no pattern.",
        explanation=(
            "Without `pattern` KrakenD takes every file of the folder for a plugin, also a "
            "README, and logs `file too short` or the like at DEBUG for what is none. It works "
            "by luck; the lint refuses it."
        ),
        bad='{"plugin": {"folder": "./plugins/"}}',
        good=_BLOCK % '".so"',
        fix='Renames the misspelt key to pattern, or adds the pattern ".so".',
        source=f"{_SCAN}; measured on KrakenD 2.13.8",
        check=_absent,
    ),
    Rule(
        id="plugin-pattern-empty",
        severity=Severity.WARNING,
        summary="The pattern is empty.",
        explanation=(
            "Every name contains the empty text, so KrakenD opens every file of the folder as a "
            "plugin and logs `file too short` or the like at DEBUG for what is none."
        ),
        bad=_BLOCK % '""',
        good=_BLOCK % '".so"',
        fix='Sets the pattern to ".so".',
        source=f"{_SCAN}; measured on KrakenD 2.13.8",
        check=_empty,
    ),
    Rule(
        id="plugin-pattern-glob",
        severity=Severity.ERROR,
        summary="The pattern looks like a glob; KrakenD takes it literally.",
        explanation=(
            "The pattern is no glob: KrakenD looks for exactly these characters in the file "
            "names. With `*.so` nothing matches, nothing is loaded, and nothing says so but the "
            "missing `Total plugins loaded`."
        ),
        bad=_BLOCK % '"*.so"',
        good=_BLOCK % '".so"',
        fix="Sets the substring that takes the files that the glob would, or its longest part.",
        source=f"{_SCAN}; measured on KrakenD 2.13.8",
        check=_glob,
    ),
    Rule(
        id="plugin-pattern-regex",
        severity=Severity.ERROR,
        summary="The pattern looks like a regular expression; KrakenD takes it literally.",
        explanation=(
            "The pattern is no regular expression: KrakenD looks for exactly these characters "
            "in the file names, a backslash included. Nothing matches and nothing says so."
        ),
        bad=_BLOCK % '"^.*\\\\.so$"',
        good=_BLOCK % '".so"',
        fix="Sets the longest literal part of the expression.",
        source=_SCAN,
        check=_regex,
    ),
    Rule(
        id="plugin-pattern-no-match",
        severity=Severity.ERROR,
        summary="The pattern is part of no file name in the folder.",
        explanation=(
            "KrakenD opens the files whose names contain the pattern, the case as written. When "
            "none does, it loads nothing and logs nothing about it; at DEBUG it says `No plugins "
            "registered for the module` where a server or client plugin is asked for."
        ),
        bad=_BLOCK % '"-production.so"',
        good=_BLOCK % '".so"',
        fix='Sets a part of the file names: the pattern in their case, without its path, or ".so".',
        source=f"{_SCAN}; measured on KrakenD 2.13.8",
        check=_no_match,
    ),
    Rule(
        id="plugin-pattern-backup",
        severity=Severity.WARNING,
        summary="The pattern also takes backups or copies.",
        explanation=(
            "`.so` is also part of `auth.so.bak`. KrakenD opens it too: an identical copy gives "
            "`plugin already loaded` at DEBUG; another build registers the same name again, and "
            "the file that comes last in the folder's order wins, without a word."
        ),
        bad=_BLOCK % '".so"',
        good=_BLOCK % '".so"',
        around=(
            "./plugins/ holds auth.so and auth.so.bak",
            "./plugins/ holds auth.so",
        ),
        source=f"{_SCAN}; measured on KrakenD 2.13.8",
        check=_backup,
    ),
    Rule(
        id="plugin-pattern-directory",
        severity=Severity.ERROR,
        summary="A directory has a name that the pattern takes.",
        explanation=(
            "KrakenD skips directories without a word: an error when nothing else loads, else a "
            "warning. A directory with a plugin's name is "
            "mostly made by Docker: when the host file of a bind mount does not exist, it "
            "creates a directory in its place."
        ),
        bad=_BLOCK % '".so"',
        good=_BLOCK % '".so"',
        around=(
            "./plugins/ holds log.so and a directory auth.so/",
            "./plugins/ holds the files auth.so and log.so",
        ),
        source=f"{_SCAN} (IsDir); measured on KrakenD 2.13.8",
        check=_directory,
    ),
)
