"""Rules about the file as a whole: its version and the keys that KrakenD's decoder treats oddly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui.diagnostic import Severity, Span
from tui.document import edits
from tui.document.change import ChangeSet
from tui.document.pointer import child
from tui.document.tree import JsonNode, JsonTree
from tui.krakend.golang import weak_int
from tui.krakend.plugin_block import FORMAT_OF_3, core_member
from tui.krakend.rules.base import Context, Finding, Rule, kind_of, quoted, shown
from tui.krakend.rules.fixing import by_edit, replace_text, safe


def _wanted(context: Context) -> int:
    """The configuration format of the target: 2 until KrakenD 1.x, 3 since 2.0."""
    return 2 if context.target.minor < (2, 0) else 3


def _root(context: Context) -> Iterator[Finding]:
    root = context.tree.root
    if root is not None and root.kind != "object":
        message = f"The config is {kind_of(root.kind)}, not an object: KrakenD does not start."
        yield Finding(message, "", root.span)


def _version(context: Context) -> Iterator[Finding]:
    if context.root is None:
        return
    wanted = _wanted(context)
    member = core_member(context.root, "version")
    if member is None:
        message = (
            'There is no "version": KrakenD does not start ("unsupported version: 0 (want: '
            f'{wanted})").'
        )
        fixes = by_edit(f"add version {wanted}", _add_version, context.tree, wanted)
        yield Finding(message, "", context.root_brace, fixes)
        return
    node = member.value
    have = _version_of(context, node)
    # Some texts of the schema of 3.0 ask for 4, others for 3.
    if have == wanted or (have == FORMAT_OF_3 and context.target.minor >= (3, 0)):
        return
    if have == FORMAT_OF_3:
        message = (
            f"Version 4 is the format of KrakenD 3.0 (--krakend ee-3.0): {context.target.label} "
            f"does not start (unsupported version: 4 (want: {wanted}))."
        )
        fix = replace_text(f"set the version to {wanted}", node.span, wanted)
        is_of_3 = context.block.is_in_extra_config
        yield Finding(message, child("", member.key), node.span, () if is_of_3 else (fix,))
        return
    log = f"unsupported version: {have} (want: {wanted})" if have is not None else "parse error"
    message = f"The version must be {wanted}: KrakenD does not start ({log})."
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
        message = f"The version is written {text}: KrakenD reads it as 3, but the lint refuses it."
        fix = replace_text("write it as 3", member.value.span, _wanted(context))
        yield Finding(message, child("", member.key), member.value.span, safe(fix))


_TEMPLATE = re.compile(
    r"\{\{-?\s*(?:[.$]\w|/\*|(?:include|marshal|template|range|if|with|end|else|env|define)\b)"
)


def template_marker(text: str) -> Span | None:
    """The first place that looks like Go's template language, as flexible configuration uses."""
    if "{{" not in text:
        return None
    found = _TEMPLATE.search(text)
    return Span(*found.span()) if found is not None else None


def _template(context: Context) -> Iterator[Finding]:
    span = template_marker(context.tree.text) if context.census.has_braces else None
    if span is not None:
        message = (
            "This looks like a template: KrakenD fills it in only with FC_ENABLE=1, else it reads "
            "the braces as text. Check the rendered file (FC_OUT)."
        )
        yield Finding(message, context.tree.pointer_at(span.start), span)


_SCALARS = frozenset(
    {"cache_ttl", "debug_endpoint", "dns_cache_ttl", "echo_endpoint", "listen_ip"}
    | {"name", "output_encoding", "port", "sequential_start", "timeout", "version"}
)
_NUMBERS = ("port", "version")
_NESTED = ("plugin_folder", "plugin_pattern")
# What cannot be given as one scalar: KrakenD does not start.
_NO_SCALARS = ("plugin", "endpoints", "extra_config", "async_agent", "host", "tls", "client_tls")


def _environment(context: Context) -> Iterator[Finding]:
    environ = context.snapshot.environ
    for variable in sorted(environ):
        key = variable.removeprefix("KRAKEND_").lower()
        if not variable.startswith("KRAKEND_") or not key:
            continue
        if key in _NESTED and context.block.member is not None:
            message = (
                f"{shown(variable)} is set here, and does nothing: KRAKEND_ variables reach the "
                "keys of the root only."
            )
            yield Finding(message, context.block.pointer, context.block.member.key_span)
            continue
        member = core_member(context.root, key)
        if member is None and context.target.minor < (2, 12):
            continue
        pointer = "" if member is None else child("", member.key)
        span = context.root_brace if member is None else member.key_span
        if key in _NO_SCALARS:
            message = (
                f"{shown(variable)} is set here: a KrakenD that has it replaces {quoted(key)} by "
                "a text and does not start."
            )
        elif key in _NUMBERS and weak_int(environ[variable]) is None:
            message = (
                f"{shown(variable)} is set here to {quoted(environ[variable], 30)}, no "
                "number: a KrakenD that has it does not start. Kubernetes sets it for a Service "
                "called krakend."
            )
        elif key in _SCALARS:
            message = f"{shown(variable)} is set here: KrakenD overrides {quoted(key)} by it."
        else:
            continue
        yield Finding(message, pointer, span)


RULES = (
    Rule(
        id="config-root",
        severity=Severity.ERROR,
        summary="The config is not a JSON object.",
        explanation="KrakenD decodes the config into an object and refuses to start on all else.",
        bad="[]",
        good='{"version": 3}',
        source="koanf parsers/json; encoding/json",
        check=_root,
    ),
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
        fix="Sets the version that the release reads.",
        source="lura config.ServiceConfig.Init; measured on KrakenD 2.13.8",
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
        fix="Writes it as the number 3.",
        source="mapstructure decodeInt with weakly typed input; measured on KrakenD 2.13.8",
        check=_version_type,
    ),
    Rule(
        id="config-template",
        severity=Severity.INFO,
        summary="The config holds markers of Go's template language.",
        explanation=(
            "With FC_ENABLE=1 KrakenD renders the file as a Go template before it parses it "
            "(flexible configuration), with FC_SETTINGS, FC_PARTIALS and FC_TEMPLATES; FC_OUT "
            "names the file that it writes the result to, which is the one to check here. "
            "Without FC_ENABLE the markers are plain text."
        ),
        bad='{"version": 3, "name": "{{ .service.name }}"}',
        good='{"version": 3, "name": "shop"}',
        source="krakend documentation, configuration/flexible-config; measured on KrakenD 2.13.8",
        check=_template,
    ),
    Rule(
        id="config-environment",
        severity=Severity.INFO,
        summary="An environment variable overrides a key of the config.",
        explanation=(
            "KRAKEND_<KEY> overrides the root key of that name, since 2.12 also one that is not "
            "in the file. A Kubernetes service that is called krakend sets KRAKEND_PORT to "
            "tcp://..., and KrakenD does not start. The environment looked at is that of "
            "krakend-tui."
        ),
        bad='{"version": 3, "port": 8080}',
        good='{"version": 3, "port": 8080}',
        around=(
            "KRAKEND_PORT=9000 in the environment",
            "no KRAKEND_PORT in the environment",
        ),
        source="krakend-koanf parser.go (env.Provider); measured on KrakenD 2.13.8",
        check=_environment,
    ),
)
