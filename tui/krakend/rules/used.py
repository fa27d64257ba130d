"""Rules about what is registered and how the config uses it: mostly good to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache, partial

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.document.tree import Member
from tui.krakend import traits
from tui.krakend.backups import is_backup
from tui.krakend.census import names_of
from tui.krakend.distance import nearest
from tui.krakend.namespaces import WORKS_AT, is_comment
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.registry import Registry
from tui.krakend.rules.base import Context, Finding, Rule, listed, quoted, shown
from tui.krakend.rules.block import block_span
from tui.krakend.rules.fixing import by_edit, in_turn, injection, name_after, replace_text, safe
from tui.plugin.facts import PluginType


def _request_only(context: Context) -> Iterator[Finding]:
    if context.registry is None:
        return
    halves = halves_of(context.registry)
    # The other half may stand at the endpoint, or at one of its backends.
    named = names_of(context.points)
    for use in context.uses:
        other = halves.get(use.name)
        if use.type is not PluginType.MODIFIER or other is None or other in named:
            continue
        message = (
            f"Only the request half: {quoted(other)} is registered too, and responses pass "
            "unmodified here."
        )
        yield Finding(
            message,
            use.pointer,
            use.span,
            name_after(context, use, other, f"name {shown(other)} too"),
        )


@lru_cache(maxsize=1)
def halves_of(registry: Registry) -> dict[str, str]:
    """`x-request` -> `x-response`, where a file registers both from one stem. Kept for the
    registry that each endpoint is judged with in turn."""
    return {
        f"{stem}-request": f"{stem}-response" for file in registry.files for stem in file.stems()
    }


def _registered_twice(context: Context) -> Iterator[Finding]:
    if context.registry is None:
        return
    for (type_, name), pointer in context.census.uses.items():
        files = context.registry.names(type_).get(name, ())
        if len(files) > 1:
            files = _of_one_machine(context.registry, files)
        node = context.tree.node(pointer) if len(files) > 1 else None
        if node is None or any(map(is_backup, files)):
            continue
        message = (
            f"{quoted(name)} is registered by {listed(list(files))}: KrakenD takes the one "
            f"that it loads last, {shown(files[-1], 32)}, without a word."
        )
        yield Finding(message, pointer, node.span)


def _of_one_machine(registry: Registry, names: Sequence[str]) -> list[str]:
    """The files among these that one KrakenD can load: those for the machine of the last."""
    files = [file for file in registry.files if file.name in names]
    return [file.name for file in files if file.machine == files[-1].machine]


def _unused(context: Context) -> Iterator[Finding]:
    if context.registry is None:
        return
    # Also what is named where KrakenD ignores it, or with a slip: that is the fault to mend then.
    used = context.names | _meant(context.registry, context.names)
    idle = [file for file, names in context.registry.readable.items() if names.isdisjoint(used)]
    if idle:
        what = "is loaded, but no entry names a plugin of it"
        if len(idle) > 1:
            what = "are loaded, but no entry names a plugin of them"
        message = f"{listed(idle)} {what}."
        yield Finding(message, context.block.pointer, block_span(context))


def _meant(registry: Registry, names: AbstractSet[str]) -> frozenset[str]:
    """The registered names that wrong ones are likely slips of."""
    wrong = names - registry.all_names
    verdicts = [registry.verdict(type_, name) for name in wrong for type_ in PluginType]
    halves = [half for verdict in verdicts for half in verdict.stem_of]
    return frozenset([*halves, *(verdict.near for verdict in verdicts if verdict.near)])


def _unlisted(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if not entry.called:
            continue
        given = set(entry.called)
        known = context.registry.names(type_) if context.registry is not None else {}
        for member in entry.value.members():
            key = member.key
            if key in given or key == "name" or member.value.kind != "object":
                continue
            pointer = child(entry.pointer, key)
            near = nearest(key, given - _with_settings(entry))
            if context.registry is not None and key in _meant(context.registry, given):
                continue  # The name is to be mended, not the settings.
            if key in known:
                message = (
                    f"Settings of {quoted(key)}, which is not in the list: it does not run here."
                )
                yield Finding(message, pointer, member.key_span, _add(context, entry, type_, key))
            elif near is not None and not is_comment(key):
                message = (
                    f"Settings of {quoted(key)}, but the list has {quoted(near)}, which by "
                    "convention finds its settings under its own name."
                )
                rename = replace_text(f"rename it to {quoted(near)}", member.key_span, near)
                yield Finding(message, pointer, member.key_span, (rename,))


# Keys of extra_config without a slash that are other components (krakend-schema v2.13).
_COMPONENTS = frozenset({"grpc", "proxy", "router", "websocket", "workflow"})


def _as_key(context: Context) -> Iterator[Finding]:
    registered = types_by_name(context.registry)
    for point in context.points:
        if point.extra_config is None or not point.other_keys:
            continue
        entries = {
            name: entry
            for entry in point.entries
            if entry.works_here and entry.value.kind == "object"
            for name in entry.called
        }
        for key in point.other_keys:
            if key in _COMPONENTS or not (key in registered or key in entries):
                continue
            member = point.extra_config.value.member(key)
            if member is None:
                continue
            pointer = child(point.extra_config_pointer, key)
            if key in entries:
                yield _settings_beside(context, entries[key], member, pointer)
            else:
                yield _name_as_key(context, point, registered[key], member, pointer)


@lru_cache(maxsize=1)
def types_by_name(registry: Registry | None) -> dict[str, list[PluginType]]:
    """The types that each name is registered for."""
    types: dict[str, list[PluginType]] = {}
    if registry is not None:
        for type_ in PluginType:
            for name in registry.names(type_):
                types.setdefault(name, []).append(type_)
    return types


def _settings_beside(context: Context, entry: Entry, member: Member, pointer: str) -> Finding:
    message = (
        f"The settings of {quoted(member.key)} stand beside {shown(entry.key, 70)}: the plugin "
        "gets what is inside that entry only."
    )
    fixes: tuple[Fix, ...] = ()
    if entry.value.member(member.key) is None:
        fixes = in_turn(
            f"move them into {shown(entry.key)}",
            context.tree,
            partial(edits.set_value, pointer=child(entry.pointer, member.key), value=member.value),
            partial(edits.remove, pointer=pointer),
        )
    return Finding(message, pointer, member.key_span, safe(*fixes), Severity.WARNING)


def _name_as_key(
    context: Context, point: InjectionPoint, types: list[PluginType], member: Member, pointer: str
) -> Finding:
    type_ = next((type_ for type_ in types if point.level in WORKS_AT[type_]), types[0])
    message = (
        f"{quoted(member.key)} is a plugin, not a namespace: KrakenD ignores the key silently. Its "
        f"name belongs in {type_.namespace}."
    )
    settings = member.value if member.value.kind == "object" else None
    fixes = injection(context, point, type_, member.key, settings, pointer)
    return Finding(message, pointer, member.key_span, fixes)


def _with_settings(entry: Entry) -> set[str]:
    return {member.key for member in entry.value.members()}


def _add(context: Context, entry: Entry, type_: PluginType, name: str) -> tuple[Fix, ...]:
    if entry.name is None or entry.name.value.kind != "array" or type_ is PluginType.CLIENT:
        return ()
    count = sum(1 for _ in entry.name.value.items())
    title = f"add {shown(name)} to the list"
    return by_edit(title, edits.insert_item, context.tree, entry.name_pointer, count, name)


_SERVER = '{"extra_config": {"plugin/http-server": %s}}'
_MODIFIER = (
    '{"endpoints": [{"endpoint": "/t", "extra_config": '
    '{"plugin/req-resp-modifier": {"name": %s}}}]}'
)
_BOTH = '["trim-request", "trim-response"]'

RULES = (
    Rule(
        id="plugin-name-request-only",
        severity=Severity.INFO,
        summary="Only the request half of a modifier is named.",
        explanation=(
            "A modifier by KrakenD's template registers two plugins, NAME-request and "
            "NAME-response. Naming one of them is legal; the other half does not run."
        ),
        bad=_MODIFIER % '["trim-request"]',
        good=_MODIFIER % _BOTH,
        fix="Names the other half too.",
        source="KrakenD's modifier template; lura issue 547",
        check=_request_only,
        local=True,
        asks=traits.HALF,
    ),
    Rule(
        id="plugin-registered-twice",
        severity=Severity.WARNING,
        summary="Two files register the plugin under the same name.",
        explanation=(
            "A later registration replaces the earlier one without a log line. Files are loaded "
            "in the order of their names, so the last one wins: it works by luck, and a renamed "
            "file changes it."
        ),
        bad=_SERVER % '{"name": ["auth"]}',
        good=_SERVER % '{"name": ["auth"]}',
        around=(
            "a.so and b.so both register auth for http-server",
            "a.so alone registers auth for http-server",
        ),
        source="lura register; measured on KrakenD 2.13.8",
        check=_registered_twice,
    ),
    Rule(
        id="plugin-unused",
        severity=Severity.INFO,
        summary="A plugin is loaded, but nothing in the config names it.",
        explanation=(
            "Loading a plugin only registers it. It runs where an extra_config names it; "
            "otherwise it just uses memory."
        ),
        bad=_SERVER % '{"name": ["auth"]}',
        good=_SERVER % '{"name": ["auth", "log"]}',
        source="measured on KrakenD 2.13.8",
        check=_unused,
    ),
    Rule(
        id="plugin-name-as-key",
        severity=Severity.ERROR,
        summary="The name of a plugin stands in extra_config as if it were a namespace.",
        explanation=(
            "KrakenD looks for the namespaces plugin/... in extra_config, and hands each plugin "
            "the object of its namespace. A key that is a plugin's own name is ignored without a "
            "log line: the plugin is not injected by it, and settings under it do not reach the "
            "plugin (a warning where the entry beside it names the plugin)."
        ),
        bad='{"extra_config": {"auth": {"level": "x"}}}',
        good=_SERVER % '{"name": ["auth"], "auth": {"level": "x"}}',
        fix="Moves the settings into the entry, or makes an entry that injects the plugin.",
        source="lura config.ExtraConfig (a map looked up by key); krakend-ce issue 275",
        check=_as_key,
        local=True,
        asks=traits.NAME_AS_KEY,
    ),
    Rule(
        id="plugin-config-unlisted",
        severity=Severity.INFO,
        summary="There are settings for a plugin that the entry does not name.",
        explanation=(
            "The settings of a plugin stand under its name beside `name`, by convention. "
            "Settings of a plugin that is not named have no effect."
        ),
        bad=_SERVER % '{"name": ["auth"], "log": {"level": "x"}}',
        good=_SERVER % '{"name": ["auth", "log"], "log": {"level": "x"}}',
        fix="Adds the plugin to the list, or renames the settings to the plugin that is in it.",
        source="measured on KrakenD 2.13.8",
        check=_unlisted,
        local=True,
        asks=traits.SETTINGS,
    ),
)
