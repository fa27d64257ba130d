"""Configs for the engine's judgement: healthy ones, and mistakes to plant in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

SERVERS = ("server-const", "server-b", "several-server")
CLIENTS = ("client-template", "several-client", "two-names-first")
MODIFIERS = (
    "modifier-template-request",
    "modifier-template-response",
    "modifier-plain",
    "several-modifier-request",
    "both-halves",
)
WRONG = ("nobody", "Server-Const", "modifier-template", "server_const", "server-const.so", "")
OWN_FOLDER = {"folder": "./plugins/", "pattern": ".so"}

Config = dict[str, Any]
Draw = Callable[[Any], Any]
Mistake = Callable[[Config, Draw], None]


class Key(str):
    """A key that a dict holds twice."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


# -- a healthy config ------------------------------------------------------------------------


def backend(draw: Draw, number: int) -> Config:
    extra: Config = {}
    if draw(st.booleans()):
        extra["plugin/http-client"] = {"name": draw(st.sampled_from(CLIENTS))}
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(MODIFIERS), min_size=1, max_size=3, unique=True))
        extra["plugin/req-resp-modifier"] = {"name": names}
    return {"host": ["http://h"], "url_pattern": f"/b{number}", "extra_config": extra}


def pipe(draw: Draw, **keys: Any) -> Config:
    extra: Config = {}
    if draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(MODIFIERS), min_size=1, max_size=3, unique=True))
        extra["plugin/req-resp-modifier"] = {"name": names}
    backends = [backend(draw, number) for number in range(draw(st.integers(1, 2)))]
    return {**keys, "backend": backends, "extra_config": extra}


def healthy(draw: Draw) -> Config:
    servers = draw(st.lists(st.sampled_from(SERVERS), min_size=1, max_size=3, unique=True))
    config = {
        "version": 3,
        "plugin": dict(OWN_FOLDER),
        "extra_config": {"plugin/http-server": {"name": servers}},
        "endpoints": [pipe(draw, endpoint=f"/t{n}") for n in range(draw(st.integers(1, 2)))],
    }
    if draw(st.booleans()):
        consumer = {"topic": "t", "timeout": "1s"}
        config["async_agent"] = [pipe(draw, name="a", connection={}, consumer=consumer)]
    return config


def owners(config: Config) -> list[Config]:
    pipes = [*config.get("endpoints", ()), *config.get("async_agent", ())]
    return [config, *pipes, *(inner for owner in pipes for inner in owner["backend"])]


# -- mistakes --------------------------------------------------------------------------------


def some_entry(config: Config, draw: Draw) -> tuple[Config, str]:
    """An extra_config with plugin entries, and the key of one."""
    extras = [extra for owner in owners(config) if (extra := _extra(owner))]
    extra = draw(st.sampled_from(extras))
    return extra, draw(st.sampled_from(sorted(extra)))


def _extra(owner: Config) -> Config:
    return owner.get("extra_config", {}) if isinstance(owner.get("extra_config"), dict) else {}


def wrong_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    entry, wrong = extra[key], draw(st.sampled_from([*WRONG, *SERVERS, *CLIENTS, *MODIFIERS]))
    if isinstance(entry, dict) and isinstance(entry.get("name"), list):
        entry["name"].insert(draw(st.integers(0, len(entry["name"]))), wrong)
    elif isinstance(entry, dict):
        entry["name"] = wrong


def wrong_type_of_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    names = [None, 1, {}, True, [], [1], [["x"]], "server-const", ["several-client"]]
    if isinstance(extra[key], dict):
        extra[key]["name"] = draw(
            st.sampled_from([*names, *CLIENTS, *([name] for name in CLIENTS)])
        )


def key_of_name(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    if isinstance(extra[key], dict) and "name" in extra[key]:
        new = draw(st.sampled_from(["Name", "names", "plugin", Key("name")]))
        extra[key][new] = extra[key]["name"]
        if draw(st.booleans()):
            del extra[key]["name"]


def entry_is_no_object(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    extra[key] = draw(st.sampled_from([None, [], "x", 1, ["server-const"], [{"name": ["x"]}]]))


def spelling(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    legacy = {
        "plugin/http-server": "github_com/devopsfaith/krakend/transport/http/server/handler",
        "plugin/http-client": "github.com/devopsfaith/krakend/transport/http/client/executor",
        "plugin/req-resp-modifier": "github.com/devopsfaith/krakend/proxy/plugin",
    }
    old = legacy.get(key, key)
    mixed = old.replace("github.com", "github_com") if "." in old else old.replace("_", ".")
    new = draw(
        st.sampled_from([old, mixed, f"{key}s", key.upper(), f"#{key}", key.replace("/", ".")])
    )
    extra[new] = extra[key]
    if draw(st.booleans()):
        del extra[key]


def level(config: Config, draw: Draw) -> None:
    extra, key = some_entry(config, draw)
    owner = draw(st.sampled_from(owners(config)))
    entry = extra.pop(key)
    if isinstance(owner.get("extra_config"), dict) and draw(st.booleans()):
        owner["extra_config"][key] = entry
    else:
        owner[key] = entry


def shape_of_extra_config(config: Config, draw: Draw) -> None:
    owner = draw(st.sampled_from(owners(config)))
    if "extra_config" in owner:
        extra = owner.pop("extra_config")
        shapes: list[tuple[str, Any]] = [
            ("extra_config", [extra]),
            ("Extra_Config", extra),
            ("extra_configs", extra),
            ("extra_config", None),
            ("extra_config", {"plugin": extra}),
        ]
        key, value = draw(st.sampled_from(shapes))
        owner[key] = value


def block(config: Config, draw: Draw) -> None:
    value = config.pop("plugin", None)
    key = draw(st.sampled_from(["plugins", "Plugin", "#plugin", Key("plugin"), Key("plugin")]))
    empty: Config = {}
    config[key] = draw(st.sampled_from([value, None, empty, "x", [], {"folder": "./plugins/"}]))
    if draw(st.booleans()):
        config["plugin"] = dict(OWN_FOLDER)


def folder(config: Config, draw: Draw) -> None:
    folders = ["plugins", "./nowhere/", "", "./plugins/server_const.so", None, 1, [], "./empty/"]
    if isinstance(config.get("plugin"), dict):
        config["plugin"]["folder"] = draw(st.sampled_from([*folders, "./plugins/../plugins"]))


def pattern(config: Config, draw: Draw) -> None:
    patterns = ["", "*.so", ".SO", ".s", "server", "several.so", None, 1, True, {}, "\\.so$"]
    if isinstance(config.get("plugin"), dict):
        config["plugin"]["pattern"] = draw(st.sampled_from(patterns))


def version(config: Config, draw: Draw) -> None:
    config["version"] = draw(st.sampled_from([2, "3", 3.0, 3.5, None, 4, [3], "three"]))


MISTAKES: tuple[Mistake, ...] = (
    wrong_name,
    wrong_type_of_name,
    key_of_name,
    entry_is_no_object,
    spelling,
    level,
    shape_of_extra_config,
    block,
    folder,
    pattern,
    version,
)


@st.composite
def configs(draw: Draw, kinds: st.SearchStrategy[list[Mistake]]) -> Config:
    """A healthy config with the mistakes that are drawn from `kinds` planted in it."""
    config = healthy(draw)
    for mistake in draw(kinds):
        if any(map(_extra, owners(config))):
            mistake(config, draw)
    return config
