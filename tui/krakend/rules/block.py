"""Rules about the root `plugin` block as a whole: is it there, in its place, of the right type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tui.diagnostic import Fix, Severity, Span
from tui.document import edits
from tui.document.pointer import child
from tui.document.tree import JsonNode, Member
from tui.krakend.distance import nearest
from tui.krakend.golang import same_key
from tui.krakend.namespaces import classify, is_comment
from tui.krakend.plugin_block import BlockField
from tui.krakend.rules.base import Context, Finding, Rule, kind_of, quoted, shown
from tui.krakend.rules.fixing import by_edit, out_of_list, replace_text, safe, together

_FIELDS = ("folder", "pattern")
_LOADS_NONE = "KrakenD loads no plugin and logs nothing about it."


def _missing(context: Context) -> Iterator[Finding]:
    member = context.block.member
    if member is not None and member.value.kind != "null":
        return
    count = context.census.working
    if not count or _strays(context):
        return
    entries = "1 entry injects a plugin" if count == 1 else f"{count} entries inject plugins"
    if member is None:
        message = f'{entries}, but there is no "plugin" block at the root: {_LOADS_NONE}'
        holder = next((e.key for _, e in context.entries if len(_fields_in(e.value)) > 1), None)
        if holder is not None:
            message += f" The folder and the pattern in {shown(holder)} belong there."
        yield Finding(message, "", context.root_brace, _new_block(context))
    else:
        message = f'{entries}, but the "plugin" block is null: {_LOADS_NONE}'
        yield Finding(message, context.block.pointer, member.value.span, _new_block(context))


def _new_block(context: Context) -> tuple[Fix, ...]:
    folder = usual_folder(context)
    value = {"pattern": ".so", "folder": folder}
    title = f"add a plugin block with folder {folder}"
    if context.block.member is not None:
        return by_edit(title, edits.set_value, context.tree, context.block.pointer, value)
    before = "endpoints" if context.tree.node("/endpoints") else None
    insert = partial(edits.insert_member, before=before)
    return by_edit(title, insert, context.tree, "", "plugin", value)


def usual_folder(context: Context) -> str:
    """Where plugins are by the documentation of the edition."""
    return "/opt/krakend/plugins/" if context.target.is_enterprise else "./plugins/"


def _misplaced(context: Context) -> Iterator[Finding]:
    for member, owner in _strays(context):
        pointer = child(owner, member.key)
        if not owner:
            message = f"{quoted(member.key)} is not {quoted('plugin')}: {_LOADS_NONE}"
            fixes = by_edit('rename it to "plugin"', edits.rename, context.tree, pointer, "plugin")
        else:
            message = f'The "plugin" block belongs at the root, not here: {_LOADS_NONE}'
            fixes = together(
                "move it to the root",
                context.tree,
                partial(edits.remove, pointer=pointer),
                partial(edits.set_value, pointer="/plugin", value=member.value),
            )
        yield Finding(message, pointer, member.key_span, safe(*fixes))


def _strays(context: Context) -> tuple[tuple[Member, str], ...]:
    """Blocks that are meant to be the plugin block, when there is none: (member, owner)."""
    root = context.root
    if root is None or (context.block.member and context.block.member.value.kind != "null"):
        return ()
    found = [(m, "") for m in root.members() if _is_block(m) or _has_both(m)]
    for point in context.points:
        if point.extra_config is not None and any("plug" in k.lower() for k in point.other_keys):
            members = point.extra_config.value.members()
            inside = point.extra_config_pointer
            found += [(member, inside) for member in members if _is_block(member)]
        for entry in point.entries:
            found += [(m, entry.pointer) for m in entry.value.members() if _is_block(m)]
        if point.pointer:
            found += [(m, point.pointer) for m in point.owner.members() if _is_block(m)]
    return tuple(found)


def _is_block(member: Member) -> bool:
    """Whether it is called much like `plugin` and holds a folder or a pattern."""
    key = member.key.strip().casefold()
    if is_comment(key):
        return False
    is_like = key in ("plugin", "plugins") or nearest(key, ("plugin", "plugins")) is not None
    return is_like and bool(_fields_in(member.value))


def _has_both(member: Member) -> bool:
    """Whether it holds a folder and a pattern, whatever it is called."""
    return len(_fields_in(member.value)) > 1 and not is_comment(member.key)


def _fields_in(node: JsonNode) -> set[str]:
    keys = [below.key for below in node.members()]
    return {field for field in _FIELDS if any(same_key(key, field) for key in keys)}


def _type(context: Context) -> Iterator[Finding]:
    member = context.block.member
    if member is None or member.value.kind in ("object", "null"):
        return
    message = f'"plugin" is {kind_of(member.value.kind)}, not an object: KrakenD does not start.'
    items = list(member.value.items())
    if len(items) == 1 and _fields_in(items[0]):
        fixes = safe(out_of_list(member.value, items[0]))
        yield Finding(message, context.block.pointer, member.value.span, fixes)
        return
    fixes = by_edit(
        "put a plugin block there",
        edits.set_value,
        context.tree,
        context.block.pointer,
        {"pattern": ".so", "folder": usual_folder(context)},
    )
    yield Finding(message, context.block.pointer, member.value.span, fixes)


def _field_type(context: Context) -> Iterator[Finding]:
    block = context.block
    for field in (block.folder, block.pattern):
        if field is None or field.node.kind in ("string", "null"):
            continue
        refused = field.text is None or context.target.minor < (2, 12)
        name = field.member.key
        if refused:
            message = (
                f"{quoted(name)} is {kind_of(field.node.kind)}, not a string: "
                "KrakenD does not start."
            )
            severity = Severity.ERROR
        else:
            message = (
                f"{quoted(name)} is {kind_of(field.node.kind)}: KrakenD reads it as "
                f"{quoted(field.text or '')}, and its lint refuses it."
            )
            severity = Severity.WARNING
        yield Finding(message, field.pointer, field.node.span, _as_string(context, field), severity)


def _as_string(context: Context, field: BlockField) -> tuple[Fix, ...]:
    if field.text:
        return safe(replace_text(f"write it as {quoted(field.text)}", field.node.span, field.text))
    strings = [item for item in field.node.items() if item.kind == "string"]
    if len(strings) == 1:
        value = str(strings[0].value())
        return safe(replace_text(f"take {quoted(value)}", field.node.span, value))
    default = ".so" if same_key(field.member.key, "pattern") else usual_folder(context)
    return (replace_text(f"set it to {quoted(default)}", field.node.span, default),)


def _unknown_key(context: Context) -> Iterator[Finding]:
    block = context.block
    if not block.is_loaded or block.member is None:
        return
    known = [*_FIELDS]
    if context.target.minor >= (3, 0):
        known.append("on_load_default_error")
    meant = [misspelt_field(context, name) for name in _FIELDS]
    misspelt = {member.key for member in meant if member is not None}
    for member in block.member.value.members():
        key = member.key
        if key[:1] in ("@", "$", "_", "#") or any(same_key(key, name) for name in known):
            continue
        if key in misspelt or classify(key):
            continue
        pointer = child(block.pointer, key)
        message = f'{quoted(key)} means nothing in the "plugin" block: KrakenD ignores it silently.'
        if key.casefold() in _NAMES:
            message += " The block loads files; extra_config says by name which plugins run."
        fixes = by_edit(f"remove {shown(key)}", edits.remove, context.tree, pointer)
        yield Finding(message, pointer, member.key_span, fixes)


_NAMES = ("name", "names", "plugin", "plugins")
_SYNONYMS = {
    "folder": ("path", "dir", "directory", "plugins", "folder_path", "location"),
    "pattern": ("glob", "match", "filter", "regex", "suffix", "extension"),
}


def misspelt_field(context: Context, name: str) -> Member | None:
    """The member of the block that is likely meant to be `name`, when `name` is absent."""
    block = context.block
    if block.member is None or getattr(block, name) is not None:
        return None
    for member in block.member.value.members():
        key = member.key.casefold()
        if nearest(key, (name,)) or key in (name + "s", *_SYNONYMS[name]):
            return member
    return None


def renamed_field(context: Context, member: Member, name: str) -> tuple[Fix, ...]:
    """A misspelt member of the block under its right name, where its value can be that."""
    if member.value.kind != "string" or not member.value.value():
        return ()
    pointer = child(context.block.pointer, member.key)
    return by_edit(f"rename it to {quoted(name)}", edits.rename, context.tree, pointer, name)


def block_span(context: Context) -> Span:
    """Where a finding about something absent from the block is shown: its key."""
    member = context.block.member
    return member.key_span if member is not None else context.root_brace


RULES = (
    Rule(
        id="plugin-block-missing",
        severity=Severity.ERROR,
        summary="Plugins are injected, but there is no plugin block at the root.",
        explanation=(
            "Without the root object `plugin` KrakenD does not run its plugin loader at all: no "
            "file is opened and there is no loader line in the log. At DEBUG it says `No plugins "
            "registered for the module` where a server or client plugin is asked for; for "
            "modifiers it says nothing. `krakend check` and its lint pass. All 2.x releases."
        ),
        bad='{"version": 3, "extra_config": {"plugin/http-server": {"name": ["auth"]}}}',
        good=(
            '{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"},\n'
            ' "extra_config": {"plugin/http-server": {"name": ["auth"]}}}'
        ),
        fix='Adds a block with the pattern ".so" and the folder of the edition\'s documentation.',
        source="krakend-ce executor.go (if cfg.Plugin != nil); measured on KrakenD 2.13.8",
        check=_missing,
    ),
    Rule(
        id="plugin-block-misplaced",
        severity=Severity.ERROR,
        summary="The plugin block is misspelt or not at the root.",
        explanation=(
            "KrakenD reads the folder and the pattern from the key `plugin` of the root object "
            "only. Unknown keys are ignored everywhere, so `plugins`, or a block inside "
            "`extra_config`, leaves the loader out without a log line; only `krakend check "
            "--lint` refuses a misspelt key at the root. The configuration format 4, that of "
            "Enterprise 3.0, has the block in `extra_config`."
        ),
        bad='{"version": 3, "plugins": {"pattern": ".so", "folder": "./plugins/"}}',
        good='{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        fix="Renames it to plugin, or moves it to the root.",
        source="lura config.ServiceConfig.Plugin; measured on KrakenD 2.13.8",
        check=_misplaced,
    ),
    Rule(
        id="plugin-block-type",
        severity=Severity.ERROR,
        summary="The plugin block is not an object.",
        explanation=(
            "KrakenD decodes `plugin` into a structure with `folder` and `pattern`. Any value "
            "but an object or null is a parse error, and KrakenD does not start."
        ),
        bad='{"plugin": "./plugins/"}',
        good='{"plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        fix="Puts a block with the usual pattern and folder there.",
        source="lura config.ServiceConfig.Plugin *Plugin, decoded by mapstructure",
        check=_type,
    ),
    Rule(
        id="plugin-field-type",
        severity=Severity.ERROR,
        summary="folder or pattern is not a string.",
        explanation=(
            "A list or an object is a parse error: KrakenD does not start. Since 2.12 (koanf) "
            'numbers and booleans are turned into strings: 1 becomes "1" and true becomes "1", '
            "which is hardly what was meant and fails the lint; older releases refuse them."
        ),
        bad='{"plugin": {"pattern": [".so"], "folder": "./plugins/"}}',
        good='{"plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        fix="Writes the string that KrakenD makes of it, or takes the only string of a list.",
        source="mapstructure decodeString with weakly typed input (koanf UnmarshalWithConf)",
        check=_field_type,
    ),
    Rule(
        id="plugin-block-unknown-key",
        severity=Severity.WARNING,
        summary="The plugin block has a key that means nothing.",
        explanation=(
            "The block knows `folder` and `pattern`. Everything else is ignored without a log "
            "line, and the lint of 2.x passes it. Keys that begin with @, $, _ or # are free "
            "for comments."
        ),
        bad='{"plugin": {"pattern": ".so", "folder": "./plugins/", "input_headers": ["*"]}}',
        good='{"plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        fix="Removes the key.",
        source="lura config.Plugin; krakend-schema v2.13 _root.json; krakend-ce issue 1006",
        check=_unknown_key,
    ),
)
