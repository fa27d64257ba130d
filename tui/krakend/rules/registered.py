"""Rules about the names themselves: does a file that loads register them, and for this type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.folder import EntryKind, FolderStatus
from tui.krakend import traits
from tui.krakend.distance import nearest
from tui.krakend.enterprise import BUILT_IN, REPLACED
from tui.krakend.registry import Registry, Standing, Verdict
from tui.krakend.rules.base import Context, Finding, Rule, listed, quoted, shown
from tui.krakend.rules.file import template_marker
from tui.krakend.rules.fixing import as_other_type, by_edit, fits, name_after, removal, replace_text
from tui.krakend.rules.names import parts_of
from tui.krakend.uses import Use
from tui.plugin.facts import PluginType


def _judged(context: Context, standing: Standing) -> Iterator[tuple[Use, Verdict]]:
    """The names that stand so, where the files can be judged at all.

    A string with a comma is another rule's, and so is a template or a built-in plugin's name.
    """
    registry = context.registry
    if registry is None:
        return
    for use in context.uses:
        verdict = registry.verdict(use.type, use.name)
        if verdict.standing is standing and not _is_apart(context, use, verdict):
            yield use, verdict


def _is_apart(context: Context, use: Use, verdict: Verdict) -> bool:
    is_template = template_marker(use.name) is not None
    is_several = bool(parts_of(context, use.type, use.name))
    is_built_in = use.name in BUILT_IN[use.type] and not verdict.refused
    return is_built_in or is_several or is_template


def _consequence(registry: Registry, use: Use) -> str:
    """What KrakenD does with a name that nothing registers, with its log line."""
    if use.type is PluginType.MODIFIER:
        return "KrakenD runs without it and logs nothing."
    line = f"No plugin registered as {shown(use.name, 32)}"
    if not registry.has_any(use.type):
        line = "No plugins registered for the module"
    elif use.type is PluginType.SERVER:
        return f'KrakenD runs without it: ERROR "{line}".'
    if use.type is PluginType.CLIENT:
        return f'KrakenD uses its own client: DEBUG "{line}".'
    return f'KrakenD runs without it: DEBUG "{line}".'


def _unregistered(context: Context) -> Iterator[Finding]:
    for use, verdict in _judged(context, Standing.UNREGISTERED):
        if verdict.stem_of or verdict.other_type:
            continue
        assert context.registry is not None
        consequence = _consequence(context.registry, use)
        if verdict.refused:
            message = (
                f"{quoted(use.name)} is registered only by {shown(verdict.near_file, 32)}, which "
                f"KrakenD does not load. {consequence}"
            )
        elif verdict.near_is_file:
            message = (
                f"{quoted(use.name)} is the file's name; {shown(verdict.near_file, 32)} registers "
                f"{quoted(verdict.near or '')}. {consequence}"
            )
        elif verdict.near is not None:
            message = (
                f"{quoted(use.name)} is registered by no file; did you mean "
                f"{quoted(verdict.near)} of {shown(verdict.near_file, 32)}? {consequence}"
            )
        else:
            told = _built_in_hint(context, use) or consequence
            where = _none_of(context, context.registry, use.name)
            message = f"{quoted(use.name)} is registered by {where}. {told}"
            names = list(context.registry.names(use.type))
            if names and told == consequence:
                message += f" Registered for {use.type.value}: {listed(names, 2)}."
        fixes = _renamed(use, verdict) or _widened(context, use) or _only(context.registry, use)
        yield Finding(message, use.pointer, use.span, fixes + _removed(context, use))


def _only(registry: Registry, use: Use) -> tuple[Fix, ...]:
    """The only name that there is for the type, where the entry has it not yet."""
    names = list(registry.names(use.type))
    if len(names) != 1 or names[0] in use.entry.called:
        return ()
    return (replace_text(f"change it to {quoted(names[0])}", use.span, names[0]),)


def _widened(context: Context, use: Use) -> tuple[Fix, ...]:
    """The pattern that takes the file too that is called as the plugin is."""
    field = context.block.pattern
    if field is None or _left_out(context, use.name) is None:
        return ()
    return (replace_text('set the pattern to ".so"', field.node.span, ".so"),)


def _built_in_hint(context: Context, use: Use) -> str:
    """Which plugin of the Enterprise Edition may be meant, when the target has it."""
    if not context.target.is_enterprise:
        return ""
    near = nearest(use.name, BUILT_IN[use.type])
    if near is not None:
        return f"Did you mean {quoted(near)}, which comes with the Enterprise Edition?"
    other = next((type_ for type_, names in BUILT_IN.items() if use.name in names), None)
    return f"It is a plugin of the Enterprise Edition for {other.namespace}." if other else ""


def _none_of(context: Context, registry: Registry, name: str) -> str:
    """`none of the 4 files that load (auth.so, …)`, and where else files may lie."""
    names = [file.name for file in registry.files if not file.is_idle]
    folders = ""
    if any(entry.kind is EntryKind.DIRECTORY for entry in context.listing.entries):
        folders = "; sub-folders are not looked into"
    left_out = _left_out(context, name)
    if left_out is not None:
        folders = f"; the pattern leaves out {shown(left_out, 32)}"
    if not names:
        idle = [file.name for file in registry.files]
        if len(idle) == 1:
            return f"no file: {shown(idle[0], 32)} registers nothing{folders}"
        return f"no file: none of {listed(idle, 2)} registers anything{folders}"
    if len(names) == 1:
        return f"no file: only {shown(names[0], 32)} loads{folders}"
    return f"none of the {len(names)} files that load ({listed(names, 2)}{folders})"


def _left_out(context: Context, name: str) -> str | None:
    """A file that the pattern does not take and that is called as the plugin is."""
    stem = re.sub(r"[-_.](?:request|response)$", "", name.casefold())
    word = re.sub(r"[^a-z0-9]", "", stem)
    for entry in context.listing.entries if len(word) > 2 else ():
        file = entry.text
        if entry.kind is EntryKind.DIRECTORY or context.scan.pattern in file:
            continue
        if file.endswith(".so") and word in re.sub(r"[^a-z0-9]", "", file.casefold()):
            return file
    return None


def _renamed(use: Use, verdict: Verdict) -> tuple[Fix, ...]:
    near = verdict.near
    if near is None or near in use.entry.called:
        return ()
    return (replace_text(f"change it to {quoted(near)}", use.span, near),)


def _removed(context: Context, use: Use) -> tuple[Fix, ...]:
    """Take the name out; the whole entry when it is its only one."""
    if len(use.entry.called) == 1:
        return removal(context, use.entry)
    pointer = use.pointer.removesuffix("/name") if context.has_listed_shape else use.pointer
    return by_edit(f"remove {shown(use.name)}", edits.remove, context.tree, pointer)


def _half(context: Context) -> Iterator[Finding]:
    for use, verdict in _judged(context, Standing.UNREGISTERED):
        halves = verdict.stem_of
        if not halves:
            continue
        message = (
            f"{quoted(use.name)} is only the stem: {shown(verdict.near_file, 32)} registers "
            f"{' and '.join(quoted(half) for half in halves)}. KrakenD logs nothing and runs "
            "neither."
        )
        yield Finding(
            message, use.pointer, use.span, _halves(context, use, verdict) + _removed(context, use)
        )


def _halves(context: Context, use: Use, verdict: Verdict) -> tuple[Fix, ...]:
    """Name both halves that are not named yet, in the place of the stem."""
    given = set(use.entry.called)
    missing = [half for half in verdict.stem_of if half not in given]
    if not missing:
        return ()
    first = replace_text(f"name {' and '.join(missing)}", use.span, missing[0])
    if len(missing) == 1:
        return (first,)
    rest = name_after(context, use, missing[1], first.title)
    if not rest:
        return ()
    return (Fix(first.title, tuple(sorted(first.edits + rest[0].edits, key=lambda e: e.start))),)


def _other_type(context: Context) -> Iterator[Finding]:
    for use, verdict in _judged(context, Standing.UNREGISTERED):
        other = verdict.other_type
        if other is None:
            continue
        assert context.registry is not None
        message = (
            f"{shown(verdict.near_file, 32)} registers {quoted(use.name)} as {other.value}, "
            f"not as {use.type.value}. {_consequence(context.registry, use)}"
        )
        fixes = _to_its_namespace(context, use, other) + _removed(context, use)
        yield Finding(message, use.pointer, use.span, fixes)


def _to_its_namespace(context: Context, use: Use, type_: PluginType) -> tuple[Fix, ...]:
    """The entry under the namespace of the type that its only name is registered for, where
    that works and is free."""
    entry = use.entry
    point = next((p for p in context.points for e in p.entries if e is entry), None)
    if point is None or len(entry.called) > 1 or context.has_listed_shape or entry.name is None:
        return ()
    if not fits(point, type_) or context.is_foreign(type_):
        return ()
    return as_other_type(entry, type_)


def _unseen(context: Context) -> Iterator[Finding]:
    for use, verdict in _judged(context, Standing.UNSEEN):
        message = (
            f"{quoted(use.name)} is not seen as registered; its letters occur in "
            f"{listed(verdict.files)}. KrakenD's log tells at start whether it is injected."
        )
        yield Finding(message, use.pointer, use.span)


def _unchecked(context: Context) -> Iterator[Finding]:
    for use, verdict in _judged(context, Standing.UNCHECKED):
        near = f" Did you mean {quoted(verdict.near)}?" if verdict.near else ""
        message = (
            f"{quoted(use.name)} cannot be checked: the names that {listed(verdict.files)} "
            f"registers cannot be read from the file.{near}"
        )
        yield Finding(message, use.pointer, use.span, _renamed(use, verdict))


def _enterprise(context: Context) -> Iterator[Finding]:
    if context.target.is_enterprise or not context.block.is_loaded:
        return
    for use in context.uses:
        if use.name not in BUILT_IN[use.type]:
            continue
        registry = context.registry
        if registry is None and context.snapshot.reading:
            continue
        if registry is not None:
            verdict = registry.verdict(use.type, use.name)
            if verdict.standing is not Standing.UNREGISTERED or verdict.refused:
                continue
        severity = Severity.ERROR
        message = (
            f"{quoted(use.name)} is a plugin of the Enterprise Edition: {context.target.label} "
            "does not have it and runs without it."
        )
        if registry is None and context.listing.status is not FolderStatus.OK:
            # A plugin of one's own may have the name, and nobody has looked.
            severity = Severity.WARNING
            message = (
                f"{quoted(use.name)} is a plugin of the Enterprise Edition: {context.target.label} "
                "has it only if a file of your own registers the name."
            )
        yield Finding(message, use.pointer, use.span, _removed(context, use), severity)


def _replaced(context: Context) -> Iterator[Finding]:
    if not context.target.is_enterprise or context.target.minor < (2, 13):
        return
    for use in context.uses:
        native = REPLACED.get((use.type, use.name))
        if native is not None:
            message = (
                f"{quoted(use.name)} is deprecated in {context.target.label}: {native} does it "
                "without a plugin."
            )
            yield Finding(message, use.pointer, use.span)


_ENTERPRISE_FOLDER = "/opt/krakend/plugins"


def _elsewhere(context: Context) -> Iterator[Finding]:
    folder = context.block.folder_text or ""
    registry = context.registry
    if not context.target.is_enterprise or registry is None:
        return
    if folder.rstrip("/") == _ENTERPRISE_FOLDER or context.listing.path == _ENTERPRISE_FOLDER:
        return
    for use in context.uses:
        verdict = registry.verdict(use.type, use.name)
        if use.name not in BUILT_IN[use.type] or verdict.standing is not Standing.UNREGISTERED:
            continue
        if (use.type, use.name) in REPLACED:
            continue  # What is to be said of it is that no plugin is needed.
        message = (
            f"{quoted(use.name)} comes with the Enterprise Edition in {_ENTERPRISE_FOLDER}/, and "
            f"KrakenD loads from {quoted(folder, 32)} alone: it runs if a copy lies there."
        )
        yield Finding(message, use.pointer, use.span)


_SERVER = '{"extra_config": {"plugin/http-server": {"name": [%s]}}}'
_MODIFIER = (
    '{"endpoints": [{"endpoint": "/t", "extra_config": '
    '{"plugin/req-resp-modifier": {"name": [%s]}}}]}'
)

RULES = (
    Rule(
        id="plugin-name-unregistered",
        severity=Severity.ERROR,
        summary="No file that loads registers a plugin under this name.",
        explanation=(
            "A plugin is found by the name that its code registers, which need not be its file's "
            "name. For a server plugin KrakenD logs `No plugin registered as NAME` at ERROR "
            "(or, when no server plugin loaded at all, `No plugins registered for the module` "
            "at DEBUG), for a client plugin the same at DEBUG, for a modifier nothing at any "
            "level. It starts and serves without the plugin. The names are read from the bytes "
            "of the files that the pattern takes; nothing is executed."
        ),
        bad=_SERVER % '"auht"',
        good=_SERVER % '"auth"',
        fix="Changes the name to the registered one that is meant, or removes it.",
        source="lura server.go, executor.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_unregistered,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-half",
        severity=Severity.ERROR,
        summary="The stem of a modifier is named instead of its halves.",
        explanation=(
            "A modifier by KrakenD's template registers NAME-request and NAME-response. The "
            "name alone is registered by nothing, and KrakenD logs nothing at any level."
        ),
        bad=_MODIFIER % '"trim"',
        good=_MODIFIER % '"trim-request", "trim-response"',
        fix="Names the two halves, or removes the name.",
        source="KrakenD's modifier template; lura proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_half,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-other-type",
        severity=Severity.ERROR,
        summary="The name is registered for another plugin type.",
        explanation=(
            "Server, client and modifier plugins have registers of their own. A name that a "
            "file registers as a client plugin is unknown in plugin/http-server."
        ),
        bad=_SERVER % '"my-client"',
        good=_SERVER % '"my-server"',
        fix="Makes it an entry of that type where that works, or removes the name.",
        source="lura register (one namespace each); measured on KrakenD 2.13.8",
        check=_other_type,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-unseen",
        severity=Severity.WARNING,
        summary="The name is not seen as registered, but its letters occur in a file.",
        explanation=(
            "Each file that loads for this type registers another name that can be read, and "
            "the letters of this one occur in a file, which may be by chance: Go packs its "
            "strings together. A plugin may register further names; whether it registers this "
            "one only its code and KrakenD's log at start can tell."
        ),
        bad=_SERVER % '"second-name"',
        good=_SERVER % '"auth"',
        source="krakend-tui (static inspection)",
        check=_unseen,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-unchecked",
        severity=Severity.INFO,
        summary="The name cannot be checked: a file's registered names cannot be read.",
        explanation=(
            "A file that loads registers for this type under a name that is worked out at run "
            "time, or could not be read. It may be this name."
        ),
        bad=_SERVER % '"auth-v2"',
        good=_SERVER % '"auth"',
        fix="Changes the name to a registered one that it is very like.",
        source="krakend-tui (static inspection)",
        check=_unchecked,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-enterprise",
        severity=Severity.ERROR,
        summary="A plugin of the Enterprise Edition is injected in the Community Edition.",
        explanation=(
            "The Enterprise images carry plugins in /opt/krakend/plugins/, such as ip-filter or "
            "url-rewrite. The Community Edition has none of them, ignores the name and serves "
            "without. With --krakend ee-2.13 the advice is for the Enterprise Edition."
        ),
        bad=_SERVER % '"ip-filter"',
        good=_SERVER % '"auth"',
        fix="Removes the name.",
        source="krakend-schema v2.13 plugin/*.json; enterprise documentation, overview/plugins",
        check=_enterprise,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-other-folder",
        severity=Severity.INFO,
        summary="A built-in plugin of the Enterprise Edition is not in the plugin folder.",
        explanation=(
            "The Enterprise images have their plugins in /opt/krakend/plugins/, and KrakenD loads "
            "from one folder only. With another folder its own plugins have to be copied there, or "
            "yours to /opt/krakend/plugins/; otherwise the name is registered by nothing."
        ),
        bad=_SERVER % '"ip-filter"',
        good=_SERVER % '"ip-filter"',
        around=(
            "the target is Enterprise, the folder is ./plugins/",
            "the folder is /opt/krakend/plugins/",
        ),
        source="enterprise documentation, overview/plugins; lura plugin.Scan (one folder)",
        check=_elsewhere,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
    Rule(
        id="plugin-name-deprecated",
        severity=Severity.INFO,
        summary="A built-in plugin of the Enterprise Edition is deprecated.",
        explanation=(
            "Several plugins of the Enterprise images have become native components that need "
            "no plugin block. Enterprise 3.0 has already removed most of them."
        ),
        bad=_SERVER % '"virtualhost"',
        good='{"extra_config": {"server/virtualhost": {}}}',
        source="krakend-schema v2.13 plugin/*.json (deprecated); measured on KrakenD 2.13.8",
        check=_replaced,
        local=True,
        asks=traits.UNSURE_NAME,
    ),
)
