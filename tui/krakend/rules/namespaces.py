"""Rules about the extra_config keys that inject plugins: spelt right, and inside extra_config."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.krakend import traits
from tui.krakend.namespaces import LEGACY, WORKS_AT, Level, Spelling, is_comment, is_component
from tui.krakend.points import Entry, InjectionPoint, is_hidden
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.fixing import (
    fits,
    in_turn,
    injection,
    removal,
    replace_text,
    safe,
)
from tui.krakend.uses import takes
from tui.plugin.facts import PluginType

SILENT = "KrakenD ignores it silently"


def where(point: InjectionPoint) -> str:
    """The place for a message: `the service`, `GET /t`, `backend 0 of ...` in short."""
    if point.level is Level.SERVICE:
        return "at the service"
    return f"at {shown(' '.join(point.label.split()), 40)}"


def _by_name(context: Context) -> Iterator[Finding]:
    """Keys that are like no namespace, with the name of a plugin inside. Other components have
    names too."""
    registry = context.registry
    for point in context.points if registry is not None else ():
        for key in point.other_keys:
            if point.extra_config is None or is_component(key) or is_comment(key):
                continue
            if key.casefold() in ("plugin", "plugins"):
                continue  # That is half a namespace.
            member = point.extra_config.value.member(key)
            name = member.value.member("name") if member is not None else None
            if registry is None or member is None or name is None:
                continue
            items = [name.value] if name.value.kind == "string" else list(name.value.items())
            names = [str(item.value()) for item in items if item.kind == "string"]
            types = [t for t in PluginType if any(n in registry.names(t) for n in names)]
            if len(types) != 1 or any(key in registry.names(t) for t in PluginType):
                continue
            message = (
                f"{quoted(key)} is no plugin namespace: {SILENT}. What it names "
                f"is a plugin for {quoted(types[0].namespace)}."
            )
            fixes: tuple[Fix, ...] = ()
            if fits(point, types[0]) and takes(types[0], name.value.kind):
                title = f"rename it to {quoted(types[0].namespace)}"
                fixes = (replace_text(title, member.key_span, types[0].namespace),)
            pointer = child(point.extra_config_pointer, key)
            yield Finding(message, pointer, member.key_span, fixes)


def _unknown(context: Context) -> Iterator[Finding]:
    yield from _by_name(context)
    for point, entry in context.entries:
        if not entry.is_inside or entry.spelling not in (Spelling.NEAR, Spelling.UNKNOWN):
            continue
        type_ = _type_of_name(context, point, entry)
        if type_ is not None:
            name = entry.key.rpartition("/")[2]
            message = (
                f"{quoted(entry.key)} is no plugin namespace: {SILENT}. {quoted(name)} is a "
                f"plugin whose name belongs in {type_.namespace}."
            )
            settings = entry.value if entry.value.kind == "object" else None
            fixes = injection(context, point, type_, name, settings, entry.pointer)
            yield Finding(message, entry.pointer, entry.key_span, fixes)
            continue
        if entry.meant is None:
            four = ", ".join(type_.value for type_ in PluginType)
            message = (
                f"{quoted(entry.key)} is no plugin namespace: {SILENT}. After plugin/ it knows "
                f"{four}."
            )
        else:
            message = (
                f"{quoted(entry.key)} is no plugin namespace: {SILENT}. Did you mean "
                f"{quoted(entry.meant.namespace)}?"
            )
        fixes = _renames(point, entry) + removal(context, entry)
        yield Finding(message, entry.pointer, entry.key_span, fixes)


def _type_of_name(context: Context, point: InjectionPoint, entry: Entry) -> PluginType | None:
    """The type of the plugin that is named in the key, as in plugin/auth."""
    name = entry.key.rpartition("/")[2]
    if context.registry is None or entry.meant is not None:
        return None
    types = [type_ for type_ in PluginType if name in context.registry.names(type_)]
    return next((t for t in types if point.level in WORKS_AT[t]), types[0] if types else None)


def _renames(point: InjectionPoint, entry: Entry) -> tuple[Fix, ...]:
    """The rename to the namespace that is meant, where that works and is not taken."""
    meant = entry.meant
    if meant is None or not fits(point, meant, besides=entry):
        return ()
    title = f"rename it to {quoted(meant.namespace)}"
    return safe(replace_text(title, entry.key_span, meant.namespace))


def _legacy(context: Context) -> Iterator[Finding]:
    if context.target.minor < (2, 0):
        return
    for point, entry in context.entries:
        if entry.spelling is not Spelling.LEGACY or not entry.works_here or entry.type is None:
            continue
        if is_hidden(point, entry):
            continue
        message = (
            f"{shown(entry.key, 70)} is the 1.x name of {entry.type.namespace}: it still works, "
            "but the lint refuses it."
        )
        yield Finding(message, entry.pointer, entry.key_span, _renames(point, entry))


def _is_1x(context: Context) -> bool:
    return context.target.minor < (2, 0)


def _too_new(context: Context) -> Iterator[Finding]:
    for point, entry in context.entries:
        if entry.spelling is not Spelling.EXACT or not entry.works_here:
            continue
        old = next((name for name, type_ in LEGACY.items() if type_ is entry.type), None)
        message = (
            f"{shown(entry.key)} is a name of KrakenD 2.0 and newer: {context.target.label} "
            "ignores it silently."
        )
        fixes: tuple[Fix, ...] = ()
        if old is not None and not any(other.key == old for other in point.entries):
            fixes = safe(replace_text("rename it to its 1.x name", entry.key_span, old))
        yield Finding(message, entry.pointer, entry.key_span, fixes)


def _legacy_mixed(context: Context) -> Iterator[Finding]:
    for point, entry in context.entries:
        if entry.spelling is not Spelling.LEGACY_MIXED or not entry.is_inside:
            continue
        if entry.type is None:
            continue
        message = (
            f"{shown(entry.key, 70)} mixes up the 1.x names: {SILENT}. "
            f"Its name is {entry.type.namespace}."
        )
        fixes = _renames(point, entry) + removal(context, entry)
        yield Finding(message, entry.pointer, entry.key_span, fixes)


def _twice(context: Context) -> Iterator[Finding]:
    for point, entry in context.entries:
        if not entry.works_here or entry.type is None or not is_hidden(point, entry):
            continue
        message = (
            f"Both {entry.type.namespace} and its 1.x name are here: KrakenD takes "
            f"{entry.type.namespace} and ignores this one silently."
        )
        yield Finding(message, entry.pointer, entry.key_span, safe(*removal(context, entry)))


def _outside(context: Context) -> Iterator[Finding]:
    for point, entry in context.entries:
        if entry.is_inside or entry.meant is None or entry.spelling is Spelling.OFF:
            continue
        message = (
            f"{quoted(entry.key)} stands beside extra_config, not inside it: {SILENT} "
            f"{where(point)}."
        )
        fixes: tuple[Fix, ...] = ()
        extra = point.extra_config
        if fits(point, entry.meant) and (extra is None or extra.value.kind == "object"):
            pointer = child(point.extra_config_pointer, entry.meant.namespace)
            fixes = in_turn(
                "move it into extra_config",
                context.tree,
                partial(edits.set_value, pointer=pointer, value=entry.value),
                partial(edits.remove, pointer=entry.pointer),
            )
        fixes = safe(*fixes) + removal(context, entry)
        yield Finding(message, entry.pointer, entry.key_span, fixes)


def _off_prefix(context: Context) -> Iterator[Finding]:
    for _point, entry in context.entries:
        if entry.spelling is Spelling.OFF and entry.key.startswith("//"):
            better = "#" + entry.key.lstrip("/ ")
            message = (
                f"{quoted(entry.key)} is switched off, but the lint refuses keys with //; those "
                "that begin with #, @, $ or _ are free."
            )
            fixes = safe(replace_text(f"rename it to {quoted(better)}", entry.key_span, better))
            yield Finding(message, entry.pointer, entry.key_span, fixes)


_SERVER = '{"extra_config": {"plugin/http-server": {"name": ["auth"]}}}'

RULES = (
    Rule(
        id="namespace-unknown",
        severity=Severity.ERROR,
        summary="An extra_config key is like a plugin namespace, but is none.",
        explanation=(
            "Keys inside extra_config are looked up exactly, case and hyphens included. What "
            "KrakenD does not know it ignores without a log line; only its lint refuses it."
        ),
        bad='{"extra_config": {"plugin/http_server": {"name": ["auth"]}}}',
        good=_SERVER,
        fix="Renames the key to the namespace that is meant, or removes it.",
        source="lura config.ExtraConfig (a map looked up by key); measured on KrakenD 2.13.8",
        check=_unknown,
        local=True,
        asks=traits.PASSED_OVER | traits.STRANGE_KEY,
    ),
    Rule(
        id="namespace-legacy",
        severity=Severity.WARNING,
        summary="An entry has the namespace of KrakenD 1.x.",
        explanation=(
            "These long names are what KrakenD's engine itself looks up, and plugin/... are "
            "aliases of them since 2.0. They still work with version 3, but the lint refuses "
            "them and the documentation no longer has them."
        ),
        bad=(
            '{"extra_config": {"github_com/devopsfaith/krakend/transport/http/server/handler": '
            '{"name": ["auth"]}}}'
        ),
        good=_SERVER,
        fix="Renames the key to plugin/...",
        source="krakend-ce cmd/krakend-ce/main.go (aliases); measured on KrakenD 2.13.8",
        check=_legacy,
        local=True,
        asks=traits.LEGACY,
    ),
    Rule(
        id="namespace-too-new",
        severity=Severity.ERROR,
        summary="The release knows only the namespaces of KrakenD 1.x.",
        explanation=(
            "plugin/http-server, plugin/http-client and plugin/req-resp-modifier came with "
            "KrakenD 2.0. Older releases ignore them without a log line."
        ),
        bad=_SERVER,
        good=(
            '{"extra_config": {"github_com/devopsfaith/krakend/transport/http/server/handler": '
            '{"name": ["auth"]}}}'
        ),
        fix="Renames the key to its name of 1.x.",
        source="measured on KrakenD 2.13.8",
        check=_too_new,
        local=True,
        asks=traits.ENTRY,
        applies=_is_1x,
    ),
    Rule(
        id="namespace-legacy-mixed",
        severity=Severity.ERROR,
        summary="An entry has a 1.x namespace with dot and underscore mixed up.",
        explanation=(
            "The server namespace of 1.x begins with github_com (underscore), the other two "
            "with github.com (dot). With the wrong one the entry is an unknown key: ignored "
            "without a log line."
        ),
        bad=(
            '{"extra_config": {"github.com/devopsfaith/krakend/transport/http/server/handler": '
            '{"name": ["auth"]}}}'
        ),
        good=_SERVER,
        fix="Renames the key to plugin/..., or removes it.",
        source="lura Namespace constants; lura issue 378; measured on KrakenD 2.13.8",
        check=_legacy_mixed,
        local=True,
        asks=traits.PASSED_OVER,
    ),
    Rule(
        id="namespace-twice",
        severity=Severity.WARNING,
        summary="Both the new and the 1.x namespace are at one place.",
        explanation=(
            "KrakenD renames plugin/... to the 1.x name when it starts, over what is there. The "
            "entry with the 1.x name never takes effect."
        ),
        bad=(
            '{"extra_config": {"plugin/http-server": {"name": ["auth"]},\n'
            ' "github_com/devopsfaith/krakend/transport/http/server/handler": '
            '{"name": ["other"]}}}'
        ),
        good=_SERVER,
        fix="Removes the entry with the name of 1.x.",
        source="lura config.ExtraConfig.Normalize; measured on KrakenD 2.13.8",
        check=_twice,
        local=True,
        asks=traits.LEGACY,
    ),
    Rule(
        id="namespace-outside",
        severity=Severity.ERROR,
        summary="A plugin namespace stands beside extra_config instead of inside it.",
        explanation=(
            "Unknown keys of the service, an endpoint or a backend are ignored without a log "
            "line. Plugins are injected from extra_config only."
        ),
        bad='{"plugin/http-server": {"name": ["auth"]}}',
        good=_SERVER,
        fix="Moves the entry into extra_config, or removes it.",
        source="lura config.ServiceConfig, EndpointConfig, Backend",
        check=_outside,
        local=True,
        asks=traits.PASSED_OVER,
    ),
    Rule(
        id="namespace-off-prefix",
        severity=Severity.WARNING,
        summary="A plugin entry is switched off with //, which the lint refuses.",
        explanation=(
            "KrakenD ignores unknown keys, so a key with // switches the entry off. The lint "
            "accepts only keys that begin with @, $, _ or #, for instance #plugin/http-server."
        ),
        bad='{"extra_config": {"//plugin/http-server": {"name": ["auth"]}}}',
        good='{"extra_config": {"#plugin/http-server": {"name": ["auth"]}}}',
        fix="Renames the key so that it begins with #.",
        source="krakend-schema v2.13 patternProperties; measured on KrakenD 2.13.8",
        check=_off_prefix,
        local=True,
        asks=traits.PASSED_OVER,
    ),
)
