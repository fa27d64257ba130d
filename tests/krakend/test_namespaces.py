"""Which keys are plugin namespaces, which are like one, and which are none of ours."""

from __future__ import annotations

import re

import pytest

from tui.krakend.distance import edit_distance, nearest
from tui.krakend.namespaces import LEGACY, Namespace, Spelling, classify
from tui.plugin.facts import PluginType

# Every key of extra_config that krakend-schema v2.13 knows but for plugin/*.
OTHERS = re.findall(
    r"\S+",
    """
    ai/llm ai/mcp async/amqp async/kafka auth/api-keys auth/aws-sigv4 auth/basic
    auth/client-credentials auth/gcp auth/ntlm auth/revoker auth/signer auth/validator
    backend/amqp/consumer backend/amqp/producer backend/conditional backend/graphql
    backend/grpc backend/http backend/http/client backend/lambda backend/pubsub/publisher
    backend/pubsub/publisher/kafka backend/pubsub/subscriber backend/pubsub/subscriber/kafka
    backend/soap backend/static-filesystem documentation/openapi documentation/postman
    governance/processors governance/quota grpc modifier/body-generator modifier/jmespath
    modifier/lua-backend modifier/lua-endpoint modifier/lua-proxy modifier/martian
    modifier/request-body-extractor modifier/request-body-extractor/early
    modifier/request-body-generator modifier/response-body modifier/response-body-generator
    modifier/response-headers proxy qos/circuit-breaker qos/circuit-breaker/http
    qos/http-cache qos/ratelimit/proxy qos/ratelimit/router qos/ratelimit/router/redis
    qos/ratelimit/service qos/ratelimit/service/redis qos/ratelimit/tiered redis router
    security/bot-detector security/cors security/http security/policies
    server/static-filesystem server/virtualhost telemetry/gelf telemetry/influx
    telemetry/logging telemetry/logstash telemetry/metrics telemetry/moesif telemetry/newrelic
    telemetry/opencensus telemetry/opentelemetry telemetry/opentelemetry-security
    validation/cel validation/json-schema validation/response-json-schema websocket workflow
    github.com/devopsfaith/krakend-cors github_com/devopsfaith/krakend-httpcache
    github.com/devopsfaith/krakend-martian github.com/devopsfaith/krakend/http
    github.com/devopsfaith/krakend/proxy github_com/letgoapp/krakend-influx @comment $schema
    _note #off
    """,
)


@pytest.mark.parametrize("key", OTHERS)
def test_other_components_are_none(key: str) -> None:
    assert classify(key) is None
    assert classify(f"#{key}") is None


@pytest.mark.parametrize("type_", PluginType)
def test_exact_and_off(type_: PluginType) -> None:
    assert classify(type_.namespace) == Namespace(Spelling.EXACT, type_)
    for prefix in ("#", "@", "_", "$", "//"):
        assert classify(prefix + type_.namespace) == Namespace(Spelling.OFF, type_)


@pytest.mark.parametrize(("key", "type_"), LEGACY.items())
def test_legacy_and_mixed_up(key: str, type_: PluginType) -> None:
    assert classify(key) == Namespace(Spelling.LEGACY, type_)
    swapped = key.replace("_com", ".com") if "_com" in key else key.replace(".com", "_com")
    assert classify(swapped) == Namespace(Spelling.LEGACY_MIXED, type_)


@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("plugin/http_server", PluginType.SERVER),
        ("plugins/http-server", PluginType.SERVER),
        ("plugin/http-servers", PluginType.SERVER),
        ("Plugin/Http-Server", PluginType.SERVER),
        ("plugin.http-server", PluginType.SERVER),
        ("plugin/server", PluginType.SERVER),
        ("plugin/http-handler", PluginType.SERVER),
        ("http-server", PluginType.SERVER),
        ("plugin/http-server ", PluginType.SERVER),
        ("plugin/htttp-client", PluginType.CLIENT),
        ("pluging/http-client", PluginType.CLIENT),
        ("plugin/client", PluginType.CLIENT),
        ("plugin/req-resp-modifiers", PluginType.MODIFIER),
        ("plugin/req_resp_modifier", PluginType.MODIFIER),
        ("plugin/request-response-modifier", PluginType.MODIFIER),
        ("plugin/resp-req-modifier", PluginType.MODIFIER),
        ("plugin/middlewares", PluginType.MIDDLEWARE),
    ],
)
def test_near_misses(key: str, type_: PluginType) -> None:
    assert classify(key) == Namespace(Spelling.NEAR, type_)


def test_another_plugin_namespace_is_unknown() -> None:
    assert classify("plugin/cache") == Namespace(Spelling.UNKNOWN, None)


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [("auth", "auth", 0), ("auth", "atuh", 1), ("auth", "aut", 1), ("auth", "oath", 2)],
)
def test_distance(left: str, right: str, distance: int) -> None:
    assert edit_distance(left, right, 3) == distance
    assert edit_distance(left, right, 0) == min(distance, 1)


def test_nearest() -> None:
    names = ["auth", "audit", "rewrite-v1", "x"]
    assert nearest("atuh", names) == "auth"
    assert nearest("AUTH", names) == "auth"
    assert nearest("rewrite_v1", names) == "rewrite-v1"
    assert nearest("rewrite-v2", names) is None, "siblings, not a slip"
    assert nearest("log", names) is None
    assert nearest("y", names) is None
