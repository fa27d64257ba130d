"""A sandbox to try krakend-tui in: the gateway of a small shop, with five planted mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tui.demo.elf_writer import DemoPlugin, write_plugin
from tui.plugin.facts import PluginType

_GO_VERSION: Final = "go1.25.12"  # that of KrakenD 2.13.8
_PATHS: Final = "example.com/demo/"

_CONFIG: Final = """\
{
  "$schema": "https://www.krakend.io/schema/v2.13/krakend.json",
  "version": 3,
  "name": "Shop gateway",
  "port": 8080,
  "timeout": "3s",
  "plugin": {
    "pattern": ".so",
    "folder": "./plugins/"
  },
  "extra_config": {
    "plugin/http-server": {
      "name": ["shop-auth", "maintenence"],
      "shop-auth": {
        "public_paths": ["/v1/catalog", "/__health"],
        "realm": "shop"
      },
      "maintenance": {
        "retry_after_seconds": 120,
        "status": 503
      }
    },
    "telemetry/logging": { "level": "WARNING", "prefix": "[SHOP]", "stdout": true }
  },
  "endpoints": [
    {
      "endpoint": "/v1/catalog",
      "method": "GET",
      "extra_config": {
        "plugin/http-server": {
          "name": ["shop-auth"]
        }
      },
      "backend": [
        { "host": ["http://catalog:8080"], "url_pattern": "/products" }
      ]
    },
    {
      "endpoint": "/v1/orders/{id}",
      "method": "GET",
      "input_headers": ["Authorization"],
      "extra_config": {
        "plugin/req-resp-modifier": {
          "name": ["mask-card-response"],
          "mask-card": { "keep_digits": 4 }
        }
      },
      "backend": [
        {
          "host": ["http://orders:8081"],
          "url_pattern": "/orders/{id}",
          "extra_config": {
            "plugin/http-client": {
              "name": ["patient-client"],
              "patient-client": { "attempts": 3, "wait": "200ms" }
            }
          }
        },
        {
          "host": ["http://shipping:8084"],
          "url_pattern": "/parcels?order={id}",
          "group": "shipping",
          "extra_config": {
            "#plugin/http-client": { "name": "patient-client" }
          }
        }
      ]
    },
    {
      "endpoint": "/v1/pay",
      "method": "POST",
      "input_headers": ["Authorization", "Idempotency-Key"],
      "extra_config": {
        "plugin/req_resp_modifier": {
          "name": ["mask-card-request", "mask-card-response"],
          "mask-card": { "keep_digits": 0 }
        }
      },
      "backend": [
        {
          "host": ["http://payments:8082"],
          "url_pattern": "/charges",
          "method": "POST",
          "extra_config": {
            "plugin/http-client": {
              "name": "patient-client",
              "patient-client": { "attempts": 1, "wait": "0s" }
            }
          }
        }
      ]
    }
  ],
  "async_agent": [
    {
      "name": "order-events",
      "connection": { "max_retries": 10, "backoff_strategy": "exponential-jitter" },
      "consumer": { "topic": "orders.*", "workers": 2, "timeout": "2s" },
      "extra_config": {
        "async/amqp": { "name": "gateway", "host": "amqp://broker:5672/", "exchange": "orders" },
        "github.com/devopsfaith/krakend/proxy/plugin": {
          "name": ["add-tenant"],
          "add-tenant": { "header": "X-Tenant" }
        }
      },
      "backend": [
        { "host": ["http://stock:8083"], "url_pattern": "/reservations", "method": "POST" }
      ]
    }
  ]
}
"""

_NOTES: Final = """\
Plugins of the shop gateway. These files are demo files of krakend-tui: they read as Go plugins,
and none of them can run.

auth.so           http-server   who may call what
maintenance.so    http-server   answers 503 while we deploy
client-1.4.2.so   http-client   tries again when a service is slow
mask-card.so      modifier      hides card numbers
tenant.so         modifier      adds the tenant to events
payments.so       to be downloaded again
"""

_FAILED_DOWNLOAD: Final = """\
<!DOCTYPE html>
<html>
<head><title>404 Not Found</title></head>
<body><h1>Not Found</h1><p>payments-2.0.1.so is not on this server.</p></body>
</html>
"""

_PLUGINS: Final = {
    "auth.so": DemoPlugin(
        _PATHS + "auth",
        {PluginType.SERVER: "shop-auth"},
        literals=("public_paths", "realm"),
        go_version=_GO_VERSION,
    ),
    "auth.so.bak": DemoPlugin(
        _PATHS + "auth", {PluginType.SERVER: "shop-auth"}, go_version="go1.22.1"
    ),
    "client-1.4.2.so": DemoPlugin(
        _PATHS + "client",
        {PluginType.CLIENT: "patient-client"},
        literals=("attempts", "wait"),
        go_version=_GO_VERSION,
    ),
    "maintenance.so": DemoPlugin(
        _PATHS + "maintenance",
        {PluginType.SERVER: None},
        {"pluginName": "maintenance"},
        literals=("retry_after_seconds", "status"),
        go_version=_GO_VERSION,
    ),
    "mask-card.so": DemoPlugin(
        _PATHS + "mask-card",
        {PluginType.MODIFIER: "mask-card"},
        literals=("keep_digits",),
        go_version=_GO_VERSION,
    ),
    "tenant.so": DemoPlugin(
        _PATHS + "tenant",
        {PluginType.MODIFIER: "add-tenant"},
        suffixes=(),
        literals=("header",),
        go_version=_GO_VERSION,
        modules={"github.com/google/uuid": "v1.6.0", "golang.org/x/mod": "v0.30.0"},
    ),
    "old/mask-card.so": DemoPlugin(
        _PATHS + "mask-card", {PluginType.MODIFIER: "mask"}, go_version="go1.22.1"
    ),
}


def make_sandbox(folder: Path) -> Path:
    """Writes a config and a plugin folder into `folder`; the path of the config.

    `folder` may exist, and is made when it does not. The config's plugin folder is relative
    to `folder`: that is the working directory to assume. The bytes are always the same.

    The mistakes: a misspelt plugin name and the name of an http-client as a list, a namespace
    at a level where KrakenD ignores it, a misspelt one, and one of KrakenD 1.x.

    Raises OSError when the folder cannot be written, FileExistsError when a sandbox is there.
    """
    plugins = folder / "plugins"
    (plugins / "old").mkdir(parents=True)
    for name, plugin in _PLUGINS.items():
        (plugins / name).write_bytes(write_plugin(plugin))
    (plugins / "README.md").write_text(_NOTES, encoding="utf-8", newline="\n")
    (plugins / "payments.so").write_text(_FAILED_DOWNLOAD, encoding="utf-8", newline="\n")
    (plugins / "client.so").symlink_to("client-1.4.2.so")
    config = folder / "krakend.json"
    config.write_text(_CONFIG, encoding="utf-8", newline="\n")
    return config
