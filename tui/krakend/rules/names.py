"""Rules about the shape of `name`: there, of the type that the namespace takes, and sensible."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tui.diagnostic import Edit, Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.document.tree import JsonNode, Member
from tui.krakend import traits
from tui.krakend.distance import nearest
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, Finding, Rule, kind_of, quoted, shown
from tui.krakend.rules.fixing import by_edit, replace_text, safe
from tui.krakend.uses import is_listed_shape, takes
from tui.plugin.facts import PluginType

_NOTHING_RUNS = {
    PluginType.SERVER: 'logs DEBUG "No plugins required in the extra config" and runs none',
    PluginType.CLIENT: 'logs DEBUG "No name defined in the extra config" and uses its own client',
    PluginType.MODIFIER: "logs nothing and runs none",
    PluginType.MIDDLEWARE: "runs none",
}
_OTHER_KEYS = ("names", "plugin", "plugin_name", "plugins", "pluginname")


def _missing(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if entry.name is not None:
            continue
        plugins = entry.value.member("plugins")
        if plugins is not None and is_listed_shape(plugins.value):
            continue
        other = _other_name(entry)
        if other is not None:
            pointer = child(entry.pointer, other.key)
            message = f'{quoted(other.key)} is not "name": KrakenD {_NOTHING_RUNS[type_]}.'
            rename = replace_text('rename it to "name"', other.key_span, "name")
            yield Finding(message, pointer, other.key_span, safe(rename))
        else:
            message = f'{type_.namespace} has no "name": KrakenD {_NOTHING_RUNS[type_]}.'
            fixes = _name_fixes(context, entry, type_)
            yield Finding(message, entry.pointer, entry.key_span, fixes)


def _other_name(entry: Entry) -> Member | None:
    """A member that is likely meant to be `name`."""
    for member in entry.value.members():
        if member.value.kind in ("string", "array") and (
            member.key.casefold() in _OTHER_KEYS or nearest(member.key, ("name", "names"))
        ):
            return member
    return None


def _name_fixes(context: Context, entry: Entry, type_: PluginType) -> tuple[Fix, ...]:
    """Name the plugin whose settings are there, else the only one that is registered."""
    if context.registry is None:
        return ()
    registered = list(context.registry.names(type_))
    settings = [member.key for member in entry.value.members() if member.key in registered]
    choices = settings or (registered if len(registered) == 1 else [])
    if not choices or (type_ is PluginType.CLIENT and len(choices) > 1):
        return ()
    value = choices[0] if type_ is PluginType.CLIENT else choices
    title = f"name {', '.join(shown(choice) for choice in choices)}"
    return by_edit(title, edits.set_value, context.tree, entry.name_pointer, value)


def _type(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if entry.name is None or takes(type_, entry.name.value.kind):
            continue
        node = entry.name.value
        wanted = "one string" if type_ is PluginType.CLIENT else "a list of strings"
        message = (
            f"The name of {type_.namespace} must be {wanted}, this is {kind_of(node.kind)}: "
            f"KrakenD {_NOTHING_RUNS[type_]}."
        )
        yield Finding(message, entry.name_pointer, node.span, _retyped(context, entry, type_))


def _retyped(context: Context, entry: Entry, type_: PluginType) -> tuple[Fix, ...]:
    assert entry.name is not None
    node = entry.name.value
    if type_ is PluginType.CLIENT:
        names = dict.fromkeys(entry.called)
        return tuple(replace_text(f"take {quoted(name)} alone", node.span, name) for name in names)
    if node.kind != "string":
        return _name_fixes(context, entry, type_)
    value = str(node.value())
    halves = context.registry.verdict(type_, value).stem_of if context.registry else ()
    if halves:
        return (replace_text(f"name {' and '.join(map(shown, halves))}", node.span, halves),)
    return safe(_wrapped(node, parts_of(context, type_, value)))


def _wrapped(node: JsonNode, parts: list[str]) -> Fix:
    return replace_text("make it a list", node.span, parts or [str(node.value())])


_COMMA, _SEPARATORS = re.compile(r"[\s]*,[\s]*"), re.compile(r"[\s;|]+")


def parts_of(context: Context, type_: PluginType, name: str) -> list[str]:
    """The names that stand in one string; none where it is one name.

    No plugin is registered under it as it is. What is not parted by commas is several names
    only when each of them is registered.
    """
    registered = context.registry.names(type_) if context.registry is not None else {}
    if name in registered:
        return []
    if "," in name:
        return [part for part in _COMMA.split(name.strip()) if part] or [name]
    parts = [part for part in _SEPARATORS.split(name) if part]
    return parts if len(parts) > 1 and registered.keys() >= set(parts) else []


def _string(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if type_ is not PluginType.SERVER or entry.name is None:
            continue
        node = entry.name.value
        if node.kind != "string" or not node.value():
            continue
        if parts_of(context, type_, str(node.value())):
            continue
        message = (
            "The name of plugin/http-server is a string: KrakenD takes it, but the lint and the "
            "documentation want a list."
        )
        yield Finding(message, entry.name_pointer, node.span, safe(_wrapped(node, [])))


def _comma(context: Context) -> Iterator[Finding]:
    yield from _comma_in_list(context)
    for entry, type_ in context.named:
        if entry.name is None or not takes(type_, entry.name.value.kind):
            continue
        node = entry.name.value
        value = str(node.value()) if node.kind == "string" else ""
        parts = parts_of(context, type_, value)
        if not parts:
            continue
        if type_ is PluginType.CLIENT:
            fixes = tuple(replace_text(f"take {quoted(n)} alone", node.span, n) for n in parts)
            why = "a backend has one client plugin"
        else:
            fixes = safe(_wrapped(node, parts))
            why = f'it logs ERROR "No plugin registered as {shown(value)}"'
        message = f"KrakenD takes {quoted(value)} as one name, {_what(value)} and all: {why}."
        yield Finding(message, entry.name_pointer, node.span, fixes)


def _what(value: str) -> str:
    return "comma" if "," in value else "separator"


def _comma_in_list(context: Context) -> Iterator[Finding]:
    for use in context.uses:
        if use.pointer == use.entry.name_pointer:
            continue
        parts = parts_of(context, use.type, use.name)
        if not parts:
            continue
        edit = Edit(use.span.start, use.span.end, _in_a_row(parts))
        fixes = safe(Fix("make it several names", (edit,)))
        if parts == [use.name] or context.has_listed_shape:
            fixes = ()
        message = f"KrakenD takes {quoted(use.name)} as one name, {_what(use.name)} and all."
        yield Finding(message, use.pointer, use.span, fixes)


def _item(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if entry.name is None or not takes(type_, entry.name.value.kind):
            continue
        items = list(entry.name.value.items())
        for index, item in enumerate(items):
            if item.kind == "string":
                continue
            pointer = child(entry.name_pointer, index)
            message = (
                f"An item of the name list is {kind_of(item.kind)}: KrakenD skips it silently, "
                "and its lint refuses it."
            )
            fixes = safe(*_names_alone(item))
            if len(items) == 1:
                fixes += by_edit(
                    f"remove {shown(entry.key)}", edits.remove, context.tree, entry.pointer
                )
            else:
                fixes += by_edit("remove the item", edits.remove, context.tree, pointer)
            yield Finding(message, pointer, item.span, fixes)


def _names_alone(item: JsonNode) -> tuple[Fix, ...]:
    """The names that an object or a list in the list holds, in its place."""
    names = [name.value for name in (item.member("name"),) if name is not None] or [*item.items()]
    texts = [str(name.value()) for name in names if name.kind == "string"]
    if not texts or len(texts) < len(names) or len(list(item.members())) > 1:
        return ()
    edit = Edit(item.span.start, item.span.end, _in_a_row(texts))
    return (Fix(f"write {', '.join(map(quoted, texts))}", (edit,)),)


def _in_a_row(names: list[str]) -> str:
    return ", ".join(json.dumps(name, ensure_ascii=False) for name in names)


def _empty(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if entry.name is None or not takes(type_, entry.name.value.kind):
            continue
        node = entry.name.value
        if node.kind == "array" and next(node.items(), None) is None:
            message = f"The name list of {type_.namespace} is empty: KrakenD runs no plugin here."
            fixes = _name_fixes(context, entry, type_) + by_edit(
                f"remove {shown(entry.key)}", edits.remove, context.tree, entry.pointer
            )
            yield Finding(message, entry.name_pointer, node.span, fixes, Severity.WARNING)
        for index, name in enumerate(entry.called):
            if not name:
                span = entry.names[index][1]
                pointer = entry.name_pointer if node.kind == "string" else _item_at(entry, index)
                message = "A plugin name is empty text: no plugin can be registered under it."
                yield Finding(message, pointer, span, _without(context, entry, pointer))


def _item_at(entry: Entry, index: int) -> str:
    """The pointer of the name with this index among the strings of the list."""
    assert entry.name is not None
    places = [i for i, item in enumerate(entry.name.value.items()) if item.kind == "string"]
    return child(entry.name_pointer, places[index])


def _without(context: Context, entry: Entry, pointer: str) -> tuple[Fix, ...]:
    if pointer == entry.name_pointer or len(entry.called) == 1:
        title = f"remove {shown(entry.key)}"
        return by_edit(title, edits.remove, context.tree, entry.pointer)
    return by_edit("remove the name", edits.remove, context.tree, pointer)


def _duplicate(context: Context) -> Iterator[Finding]:
    for entry, type_ in context.named:
        if entry.name is None or entry.name.value.kind != "array":
            continue
        if not takes(type_, "array"):
            continue
        seen: set[str] = set()
        for index, name in enumerate(entry.called):
            if name in seen:
                span = entry.names[index][1]
                pointer = _item_at(entry, index)
                message = f"{quoted(name)} is in the list twice: KrakenD runs it twice."
                fixes = by_edit("remove this one", edits.remove, context.tree, pointer)
                yield Finding(message, pointer, span, fixes)
            elif name:
                seen.add(name)


_SERVER = '{"extra_config": {"plugin/http-server": %s}}'
_CLIENT = (
    '{"endpoints": [{"endpoint": "/t", "backend": [{"url_pattern": "/b", "extra_config": '
    '{"plugin/http-client": {"name": %s}}}]}]}'
)
_LISTED = _SERVER % '{"name": ["auth"]}'

RULES = (
    Rule(
        id="plugin-name-missing",
        severity=Severity.ERROR,
        summary="A plugin entry has no name.",
        explanation=(
            "KrakenD looks for the key `name`, spelt exactly so. Without it a server entry logs "
            "`No plugins required in the extra config` and a client entry `No name defined in "
            "the extra config for URL_PATTERN`, both at DEBUG; a modifier entry logs nothing. "
            "The lint of 2.13 asks for it only in plugin/http-server and plugin/middleware."
        ),
        bad=_SERVER % '{"names": ["auth"]}',
        good=_LISTED,
        fix="Renames the misspelt key to name, or names the plugin that the settings are for.",
        source="lura server.go, executor.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_missing,
        local=True,
        asks=traits.NO_NAME,
    ),
    Rule(
        id="plugin-name-type",
        severity=Severity.ERROR,
        summary="name has a JSON type that the namespace does not take.",
        explanation=(
            "plugin/http-client takes one string: with a list KrakenD logs `No name defined in "
            "the extra config` at DEBUG and uses its own HTTP client. plugin/req-resp-modifier "
            "takes a list: with a string nothing runs and nothing is logged at any level."
        ),
        bad=_CLIENT % '["proxy"]',
        good=_CLIENT % '"proxy"',
        fix="Makes the string a list, or takes one name of the list.",
        source="lura executor.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_type,
        local=True,
        asks=traits.ODD_NAME,
    ),
    Rule(
        id="plugin-name-string",
        severity=Severity.WARNING,
        summary="The name of plugin/http-server is a string instead of a list.",
        explanation=(
            "KrakenD takes a string for a list of one. Its schema and documentation know only "
            "the list, so the lint refuses it."
        ),
        bad=_SERVER % '{"name": "auth"}',
        good=_LISTED,
        fix="Makes the string a list.",
        source="lura server.go (name, nameOk); measured on KrakenD 2.13.8",
        check=_string,
        local=True,
        asks=traits.ODD_NAME,
    ),
    Rule(
        id="plugin-name-comma",
        severity=Severity.ERROR,
        summary="Several names stand in one string.",
        explanation=(
            "KrakenD splits no name at commas or spaces: it looks for a plugin with the whole "
            "text as its name. Several server plugins are a list; a backend has one client plugin."
        ),
        bad=_SERVER % '{"name": "auth,log"}',
        good=_SERVER % '{"name": ["auth", "log"]}',
        fix="Makes a list of the names, or takes one of them.",
        source="lura server.go; measured on KrakenD 2.13.8",
        check=_comma,
        local=True,
        asks=traits.SEPARATOR,
    ),
    Rule(
        id="plugin-name-item",
        severity=Severity.ERROR,
        summary="An item of the name list is not a string.",
        explanation=(
            "Items that are no strings are skipped without a log line; the others run. The lint "
            "refuses the list."
        ),
        bad=_SERVER % '{"name": ["auth", 2]}',
        good=_LISTED,
        fix="Writes the names that it holds in its place, or removes it.",
        source="lura server.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_item,
        local=True,
        asks=traits.ODD_NAME,
    ),
    Rule(
        id="plugin-name-empty",
        severity=Severity.ERROR,
        summary="The name list is empty, or a name is empty text.",
        explanation=(
            "An empty list injects nothing, without a log line (a warning). An empty name is "
            "looked up as it is, and no plugin has it."
        ),
        bad=_SERVER % '{"name": [""]}',
        good=_LISTED,
        fix="Removes the name or the entry, or names the plugin that the settings are for.",
        source="lura server.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_empty,
        local=True,
        asks=traits.ODD_NAME,
    ),
    Rule(
        id="plugin-name-duplicate",
        severity=Severity.WARNING,
        summary="A plugin is in the list twice.",
        explanation=(
            "KrakenD does not notice: the plugin wraps the handler, or modifies the request, as "
            "often as it is named."
        ),
        bad=_SERVER % '{"name": ["auth", "auth"]}',
        good=_LISTED,
        fix="Removes the later one.",
        source="lura server.go, proxy/plugin.go; measured on KrakenD 2.13.8",
        check=_duplicate,
        local=True,
        asks=traits.ODD_NAME,
    ),
)
