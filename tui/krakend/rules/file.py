"""Rules about the file as a whole: its version and the keys that KrakenD's decoder treats oddly."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Severity
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.golang import weak_int
from tui.krakend.plugin_block import core_member
from tui.krakend.rules.base import Context, Finding, Rule, shown
from tui.krakend.rules.fixing import by_edit, replace_text


def _wanted(context: Context) -> int:
    """The configuration format of the target: 2 until KrakenD 1.x, 3 since 2.0."""
    return 2 if context.target.minor < (2, 0) else 3


def _version(context: Context) -> Iterator[Finding]:
    if context.root is None:
        return
    wanted = _wanted(context)
    member = core_member(context.root, "version")
    if member is None:
        message = (
            'there is no "version": KrakenD does not start ("unsupported version: 0 (want: '
            f'{wanted})").'
        )
        fixes = by_edit(f"add version {wanted}", _add_version, context.tree, wanted)
        yield Finding(message, "", context.root_brace, fixes)
        return
    node = member.value
    have = _version_of(context, node)
    if have == wanted:
        return
    log = f"unsupported version: {have} (want: {wanted})" if have is not None else "parse error"
    message = f"the version must be {wanted}: KrakenD does not start ({log})."
    fix = replace_text(f"set the version to {wanted}", node.span, wanted)
    yield Finding(message, child("", member.key), node.span, (fix,))


def _add_version(tree: JsonTree, wanted: int) -> ChangeSet:
    """The version as the first member, where people look for it."""
    first = next(tree.root.members(), None) if tree.root is not None else None
    before = first.key if first is not None else None
    return edits.insert_member(tree, "", "version", wanted, before=before)


def _version_of(context: Context, node: JsonNode) -> int | None:
    """The number that KrakenD gets; None when it refuses the value's type."""
    if context.target.minor < (2, 12):
        value = node.value()
        is_int = isinstance(value, int) and not isinstance(value, bool)
        return value if is_int else None
    return weak_int(node.value())


def _version_type(context: Context) -> Iterator[Finding]:
    member = core_member(context.root, "version")
    if member is None or _version_of(context, member.value) != _wanted(context):
        return
    text = shown(member.value.text, 20)
    if member.value.value() != _wanted(context):
        message = f"the version is written {text}: KrakenD reads it as 3, but the lint refuses it."
        fix = replace_text("write it as 3", member.value.span, _wanted(context))
        yield Finding(message, child("", member.key), member.value.span, (fix,))


RULES = (
    Rule(
        id="config-version",
        severity=Severity.ERROR,
        summary="The version of the configuration format is not 3.",
        explanation=(
            "KrakenD 2.x and newer read format 3 only and stop with `unsupported version: 2 "
            "(want: 3)` on anything else, also when the key is missing (0). Version 2 was the "
            "format of KrakenD 1.x; some samples of the documentation still have it."
        ),
        bad='{"version": 2}',
        good='{"version": 3}',
        source="lura config.ServiceConfig.Init; log lines, cases 17 and 17c",
        check=_version,
    ),
    Rule(
        id="config-version-type",
        severity=Severity.WARNING,
        summary="The version is not written as the number 3.",
        explanation=(
            'Since 2.12 (koanf) "3" and 3.7 are read as 3. The lint refuses them, and older '
            "releases do not start."
        ),
        bad='{"version": "3"}',
        good='{"version": 3}',
        source="mapstructure decodeInt with weakly typed input; log lines, case 17b",
        check=_version_type,
    ),
)
