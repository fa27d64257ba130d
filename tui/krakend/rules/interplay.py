"""Rules about plugins together with other components: hints, never errors."""

from __future__ import annotations

from collections.abc import Iterator

from tui.diagnostic import Severity
from tui.document.pointer import child
from tui.krakend import traits
from tui.krakend.namespaces import OWN_CLIENTS, REPLACED_BY_CLIENT
from tui.krakend.points import Level
from tui.krakend.rules.base import Context, Finding, Rule, quoted, shown
from tui.krakend.rules.fixing import removal, replace_text
from tui.plugin.facts import PluginType

_LOGGING = ("telemetry/logging", "github_com/devopsfaith/krakend-gologging")
_BACKENDS = (Level.BACKEND, Level.ASYNC_BACKEND, Level.WORKFLOW_BACKEND)


def _unused_client(context: Context) -> Iterator[Finding]:
    for point, entry in context.working:
        if entry.type is not PluginType.CLIENT or point.level not in _BACKENDS:
            continue
        owner = next((key for key in point.other_keys if key.startswith(OWN_CLIENTS)), None)
        if owner is not None:
            message = (
                f"This backend speaks through {shown(owner)}, which has a client of its own: the "
                "client plugin is not used."
            )
            fixes = removal(context, entry)
            yield Finding(message, entry.pointer, entry.key_span, fixes)


def _replaces(context: Context) -> Iterator[Finding]:
    for point, entry in context.working:
        if entry.type is not PluginType.CLIENT:
            continue
        dead = [key for key in point.other_keys if key in REPLACED_BY_CLIENT]
        if dead:
            message = (
                f"A client plugin replaces the backend's HTTP client, so nothing comes of "
                f"{' and '.join(dead)} here."
            )
            yield Finding(message, entry.pointer, entry.key_span)


def _no_op(context: Context) -> Iterator[Finding]:
    for point, entry in context.working:
        if entry.type is not PluginType.MODIFIER:
            continue
        is_backend = point.level in _BACKENDS
        encoding = point.fields.get("encoding" if is_backend else "output_encoding")
        if encoding is None or encoding.value.value() != "no-op":
            continue
        message = (
            "With no-op the response of a modifier has the status, the headers and a body to "
            "read (Io), but no Data."
        )
        yield Finding(message, entry.pointer, entry.key_span)


def _log_level(context: Context) -> Iterator[Finding]:
    service = context.service
    if service is None or service.extra_config is None or not context.block.is_loaded:
        return
    members = service.extra_config.value.members()
    logging = next((member for member in members if member.key in _LOGGING), None)
    level = logging.value.member("level") if logging is not None else None
    if level is None or level.value.kind != "string" or not context.census.uses:
        return
    text = str(level.value.value())
    if text.upper() == "DEBUG":
        return
    assert logging is not None
    pointer = f"{child(service.extra_config_pointer, logging.key)}/level"
    message = (
        f"The log level {quoted(text, 20)} hides why a plugin does not load: KrakenD says that at "
        "DEBUG only."
    )
    fix = replace_text("set the level to DEBUG", level.value.span, "DEBUG")
    yield Finding(message, pointer, level.value.span, (fix,))


def _wildcard(context: Context) -> Iterator[Finding]:
    if context.target.is_enterprise:
        return
    for point in context.points:
        member = point.fields.get("endpoint") if point.level is Level.ENDPOINT else None
        if member is None or not str(member.value.string() or "").endswith("/*"):
            continue
        message = (
            f"{quoted(str(member.value.value()))} is a wildcard of the Enterprise Edition: "
            f"{context.target.label} panics at start."
        )
        yield Finding(message, child(point.pointer, member.key), member.value.span)


_BACKEND = (
    '{"endpoints": [{"endpoint": "/t", "backend": [{"url_pattern": "/b", "extra_config": %s}]}]}'
)
_CLIENT = '"plugin/http-client": {"name": "proxy"}'

RULES = (
    Rule(
        id="client-plugin-not-used",
        severity=Severity.WARNING,
        summary="A client plugin stands at a backend that does not use the HTTP client.",
        explanation=(
            "Backends with backend/amqp, backend/pubsub or backend/lambda have clients of their "
            "own. The factory that injects client plugins is never asked there."
        ),
        bad=_BACKEND % ('{"backend/lambda": {"function_name": "f"}, ' + _CLIENT + "}"),
        good=_BACKEND % ("{" + _CLIENT + "}"),
        fix="Removes the entry.",
        source="krakend-ce backend_factory.go; measured on KrakenD 2.13.8",
        check=_unused_client,
        local=True,
        asks=traits.CLIENT_KEY,
    ),
    Rule(
        id="client-plugin-replaces",
        severity=Severity.INFO,
        summary="A client plugin puts other components of the backend out of use.",
        explanation=(
            "A client plugin ends the chain: what works inside KrakenD's own HTTP client, such "
            "as auth/client-credentials and qos/http-cache, has no effect at this backend. The "
            "plugin must do it itself."
        ),
        bad=_BACKEND % ('{"auth/client-credentials": {}, ' + _CLIENT + "}"),
        good=_BACKEND % ("{" + _CLIENT + "}"),
        source="krakend-ce issue 759; measured on KrakenD 2.13.8",
        check=_replaces,
        local=True,
        asks=traits.CLIENT_KEY,
    ),
    Rule(
        id="modifier-no-op",
        severity=Severity.INFO,
        summary="A modifier works with the no-op encoding.",
        explanation=(
            "With no-op KrakenD does not decode the response: a response modifier gets its "
            "status, headers and an Io to read, and Data is empty. With any other encoding it "
            "is the other way round."
        ),
        bad=(
            '{"endpoints": [{"endpoint": "/t", "output_encoding": "no-op", "extra_config": '
            '{"plugin/req-resp-modifier": {"name": ["trim-response"]}}}]}'
        ),
        good=(
            '{"endpoints": [{"endpoint": "/t", "extra_config": '
            '{"plugin/req-resp-modifier": {"name": ["trim-response"]}}}]}'
        ),
        source="krakend-ce issues 837, 770 and 903; measured on KrakenD 2.13.8",
        check=_no_op,
        local=True,
        asks=traits.NO_OP,
    ),
    Rule(
        id="log-level-hides-plugins",
        severity=Severity.INFO,
        summary="The log level hides why a plugin does not load.",
        explanation=(
            "All errors of the plugin loader are logged at DEBUG, and of the missing names only "
            "those of server plugins at ERROR. Without telemetry/logging the level is DEBUG."
        ),
        bad='{"extra_config": {"telemetry/logging": {"level": "WARNING"}}}',
        good='{"extra_config": {"telemetry/logging": {"level": "DEBUG"}}}',
        fix="Sets the level to DEBUG.",
        source="krakend-ce plugin.go (logPluginLoaderErrors), issue 788; measured",
        check=_log_level,
    ),
    Rule(
        id="endpoint-wildcard-enterprise",
        severity=Severity.ERROR,
        summary="An endpoint is a wildcard, which only the Enterprise Edition has.",
        explanation=(
            "In the Enterprise Edition an endpoint that ends in /* takes all paths below it, first "
            "by the plugin wildcard, then without. The router of the Community Edition panics at "
            "start on such an endpoint; krakend check passes unless it is told to test the routes "
            "(-t)."
        ),
        bad='{"endpoints": [{"endpoint": "/files/*", "backend": [{"url_pattern": "/"}]}]}',
        good='{"endpoints": [{"endpoint": "/files/{name}", "backend": [{"url_pattern": "/"}]}]}',
        source="krakend documentation, faq/switch-versions; krakend-ce issue 1028",
        check=_wildcard,
        local=True,
        asks=traits.WILDCARD,
    ),
)
