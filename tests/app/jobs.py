"""The ten jobs of docs/jobs.md: the config of each, the keys here, and the keys in vim."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui.demo.sandbox import make_sandbox


@dataclass(frozen=True)
class Job:
    """`prepare` makes of the sandbox what the job begins with; `wanted` what it ends with, or
    for a job that only looks nothing, and `shows` is what must be on the screen then.

    `here` are names of keys, `vim` what is typed there, control characters included. `before`
    (here, vim) is typed first and counts for neither. After `halfway` keys the config must be
    what `then` makes of it.
    """

    title: str
    prepare: Callable[[str], str]
    here: Sequence[str]
    vim: str
    wanted: Callable[[str], str] | None = None
    shows: str = ""
    shows_in_vim: str = ""
    halfway: int = 0
    then: Callable[[str], str] | None = None
    before: tuple[Sequence[str], str] = ((), "")


def mended(text: str) -> str:
    """The sandbox's config without its mistakes."""
    return (
        text.replace('["shop-auth", "maintenence"]', '["shop-auth", "maintenance"]')
        .replace('"name": ["patient-client"],', '"name": "patient-client",')
        .replace('"level": "WARNING"', '"level": "DEBUG"')
        .replace("plugin/req_resp_modifier", "plugin/req-resp-modifier")
        .replace("github.com/devopsfaith/krakend/proxy/plugin", "plugin/req-resp-modifier")
        .replace(
            """      "extra_config": {
        "plugin/http-server": {
          "name": ["shop-auth"]
        }
      },
""",
            "",
        )
    )


SCHEMA = {
    "type": "object",
    "properties": {
        "public_paths": {"type": "array"},
        "realm": {"type": "string"},
        "strict": {"type": "boolean", "default": True},
    },
}
"""What the author of shop-auth says of its settings."""


def clean_shop(folder: Path) -> Path:
    """The sandbox, mended, and without the files that are no plugins; the path of its config."""
    config = make_sandbox(folder)
    config.write_text(mended(config.read_text()))
    plugins = folder / "plugins"
    (plugins / "payments.so").unlink()
    (plugins / "auth.so.bak").unlink()
    (plugins / "shop-auth.schema.json").write_text(json.dumps(SCHEMA))
    return config


MANY = 21
"""Endpoints of the config for copying: one has the modifier."""


def config_of(endpoints: int, extra: dict[str, object]) -> str:
    """A config of so many endpoints, with `extra` as the first one's extra_config."""
    items = [
        {
            "endpoint": f"/v1/item/{number}",
            "method": "GET",
            **({"extra_config": extra} if number == 0 and extra else {}),
            "backend": [{"host": ["http://shop:8080"], "url_pattern": f"/{number}"}],
        }
        for number in range(endpoints)
    ]
    config = {
        "version": 3,
        "plugin": {"pattern": ".so", "folder": "./plugins/"},
        "endpoints": items,
    }
    return json.dumps(config, indent=2) + "\n"


MODIFIER = {"plugin/req-resp-modifier": {"name": ["mask-card-response"]}}


def copied(text: str) -> str:
    """The modifier at each endpoint, where an extra_config is the endpoint's last member."""
    config = json.loads(text)
    for endpoint in config["endpoints"]:
        endpoint.setdefault("extra_config", MODIFIER)
    return json.dumps(config, indent=2) + "\n"


def replaced(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        return text

    return change


def same(text: str) -> str:
    return text


ADD_TENANT = '{\n          "name": ["add-tenant"]'
SAVE = ["ctrl+s", "enter"]

JOBS = (
    Job(
        "Add a server plugin and move it to the front",
        replaced(('["shop-auth", "maintenance"]', '["shop-auth"]')),
        ["backtab", "backtab", "a", "enter", "K", *SAVE],
        '/"sh\ri"mai\x0e", \x1bZZ',
        replaced(('["shop-auth"]', '["maintenance", "shop-auth"]')),
    ),
    Job(
        "Switch a plugin off at one endpoint, save, switch it on again, save",
        same,
        ["ctrl+f", *"req", "enter", "x", "enter", *SAVE, "x", "enter", *SAVE],
        '/req-\rF"a#\x1b:w\rxZZ',
        same,
        halfway=9,
        then=lambda text: text.replace("plugin/req-resp", "#plugin/req-resp", 1),
    ),
    Job(
        "Set an option that the plugin's schema knows",
        same,
        ["backtab", "down", "down", "down", "end", "ctrl+@", "enter", *SAVE],
        '/h":\ro"strict": true,\x1bZZ',
        replaced(('"shop-auth": {\n', '"shop-auth": {\n        "strict": true,\n')),
    ),
    Job(
        "Copy a modifier to 20 endpoints",
        lambda _: config_of(MANY, MODIFIER),
        ["ctrl+f", *"req", "enter", "c", *"endp", "ctrl+a", "enter", "enter", *SAVE],
        '/extr\rV%y:,$g/"met/put\rZZ',
        copied,
    ),
    Job(
        "Where is a plugin used",
        same,
        ["ctrl+f", *"mask"],
        ":g/mask\r",
        shows="POST /v1/pay › plugin/req-resp-modifier",
        shows_in_vim='"name": ["mask-card-request", "mask-card-response"]',
    ),
    Job(
        "Rename a plugin everywhere",
        replaced(("patient-client", "slow-client")),
        ["ctrl+f", *"slo", "enter", "r", "p", "enter", "enter", *SAVE],
        ":%s/slow/patient/g\rZZ",
        replaced(("slow-client", "patient-client")),
    ),
    Job(
        "Mend a namespace of KrakenD 1.x",
        replaced(
            (
                f'"plugin/req-resp-modifier": {ADD_TENANT}',
                f'"github.com/devopsfaith/krakend/proxy/plugin": {ADD_TENANT}',
            )
        ),
        ["f8", "ctrl+g", "enter", *SAVE],
        '/gith\rct"plugin/req-resp-modifier\x1bZZ',
        replaced(("github.com/devopsfaith/krakend/proxy/plugin", "plugin/req-resp-modifier")),
    ),
    Job(
        "Change .so to -prod.so and see what breaks",
        same,
        ["home", *"-prod"],
        "/\\.so\ri-prod\x1b",
        shows="0 of 9 load",
        shows_in_vim='"pattern": "-prod.so"',
    ),
    Job(
        "Find one endpoint among 5,000",
        lambda _: config_of(5_000, {}),
        ["ctrl+f", *"4321", "enter"],
        "/4321\r",
        shows="▏ GET /v1/item/4321 ›",
        shows_in_vim='"endpoint": "/v1/item/4321"',
    ),
    Job(
        "Revert one entry, and keep what else was changed",
        same,
        ["ctrl+f", *"req", "enter", "v", "enter", *SAVE],
        '/\\[]\ra"mask-card-response"\x1bZZ',
        replaced(('["shop-auth", "maintenance"]', '["maintenance", "shop-auth"]')),
        before=(
            ["backtab", "backtab", "J", "ctrl+f", *"req", "enter", "tab", "d"],
            ':%s/"shop-auth", "maintenance"/"maintenance", "shop-auth"/\r'
            ':%s/\\["mask-card-response"]/[]/\rgg',
        ),
    ),
)
