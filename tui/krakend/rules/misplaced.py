"""Rules about plugin namespaces at places that KrakenD does not read at all.

The other rules look where plugins can be injected. A namespace anywhere else is found by its
key in the text: this costs one search, however large the config is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from tui.diagnostic import Fix, Severity, Span
from tui.document import edits
from tui.document.pointer import child, join, parent, split
from tui.document.tree import Member
from tui.krakend import traits
from tui.krakend.distance import nearest
from tui.krakend.golang import same_key
from tui.krakend.namespaces import Level, classify, is_comment
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.fixing import fits, in_turn, replace_text, safe
from tui.plugin.facts import PluginType

_NAMESPACE = re.compile(r'"(?:plugin\\?/[a-z-]+|github[._]com\\?/[a-z/\\-]+)"(?=[ \t\r\n]*:)')
_HALF = re.compile(r'"(?:http-server|http-client|req-resp-modifier|middleware)"(?=[ \t\r\n]*:)')
# krakend-schema v2.13: the keys of the extra_config of every level, but for plugin/...
_COMPONENT = re.compile(
    r'"(?:ai|auth|async|backend|documentation|governance|grpc|modifier|qos|security|server'
    r'|telemetry|validation)/[a-z/-]+"(?=[ \t\r\n]*:)'
)
_READ: dict[Level | None, dict[str, Level | None]] = {
    Level.SERVICE: {
        "extra_config": None,
        "endpoints": Level.ENDPOINT,
        "async_agent": Level.ASYNC_AGENT,
    },
    Level.ENDPOINT: {"extra_config": None, "backend": Level.BACKEND},
    Level.ASYNC_AGENT: {"extra_config": None, "backend": Level.ASYNC_BACKEND},
    Level.BACKEND: {"extra_config": None},
    Level.ASYNC_BACKEND: {"extra_config": None},
    Level.WORKFLOW: {"extra_config": None, "backend": Level.WORKFLOW_BACKEND},
    Level.WORKFLOW_BACKEND: {"extra_config": None},
}
"""The keys on the way to an extra_config, and what is below them; None is the extra_config."""


_WITH_WORKFLOW = (Level.BACKEND, Level.ASYNC_BACKEND, Level.WORKFLOW_BACKEND)


class _Stray(NamedTuple):
    """A namespace in no place of its own.

    `depth` is how many of the pointer's `steps` lead to the first key that KrakenD does not
    read on, that key included; `level` is what that key is a member of, None within an
    extra_config.
    """

    key: str
    span: Span
    steps: tuple[str, ...]
    depth: int
    level: Level | None

    @property
    def pointer(self) -> str:
        return join(self.steps)

    @property
    def stop(self) -> str:
        """The pointer of the first key that KrakenD does not read on."""
        return join(self.steps[: self.depth])


def _strays(context: Context) -> Iterator[_Stray]:
    known = {entry.key_span.start for _, entry in context.entries}
    for found in context.search(_NAMESPACE):
        if found.start() in known:
            continue
        key = found.group()[1:-1].replace("\\/", "/")  # PHP writes a slash so.
        namespace = classify(key)
        if namespace is None or not namespace.spelling.is_read:
            continue
        steps = tuple(split(context.tree.pointer_at(found.start())))
        # Not so within a string value, or in a comment, which KrakenD and its lint pass over.
        if not steps or steps[-1] != key or any(map(is_comment, steps)):
            continue
        if context.target.has_workflows and "workflow" in steps:
            continue  # A backend's is read; those of other components may be.
        depth, level = _first_unread(steps)
        if level is None and depth == len(steps):
            continue  # In an extra_config after all: the first of two alike, or merged from a list.
        yield _Stray(key, Span(found.start(), found.end()), steps, depth, level)


def _first_unread(steps: tuple[str, ...]) -> tuple[int, Level | None]:
    """How many steps lead to the first key that is not read, and the level that it is at."""
    level, depth = Level.SERVICE, 0
    while depth < len(steps):
        step, depth = steps[depth], depth + 1
        if step.isdigit():
            continue
        name = next((name for name in _READ[level] if same_key(step, name)), None)
        if name is None:
            return depth, level
        below = _READ[level][name]
        if below is None:
            while depth < len(steps) and steps[depth].isdigit():
                depth += 1
            if steps[depth : depth + 1] != ("workflow",) or level not in _WITH_WORKFLOW:
                return depth + 1, None
            below, depth = Level.WORKFLOW, depth + 1
        level = below
    return len(steps), level


def _misplaced(context: Context) -> Iterator[Finding]:
    told: set[str] = set()
    for stray in _strays(context):
        if stray.level is None:
            yield _too_deep(context, stray)
        elif same_key(stray.steps[0], "plugin"):
            yield _in_block(context, stray)
        elif stray.stop not in told:
            told.add(stray.stop)
            yield _not_on_the_way(context, stray, stray.level)


def _too_deep(context: Context, stray: _Stray) -> Finding:
    """Within an extra_config, but below another of its keys."""
    outer = stray.steps[stray.depth - 1]
    where = parent(stray.stop)[0]
    message = f"{shown(stray.key, 70)} stands inside {quoted(outer)}: "
    if same_key(outer, "extra_config"):
        message += "KrakenD looks one level up, in the extra_config around it, and says nothing."
    else:
        message += (
            "KrakenD takes it for one of the settings there and injects nothing. A closing brace "
            "may be too late."
        )
    # Deep in another component it may well be data: an answer, an example.
    is_core = any(same_key(outer, key) for keys in _READ.values() for key in keys)
    severity = Severity.INFO if len(stray.steps) > stray.depth + 1 and not is_core else None
    fixes = _up(context, stray, where)
    return Finding(message, stray.pointer, stray.span, fixes, severity)


def _up(context: Context, stray: _Stray, where: str) -> tuple[Fix, ...]:
    """The move into the extra_config around it, where that works and is free."""
    point = next((p for p in context.points if p.extra_config_pointer == where), None)
    namespace = classify(stray.key)
    if point is None or namespace is None or namespace.type is None:
        return ()
    if not fits(point, namespace.type):
        return ()
    return _move(context, "move it up", stray.pointer, child(where, stray.key))


def _in_block(context: Context, stray: _Stray) -> Finding:
    message = (
        f'{shown(stray.key, 70)} stands in the "plugin" block, which only loads plugins: KrakenD '
        "ignores it silently. Plugins are injected in extra_config."
    )
    where = context.points[0].extra_config_pointer
    return Finding(message, stray.pointer, stray.span, _up(context, stray, where))


def _move(context: Context, title: str, source: str, target: str) -> tuple[Fix, ...]:
    node = context.tree.node(source)
    if node is None:
        return ()
    return in_turn(
        title,
        context.tree,
        partial(edits.remove, pointer=source),
        partial(edits.set_value, pointer=target, value=node),
    )


def _not_on_the_way(context: Context, stray: _Stray, level: Level) -> Finding:
    """Under a key that leads to no extra_config."""
    step = stray.steps[stray.depth - 1]
    member = context.tree.member(stray.stop)
    span = stray.span if member is None else member.key_span
    name = nearest(step, _READ[level])
    message = (
        f"KrakenD reads no {quoted(step)} {_of(level)}: {shown(stray.key, 70)} in it is ignored "
        "silently."
    )
    fixes: tuple[Fix, ...] = ()
    if name is not None:
        message += f" Did you mean {quoted(name)}?"
        leads_there = _first_unread(_renamed(stray, name)) == (len(stray.steps), None)
        is_missing = _is_missing(context, parent(stray.stop)[0], name)
        if member is not None and leads_there and is_missing:
            fixes = safe(replace_text(f"rename it to {quoted(name)}", member.key_span, name))
    return Finding(message, stray.stop, span, fixes)


def _renamed(stray: _Stray, name: str) -> tuple[str, ...]:
    """Its steps, if the first that is not read were called `name`."""
    return (*stray.steps[: stray.depth - 1], name, *stray.steps[stray.depth :])


def _of(level: Level) -> str:
    if level is Level.SERVICE:
        return "at the root"
    return f"of an {level.value}" if level.value[0] in "ae" else f"of a {level.value}"


def _is_missing(context: Context, pointer: str, name: str) -> bool:
    holder = context.tree.node(pointer)
    return holder is not None and not any(same_key(m.key, name) for m in holder.members())


def _split(context: Context) -> Iterator[Finding]:
    yield from _bare(context)
    for found in context.search(_HALF):
        pointer = context.tree.pointer_at(found.start())
        steps = split(pointer)
        if steps[-2:] != ["plugin", found.group()[1:-1]]:
            continue
        where = join(steps[:-2])
        point = next((p for p in context.points if p.extra_config_pointer == where), None)
        type_ = PluginType(steps[-1])
        if point is None:
            continue
        message = (
            f'"plugin" with {quoted(steps[-1])} inside is no namespace: KrakenD ignores it '
            f'silently. The key is "{type_.namespace}", in one.'
        )
        fixes: tuple[Fix, ...] = ()
        if fits(point, type_):
            holder = context.tree.node(join(steps[:-1]))
            alone = holder is not None and len(list(holder.members())) == 1
            node = context.tree.node(pointer)
            if node is not None:
                fixes = in_turn(
                    f"make it {type_.namespace}",
                    context.tree,
                    partial(edits.remove, pointer=join(steps[:-1]) if alone else pointer),
                    partial(edits.set_value, pointer=child(where, type_.namespace), value=node),
                )
        yield Finding(message, pointer, Span(found.start(), found.end()), safe(*fixes))


def _bare(context: Context) -> Iterator[Finding]:
    """`plugin` as a key of extra_config that is neither a plugin block nor half of a namespace."""
    for point in context.points:
        extra = point.extra_config
        for key in point.other_keys if extra is not None else ():
            if key.casefold() not in ("plugin", "plugins"):
                continue
            member = extra.value.member(key) if extra is not None else None
            inside = {m.key for m in member.value.members()} if member is not None else set()
            if member is None or inside & _TOLD_ELSEWHERE:
                continue
            message = (
                f"{quoted(key)} is no namespace: KrakenD ignores it silently. After plugin/ comes "
                "the type, in the same key: plugin/http-server and so on."
            )
            pointer = child(point.extra_config_pointer, key)
            is_empty = member.value.kind == "object" and not inside
            severity = Severity.WARNING if is_empty else None
            yield Finding(message, pointer, member.key_span, severity=severity)


# A plugin block, or half a namespace.
_TOLD_ELSEWHERE = {"folder", "pattern", *(type_.value for type_ in PluginType)}


def _swallowed(context: Context) -> Iterator[Finding]:
    entries = sorted((e for _, e in context.entries if e.is_inside), key=_start)
    starts = [_start(entry) for entry in entries]
    for found in context.search(_COMPONENT):
        index = bisect_right(starts, found.start()) - 1
        if index < 0 or found.start() >= entries[index].value.span.end:
            continue
        entry = entries[index]
        member = _own_member(entry, found.start())
        if member is None:
            continue
        message = (
            f"{shown(member.key)} stands inside {shown(entry.key)}: KrakenD hands it to the plugin "
            "as a setting, and the component does not run. A closing brace may be too late."
        )
        pointer = child(entry.pointer, member.key)
        where = parent(entry.pointer)[0]
        holder = context.tree.node(where)
        fixes: tuple[Fix, ...] = ()
        if holder is not None and holder.member(member.key) is None:
            fixes = _move(context, "move it out", pointer, child(where, member.key))
        yield Finding(message, pointer, member.key_span, fixes)


def _start(entry: Entry) -> int:
    return entry.value.span.start


def _own_member(entry: Entry, offset: int) -> Member | None:
    """The member of the entry whose key is at `offset`."""
    if entry.value.kind != "object":
        return None
    return next((m for m in entry.value.members() if m.key_span.start == offset), None)


_GOOD = (
    '{"endpoints": [{"endpoint": "/t", "backend": [{"extra_config": '
    '{"plugin/http-client": {"name": "proxy"}, "qos/ratelimit/proxy": {}}}]}]}'
)

RULES = (
    Rule(
        id="namespace-misplaced",
        severity=Severity.ERROR,
        summary="A plugin namespace stands at a place that KrakenD does not read.",
        explanation=(
            "KrakenD reads extra_config at the root, in endpoints and their backend lists, and in "
            "async_agent and their backend lists. Below another key (backends, extraConfig, an "
            "extra_config within extra_config, the settings of another component) it looks for "
            "nothing, and logs nothing at any level. Deep in the settings of another component it "
            "may be data: there it is only good to know."
        ),
        bad='{"extra_config": {"extra_config": {"plugin/http-server": {"name": ["auth"]}}}}',
        good='{"extra_config": {"plugin/http-server": {"name": ["auth"]}}}',
        fix="Renames the misspelt key on the way, or moves the entry up.",
        source="lura config.ServiceConfig; krakend-ce issue 284",
        check=_misplaced,
        local=True,
        asks=traits.STRAY,
    ),
    Rule(
        id="namespace-split",
        severity=Severity.ERROR,
        summary="A plugin namespace is written as an object in an object.",
        explanation=(
            "The slash is part of the key: plugin/http-server is one key of extra_config. A key "
            "plugin with http-server inside is unknown, and ignored without a log line."
        ),
        bad='{"extra_config": {"plugin": {"http-server": {"name": ["auth"]}}}}',
        good='{"extra_config": {"plugin/http-server": {"name": ["auth"]}}}',
        fix="Joins the two keys into one.",
        source="lura config.ExtraConfig (a map looked up by key)",
        check=_split,
        local=True,
        asks=traits.STRAY | traits.STRANGE_KEY,
    ),
    Rule(
        id="component-in-plugin",
        severity=Severity.WARNING,
        summary="The namespace of another component stands inside a plugin's entry.",
        explanation=(
            "Everything inside the entry is handed to the plugin as its settings. A component "
            "such as auth/client-credentials is looked up in extra_config only; inside the entry "
            "it does not run, and nothing is logged."
        ),
        bad=(
            '{"endpoints": [{"endpoint": "/t", "backend": [{"extra_config": '
            '{"plugin/http-client": {"name": "proxy", "qos/ratelimit/proxy": {}}}}]}]}'
        ),
        good=_GOOD,
        fix="Moves the component out, beside the entry.",
        source="lura config.ExtraConfig; krakend-ce issue 759",
        check=_swallowed,
        local=True,
        asks=traits.SLASH,
    ),
)
