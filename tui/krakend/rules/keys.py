"""Rules about keys as Go's decoders treat them: another case, and the same key twice."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Edit, Fix, Severity
from tui.document import edits
from tui.document.pointer import child
from tui.document.tree import JsonNode, Member
from tui.krakend import traits
from tui.krakend.golang import same_key
from tui.krakend.points import Level
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.fixing import by_edit, replace_text, safe

_ROOT = ("version", "plugin", "extra_config", "endpoints", "async_agent")
_BLOCK = ("folder", "pattern")
_OWNER = ("extra_config", "backend")
_BACKEND = ("extra_config",)


def _core_objects(context: Context) -> Iterator[tuple[str, JsonNode, tuple[str, ...]]]:
    """The objects whose keys KrakenD's core reads, with those keys that matter to plugins.

    Points where nothing can be found are passed over: they are thousands.
    """
    for point in context.points:
        if point.level is Level.SERVICE:
            if context.block.member is not None:
                yield context.block.pointer, context.block.member.value, _BLOCK
            if point.is_odd:
                yield point.pointer, point.owner, _ROOT
        elif point.is_odd:
            is_backend = "backend" in point.level.value
            yield point.pointer, point.owner, _BACKEND if is_backend else _OWNER


def _case(context: Context) -> Iterator[Finding]:
    for pointer, node, names in _core_objects(context):
        exact = {member.key for member in node.members()}
        for member in node.members():
            name = _other_case(member.key, names)
            if name is None:
                continue
            if name in exact:
                message = (
                    f"{quoted(member.key)} stands beside {quoted(name)}: KrakenD takes "
                    f"{quoted(name)} since 2.12, and the last of the two before."
                )
                title = f"remove {shown(member.key)}"
                fixes = by_edit(title, edits.remove, context.tree, child(pointer, member.key))
                # Before, the last of the two was taken, and none can be told to be idle.
                fixes = safe(*fixes) if context.target.minor >= (2, 12) else ()
            else:
                message = (
                    f"{quoted(member.key)} should be {quoted(name)}: KrakenD takes it in any "
                    "case, but the lint and other readers do not."
                )
                fixes = safe(replace_text(f"rename it to {quoted(name)}", member.key_span, name))
            yield Finding(message, child(pointer, member.key), member.key_span, fixes)


def _other_case(key: str, names: tuple[str, ...]) -> str | None:
    """The core key that `key` is another case of."""
    if key in names:
        return None
    return next((name for name in names if same_key(key, name)), None)


def _twice(context: Context) -> Iterator[Finding]:
    for pointer, node in _objects(context):
        members = list(node.members())
        last: dict[str, Member] = {}
        for member in members:
            last[member.key] = member
        if len(last) == len(members):
            continue
        for index, member in enumerate(members):
            if last[member.key] is member:
                continue
            message = (
                f"{quoted(member.key)} is here twice: KrakenD takes the last and says nothing "
                "about this one."
            )
            # A later member exists, so up to its key is this one with its comma.
            gap = Edit(member.span.start, members[index + 1].span.start, "")
            fixes: tuple[Fix, ...] = (Fix(f"remove the first {shown(member.key)}", (gap,)),)
            # Before, both were merged.
            if context.target.minor >= (2, 12):
                fixes = safe(*fixes)
            yield Finding(message, child(pointer, member.key), member.key_span, fixes)


def _objects(context: Context) -> Iterator[tuple[str, JsonNode]]:
    """The objects in which a lost member can cost a plugin."""
    for pointer, node, _names in _core_objects(context):
        yield pointer, node
    for point in context.points:
        if point.is_odd and point.extra_config is not None:
            yield point.extra_config_pointer, point.extra_config.value
    for entry, _type in context.named:
        yield entry.pointer, entry.value


RULES = (
    Rule(
        id="key-case",
        severity=Severity.WARNING,
        summary="A key of KrakenD's core is written in another case.",
        explanation=(
            "KrakenD's decoder finds its own keys in any case; since 2.12 the exact spelling "
            "wins where both are there, before the last one did. The lint refuses other cases. "
            "Inside extra_config the case always matters."
        ),
        bad='{"version": 3, "Plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        good='{"version": 3, "plugin": {"pattern": ".so", "folder": "./plugins/"}}',
        fix="Renames the key to KrakenD's spelling, or removes the one that it passes over.",
        source="mapstructure (strings.EqualFold); measured on KrakenD 2.13.8",
        check=_case,
        local=True,
        asks=traits.ODD_KEYS,
    ),
    Rule(
        id="key-duplicate",
        severity=Severity.WARNING,
        summary="A key is twice in one object.",
        explanation=(
            "JSON readers take the last of two equal keys, and KrakenD (since 2.12) says nothing "
            "about the first: a whole plugin block or entry can be lost that way. Releases "
            "before 2.12 merged two plugin blocks."
        ),
        bad='{"extra_config": {"plugin/http-server": {"name": ["auth"], "name": ["log"]}}}',
        good='{"extra_config": {"plugin/http-server": {"name": ["auth", "log"]}}}',
        fix="Removes the first of the two.",
        source="encoding/json; measured on KrakenD 2.13.8",
        check=_twice,
        local=True,
        asks=traits.ODD_KEYS,
    ),
)
