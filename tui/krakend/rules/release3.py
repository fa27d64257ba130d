"""Rules for KrakenD 3.0: no Go plugins in the Community Edition, another shape in Enterprise.

Sources: krakend.io/blog/dropping-plugins-support-on-community; krakend-schema v3.0/plugin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui.diagnostic import Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.document.tree import JsonNode
from tui.krakend import traits
from tui.krakend.namespaces import is_comment
from tui.krakend.points import Entry
from tui.krakend.rules.base import Context, Finding, Rule, kind_of
from tui.krakend.rules.fixing import by_edit
from tui.krakend.uses import is_listed_shape
from tui.plugin.facts import PluginType


def _dropped(context: Context) -> Iterator[Finding]:
    if context.target.has_plugins:
        return
    message = (
        f"{context.target.label} loads no Go plugins at all: the plugin block and its entries "
        "have no effect. They are an Enterprise feature since 3.0."
    )
    if context.block.member is not None:
        member = context.block.member
        yield Finding(message, context.block.pointer, member.key_span)
        return
    for _point, entry in context.entries:
        if entry.works_here:
            yield Finding(message, entry.pointer, entry.key_span)
            return


def _has_listed_shape(context: Context) -> bool:
    return context.has_listed_shape


def _shape(context: Context) -> Iterator[Finding]:
    for _point, entry in context.working:
        if entry.type in (None, PluginType.CLIENT) or entry.value.kind != "object":
            continue
        plugins = entry.value.member("plugins")
        if plugins is None:
            message = (
                f"{context.target.label} wants a list of plugins with name and config here, and "
                "refuses the name list of 2.x."
            )
            if entry.name is None:
                message = f"The entry has no list of plugins: {context.target.label} runs none."
            yield Finding(message, entry.pointer, entry.key_span, _converted(context, entry))
        else:
            pointer = child(entry.pointer, "plugins")
            yield from _items(context, plugins.value, pointer)


def _items(context: Context, plugins: JsonNode, pointer: str) -> Iterator[Finding]:
    who = context.target.label
    if plugins.kind != "array":
        message = f"plugins is {kind_of(plugins.kind)}, not a list: {who} refuses it."
        yield Finding(message, pointer, plugins.span)
        return
    items = list(plugins.items())
    if not items:
        yield Finding(f"The list of plugins is empty: {who} refuses it.", pointer, plugins.span)
    for index, item in enumerate(items):
        name = item.member("name")
        if item.kind != "object" or name is None or name.value.kind != "string":
            message = f'A plugin of the list is no object with a "name": {who} refuses it.'
            yield Finding(message, child(pointer, index), item.span)


def _converted(context: Context, entry: Entry) -> tuple[Fix, ...]:
    """The entry of 2.x as 3.0 has it: each plugin with the settings under its name, or under its
    stem; those under no name are everybody's who has none of his own. Nothing is left behind."""
    given = {member.key: member.value for member in entry.value.members() if member.key != "name"}
    notes = {key: value for key, value in given.items() if is_comment(key)}
    blocks = {name: key for name in entry.called for key in (_stem(name), name) if key in given}
    own = set(blocks.values())
    loose = {key: value for key, value in given.items() if key not in own and key not in notes}
    plugins = []
    for name in entry.called:
        plugin: dict[str, Any] = {"name": name}
        if name in blocks:
            plugin["config"] = given[blocks[name]]
        elif loose:
            plugin["config"] = loose
        plugins.append(plugin)
    if not plugins or (loose and len(blocks) == len(plugins)):
        return ()
    title = "convert it to the shape of 3.0"
    value = {**notes, "plugins": plugins}
    return by_edit(title, edits.set_value, context.tree, entry.pointer, value)


def _stem(name: str) -> str:
    return name.removesuffix("-request").removesuffix("-response")


def _too_new(context: Context) -> Iterator[Finding]:
    """The shape of 3.0 in a config for 2.x."""
    if context.target.minor >= (3, 0):
        return
    for entry, type_ in context.named:
        plugins = entry.value.member("plugins")
        if entry.name is not None or plugins is None or not is_listed_shape(plugins.value):
            continue
        message = (
            f"A list of plugins is the shape of Enterprise 3.0: {context.target.label} looks for "
            '"name" and runs none of them.'
        )
        fixes = by_edit(
            "convert it to the shape of 2.x",
            edits.set_value,
            context.tree,
            entry.pointer,
            _back(entry, plugins.value, type_),
        )
        pointer = child(entry.pointer, "plugins")
        yield Finding(message, pointer, plugins.key_span, fixes)


def _back(entry: Entry, plugins: JsonNode, type_: PluginType) -> dict[str, Any]:
    names = list(entry.called)
    configs = [item.member("config") for item in plugins.items()]
    settings = {name: config.value for name, config in zip(names, configs, strict=True) if config}
    return {"name": names[0] if type_ is PluginType.CLIENT else names, **settings}


_ENTRY_2 = '{"extra_config": {"plugin/http-server": {"name": ["auth"], "auth": {"a": 1}}}}'
_ENTRY_3 = (
    '{"extra_config": {"plugin/http-server": {"plugins": [{"name": "auth", "config": {"a": 1}}]}}}'
)

DROPPED = Rule(
    id="plugins-dropped",
    severity=Severity.ERROR,
    summary="The Community Edition 3.0 loads no Go plugins.",
    explanation=(
        "KrakenD dropped Go plugins from the Community Edition with 3.0; they are a feature of "
        "the Enterprise Edition from then on. The newest Community release with plugins is a "
        "2.13."
    ),
    bad='{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"}}',
    good='{"version": 3}',
    source="krakend.io/blog/dropping-plugins-support-on-community; krakend-ce pull request 1106",
    check=_dropped,
)

RULES = (
    DROPPED,
    Rule(
        id="entry-shape-3",
        severity=Severity.ERROR,
        summary="Enterprise 3.0 wants another shape of the entry.",
        explanation=(
            "Since Enterprise 3.0 plugin/http-server, plugin/req-resp-modifier and "
            "plugin/middleware hold a list `plugins` of objects with `name`, `config` and "
            "`on_load_error`. The name list of 2.x is gone. plugin/http-client keeps `name`."
        ),
        bad=_ENTRY_2,
        good=_ENTRY_3,
        fix="Converts the entry: each plugin with its own settings.",
        source="krakend-schema v3.0/plugin/http-server.json and req-resp-modifier.json",
        check=_shape,
        local=True,
        asks=traits.ENTRY,
        applies=_has_listed_shape,
    ),
    Rule(
        id="entry-shape-2",
        severity=Severity.ERROR,
        summary="The entry has the shape of Enterprise 3.0.",
        explanation=(
            "KrakenD 2.x looks for `name` in the entry and knows nothing of `plugins`. It runs "
            "no plugin of the list; for modifiers it does not even log that."
        ),
        bad=_ENTRY_3,
        good=_ENTRY_2,
        fix="Converts the entry back: the names in a list, the settings under each name.",
        source="lura server.go, proxy/plugin.go; krakend-schema v3.0/plugin",
        check=_too_new,
        local=True,
        asks=traits.NO_NAME,
    ),
)
