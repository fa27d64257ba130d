"""Rules about the JSON types around a plugin entry: its value, and extra_config itself."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.tree import JsonNode
from tui.krakend import traits
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, Finding, Rule, kind_of
from tui.krakend.rules.fixing import by_edit, out_of_list, removal, safe
from tui.krakend.uses import takes
from tui.plugin.facts import PluginType

_VALUE_LOGS = {
    PluginType.SERVER: 'logs DEBUG "Wrong extra_config type"',
    PluginType.CLIENT: 'logs DEBUG "Wrong extra config type for backend"',
    PluginType.MODIFIER: "logs nothing",
    PluginType.MIDDLEWARE: "logs nothing",
}


def _value_type(context: Context) -> Iterator[Finding]:
    for _point, entry in context.working:
        if entry.type is None or entry.value.kind == "object":
            continue
        message = (
            f"{entry.type.namespace} is {kind_of(entry.value.kind)}, not an object: KrakenD "
            f"{_VALUE_LOGS[entry.type]} and no plugin runs."
        )
        fixes = safe(*_as_object(context, entry, entry.type)) + removal(context, entry)
        yield Finding(message, entry.pointer, entry.value.span, fixes)


def _as_object(context: Context, entry: Entry, type_: PluginType) -> tuple[Fix, ...]:
    """The name or names that stand where the object belongs, put into its `name`."""
    items = list(entry.value.items())
    if len(items) == 1 and _has_name(items[0], type_):
        return (out_of_list(entry.value, items[0]),)
    value = entry.value.value()
    names = [value] if isinstance(value, str) else value
    if isinstance(names, list):
        names = [
            name["name"] if isinstance(name, dict) and set(name) == {"name"} else name
            for name in names
        ]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return ()
    if not names or (type_ is PluginType.CLIENT and len(names) > 1):
        return ()
    name = names[0] if type_ is PluginType.CLIENT else names
    return by_edit("make it the name", edits.set_value, context.tree, entry.pointer, {"name": name})


def _has_name(node: JsonNode, type_: PluginType) -> bool:
    name = node.member("name")
    return name is not None and takes(type_, name.value.kind)


def _is_merged(array: JsonNode) -> bool:
    """Whether there are only objects in it, nulls, and lists of these (mapstructure, weakly)."""
    left = [array]
    while left:
        node = left.pop()
        if node.kind == "array":
            left += node.items()
        elif node.kind not in ("object", "null"):
            return False
    return True


def _extra_config(context: Context) -> Iterator[Finding]:
    for point in context.points:
        extra = point.extra_config
        if extra is None or extra.value.kind in ("object", "null"):
            continue
        pointer = point.extra_config_pointer
        items = list(extra.value.items())
        is_merged = extra.value.kind == "array" and _is_merged(extra.value)
        if is_merged and context.target.minor >= (2, 12):
            message = (
                "extra_config is a list: KrakenD merges its objects since 2.12; older "
                "releases and the lint refuse it."
            )
            severity = Severity.WARNING
        else:
            message = (
                f"extra_config is {kind_of(extra.value.kind)}, not an object: "
                "KrakenD does not start."
            )
            severity = Severity.ERROR
        fixes: tuple[Fix, ...] = ()
        if is_merged and len(items) == 1 and items[0].kind == "object":
            fixes = safe(out_of_list(extra.value, items[0]))
        yield Finding(message, pointer, extra.value.span, fixes, severity)


_SERVER = '{"extra_config": {"plugin/http-server": {"name": ["auth"]}}}'

RULES = (
    Rule(
        id="namespace-value-type",
        severity=Severity.ERROR,
        summary="The value of a plugin namespace is not an object.",
        explanation=(
            "The value must be an object with `name`. For a server plugin KrakenD logs `Wrong "
            "extra_config type` at DEBUG, for a client plugin `Wrong extra config type for "
            "backend`, for modifiers nothing; no plugin runs."
        ),
        bad='{"extra_config": {"plugin/http-server": ["auth"]}}',
        good=_SERVER,
        fix="Makes the names the name, takes the object out of a list, or removes the entry.",
        source="lura server.go, executor.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_value_type,
        local=True,
        asks=traits.NO_OBJECT,
    ),
    Rule(
        id="extra-config-type",
        severity=Severity.ERROR,
        summary="extra_config is not an object.",
        explanation=(
            "KrakenD does not start with an extra_config that is no object. A list of objects "
            "is merged since 2.12 (koanf decodes weakly), but the lint refuses it and older "
            "releases do not start."
        ),
        bad='{"extra_config": "plugin/http-server"}',
        good=_SERVER,
        fix="Takes the only object out of the list.",
        source="mapstructure decodeMapFromSlice; krakend-ce issue 501",
        check=_extra_config,
        local=True,
        asks=traits.EXTRA_CONFIG,
    ),
)
