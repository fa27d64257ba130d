"""Rules about the level of an entry: whether KrakenD, and this target, looks for it there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.krakend import traits
from tui.krakend.namespaces import WORKS_AT, Level
from tui.krakend.points import Entry, InjectionPoint
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.fixing import as_other_type, fits, removal, together
from tui.krakend.rules.namespaces import SILENT, where
from tui.plugin.facts import PluginType

_PLACES = {
    PluginType.SERVER: "the service (the root's extra_config) only",
    PluginType.CLIENT: "backends only",
    PluginType.MODIFIER: "endpoints, async agents and their backends",
    PluginType.MIDDLEWARE: "endpoints, backends, async agents and their backends",
}


def _wrong_level(context: Context) -> Iterator[Finding]:
    for point, entry in context.entries:
        type_ = entry.type
        if type_ is None or not entry.is_inside or not entry.spelling.is_read:
            continue
        if point.level in WORKS_AT[type_] or context.is_foreign(type_):
            continue
        message = (
            f"{shown(entry.key)} works at {_PLACES[type_]}: {SILENT} {where(point)} "
            "(only its lint complains)."
        )
        other = _type_that_works(context, point, entry, type_)
        if other is not None:
            message = (
                f"{shown(entry.key)} works at {_PLACES[type_]}, not {where(point)}: {SILENT}. "
                f"{quoted(entry.called[0], 32)} is a plugin for {other.namespace}."
            )
            fixes = as_other_type(entry, other)
        else:
            fixes = _moves(context, point, entry, type_)
        fixes += removal(context, entry)
        yield Finding(message, entry.pointer, entry.key_span, fixes)


def _type_that_works(
    context: Context, point: InjectionPoint, entry: Entry, type_: PluginType
) -> PluginType | None:
    """The type that the only name of the entry is registered for, when that one works here."""
    registry = context.registry
    if registry is None or len(entry.called) != 1 or entry.called[0] in registry.names(type_):
        return None
    found = [t for t in PluginType if entry.called[0] in registry.names(t)]
    return found[0] if len(found) == 1 and fits(point, found[0]) else None


def _moves(
    context: Context, point: InjectionPoint, entry: Entry, type_: PluginType
) -> tuple[Fix, ...]:
    """The move to the one place where the entry can be meant to work, if there is one."""
    homes = [home for home in _homes(context, point, type_) if home.level in WORKS_AT[type_]]
    if len(homes) != 1 or any(other.type is type_ for other in homes[0].entries):
        return ()
    home = homes[0]
    if home.extra_config is not None and home.extra_config.value.kind != "object":
        return ()
    pointer = child(home.extra_config_pointer, type_.namespace)
    title = f"move it to {' '.join(home.label.split())}"
    return move(context, title, entry, pointer)


def _homes(context: Context, point: InjectionPoint, type_: PluginType) -> Iterator[InjectionPoint]:
    if type_ is PluginType.SERVER:
        yield from filter(None, [context.outside.service])
        return
    # Everything is below the service, and what is below another point is beside it here.
    near = context.outside if point.level is Level.SERVICE else context
    for other in near.points:
        is_below = other.pointer.startswith(f"{point.pointer}/")
        # From the service, a modifier goes to the endpoint and a client to the backend.
        is_near = type_ is PluginType.CLIENT or point.depth or not other.depth
        if is_below and is_near:
            yield other


def move(context: Context, title: str, entry: Entry, pointer: str) -> tuple[Fix, ...]:
    """Take the entry from its place and put its value at `pointer`, in another object."""
    return together(
        title,
        context.tree,
        partial(edits.remove, pointer=entry.pointer),
        partial(edits.set_value, pointer=pointer, value=entry.value),
    )


def _middleware(context: Context) -> Iterator[Finding]:
    target = context.target
    for _point, entry in context.entries:
        if entry.type is not PluginType.MIDDLEWARE or not entry.is_inside:
            continue
        if not entry.spelling.is_read or not context.is_foreign(entry.type):
            continue
        who = "has none of these" if not target.is_enterprise else "has them since 2.10"
        message = (
            f"plugin/middleware is for the Enterprise Edition; {target.label} {who} and "
            "ignores it silently. Its lint passes."
        )
        yield Finding(message, entry.pointer, entry.key_span, removal(context, entry))


def _workflow(context: Context) -> Iterator[Finding]:
    if context.target.has_workflows:
        return
    for point, entry in context.entries:
        if point.level.is_enterprise and entry.works_here:
            message = (
                f"Workflows are for the Enterprise Edition, since 2.7; {context.target.label} "
                f"ignores this one silently, and {shown(entry.key, 70)} with it."
            )
            yield Finding(message, entry.pointer, entry.key_span, removal(context, entry))


_SERVER = '{"extra_config": {"plugin/http-server": {"name": ["auth"]}}}'
_MODIFIER = (
    '{"endpoints": [{"endpoint": "/t", "extra_config": '
    '{"plugin/req-resp-modifier": {"name": ["trim-request"]}}}]}'
)

RULES = (
    Rule(
        id="namespace-wrong-level",
        severity=Severity.ERROR,
        summary="A plugin namespace stands at a level where KrakenD does not look for it.",
        explanation=(
            "plugin/http-server is read from the root's extra_config only, plugin/http-client "
            "from backends only, plugin/req-resp-modifier from endpoints, async agents and "
            "their backends. Elsewhere KrakenD ignores the entry without a log line at any "
            "level; `krakend check` passes and only its lint refuses the key."
        ),
        bad=(
            '{"endpoints": [{"endpoint": "/t", "extra_config": '
            '{"plugin/http-server": {"name": ["auth"]}}}]}'
        ),
        good=_SERVER,
        fix="Moves the entry to the one place that can be meant, or makes it its plugin's type.",
        source="lura server.go, executor.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_wrong_level,
        local=True,
        asks=traits.PASSED_OVER,
    ),
    Rule(
        id="namespace-middleware-enterprise",
        severity=Severity.ERROR,
        summary="plugin/middleware is not known to this edition or release.",
        explanation=(
            "Middleware plugins are a feature of the Enterprise Edition, in its schema since "
            "2.10. The Community Edition ignores the entry without a log line, and its lint "
            "passes, since both editions share one schema."
        ),
        bad=_MODIFIER.replace("req-resp-modifier", "middleware").replace("-request", ""),
        good=_MODIFIER,
        fix="Removes the entry.",
        source="krakend-schema v2.10 plugin/middleware.json; krakend-ce issue 1001",
        check=_middleware,
        local=True,
        asks=traits.MIDDLEWARE,
    ),
    Rule(
        id="namespace-workflow-enterprise",
        severity=Severity.ERROR,
        summary="A plugin is injected in a workflow, which the target does not run.",
        explanation=(
            "Workflows, in the extra_config of a backend, are a feature of the Enterprise Edition, "
            "in its schema since 2.7. Other targets ignore the key workflow, and the plugins in "
            "it, without a log line. The lint passes, since both editions share one schema."
        ),
        bad=(
            '{"endpoints": [{"endpoint": "/t", "backend": [{"url_pattern": "/b", "extra_config": '
            '{"workflow": {"endpoint": "/w", "backend": [], "extra_config": '
            '{"plugin/req-resp-modifier": {"name": ["trim-request"]}}}}}]}]}'
        ),
        good=_MODIFIER,
        fix="Removes the entry.",
        source="krakend-schema v2.7 workflow.json and workflow_extra_config.json",
        check=_workflow,
        local=True,
        asks=traits.WORKFLOW,
    ),
)
